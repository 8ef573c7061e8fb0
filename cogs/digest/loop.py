"""The digest loop: posts each digest that is due, once."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from discord import ui
from discord.ext import commands, tasks

from cogs.digest.publisher import DigestPost, DigestPublisher, WithImage
from cogs.ui.autocomplete import free_counts
from cogs.ui.image_attachment import ImageAttachment
from cogs.ui.images.service import ImageService
from cogs.ui.loops import LOOP_SECONDS, LoopCog
from cogs.ui.replies.digest import (
    ClosedDigestData,
    DigestReplyData,
    closed_digest,
    digest_reply,
    digest_without_data,
)
from core.availability.campus_day import CampusDay
from core.availability.queries import building_day
from core.availability.timeline import StateSpan
from core.data.coordinator import CampusCoordinator
from core.digests.schedule import (
    DATA_WAIT,
    MAX_LATENESS,
    RECORD_LOST_AFTER,
    DeliveryStep,
    decide_step,
    due_at,
    due_day,
)
from core.digests.summary import build_summary, closure_of_day, summarised_buildings
from core.errors import StoreUnavailableError
from core.metrics import Metrics
from core.model.digest import DigestSettings
from core.registry import CampusRegistry
from core.store import Store

log = logging.getLogger(__name__)

_LATE_MARGIN = timedelta(minutes=1)


class DigestLoop(LoopCog):
    """Finds the digests that are due from the clock and from what Redis holds.

    So a restart loses nothing, and several processes can run it side by side: each digest is
    claimed in Redis before it is posted.
    """

    def __init__(
        self,
        bot: commands.AutoShardedBot,
        campuses: CampusRegistry,
        store: Store,
        images: ImageService,
        metrics: Metrics,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._bot = bot
        self._coordinators = campuses.coordinators
        self._store = store
        self._images = images
        self._now = now
        self._publisher = DigestPublisher(bot, store, metrics, now=now)

    @tasks.loop(seconds=LOOP_SECONDS)
    async def digest_loop(self) -> None:
        """Post each digest that is due."""
        try:
            await self._bot.wait_until_ready()
            await self.publish_due()
        except StoreUnavailableError:
            log.debug("digests wait: without Redis nobody can tell which were posted")
        except Exception:
            log.exception("digests could not be posted")

    async def publish_due(self) -> None:
        """Post all digests that are due now and are not done."""
        found_at = self._now()
        groups: dict[tuple[str, date], list[DigestSettings]] = {}
        for settings in await self._store.all_settings():
            coordinator = self._coordinators.get(settings.campus_id)
            day = coordinator and due_day(settings, coordinator.campus, self._now())
            if day:
                groups.setdefault((settings.campus_id, day), []).append(settings)
        for (campus, day), group in groups.items():
            await self._publish_group(self._coordinators[campus], day, group, found_at)

    async def _publish_group(
        self,
        coordinator: CampusCoordinator,
        day: date,
        group: Sequence[DigestSettings],
        found_at: datetime,
    ) -> None:
        done = await self._store.deliveries(coordinator.campus.id, day)
        waiting = [
            each
            for each in group
            if decide_step(done.get(each.channel_id), self._now()) is not DeliveryStep.NOTHING
        ]
        if not waiting:
            return
        campus_day = await coordinator.stored_day(day)
        ready = [
            each
            for each in waiting
            if self._data_ready_or_timed_out(coordinator, each, day, campus_day)
        ]
        layouts = {
            building: await self._compose(coordinator, day, campus_day, building)
            for building in {each.building for each in ready}
        }
        await asyncio.gather(
            *(
                self._publisher.publish(
                    DigestPost(
                        coordinator.campus,
                        day,
                        each,
                        *layouts[each.building],
                        lost_since=_lost_since(due_at(each, coordinator.campus, day), found_at),
                    ),
                    done.get(each.channel_id),
                )
                for each in ready
            )
        )

    async def _compose(
        self,
        coordinator: CampusCoordinator,
        day: date,
        campus_day: CampusDay | None,
        building: str | None,
    ) -> tuple[ui.LayoutView, WithImage | None]:
        """Return what a digest says, and the same with a picture where there is one."""
        now = self._now()
        view = digest_layout(coordinator, day, campus_day, building, now)
        image = await digest_image(self._images, coordinator, campus_day, building, now)
        if image is None:
            return view, None
        return view, WithImage(
            digest_layout(coordinator, day, campus_day, building, now, image), image
        )

    def _data_ready_or_timed_out(
        self,
        coordinator: CampusCoordinator,
        settings: DigestSettings,
        day: date,
        campus_day: CampusDay | None,
    ) -> bool:
        """Tell whether the digest has the morning's data, or has waited long enough for it."""
        if campus_day and coordinator.has_morning_data(campus_day):
            return True
        due = max(due_at(settings, coordinator.campus, day), coordinator.morning_refresh_at(day))
        # It waits for an hour, but never so long that it could not be posted any more.
        return self._now() >= min(
            due + DATA_WAIT, due_at(settings, coordinator.campus, day) + MAX_LATENESS - _LATE_MARGIN
        )


def _lost_since(due: datetime, found_at: datetime) -> datetime | None:
    """Return when a digest was due, None where it is found too soon after for a lost record.

    By the moment at which it was found: to post ten thousand takes longer than two minutes.
    """
    return due if found_at >= due + RECORD_LOST_AFTER else None


async def digest_image(
    images: ImageService,
    coordinator: CampusCoordinator,
    campus_day: CampusDay | None,
    building: str | None,
    now: datetime,
) -> ImageAttachment | None:
    """Return the picture of a digest: the campus at a glance, or the day of its building.

    It stands all day, as the words do, and so marks no moment as now.
    """
    if campus_day is None or campus_day.read_at is None:
        return None
    if _closure(coordinator, campus_day.snapshot.day, building, now):
        return None
    stale = coordinator.is_stale(campus_day)
    only = coordinator.campus.building(building) if building else None
    if only is None:
        counts = free_counts(coordinator, {campus_day.snapshot.day: campus_day}, now)
        return await images.heatmap(campus_day, counts, now, is_stale=stale, is_static=True)
    day = building_day(campus_day, only, now)
    return await images.building(campus_day, day, day.rooms, now, is_stale=stale, is_static=True)


def _closure(
    coordinator: CampusCoordinator, day: date, building: str | None, now: datetime
) -> StateSpan | None:
    """Return until when and why all that a digest is about is closed, None where it is not."""
    buildings = summarised_buildings(coordinator.campus, building)
    return closure_of_day(coordinator.cached_days, buildings, day, now)


def digest_layout(
    coordinator: CampusCoordinator,
    day: date,
    campus_day: CampusDay | None,
    building: str | None,
    now: datetime,
    image: ImageAttachment | None = None,
) -> ui.LayoutView:
    """Return the digest of a day as it reads now; of one building where its code is given."""
    minutes = coordinator.min_gap // timedelta(minutes=1)
    campus = coordinator.campus
    closure = _closure(coordinator, day, building, now)
    if closure:
        counts = free_counts(coordinator, coordinator.cached_days, now)
        return closed_digest(ClosedDigestData(campus, day, building, closure, minutes, counts))
    if campus_day is None or campus_day.read_at is None:
        return digest_without_data(
            campus, day, minutes=minutes, failing_since=coordinator.failing_since
        )
    return digest_reply(
        DigestReplyData(
            campus=campus,
            summary=build_summary(campus_day, now, building),
            building=building,
            minutes=minutes,
            counts=free_counts(coordinator, {day: campus_day}, now),
            age=coordinator.data_age([campus_day]),
            image=image,
        )
    )
