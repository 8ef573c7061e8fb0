"""The HTTP server as a cog: it runs for as long as the bot."""

from collections.abc import Callable

from discord.ext import commands

from api.health import HealthCheck
from api.metrics import LoopDelayProbe, MetricsPage
from api.routes import ApiHandler
from api.server import HttpServer
from cogs.services import Services


class HttpApi(commands.Cog):
    """Answers HTTP on the bot's own loop, from its being added until its removal."""

    def __init__(self, services: Services, guild_count: Callable[[], int]) -> None:
        coordinators = services.campuses.coordinators
        self._loop_delay = LoopDelayProbe()
        self._handler = ApiHandler(
            coordinators,
            services.sampler,
            services.settings,
            HealthCheck(coordinators, services.store, services.gateway, services.now),
            MetricsPage(
                coordinators,
                services.store,
                services.gateway,
                guild_count,
                services.metrics,
                self._loop_delay,
                services.started_at,
                services.now,
            ),
            now=services.now,
        )
        self._server = HttpServer(
            self._handler.handle,
            services.settings.host,
            services.settings.port or 0,
            is_behind_proxy=not services.settings.api_limit,
        )

    async def cog_load(self) -> None:
        """Listen.

        Raises:
            StartError: the port is taken, or the host is not ours.
        """
        await self._server.open()
        self._loop_delay.start()

    async def cog_unload(self) -> None:
        """Let those who are being answered have their answer, and listen no more."""
        self._loop_delay.stop()
        await self._server.close()
