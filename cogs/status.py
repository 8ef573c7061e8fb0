"""`/status`: how old the data is, what is unknown, and how each service does."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from discord import app_commands
from discord.ext import commands

from cogs.services import Services
from cogs.ui.campus_context import resolve_campus
from cogs.ui.interaction import Interaction, guild_id_of
from cogs.ui.replies.status import BuildingStatus, ServiceHealth, StatusReplyData, status_reply
from cogs.ui.responder import Responder, ResponseMode
from core import PROJECT, VERSION
from core.availability.campus_day import CampusDay
from core.data.coordinator import CampusCoordinator
from core.data.status import CampusStatus
from core.digests.upcoming import next_digest_of_guild
from core.errors import StoreUnavailableError
from core.model.campus import Building, Campus
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

    @app_commands.command(description="How old the data is, what is unknown, and what comes next")
    async def status(self, interaction: Interaction) -> None:
        """Show how everything stands."""
        coordinator = resolve_campus(self._campuses, interaction)
        today = await coordinator.stored_days_at(self._now())
        campus_status = await coordinator.status()
        guild = guild_id_of(interaction)
        next_digest, is_digest_known = None, True
        try:
            if guild:
                next_digest = await next_digest_of_guild(
                    guild, self._campuses, self._store, now=self._now()
                )
        except StoreUnavailableError:
            is_digest_known = False
        reply = StatusReplyData(
            campus=coordinator.campus,
            age=coordinator.data_age(today.values()),
            buildings=[
                _building_status(each, today.get(each.business_day(self._now())))
                for each in coordinator.campus.buildings
            ],
            status=campus_status,
            trend=await self._trend(coordinator.campus),
            services=self._services(coordinator, campus_status, guild),
            next_digest=next_digest,
            is_digest_known=is_digest_known,
            in_server=guild is not None,
            version=VERSION,
            started_at=self._process.started_at,
            project=PROJECT,
        )
        await Responder(interaction, ResponseMode.EPHEMERAL).send(status_reply(reply))

    async def _trend(self, campus: Campus) -> Trend | None:
        """Return how busy the campus gets, None while all of it is closed."""
        now = self._now()
        if not any(
            now in each.opening_hours_on(each.business_day(now)) for each in campus.buildings
        ):
            return None
        return await self._sampler.trend_or_none(campus, None)

    def _services(
        self, coordinator: CampusCoordinator, status: CampusStatus, guild: int | None
    ) -> list[ServiceHealth]:
        last = status.last_attempt
        # Of the asker's server: other shards say nothing about this one.
        shard = self._process.gateway().shard_of(guild)
        return [
            ServiceHealth(
                "Booking site",
                coordinator.failing_since is None,
                coordinator.failing_since,
                last.latency if last else None,
            ),
            ServiceHealth(
                "Store",
                self._store.is_up,
                self._store.down_since,
                self._store.latency,
                rejects_writes=self._store.write_error is not None,
            ),
            ServiceHealth(
                "Discord",
                shard is not None and shard.is_connected,
                None,
                shard.latency if shard else None,
            ),
        ]


def _building_status(building: Building, day: CampusDay | None) -> BuildingStatus:
    known = [day.room_day(room) for room in building.rooms] if day else []
    there = [each for each in known if each]
    kept = sum(1 for each in there if day and day.snapshot.is_carried_over(each))
    return BuildingStatus(
        code=building.code,
        read=len(there) - kept,
        carried_over=kept,
        unknown=len(building.rooms) - len(there),
    )


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
