"""`/refresh`: moderators have the bookings read again, and see the progress and the changes."""

import asyncio

from discord import app_commands
from discord.ext import commands

from cogs.services import Services
from cogs.ui.audience import for_moderators
from cogs.ui.campus_context import resolve_campus
from cogs.ui.interaction import Interaction
from cogs.ui.replies.refresh import refresh_progress, refresh_result
from cogs.ui.responder import Responder, ResponseMode
from core.data.coordinator import CampusCoordinator
from core.data.status import RefreshResult
from core.registry import CampusRegistry

_EDIT_INTERVAL_SECONDS = 1.0


class RefreshCog(commands.Cog):
    """Refreshes a campus for moderators."""

    def __init__(self, campuses: CampusRegistry) -> None:
        self._campuses = campuses

    @for_moderators
    @app_commands.command(description="Check the booking system again now")
    async def refresh(self, interaction: Interaction) -> None:
        """Refresh, or join the refresh under way, and show what it changed.

        Discord enforces who may run this (`for_moderators`); the bot does not check again.
        """
        coordinator = resolve_campus(self._campuses, interaction)
        responder = Responder(interaction, ResponseMode.EPHEMERAL)
        await responder.defer()
        task = asyncio.create_task(coordinator.refresh(manual=True))
        await self._show_progress(responder, coordinator, task)
        await responder.send_anyhow(refresh_result(coordinator.campus, await task))

    async def _show_progress(
        self,
        responder: Responder,
        coordinator: CampusCoordinator,
        task: asyncio.Task[RefreshResult],
    ) -> None:
        shown = None
        while not (await asyncio.wait([task], timeout=_EDIT_INTERVAL_SECONDS))[0]:
            progress = coordinator.refresh_progress
            if progress and progress != shown:
                await responder.send_optional(refresh_progress(coordinator.campus, *progress))
                shown = progress


async def setup(bot: commands.AutoShardedBot, services: Services) -> None:
    """Add the cog."""
    await bot.add_cog(RefreshCog(services.campuses))
