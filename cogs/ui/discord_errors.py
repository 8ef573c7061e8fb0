"""The one classification of Discord's errors: too late, gone, forbidden, transient, rejected.

Source: `docs/discord.md`, "Interactions" and "Rate limits"; the codes are listed at
https://discord.com/developers/docs/topics/opcodes-and-status-codes#json
"""

from enum import Enum
from http import HTTPStatus

import aiohttp
import discord

REQUEST_ERRORS = (discord.HTTPException, discord.RateLimited, aiohttp.ClientError, OSError)
"""Everything that a request to Discord raises; `TimeoutError` is an `OSError`."""

UNKNOWN_MESSAGE = 10008
MISSING_PERMISSIONS = 50013

_UNKNOWN_INTERACTION = 10062
_UNKNOWN_WEBHOOK = 10015
_ALREADY_ACKNOWLEDGED = 40060
_INVALID_WEBHOOK_TOKEN = 50027
_TOO_LATE = {
    _UNKNOWN_INTERACTION,
    _UNKNOWN_WEBHOOK,
    _ALREADY_ACKNOWLEDGED,
    _INVALID_WEBHOOK_TOKEN,
}
_TRANSIENT = {HTTPStatus.UNAUTHORIZED, HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS}
"""A 401 too: it says nothing about the channel, and a token that was reset ends the connection."""


class DiscordFailure(Enum):
    """What an error means for the request that failed."""

    TOO_LATE = "the interaction takes no response any more"
    GONE = "the message, channel or guild does not exist any more"
    FORBIDDEN = "the bot may not do that there"
    TRANSIENT = "the same request may succeed in half a minute"
    REJECTED = "Discord does not accept the request: a defect of ours"


def classify(error: Exception) -> DiscordFailure | None:
    """Return what an error of a request with the bot's token means; None: not Discord's."""
    if not isinstance(error, discord.HTTPException):
        return DiscordFailure.TRANSIENT if isinstance(error, REQUEST_ERRORS) else None
    if error.code in _TOO_LATE:
        return DiscordFailure.TOO_LATE
    if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR or error.status in _TRANSIENT:
        return DiscordFailure.TRANSIENT
    if error.status == HTTPStatus.NOT_FOUND:
        return DiscordFailure.GONE
    if error.status == HTTPStatus.FORBIDDEN:
        return DiscordFailure.FORBIDDEN
    return DiscordFailure.REJECTED


def classify_response(error: Exception) -> DiscordFailure | None:
    """Return what an error of a response to an interaction means; None: not Discord's.

    A response carries the interaction's own token: a 401 says that it has run out.
    """
    if isinstance(error, discord.HTTPException) and error.status == HTTPStatus.UNAUTHORIZED:
        return DiscordFailure.TOO_LATE
    return classify(error)


def describe(error: Exception) -> str:
    """Return the class and the text of an error for the log."""
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
