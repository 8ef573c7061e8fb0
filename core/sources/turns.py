"""Who asks next: a limit on the questions in flight of all campuses of a process together.

Each campus has a limit of its own besides, so one that is slow holds up the others by no
more than that.
"""

import asyncio
import heapq
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import count

IN_FLIGHT = 24
"""Four campuses of the usual concurrency; more would hold up the commands of members."""

_NEVER = datetime.min.replace(tzinfo=UTC)
_Waiting = tuple[datetime, int, asyncio.Future[None]]


class Turns:
    """Gives a free turn to the campus that was read the longest ago, and in order within it."""

    def __init__(self, at_most: int = IN_FLIGHT) -> None:
        self._free = at_most
        self._waiting: list[_Waiting] = []
        self._numbers = count()

    @asynccontextmanager
    async def turn(self, last_read: datetime | None) -> AsyncIterator[None]:
        """Wait for a turn and hold it; a campus that was never read (None) is the first."""
        await self._take(last_read or _NEVER)
        try:
            yield
        finally:
            self._give_on()

    async def _take(self, last_read: datetime) -> None:
        if self._free:
            self._free -= 1
            return
        granted = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (last_read, next(self._numbers), granted))
        try:
            await granted
        except asyncio.CancelledError:
            # Cancelled after the turn was given: somebody else can use it.
            if granted.done() and not granted.cancelled():
                self._give_on()
            raise

    def _give_on(self) -> None:
        while self._waiting:
            granted = heapq.heappop(self._waiting)[2]
            # Who was cancelled while waiting is still in the heap.
            if not granted.done():
                granted.set_result(None)
                return
        self._free += 1
