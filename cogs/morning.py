"""The morning: refreshes each campus when it is due and posts each digest, once."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta

import discord
from discord import ui
from discord.ext import commands, tasks

from cogs.completion import building_counts
from cogs.posting import Poster
from cogs.replies.digest import DigestReply, digest_reply, digest_without_data
from core.availability import CampusDay
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
        schedules: Mapping[str, Schedule],
        store: Store,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._bot = bot
        self._schedules = schedules
        self._store = store
        self._now = now
        self._poster = Poster(bot, store, now=now)

    async def cog_load(self) -> None:
        """Start ticking."""
        self.refresh_tick.start()
        self.digest_tick.start()

    async def cog_unload(self) -> None:
        """Stop ticking."""
        self.refresh_tick.cancel()
        self.digest_tick.cancel()

    # Plain ticks: a loop with a time of its own skips, doubles and dies
    # (https://github.com/Rapptz/discord.py/issues/5762), and a body that raises ends any loop.
    @tasks.loop(seconds=_TICK)
    async def refresh_tick(self) -> None:
        """Refresh each campus that is due."""
        for schedule in self._schedules.values():
            try:
                await schedule.tick()
            except Exception:
                log.exception("the refresh of %s could not be started", schedule.campus.id)

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
        views: dict[str | None, ui.LayoutView] = {}
        for building in {each.building for each in ready}:
            views[building] = digest_view(schedule, day, known, building, self._now())
        await asyncio.gather(
            *(
                self._poster.post(
                    schedule.campus, day, each, done.get(each.channel), views[each.building]
                )
                for each in ready
            )
        )

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
        except StoreUnavailableError:
            log.warning("the settings of server %s could not be removed", guild.id)


def digest_view(
    schedule: Schedule, day: date, known: CampusDay | None, building: str | None, now: datetime
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
        )
    )
