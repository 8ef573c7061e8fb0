"""The cog: the bot's data over HTTP, for as long as the bot runs."""

from collections.abc import Callable
from datetime import datetime

from discord.ext import commands

from cogs.campuses import Campuses
from cogs.web.api import Api
from cogs.web.connections import Listening
from cogs.web.readiness import Readiness
from core.config import Settings
from core.sampler import Sampler
from core.store import Store


class Web(commands.Cog):
    """Answers HTTP on the bot's own loop, from its being added until its removal."""

    def __init__(
        self,
        campuses: Campuses,
        store: Store,
        sampler: Sampler,
        settings: Settings,
        *,
        gateway_latency: Callable[[], float],
        now: Callable[[], datetime],
    ) -> None:
        readiness = Readiness(campuses, store, gateway_latency, now)
        self._api = Api(campuses, sampler, settings, readiness, now=now)
        self._listening = Listening(
            self._api.answer,
            settings.host,
            settings.port or 0,
            is_shared=not settings.api_limit,
        )

    async def cog_load(self) -> None:
        """Listen.

        Raises:
            StartError: the port is taken, or the host is not ours.
        """
        await self._listening.open()

    async def cog_unload(self) -> None:
        """Let those who are being answered have their answer, and listen no more."""
        await self._listening.close()
