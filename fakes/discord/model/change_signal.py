"""How a driver waits for something to become true, without polling."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class ChangeSignal:
    """Wakes everybody who waits whenever something has changed."""

    def __init__(self) -> None:
        self._waiters: set[asyncio.Future[None]] = set()

    def notify(self) -> None:
        """Let everybody look again."""
        for future in self._waiters:
            if not future.done():
                future.set_result(None)
        self._waiters.clear()

    async def wait_for(self, condition: Callable[[], T | None], timeout: float) -> T:
        """Return what `seen` returns as soon as it is not None.

        Raises:
            TimeoutError: After `patience` seconds.
        """
        async with asyncio.timeout(timeout):
            while (found := condition()) is None:
                future = asyncio.get_running_loop().create_future()
                self._waiters.add(future)
                try:
                    await future
                finally:
                    self._waiters.discard(future)
        return found
