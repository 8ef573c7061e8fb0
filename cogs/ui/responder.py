"""How an interaction is answered: at once or later, for one or for all, in place or anew.

Source: `docs/discord.md`, "Interactions" and "Messages and components".
"""

import logging
from dataclasses import dataclass
from enum import Enum

import discord
from discord import ui

from cogs.ui.delivery_log import failed_responses
from cogs.ui.discord_errors import REQUEST_ERRORS, DiscordFailure, classify_response
from cogs.ui.image_attachment import ImageAttachment
from cogs.ui.interaction import Interaction, user_can_post
from cogs.ui.layout import text_view
from cogs.ui.replies.errors import CANNOT_SHARE_HERE

log = logging.getLogger(__name__)

_DEFERRED_PUBLICLY = "deferred in public"


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
        failed_responses.record_success()

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
        except discord.HTTPException as err:
            if classify_response(err) is not DiscordFailure.GONE:
                raise
            is_ephemeral = self.mode is ResponseMode.EPHEMERAL
            await self.interaction.followup.send(view=view, ephemeral=is_ephemeral)

    @property
    def shared_by(self) -> int | None:
        """The user who asked for a reply that stays in the channel, None for a private one."""
        if self.mode is ResponseMode.PUBLIC:
            return self.interaction.user.id
        message = self.interaction.message
        if self.mode is ResponseMode.EPHEMERAL or message is None or message.flags.ephemeral:
            return None
        asker = message.interaction_metadata
        return asker.user.id if asker else None

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


async def send_ephemeral(interaction: Interaction, view: ui.LayoutView) -> None:
    """Show something to the user alone, whatever the response was going to be."""
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
