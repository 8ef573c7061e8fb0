"""The morning: refreshes each campus when it is due and posts each digest, once."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta

import discord
from discord import ui
from discord.ext import commands, tasks

from cogs import ticking
from cogs.campuses import Campuses
from cogs.completion import building_counts
from cogs.pictures import Picture, Pictures
from cogs.posting import Illustrated, Post, Poster
from cogs.replies.digest import DigestReply, digest_reply, digest_without_data
from core.availability import CampusDay, building_day
from core.delivery import (
    DATA_PATIENCE,
    LATEST,
    Step,
    due_at,
    due_day,
    next_step,
)
from core.errors import StoreUnavailableError
from core.morning import morning
from core.picks import server_key
from core.schedule import Schedule
from core.store import DigestSettings, Store

log = logging.getLogger(__name__)

_TICK = 5.0
_SLACK = timedelta(minutes=1)


class Morning(commands.Cog):
    """Ticks: everything that is due is worked out from the clock and from what Redis holds.

    So nothing is lost by a restart, and several processes can tick side by side: each
    refresh and each digest is claimed in Redis before it is done.
    """

    def __init__(
        self,
        bot: commands.AutoShardedBot,
        campuses: Campuses,
        store: Store,
        pictures: Pictures,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._bot = bot
        self._schedules = campuses.schedules
        self._picks = campuses.picks
        self._store = store
        self._pictures = pictures
        self._now = now
        self._poster = Poster(bot, store, now=now)

    async def cog_load(self) -> None:
        """Start ticking."""
        self.refresh_tick.start()
        self.digest_tick.start()

    async def cog_unload(self) -> None:
        """Stop ticking."""
        await ticking.end(self.refresh_tick, self.digest_tick)

    # Plain ticks: a loop with a time of its own skips, doubles and dies
    # (https://github.com/Rapptz/discord.py/issues/5762), and a body that raises ends any loop.
    @tasks.loop(seconds=_TICK)
    async def refresh_tick(self) -> None:
        """Refresh each campus that is due, whatever the others do; and see what was chosen."""
        with suppress(StoreUnavailableError):
            await self._picks.follow()
        await asyncio.gather(*map(_tick, self._schedules.values()))

    @tasks.loop(seconds=_TICK)
    async def digest_tick(self) -> None:
        """Post each digest that is due."""
        try:
            await self._bot.wait_until_ready()
            await self.post_due()
        except StoreUnavailableError:
            log.debug("digests wait: without Redis nobody can tell which were posted")
        except Exception:
            log.exception("digests could not be posted")

    async def post_due(self) -> None:
        """Post all digests that are due now and are not done."""
        groups: dict[tuple[str, date], list[DigestSettings]] = {}
        for settings in await self._store.digest_settings():
            schedule = self._schedules.get(settings.campus)
            day = schedule and due_day(settings, schedule.campus, self._now())
            if day:
                groups.setdefault((settings.campus, day), []).append(settings)
        for (campus, day), group in groups.items():
            await self._post_group(self._schedules[campus], day, group)

    async def _post_group(
        self, schedule: Schedule, day: date, group: Sequence[DigestSettings]
    ) -> None:
        done = await self._store.deliveries(schedule.campus.id, day)
        waiting = [
            each
            for each in group
            if next_step(done.get(each.channel), self._now()) is not Step.NOTHING
        ]
        if not waiting:
            return
        known = await schedule.known_day(day)
        ready = [each for each in waiting if self._is_time(schedule, each, day, known)]
        said = {
            building: await self._said(schedule, day, known, building)
            for building in {each.building for each in ready}
        }
        await asyncio.gather(
            *(
                self._poster.post(
                    Post(schedule.campus, day, each, *said[each.building]), done.get(each.channel)
                )
                for each in ready
            )
        )

    async def _said(
        self, schedule: Schedule, day: date, known: CampusDay | None, building: str | None
    ) -> tuple[ui.LayoutView, Illustrated | None]:
        """Return what a digest says, and the same with a picture where there is one."""
        now = self._now()
        view = digest_view(schedule, day, known, building, now)
        picture = await digest_picture(self._pictures, schedule, known, building, now)
        if picture is None:
            return view, None
        return view, Illustrated(digest_view(schedule, day, known, building, now, picture), picture)

    def _is_time(
        self, schedule: Schedule, settings: DigestSettings, day: date, known: CampusDay | None
    ) -> bool:
        """Tell whether the digest has the morning's data, or has waited long enough for it."""
        if known and schedule.is_of_the_morning(known):
            return True
        due = max(due_at(settings, schedule.campus, day), schedule.morning(day))
        # It waits for an hour, but never so long that it could not be posted any more.
        return self._now() >= min(
            due + DATA_PATIENCE, due_at(settings, schedule.campus, day) + LATEST - _SLACK
        )

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Forget the settings of a server that removed the bot."""
        try:
            await self._store.remove_digest(guild.id)
            await self._picks.pick(server_key(guild.id), None)
        except StoreUnavailableError:
            log.warning("the settings of server %s could not be removed", guild.id)


async def _tick(schedule: Schedule) -> None:
    try:
        await schedule.tick()
    except Exception:
        log.exception("the refresh of %s could not be started", schedule.campus.id)


async def digest_picture(
    pictures: Pictures,
    schedule: Schedule,
    known: CampusDay | None,
    building: str | None,
    now: datetime,
) -> Picture | None:
    """Return the picture of a digest: the campus at a glance, or the day of its building.

    It stands all day, as the words do, and so marks no moment as now.
    """
    if known is None or known.read_at is None:
        return None
    stale = schedule.is_stale(known)
    only = schedule.campus.building(building) if building else None
    if only is None:
        counts = building_counts(schedule, {known.snapshot.day: known}, now)
        return await pictures.of_campus(known, counts, now, is_stale=stale, stands=True)
    day = building_day(known, only, now)
    return await pictures.of_building(known, day, day.rooms, now, is_stale=stale, stands=True)


def digest_view(
    schedule: Schedule,
    day: date,
    known: CampusDay | None,
    building: str | None,
    now: datetime,
    picture: Picture | None = None,
) -> ui.LayoutView:
    """Return the digest of a day as it reads now; of one building where its code is given."""
    minutes = schedule.min_gap // timedelta(minutes=1)
    if known is None or known.read_at is None:
        return digest_without_data(
            schedule.campus, day, minutes=minutes, failing_since=schedule.failing_since
        )
    return digest_reply(
        DigestReply(
            campus=schedule.campus,
            morning=morning(known, now, building),
            building=building,
            minutes=minutes,
            counts=building_counts(schedule, {day: known}, now),
            age=schedule.age([known]),
            picture=picture,
        )
    )
