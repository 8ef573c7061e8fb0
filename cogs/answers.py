"""How an interaction is answered: at once or later, for one or for all, and when it fails.

Source: `docs/discord.md`, "Interactions" and "Messages and components".
"""

import logging
import re
import secrets
from dataclasses import dataclass
from enum import Enum
from typing import Any, Self, TypeVar

import aiohttp
import discord
from discord import app_commands, ui
from discord.ext import commands

from cogs.pictures import Picture
from cogs.questions import BUILDING_TEMPLATE, FREE_TEMPLATE, ROOM_TEMPLATE
from cogs.replies.errors import NOT_HERE_SHARE, NOT_TAKEN, OLD_MENU, explain, unexpected
from cogs.replies.panel import sentence
from cogs.unshown import Unshown, is_discords, is_too_late

log = logging.getLogger(__name__)

Interaction = discord.Interaction[Any]
_Cog = TypeVar("_Cog", bound=commands.Cog)

_PUBLIC = "deferred in public"

_unshown = Unshown()


class Way(Enum):
    """Where an answer appears."""

    PRIVATE = "a new message that only the asker sees"
    PUBLIC = "a new message that all see"
    IN_PLACE = "the message whose button was pressed"


@dataclass(slots=True)
class Answer:
    """The answer to one interaction."""

    interaction: Interaction
    way: Way

    async def later(self) -> None:
        """Tell Discord that the answer needs more than its three seconds."""
        response = self.interaction.response
        if response.is_done():
            return
        if self.way is Way.IN_PLACE:
            await response.defer()
        else:
            self.interaction.extras[_PUBLIC] = self.way is Way.PUBLIC
            await response.defer(thinking=True, ephemeral=self.way is Way.PRIVATE)

    async def give(self, view: ui.LayoutView, picture: Picture | None = None) -> None:
        """Show the answer, with the picture that it names; it replaces one that is shown."""
        response = self.interaction.response
        files = [picture.file()] if picture else []
        if response.is_done():
            await self.interaction.edit_original_response(view=view, attachments=files)
        elif self.way is Way.IN_PLACE:
            await response.edit_message(view=view, attachments=files)
        else:
            private = self.way is Way.PRIVATE
            await response.send_message(view=view, files=files, ephemeral=private)
        _unshown.note_shown()

    @property
    def can_be_shared(self) -> bool:
        """Tell whether to offer sharing: what only the asker sees, where the asker may post."""
        message = self.interaction.message
        is_private = self.way is Way.PRIVATE or (
            self.way is Way.IN_PLACE and message is not None and message.flags.ephemeral
        )
        return is_private and may_post(self.interaction)


async def answer_to_press(interaction: Interaction, does: str) -> Answer | None:
    """Return where the answer goes, None where it may not go there and that has been said."""
    if does == "open":
        return Answer(interaction, Way.PRIVATE)
    if does != "share":
        return Answer(interaction, way_of_press(interaction))
    if may_post(interaction):
        return Answer(interaction, Way.PUBLIC)
    await Answer(interaction, Way.PRIVATE).give(sentence(NOT_HERE_SHARE))
    return None


def cog_of(interaction: Interaction, kind: type[_Cog]) -> _Cog:
    """Return the cog that answers a press; it registered the buttons that come to it."""
    client: commands.AutoShardedBot = interaction.client
    cog = client.get_cog(kind.__name__)
    assert isinstance(cog, kind)  # noqa: S101 - see above
    return cog


def way_of_press(interaction: Interaction) -> Way:
    """Return where the answer to a press belongs: in place for whoever's message it is.

    Anybody can press a button of a public message; what others asked is not theirs to turn.
    """
    message = interaction.message
    if message is None:
        return Way.PRIVATE
    asker = message.interaction_metadata.user.id if message.interaction_metadata else None
    own = message.flags.ephemeral or asker == interaction.user.id
    return Way.IN_PLACE if own else Way.PRIVATE


def may_post(interaction: Interaction) -> bool:
    """Tell whether the asker may post where the interaction is; in a server only."""
    if interaction.guild_id is None:
        return False
    if not (interaction.is_guild_integration() or interaction.permissions.use_external_apps):
        # What an app of the asker's own says there is seen by the asker alone.
        return False
    if isinstance(interaction.channel, discord.Thread):
        return interaction.permissions.send_messages_in_threads
    return interaction.permissions.send_messages


async def tell_error(interaction: Interaction, error: Exception) -> None:
    """Answer an interaction that failed with one private sentence; log what is our fault."""
    cause = _cause(error)
    if is_discords(cause):
        _unshown.note(cause)
        if is_too_late(cause):
            return
    text = NOT_TAKEN if is_discords(cause) else explain(cause)
    if text is None:
        reference = secrets.token_hex(2).upper()
        log.error("ref %s: %s", reference, _place(interaction), exc_info=cause)
        text = unexpected(reference)
    try:
        await _tell_privately(interaction, sentence(text))
    except (discord.HTTPException, aiohttp.ClientError, OSError) as err:
        if is_discords(err):
            _unshown.note(err)
        else:
            log.warning("an error could not be told: %s", err)


def _cause(error: Exception) -> Exception:
    """Return the error below those that discord.py wraps around it."""
    inner: BaseException | None = None
    if isinstance(error, app_commands.CommandInvokeError):
        inner = error.original
    elif isinstance(error, app_commands.TransformerError):
        inner = error.__cause__
    return _cause(inner) if isinstance(inner, Exception) else error


async def _tell_privately(interaction: Interaction, view: ui.LayoutView) -> None:
    response = interaction.response
    if interaction.type is discord.InteractionType.autocomplete:
        # There is no place for a sentence in a list of completions.
        await response.autocomplete([])
    elif not response.is_done():
        await response.send_message(view=view, ephemeral=True)
    elif response.type is not discord.InteractionResponseType.deferred_channel_message:
        await interaction.followup.send(view=view, ephemeral=True)
    elif interaction.extras.get(_PUBLIC):
        # What fills a deferral is as public as the deferral was; so it is taken away.
        await interaction.delete_original_response()
        await interaction.followup.send(view=view, ephemeral=True)
    else:
        await interaction.edit_original_response(view=view)


def _place(interaction: Interaction) -> str:
    """Say what was asked in the bot's own words: no member's text reaches the log."""
    command = interaction.command
    name = f"/{command.qualified_name}" if command else interaction.type.name
    return f"{name} in server {interaction.guild_id}"


class Press(ui.DynamicItem[ui.Item[Any]], template=r"(?!)"):
    """A button or a select whose state is all in its custom id.

    Subclasses say in `pressed` what it does; whatever that raises is told.
    """

    def __init__(self, item: ui.Item[Any], match: re.Match[str]) -> None:
        super().__init__(item)
        self.match = match

    @classmethod
    async def from_custom_id(
        cls, _: Interaction, item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the item that was pressed; called by discord.py."""
        return cls(item, match)

    async def callback(self, interaction: Interaction) -> None:
        """Do what pressing it does; called by discord.py, which would keep errors to itself."""
        try:
            await self.pressed(interaction)
        except Exception as err:  # noqa: BLE001 - told and logged: this is the last place that can
            await tell_error(interaction, err)

    async def pressed(self, interaction: Interaction) -> None:
        """Do what pressing it does."""
        raise NotImplementedError

    @property
    def chosen(self) -> str | None:
        """What was chosen in a select, None for nothing and for a button."""
        values = self.item.values if isinstance(self.item, ui.Select) else []
        return values[0] if values else None


_TEMPLATES = (FREE_TEMPLATE, BUILDING_TEMPLATE, ROOM_TEMPLATE)


def _nameless(template: str) -> str:
    return re.sub(r"\?P<\w+>", "?:", template)


class OldMenu(
    Press,
    template=rf"(?!(?:{'|'.join(map(_nameless, _TEMPLATES))})\Z)[\s\S]+",
):
    """Whatever no other template takes: a component of a version that is no more."""

    async def pressed(self, interaction: Interaction) -> None:
        """Say so, instead of leaving the member with a failed interaction."""
        await Answer(interaction, Way.PRIVATE).give(sentence(OLD_MENU))
