"""A log of responses that Discord did not take: one line per outage, and one on recovery."""

import asyncio
import logging

from cogs.ui.discord_errors import describe

log = logging.getLogger(__name__)

_RECOVERY_SECONDS = 5.0
"""For how long all answers have to be shown before that counts as over."""


class FailedResponseLog:
    """Counts answers that were not shown; a Discord that is down would fill the log with them."""

    def __init__(self) -> None:
        self._failures = 0
        self._last_failure_at = 0.0

    def record_failure(self, error: Exception) -> None:
        """Note one that was not shown."""
        if not self._failures:
            log.warning("answers cannot be shown: %s", describe(error))
        self._failures += 1
        self._last_failure_at = _clock()

    def record_success(self) -> None:
        """Note one that was shown."""
        if self._failures and _clock() - self._last_failure_at > _RECOVERY_SECONDS:
            log.info("answers are shown again; %s were not", self._failures)
            self._failures = 0


failed_responses = FailedResponseLog()
"""The one of the process: an outage of Discord is one for all interactions."""


def _clock() -> float:
    return asyncio.get_running_loop().time()
