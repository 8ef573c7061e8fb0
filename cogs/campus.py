"""`/campus`: which campus a server asks about, and which a member in private."""

from dataclasses import replace

from discord import app_commands
from discord.ext import commands

from cogs.services import Services
from cogs.ui.audience import requires_manage_server
from cogs.ui.autocomplete import Choices, choices
from cogs.ui.interaction import Interaction, guild_id_of
from cogs.ui.layout import text_view
from cogs.ui.replies.campus import (
    PREFERENCE_FORGOTTEN,
    guild_campus_set,
    member_campus_set,
)
from cogs.ui.responder import Responder, ResponseMode
from core.lookup.search import find_campus, search_campuses
from core.model.campus import Campus
from core.preferences import guild_key, user_key
from core.registry import CampusRegistry
from core.store import Store

_Text = app_commands.Range[str, 1, 100]


class CampusCog(commands.Cog):
    """Notes what servers and members choose."""

    campus = app_commands.Group(name="campus", description="Which campus is asked about")

    def __init__(self, campuses: CampusRegistry, store: Store) -> None:
        self._campuses = campuses
        self._store = store

    @requires_manage_server
    @campus.command(name="set", description="Choose the campus of this server (Manage Server)")
    @app_commands.describe(campus="The campus")
    async def set_(self, interaction: Interaction, campus: _Text) -> None:
        """Choose the campus of a server; its digest goes along."""
        guild = guild_id_of(interaction)
        if guild is None:
            raise app_commands.NoPrivateMessage
        chosen = find_campus(self._campuses.campuses, campus)
        await self._campuses.preferences.set(guild_key(guild), chosen.id)
        moved = await self._move_digest(guild, chosen)
        await Responder(interaction, ResponseMode.EPHEMERAL).send(
            text_view(guild_campus_set(chosen, digest_moved=moved))
        )

    async def _move_digest(self, guild: int, campus: Campus) -> bool:
        settings = await self._store.get_settings(guild)
        if settings is None or settings.campus_id == campus.id:
            return False
        await self._store.save_settings(replace(settings, campus_id=campus.id, building=None))
        return True

    @campus.command(description="Choose your own campus, for direct messages and everywhere else")
    @app_commands.describe(campus="The campus")
    async def mine(self, interaction: Interaction, campus: _Text) -> None:
        """Choose a member's own campus."""
        chosen = find_campus(self._campuses.campuses, campus)
        await self._campuses.preferences.set(user_key(interaction.user.id), chosen.id)
        await Responder(interaction, ResponseMode.EPHEMERAL).send(
            text_view(member_campus_set(chosen))
        )

    @campus.command(description="Forget the campus that you chose for yourself")
    async def forget(self, interaction: Interaction) -> None:
        """Forget a member's own campus."""
        await self._campuses.preferences.set(user_key(interaction.user.id), None)
        await Responder(interaction, ResponseMode.EPHEMERAL).send(text_view(PREFERENCE_FORGOTTEN))

    @set_.autocomplete("campus")
    @mine.autocomplete("campus")
    async def _complete_campus(self, _: Interaction, typed: str) -> Choices:
        return choices(
            [(each.name, each.id) for each in search_campuses(self._campuses.campuses, typed)]
        )


async def setup(bot: commands.AutoShardedBot, services: Services) -> None:
    """Add the cog where there is a campus to choose."""
    if services.campuses.offers_choice:
        await bot.add_cog(CampusCog(services.campuses, services.store))
