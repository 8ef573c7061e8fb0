"""Buttons and selects: they survive a restart, as their custom ids hold all that they need."""

import re
from collections.abc import Iterable
from typing import Any, ClassVar, Self, TypeVar

from discord import ui
from discord.ext import commands

from cogs.ui.id_format import IdFormat, without_groups
from cogs.ui.interaction import Interaction
from cogs.ui.interaction_errors import handle_interaction_error
from cogs.ui.layout import text_view
from cogs.ui.replies.errors import EXPIRED_MENU
from cogs.ui.responder import Responder, ResponseMode

_Cog = TypeVar("_Cog", bound=commands.Cog)


class PersistentItem(ui.DynamicItem[ui.Item[Any]], template=r"(?!)"):
    """A button or a select whose state is all in its custom id.

    Subclasses say in `on_press` what it does; whatever that raises is told.
    """

    id_format: ClassVar[IdFormat]

    @classmethod
    async def from_custom_id(
        cls, _: Interaction, item: ui.Item[Any], _match: re.Match[str], /
    ) -> Self:
        """Make the item that was pressed; called by discord.py."""
        return cls(item)

    async def callback(self, interaction: Interaction) -> None:
        """Do what pressing it does; called by discord.py, which would keep errors to itself."""
        try:
            await self.on_press(interaction)
        except Exception as err:  # noqa: BLE001 - told and logged: this is the last place that can
            await handle_interaction_error(interaction, err)

    async def on_press(self, interaction: Interaction) -> None:
        """Do what pressing it does."""
        raise NotImplementedError

    @property
    def selected_value(self) -> str | None:
        """What was chosen in a select, None for nothing and for a button."""
        values = self.item.values if isinstance(self.item, ui.Select) else []
        return values[0] if values else None


def expired_component(
    current: Iterable[type[ui.DynamicItem[Any]]],
) -> type[ui.DynamicItem[ui.Item[Any]]]:
    """Return the component that takes every custom id but those of the `current` components.

    discord.py calls each component whose template matches, not the first one.
    """
    patterns = (each.__discord_ui_compiled_template__.pattern for each in current)
    # Two components may use the same group name, which one pattern may not.
    others = "|".join(map(without_groups, patterns))

    class ExpiredComponent(PersistentItem, template=rf"(?!(?:{others})\Z)[\s\S]+"):
        """A component of an earlier version of the bot."""

        async def on_press(self, interaction: Interaction) -> None:
            """Say that it has expired, instead of leaving the interaction to fail."""
            await Responder(interaction, ResponseMode.EPHEMERAL).send(text_view(EXPIRED_MENU))

    return ExpiredComponent


def require_cog(interaction: Interaction, cog_type: type[_Cog]) -> _Cog:
    """Return the cog that answers a press; it registered the buttons that come to it."""
    client: commands.AutoShardedBot = interaction.client
    cog = client.get_cog(cog_type.__name__)
    assert isinstance(cog, cog_type)  # noqa: S101 - see above
    return cog
