"""`/refresh` and `/status`: what moderators do for the data, and what everybody may know of it."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from discord import app_commands
from discord.ext import commands

from cogs.answers import Answer, Interaction, Way
from cogs.campuses import Campuses, server_of
from cogs.replies.refresh import refreshed, refreshing
from cogs.replies.status import BuildingStanding, Link, StatusReply, status_reply
from core import PROJECT, VERSION
from core.availability import CampusDay
from core.errors import StoreUnavailableError
from core.model import Building, Campus
from core.sampler import Sampler
from core.schedule import Schedule
from core.standing import Refreshed, Standing
from core.store import Store
from core.trends import Trend

_EDIT_EVERY = 1.0


class NextDigest(Protocol):
    """Tells when the next digest of a server is due, None where none is set."""

    async def next_digest(self, server: int) -> datetime | None:
        """Return the moment."""
        ...


@dataclass(frozen=True, slots=True)
class Process:
    """What this process knows of itself."""

    started_at: datetime
    gateway_latency: Callable[[], float]
    """Seconds; not a number while there is no connection."""


class Upkeep(commands.Cog):
    """Starts refreshes for moderators and tells everybody how the data stands."""

    def __init__(
        self,
        campuses: Campuses,
        store: Store,
        sampler: Sampler,
        digests: NextDigest,
        process: Process,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._campuses = campuses
        self._store = store
        self._sampler = sampler
        self._digests = digests
        self._process = process
        self._now = now

    @app_commands.command(description="Read the bookings again now")
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    @app_commands.allowed_installs(guilds=True, users=False)
    async def refresh(self, interaction: Interaction) -> None:
        """Refresh, or join the refresh under way, and show what it changed."""
        schedule = self._campuses.asked(interaction)
        answer = Answer(interaction, Way.PRIVATE)
        await answer.later()
        task = asyncio.create_task(schedule.refresh(asked=True))
        await self._show_progress(answer, schedule, task)
        await answer.give(refreshed(schedule.campus, await task))

    async def _show_progress(
        self, answer: Answer, schedule: Schedule, task: asyncio.Task[Refreshed]
    ) -> None:
        shown = None
        while not (await asyncio.wait([task], timeout=_EDIT_EVERY))[0]:
            progress = schedule.progress
            if progress and progress != shown:
                await answer.give(refreshing(schedule.campus, *progress))
                shown = progress

    @app_commands.command(description="How old the data is, what is unknown, and what comes next")
    async def status(self, interaction: Interaction) -> None:
        """Show how everything stands."""
        schedule = self._campuses.asked(interaction)
        today = await schedule.known_at(self._now())
        standing = await schedule.standing()
        server = server_of(interaction)
        next_digest, is_digest_known = None, True
        try:
            next_digest = await self._digests.next_digest(server) if server else None
        except StoreUnavailableError:
            is_digest_known = False
        reply = StatusReply(
            campus=schedule.campus,
            age=schedule.age(today.values()),
            buildings=[
                _building(each, today.get(each.day_of(self._now())))
                for each in schedule.campus.buildings
            ],
            standing=standing,
            trend=await self._trend(schedule.campus),
            links=self._links(schedule, standing),
            next_digest=next_digest,
            is_digest_known=is_digest_known,
            in_server=server is not None,
            version=VERSION,
            started_at=self._process.started_at,
            project=PROJECT,
        )
        await Answer(interaction, Way.PRIVATE).give(status_reply(reply))

    async def _trend(self, campus: Campus) -> Trend | None:
        """Return how busy the campus gets, None while all of it is closed."""
        now = self._now()
        if not any(now in each.open_on(each.day_of(now)) for each in campus.buildings):
            return None
        return await self._sampler.trend_or_none(campus, None)

    def _links(self, schedule: Schedule, standing: Standing) -> list[Link]:
        last = standing.last_attempt
        gateway = self._process.gateway_latency()
        latency = None
        with contextlib.suppress(ValueError, OverflowError):
            latency = timedelta(seconds=gateway)
        return [
            Link(
                "Booking site",
                schedule.failing_since is None,
                schedule.failing_since,
                last.latency if last else None,
            ),
            Link(
                "Store",
                self._store.is_up,
                self._store.down_since,
                self._store.latency,
                refuses=self._store.refusal is not None,
            ),
            Link("Discord", latency is not None, None, latency),
        ]


def _building(building: Building, day: CampusDay | None) -> BuildingStanding:
    known = [day.known(room) for room in building.rooms] if day else []
    there = [each for each in known if each]
    kept = sum(1 for each in there if day and day.snapshot.is_kept(each))
    return BuildingStanding(
        code=building.code,
        read=len(there) - kept,
        kept=kept,
        unknown=len(building.rooms) - len(there),
    )
