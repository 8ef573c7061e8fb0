"""How an interaction is answered: at once or later, for one or for all, and when it fails.

Source: `docs/discord.md`, "Interactions" and "Messages and components".
"""

import logging
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar, Self, TypeVar

import discord
from discord import app_commands, ui
from discord.ext import commands

from cogs.ui.delivery_log import FailedResponseLog
from cogs.ui.discord_errors import REQUEST_ERRORS, DiscordFailure, classify_response
from cogs.ui.id_format import IdFormat, without_groups
from cogs.ui.image_attachment import ImageAttachment
from cogs.ui.interaction import Interaction, user_can_post
from cogs.ui.layout import text_view
from cogs.ui.replies.errors import (
    CANNOT_SHARE_HERE,
    DISCORD_REJECTED,
    EXPIRED_MENU,
    error_message,
    unexpected_error_message,
)

log = logging.getLogger(__name__)

_Cog = TypeVar("_Cog", bound=commands.Cog)

_DEFERRED_PUBLICLY = "deferred in public"

_failed_responses = FailedResponseLog()

_OUTAGE = {DiscordFailure.TOO_LATE, DiscordFailure.TRANSIENT}
"""Failures for no fault of ours, of which an outage has hundreds."""


class ResponseMode(Enum):
    """Where an answer appears."""

    EPHEMERAL = "a new message that only the asker sees"
    PUBLIC = "a new message that all see"
    EDIT = "the message whose button was pressed"


@dataclass(slots=True)
class Responder:
    """The answer to one interaction."""

    interaction: Interaction
    mode: ResponseMode

    async def defer(self) -> None:
        """Tell Discord that the answer needs more than its three seconds."""
        response = self.interaction.response
        if response.is_done():
            return
        if self.mode is ResponseMode.EDIT:
            await response.defer()
        else:
            self.interaction.extras[_DEFERRED_PUBLICLY] = self.mode is ResponseMode.PUBLIC
            await response.defer(thinking=True, ephemeral=self.mode is ResponseMode.EPHEMERAL)

    async def send(self, view: ui.LayoutView, image: ImageAttachment | None = None) -> None:
        """Show the answer, with the picture that it names; it replaces one that is shown."""
        response = self.interaction.response
        files = [image.file()] if image else []
        if response.is_done():
            await self.interaction.edit_original_response(view=view, attachments=files)
        elif self.mode is ResponseMode.EDIT:
            await response.edit_message(view=view, attachments=files)
        else:
            is_ephemeral = self.mode is ResponseMode.EPHEMERAL
            await response.send_message(view=view, files=files, ephemeral=is_ephemeral)
        _failed_responses.record_success()

    async def send_optional(self, view: ui.LayoutView) -> None:
        """Show a step of the answer, which goes on where Discord does not take it."""
        try:
            await self.send(view)
        except REQUEST_ERRORS as err:
            log.debug("a step of an answer was not shown: %s", type(err).__name__)

    async def send_anyhow(self, view: ui.LayoutView) -> None:
        """Show the answer, in a message of its own where the first one is gone."""
        try:
            await self.send(view)
        except discord.NotFound:
            is_ephemeral = self.mode is ResponseMode.EPHEMERAL
            await self.interaction.followup.send(view=view, ephemeral=is_ephemeral)

    @property
    def can_share(self) -> bool:
        """Tell whether to offer sharing: what only the asker sees, where the asker may post."""
        message = self.interaction.message
        is_private = self.mode is ResponseMode.EPHEMERAL or (
            self.mode is ResponseMode.EDIT and message is not None and message.flags.ephemeral
        )
        return is_private and user_can_post(self.interaction)


async def responder_for_action(interaction: Interaction, action: str) -> Responder | None:
    """Return where the answer goes, None where it may not go there and that has been said."""
    if action == "open":
        return Responder(interaction, ResponseMode.EPHEMERAL)
    if action != "share":
        return Responder(interaction, response_mode_for(interaction))
    if user_can_post(interaction):
        return Responder(interaction, ResponseMode.PUBLIC)
    await Responder(interaction, ResponseMode.EPHEMERAL).send(text_view(CANNOT_SHARE_HERE))
    return None


def require_cog(interaction: Interaction, cog_type: type[_Cog]) -> _Cog:
    """Return the cog that answers a press; it registered the buttons that come to it."""
    client: commands.AutoShardedBot = interaction.client
    cog = client.get_cog(cog_type.__name__)
    assert isinstance(cog, cog_type)  # noqa: S101 - see above
    return cog


def response_mode_for(interaction: Interaction) -> ResponseMode:
    """Return where the answer to a press belongs: in place for whoever's message it is.

    Anybody can press a button of a public message; what others asked is not theirs to turn.
    """
    message = interaction.message
    if message is None:
        return ResponseMode.EPHEMERAL
    asker = message.interaction_metadata.user.id if message.interaction_metadata else None
    is_own_message = message.flags.ephemeral or asker == interaction.user.id
    return ResponseMode.EDIT if is_own_message else ResponseMode.EPHEMERAL


async def handle_interaction_error(interaction: Interaction, error: Exception) -> None:
    """Answer an interaction that failed with one private sentence; log what is our fault."""
    cause = _unwrap(error)
    failure = classify_response(cause)
    if failure in _OUTAGE:
        _failed_responses.record_failure(cause)
    if failure in {DiscordFailure.TOO_LATE, DiscordFailure.GONE}:
        return
    text = DISCORD_REJECTED if failure is DiscordFailure.TRANSIENT else error_message(cause)
    if text is None:
        reference = secrets.token_hex(2).upper()
        log.error("ref %s: %s", reference, _describe_interaction(interaction), exc_info=cause)
        text = unexpected_error_message(reference)
    try:
        await _send_ephemeral(interaction, text_view(text))
    except REQUEST_ERRORS as err:
        if classify_response(err) in _OUTAGE:
            _failed_responses.record_failure(err)
        else:
            log.warning("an error could not be told: %s", err)


def _unwrap(error: Exception) -> Exception:
    """Return the error below those that discord.py wraps around it."""
    inner: BaseException | None = None
    if isinstance(error, app_commands.CommandInvokeError):
        inner = error.original
    elif isinstance(error, app_commands.TransformerError):
        inner = error.__cause__
    return _unwrap(inner) if isinstance(inner, Exception) else error


async def _send_ephemeral(interaction: Interaction, view: ui.LayoutView) -> None:
    response = interaction.response
    if interaction.type is discord.InteractionType.autocomplete:
        # There is no place for a sentence in a list of completions.
        await response.autocomplete([])
    elif not response.is_done():
        await response.send_message(view=view, ephemeral=True)
    elif response.type is not discord.InteractionResponseType.deferred_channel_message:
        await interaction.followup.send(view=view, ephemeral=True)
    elif interaction.extras.get(_DEFERRED_PUBLICLY):
        # What fills a deferral is as public as the deferral was; so it is taken away.
        await interaction.delete_original_response()
        await interaction.followup.send(view=view, ephemeral=True)
    else:
        await interaction.edit_original_response(view=view)


def _describe_interaction(interaction: Interaction) -> str:
    """Say what was asked in the bot's own words: no member's text reaches the log."""
    command = interaction.command
    name = f"/{command.qualified_name}" if command else interaction.type.name
    return f"{name} in server {interaction.guild_id}"


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
