"""`/campus`: which campus a server asks about, and which a member in private."""

from dataclasses import replace

from discord import app_commands
from discord.ext import commands

from cogs.answers import Answer, Interaction, Way
from cogs.campuses import Campuses, server_of
from cogs.completion import Choices, choices
from cogs.replies.campus import (
    FORGOTTEN,
    MODERATORS_ONLY,
    chosen_for_member,
    chosen_for_server,
)
from cogs.replies.panel import sentence
from core.model import Campus
from core.picks import member_key, server_key
from core.search import find_campus, matching_campuses
from core.store import Store

_Text = app_commands.Range[str, 1, 100]


class Choosing(commands.Cog):
    """Notes what servers and members choose."""

    campus = app_commands.Group(name="campus", description="Which campus is asked about")

    def __init__(self, campuses: Campuses, store: Store) -> None:
        self._campuses = campuses
        self._store = store

    @campus.command(name="set", description="Choose the campus of this server (Manage Server)")
    @app_commands.describe(campus="The campus")
    async def set_(self, interaction: Interaction, campus: _Text) -> None:
        """Choose the campus of a server; its digest goes along."""
        server = server_of(interaction)
        if server is None:
            raise app_commands.NoPrivateMessage
        answer = Answer(interaction, Way.PRIVATE)
        # Discord knows permissions for whole commands only, and members use the others here.
        if not interaction.permissions.manage_guild:
            await answer.give(sentence(MODERATORS_ONLY))
            return
        chosen = find_campus(self._campuses.served, campus)
        await self._campuses.picks.pick(server_key(server), chosen.id)
        moved = await self._move_digest(server, chosen)
        await answer.give(sentence(chosen_for_server(chosen, digest_moved=moved)))

    async def _move_digest(self, server: int, campus: Campus) -> bool:
        settings = await self._store.digest_of(server)
        if settings is None or settings.campus == campus.id:
            return False
        await self._store.save_digest(replace(settings, campus=campus.id, building=None))
        return True

    @campus.command(description="Choose your own campus, for direct messages and everywhere else")
    @app_commands.describe(campus="The campus")
    async def mine(self, interaction: Interaction, campus: _Text) -> None:
        """Choose a member's own campus."""
        chosen = find_campus(self._campuses.served, campus)
        await self._campuses.picks.pick(member_key(interaction.user.id), chosen.id)
        await Answer(interaction, Way.PRIVATE).give(sentence(chosen_for_member(chosen)))

    @campus.command(description="Forget the campus that you chose for yourself")
    async def forget(self, interaction: Interaction) -> None:
        """Forget a member's own campus."""
        await self._campuses.picks.pick(member_key(interaction.user.id), None)
        await Answer(interaction, Way.PRIVATE).give(sentence(FORGOTTEN))

    @set_.autocomplete("campus")
    @mine.autocomplete("campus")
    async def _complete_campus(self, _: Interaction, typed: str) -> Choices:
        return choices(
            [(each.name, each.id) for each in matching_campuses(self._campuses.served, typed)]
        )
