"""Answers of another command's cog: `/free` in one room is answered as `/room` answers."""

from typing import Protocol, runtime_checkable

from discord.ext import commands

from cogs.ui.custom_ids import BuildingQueryId, RoomWeekId
from cogs.ui.interaction import Interaction
from cogs.ui.replies.understood import Understanding
from cogs.ui.responder import Responder


@runtime_checkable
class _ShowsRooms(Protocol):
    async def show_room(
        self, responder: Responder, query: RoomWeekId, understood: Understanding
    ) -> None: ...


@runtime_checkable
class _ShowsBuildings(Protocol):
    async def show_building(
        self, responder: Responder, query: BuildingQueryId, understood: Understanding
    ) -> None: ...


async def show_room(responder: Responder, query: RoomWeekId, understood: Understanding) -> None:
    """Answer with a room's week."""
    cog = _cog(responder.interaction, "RoomCog")
    assert isinstance(cog, _ShowsRooms)  # noqa: S101 - the bot loads every cog
    await cog.show_room(responder, query, understood)


async def show_building(
    responder: Responder, query: BuildingQueryId, understood: Understanding
) -> None:
    """Answer with a building's day."""
    cog = _cog(responder.interaction, "BuildingCog")
    assert isinstance(cog, _ShowsBuildings)  # noqa: S101 - the bot loads every cog
    await cog.show_building(responder, query, understood)


def _cog(interaction: Interaction, name: str) -> object:
    client: commands.AutoShardedBot = interaction.client
    return client.get_cog(name)
