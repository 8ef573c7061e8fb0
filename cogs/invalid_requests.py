"""How many requests Discord has called invalid lately, and when to send none for a while.

Whoever sends ten thousand of them in ten minutes is shut out for a while, and all that share
the address: https://discord.com/developers/docs/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans
"""

import logging
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from http import HTTPStatus

import discord

log = logging.getLogger(__name__)

MOST = 2000
"""A fifth of what Discord allows: other processes may send from the same address."""

WINDOW = timedelta(minutes=10)

_INVALID = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS}


class InvalidRequests:
    """Counts refusals over the last ten minutes; with `most` of them what can wait has to.

    It counts what is noted: discord.py waits out most 429s itself and does not tell.
    """

    def __init__(self, *, now: Callable[[], datetime], most: int = MOST) -> None:
        self._now = now
        self._most = most
        self._noted: deque[datetime] = deque()
        self._is_open = False

    def note(self, error: Exception) -> None:
        """Count an error, if it is one of those that Discord counts."""
        if isinstance(error, discord.HTTPException) and error.status in _INVALID:
            self._noted.append(self._now())

    @property
    def are_too_many(self) -> bool:
        """Tell whether what can wait has to wait; logged when that begins and when it ends."""
        now = self._now()
        # Of a moment to come where the clock was set back: it must not count for ever.
        while self._noted and not timedelta() <= now - self._noted[0] < WINDOW:
            self._noted.popleft()
        is_open = len(self._noted) >= self._most
        if is_open and not self._is_open:
            log.warning("Discord refused %s requests in 10 min; posts wait", len(self._noted))
        elif self._is_open and not is_open:
            log.info("posts go on: Discord refused %s requests in 10 min", len(self._noted))
        self._is_open = is_open
        return is_open
