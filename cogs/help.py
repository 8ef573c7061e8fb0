"""`/help`, and the hint at the daily summary that a moderator gets once in a server."""

import logging
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from cogs.services import Services
from cogs.ui.audience import Audience, audience_of
from cogs.ui.campus_context import resolve_campus_or_none
from cogs.ui.interaction import Interaction, guild_id_of
from cogs.ui.layout import text_view
from cogs.ui.replies.help import HelpReplyData, digest_hint, help_reply
from cogs.ui.responder import Responder, ResponseMode
from core import PROJECT
from core.errors import StoreUnavailableError
from core.registry import CampusRegistry
from core.store import Store

log = logging.getLogger(__name__)

_DIGEST = "digest"


class HelpCog(commands.Cog):
    """Shows what the bot does, and tells moderators of the daily summary."""

    def __init__(
        self, campuses: CampusRegistry, store: Store, *, now: Callable[[], datetime]
    ) -> None:
        self._campuses = campuses
        self._store = store
        self._now = now
        self._hinted: set[int] = set()

    @app_commands.command(description="What this bot does, and how to ask it")
    async def help(self, interaction: Interaction) -> None:
        """Show what the bot does."""
        client: commands.AutoShardedBot = interaction.client
        coordinator = resolve_campus_or_none(self._campuses, interaction)
        days = coordinator.cached_days_at(self._now()).values() if coordinator else ()
        application = client.application
        reply = HelpReplyData(
            commands=list(_usable_commands(client, interaction)),
            command_ids=await self._command_ids(client),
            campus=coordinator.campus.name if coordinator else None,
            read_at=max((day.read_at for day in days if day.read_at), default=None),
            operator=_operator(application) if application else None,
            privacy_url=application.privacy_policy_url if application else None,
            project=PROJECT,
        )
        await Responder(interaction, ResponseMode.EPHEMERAL).send(help_reply(reply))

    async def _command_ids(self, client: commands.AutoShardedBot) -> Mapping[str, int]:
        """Return Discord's ids of the commands, none where they are not known."""
        try:
            synced = await self._store.synced_commands(client.application_id or 0)
        except StoreUnavailableError:
            return {}
        return synced.ids if synced else {}

    @commands.Cog.listener()
    async def on_app_command_completion(
        self, interaction: Interaction, command: app_commands.Command[Any, Any, Any]
    ) -> None:
        """Tell a moderator of `/digest set`, once in a server without a digest.

        In private, behind the first answer. No message greets a server: nobody asked for one.
        """
        guild = guild_id_of(interaction)
        if guild is None or guild in self._hinted or not interaction.permissions.manage_guild:
            return
        if command.qualified_name.partition(" ")[0] == _DIGEST:
            return
        try:
            if await self._store.get_settings(guild):
                return
            self._hinted.add(guild)
            if await self._store.claim_hint(guild):
                ids = await self._command_ids(interaction.client)
                await interaction.followup.send(view=text_view(digest_hint(ids)), ephemeral=True)
        except StoreUnavailableError:
            self._hinted.discard(guild)
        except discord.HTTPException as err:
            log.info("the hint at the daily summary was not shown: %s", err)


def _usable_commands(
    client: commands.AutoShardedBot, interaction: Interaction
) -> Iterator[tuple[str, str]]:
    """Yield the name and the description of each command that the reader may use here.

    First `/free`, last those for moderators.
    """
    is_moderator = guild_id_of(interaction) is not None and interaction.permissions.manage_guild
    leaves = [
        each for each in client.tree.walk_commands() if isinstance(each, app_commands.Command)
    ]
    for command in sorted(leaves, key=_place_in_list):
        if is_moderator or audience_of(command) is Audience.EVERYBODY:
            yield command.qualified_name, command.description


def _place_in_list(command: app_commands.Command[Any, Any, Any]) -> tuple[bool, bool]:
    return audience_of(command) is Audience.MODERATORS, command.name != "free"


def _operator(application: discord.AppInfo) -> str:
    return application.team.name if application.team else application.owner.name


async def setup(bot: commands.AutoShardedBot, services: Services) -> None:
    """Add the cog."""
    await bot.add_cog(HelpCog(services.campuses, services.store, now=services.now))
