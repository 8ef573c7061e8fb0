"""`/status`: how old the data is, what is unknown, and when each service last answered."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from discord import app_commands
from discord.ext import commands

from cogs.services import Services
from cogs.ui.campus_context import resolve_campus
from cogs.ui.interaction import Interaction, guild_id_of
from cogs.ui.replies.status import RoomStatus, ServiceHealth, StatusReplyData, status_reply
from cogs.ui.responder import Responder, ResponseMode
from core import PROJECT, VERSION
from core.availability.campus_day import CampusDays
from core.data.status import CampusStatus, DataAge
from core.digests.upcoming import next_digest_of_guild
from core.errors import StoreUnavailableError
from core.model.campus import Campus
from core.model.gateway import GatewayStatus
from core.registry import CampusRegistry
from core.store import Store
from core.trends.sampler import OccupancySampler
from core.trends.trend import Trend


@dataclass(frozen=True, slots=True)
class ProcessInfo:
    """What this process knows of itself."""

    started_at: datetime
    gateway: Callable[[], GatewayStatus]


class StatusCog(commands.Cog):
    """Shows everybody the status of the data and of the services."""

    def __init__(
        self,
        campuses: CampusRegistry,
        store: Store,
        sampler: OccupancySampler,
        process: ProcessInfo,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._campuses = campuses
        self._store = store
        self._sampler = sampler
        self._process = process
        self._now = now

    @app_commands.command(description="Is the bot up to date?")
    async def status(self, interaction: Interaction) -> None:
        """Show how old the data is, what comes next, and when each service answered."""
        coordinator = resolve_campus(self._campuses, interaction)
        now = self._now()
        today = await coordinator.stored_days_at(now)
        campus_status = await coordinator.status()
        guild = guild_id_of(interaction)
        next_digest, is_digest_known = None, True
        try:
            if guild:
                next_digest = await next_digest_of_guild(
                    guild, self._campuses, self._store, now=now
                )
        except StoreUnavailableError:
            is_digest_known = False
        age = coordinator.data_age(today.values())
        shard = self._process.gateway().shard_of(guild)
        reply = StatusReplyData(
            campus=coordinator.campus,
            at=now,
            age=age,
            rooms=_room_status(coordinator.campus, today, now),
            status=campus_status,
            services=[_source_health(age, campus_status), self._store_health()],
            gateway_latency=shard.latency if shard else None,
            trend=await self._trend(coordinator.campus),
            next_digest=next_digest,
            is_digest_known=is_digest_known,
            in_server=guild is not None,
            is_moderator=guild is not None and interaction.permissions.manage_guild,
            version=VERSION,
            started_at=self._process.started_at,
            project=PROJECT,
        )
        await Responder(interaction, ResponseMode.EPHEMERAL).send(status_reply(reply))

    async def _trend(self, campus: Campus) -> Trend | None:
        """Return how busy the campus gets, None while all of it is closed."""
        now = self._now()
        if not any(each.is_open_at(now) for each in campus.buildings):
            return None
        return await self._sampler.trend_or_none(campus, None)

    def _store_health(self) -> ServiceHealth:
        return ServiceHealth(
            "Database",
            answered_at=self._store.answered_at,
            failing_since=self._store.down_since,
            rejects_writes=self._store.write_error is not None,
        )


def _source_health(age: DataAge, status: CampusStatus) -> ServiceHealth:
    """Return when the booking system answered; the data prove it where no attempt is known."""
    last = status.last_attempt
    answers = [each for each in (age.read_at, last and last.success_at) if each]
    return ServiceHealth(
        "Booking system",
        answered_at=max(answers, default=None),
        failing_since=age.failing_since,
        fault=(last and last.error_class) or "unavailable",
    )


def _room_status(campus: Campus, days: CampusDays, now: datetime) -> RoomStatus:
    carried_over, unknown = [], []
    for building in campus.buildings:
        day = days.get(building.business_day(now))
        for room in building.rooms:
            room_day = day.room_day(room) if day else None
            if day is None or room_day is None:
                unknown.append(room.label)
            elif day.snapshot.is_carried_over(room_day):
                carried_over.append(room.label)
    return RoomStatus(sum(1 for _ in campus.rooms), carried_over, unknown)


async def setup(bot: commands.AutoShardedBot, services: Services) -> None:
    """Add the cog."""
    await bot.add_cog(
        StatusCog(
            services.campuses,
            services.store,
            services.sampler,
            ProcessInfo(started_at=services.started_at, gateway=services.gateway),
            now=services.now,
        )
    )
