"""Answers that do not reach Discord: told once when that begins, and once when it is over."""

import asyncio
import logging
from http import HTTPStatus

import aiohttp
import discord

log = logging.getLogger(__name__)

_QUIET_SECONDS = 5.0
"""For how long all answers have to be shown before that counts as over."""

_TOO_LATE = 10062
_ALREADY_ANSWERED = 40060


def is_too_late(error: Exception) -> bool:
    """Tell whether Discord takes no answer to an interaction any more."""
    return isinstance(error, discord.HTTPException) and error.code in {
        _TOO_LATE,
        _ALREADY_ANSWERED,
    }


def is_discords(error: Exception) -> bool:
    """Tell whether an answer failed on the way to Discord or there, for no fault of ours."""
    if isinstance(error, discord.HTTPException):
        soon = error.status == HTTPStatus.TOO_MANY_REQUESTS
        return soon or error.status >= HTTPStatus.INTERNAL_SERVER_ERROR or is_too_late(error)
    # What Redis or the booking site does wrong has errors of our own.
    return isinstance(error, discord.RateLimited | aiohttp.ClientError | OSError)


class Unshown:
    """Counts answers that were not shown; a Discord that is down would fill the log with them."""

    def __init__(self) -> None:
        self._number = 0
        self._last = 0.0

    def note(self, error: Exception) -> None:
        """Note one that was not shown."""
        if not self._number:
            log.warning("answers cannot be shown: %s", _words(error))
        self._number += 1
        self._last = _clock()

    def note_shown(self) -> None:
        """Note one that was shown."""
        if self._number and _clock() - self._last > _QUIET_SECONDS:
            log.info("answers are shown again; %s were not", self._number)
            self._number = 0


def _clock() -> float:
    return asyncio.get_running_loop().time()


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
