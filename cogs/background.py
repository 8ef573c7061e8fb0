"""Background loops: refreshes that are due, and samples of how busy the campuses are."""

import asyncio
import logging
from contextlib import suppress

from discord.ext import commands, tasks

from cogs.services import Services
from cogs.ui.loops import LOOP_SECONDS, LoopCog
from core.data.coordinator import CampusCoordinator
from core.errors import StoreUnavailableError
from core.registry import CampusRegistry
from core.trends.sampler import OccupancySampler

log = logging.getLogger(__name__)


class BackgroundCog(LoopCog):
    """Refreshes and samples every campus, whether or not anybody uses a command."""

    def __init__(self, campuses: CampusRegistry, sampler: OccupancySampler) -> None:
        self._campuses = campuses
        self._sampler = sampler

    @tasks.loop(seconds=LOOP_SECONDS)
    async def refresh_loop(self) -> None:
        """Load changed campus preferences, and refresh each campus that is due."""
        with suppress(StoreUnavailableError):
            await self._campuses.preferences.sync()
        await asyncio.gather(*map(_refresh_if_due, self._campuses.coordinators.values()))

    @tasks.loop(seconds=LOOP_SECONDS)
    async def sample_loop(self) -> None:
        """Take the samples that are due; the sampler handles every error itself."""
        await self._sampler.tick()


async def _refresh_if_due(coordinator: CampusCoordinator) -> None:
    try:
        await coordinator.tick()
    except Exception:
        log.exception("the refresh of %s could not be started", coordinator.campus.id)


async def setup(bot: commands.AutoShardedBot, services: Services) -> None:
    """Add the cog."""
    await bot.add_cog(BackgroundCog(services.campuses, services.sampler))
