"""Process-wide limit on concurrent source requests; the campus read longest ago goes first.

Each campus has a limit of its own besides, so a slow one delays the others by no more than
that.
"""

import asyncio
import heapq
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import count

DEFAULT_CONCURRENT_REQUESTS = 24
"""Four campuses of the usual concurrency; more would hold up the commands of members."""

_NEVER = datetime.min.replace(tzinfo=UTC)
_Waiter = tuple[datetime, int, asyncio.Future[None]]


class PriorityLimiter:
    """Gives a free slot to the campus that was read longest ago, in order within it."""

    def __init__(self, limit: int = DEFAULT_CONCURRENT_REQUESTS) -> None:
        self._available = limit
        self._waiters: list[_Waiter] = []
        self._arrivals = count()

    @asynccontextmanager
    async def acquire(self, last_read: datetime | None) -> AsyncIterator[None]:
        """Wait for a slot and hold it; a campus that was never read (None) goes first."""
        await self._wait_for_slot(last_read or _NEVER)
        try:
            yield
        finally:
            self._release()

    async def _wait_for_slot(self, last_read: datetime) -> None:
        if self._available:
            self._available -= 1
            return
        slot = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiters, (last_read, next(self._arrivals), slot))
        try:
            await slot
        except asyncio.CancelledError:
            # Cancelled after the turn was given: somebody else can use it.
            if slot.done() and not slot.cancelled():
                self._release()
            raise

    def _release(self) -> None:
        while self._waiters:
            slot = heapq.heappop(self._waiters)[2]
            # Who was cancelled while waiting is still in the heap.
            if not slot.done():
                slot.set_result(None)
                return
        self._available += 1
