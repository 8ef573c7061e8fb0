"""The HTTP server as a cog: it runs for as long as the bot."""

from collections.abc import Callable
from datetime import datetime

from discord.ext import commands

from api.health import ReadinessCheck
from api.routes import ApiHandler
from api.server import HttpServer
from core.registry import CampusRegistry
from core.settings import Settings
from core.store import Store
from core.trends.sampler import OccupancySampler


class HttpApi(commands.Cog):
    """Answers HTTP on the bot's own loop, from its being added until its removal."""

    def __init__(
        self,
        campuses: CampusRegistry,
        store: Store,
        sampler: OccupancySampler,
        settings: Settings,
        *,
        gateway_latency: Callable[[], float],
        now: Callable[[], datetime],
    ) -> None:
        readiness = ReadinessCheck(campuses.coordinators, store, gateway_latency, now)
        self._handler = ApiHandler(campuses.coordinators, sampler, settings, readiness, now=now)
        self._server = HttpServer(
            self._handler.handle,
            settings.host,
            settings.port or 0,
            is_behind_proxy=not settings.api_limit,
        )

    async def cog_load(self) -> None:
        """Listen.

        Raises:
            StartError: the port is taken, or the host is not ours.
        """
        await self._server.open()

    async def cog_unload(self) -> None:
        """Let those who are being answered have their answer, and listen no more."""
        await self._server.close()
