"""An event loop whose clock counts pauses and turns, not how fast the machine works.

A limit of half a second, set for a test's own servers and the code under test in one process,
would otherwise end an honest exchange on a machine that is slow or busy. What is waited for
counts as ever: a pause, an answer that does not come, another process.
"""

import asyncio
import selectors
import time

_TURN = 0.0003
"""Seconds that a turn of the loop counts: about what it takes, and what ends an endless flood."""


class _CountingSelector(selectors.DefaultSelector):
    """Counts the seconds that were waited in it, and the turns of its loop."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Wait for files as ever; a process that was not given the processor waited no longer."""
        began = time.monotonic()
        ready = super().select(timeout)
        spent = time.monotonic() - began
        self.seconds += _TURN + (spent if timeout is None else min(spent, max(timeout, 0)))
        return ready


class WaitingLoop(asyncio.SelectorEventLoop):
    """A loop like any other, but for its clock."""

    def __init__(self) -> None:
        self._counting = _CountingSelector()
        super().__init__(self._counting)

    def time(self) -> float:
        """Return the seconds that this loop has waited, and a little for each turn."""
        return self._counting.seconds
