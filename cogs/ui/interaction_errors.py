"""How an interaction that failed is answered and logged: the last place that can."""

import logging
import secrets

from discord import app_commands

from cogs.ui.delivery_log import failed_responses
from cogs.ui.discord_errors import REQUEST_ERRORS, DiscordFailure, classify_response
from cogs.ui.interaction import Interaction
from cogs.ui.layout import text_view
from cogs.ui.replies.errors import DISCORD_REJECTED, error_message, unexpected_error_message
from cogs.ui.responder import send_ephemeral

log = logging.getLogger(__name__)

_OUTAGE = {DiscordFailure.TOO_LATE, DiscordFailure.TRANSIENT}
"""Failures for no fault of ours, of which an outage has hundreds."""


async def handle_interaction_error(interaction: Interaction, error: Exception) -> None:
    """Answer an interaction that failed with one private sentence; log what is our fault."""
    cause = _unwrap(error)
    failure = classify_response(cause)
    if failure in _OUTAGE:
        failed_responses.record_failure(cause)
    if failure in {DiscordFailure.TOO_LATE, DiscordFailure.GONE}:
        return
    text = DISCORD_REJECTED if failure is DiscordFailure.TRANSIENT else error_message(cause)
    if text is None:
        reference = secrets.token_hex(2).upper()
        log.error("ref %s: %s", reference, _describe_interaction(interaction), exc_info=cause)
        text = unexpected_error_message(reference)
    try:
        await send_ephemeral(interaction, text_view(text))
    except REQUEST_ERRORS as err:
        if classify_response(err) in _OUTAGE:
            failed_responses.record_failure(err)
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


def _describe_interaction(interaction: Interaction) -> str:
    """Say what was asked in the bot's own words: no member's text reaches the log."""
    command = interaction.command
    name = f"/{command.qualified_name}" if command else interaction.type.name
    return f"{name} in server {interaction.guild_id}"
