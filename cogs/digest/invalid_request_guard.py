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

MAX_INVALID_REQUESTS = 2000
"""A fifth of what Discord allows: other processes may send from the same address."""

WINDOW = timedelta(minutes=10)

_INVALID_STATUSES = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS}


class InvalidRequestGuard:
    """Counts refusals over the last ten minutes; with `most` of them what can wait has to.

    It counts what is noted: discord.py waits out most 429s itself and does not tell.
    """

    def __init__(self, *, now: Callable[[], datetime], limit: int = MAX_INVALID_REQUESTS) -> None:
        self._now = now
        self._limit = limit
        self._refused_at: deque[datetime] = deque()
        self._was_exhausted = False

    def record(self, error: Exception) -> None:
        """Count an error, if it is one of those that Discord counts."""
        if isinstance(error, discord.HTTPException) and error.status in _INVALID_STATUSES:
            self._refused_at.append(self._now())

    @property
    def is_exhausted(self) -> bool:
        """Tell whether what can wait has to wait; logged when that begins and when it ends."""
        now = self._now()
        # Of a moment to come where the clock was set back: it must not count for ever.
        while self._refused_at and not timedelta() <= now - self._refused_at[0] < WINDOW:
            self._refused_at.popleft()
        is_over_limit = len(self._refused_at) >= self._limit
        if is_over_limit and not self._was_exhausted:
            log.warning("Discord refused %s requests in 10 min; posts wait", len(self._refused_at))
        elif self._was_exhausted and not is_over_limit:
            log.info("posts go on: Discord refused %s requests in 10 min", len(self._refused_at))
        self._was_exhausted = is_over_limit
        return is_over_limit
