"""Answers that do not reach Discord: told once when that begins, and once when it is over."""

import asyncio
import logging
from http import HTTPStatus

import aiohttp
import discord

log = logging.getLogger(__name__)

_RECOVERY_SECONDS = 5.0
"""For how long all answers have to be shown before that counts as over."""

_UNKNOWN_INTERACTION = 10062
_ALREADY_ACKNOWLEDGED = 40060


def is_interaction_expired(error: Exception) -> bool:
    """Tell whether Discord takes no answer to an interaction any more."""
    return isinstance(error, discord.HTTPException) and error.code in {
        _UNKNOWN_INTERACTION,
        _ALREADY_ACKNOWLEDGED,
    }


def is_discord_outage(error: Exception) -> bool:
    """Tell whether an answer failed on the way to Discord or there, for no fault of ours."""
    if isinstance(error, discord.HTTPException):
        is_rate_limited = error.status == HTTPStatus.TOO_MANY_REQUESTS
        return (
            is_rate_limited
            or error.status >= HTTPStatus.INTERNAL_SERVER_ERROR
            or is_interaction_expired(error)
        )
    # What Redis or the booking site does wrong has errors of our own.
    return isinstance(error, discord.RateLimited | aiohttp.ClientError | OSError)


class FailedResponseLog:
    """Counts answers that were not shown; a Discord that is down would fill the log with them."""

    def __init__(self) -> None:
        self._failures = 0
        self._last_failure_at = 0.0

    def record_failure(self, error: Exception) -> None:
        """Note one that was not shown."""
        if not self._failures:
            log.warning("answers cannot be shown: %s", _describe_error(error))
        self._failures += 1
        self._last_failure_at = _clock()

    def record_success(self) -> None:
        """Note one that was shown."""
        if self._failures and _clock() - self._last_failure_at > _RECOVERY_SECONDS:
            log.info("answers are shown again; %s were not", self._failures)
            self._failures = 0


def _clock() -> float:
    return asyncio.get_running_loop().time()


def _describe_error(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
