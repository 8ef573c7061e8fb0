"""`/refresh`: moderators have the bookings read again, and see the progress and the changes."""

import asyncio

from discord import app_commands
from discord.ext import commands

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

    @app_commands.command(description="Read the bookings again now")
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    @app_commands.allowed_installs(guilds=True, users=False)
    async def refresh(self, interaction: Interaction) -> None:
        """Refresh, or join the refresh under way, and show what it changed.

        Discord enforces who may run this: members with Manage Server, and whoever a server's
        integration settings name instead. The bot does not check again.
        """
        coordinator = resolve_campus(self._campuses, interaction)
        responder = Responder(interaction, ResponseMode.EPHEMERAL)
        await responder.defer()
        task = asyncio.create_task(coordinator.refresh(manual=True))
        await self._show_progress(responder, coordinator, task)
        await responder.send(refresh_result(coordinator.campus, await task))

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
                await responder.send(refresh_progress(coordinator.campus, *progress))
                shown = progress
