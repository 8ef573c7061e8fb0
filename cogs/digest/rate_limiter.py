"""How often Discord is asked for what nobody waits for."""

import asyncio


class EvenRateLimiter:
    """Lets a number of callers through each second, evenly.

    Discord allows fifty requests a second over all routes, and discord.py only reacts when
    that is passed. Turns that an idle or a busy process let pass are lost: taken all at once
    they would pass it, too.
    """

    def __init__(self, per_second: int) -> None:
        self._interval = 1 / per_second
        self._next_slot = 0.0
        self._queue = asyncio.Lock()

    async def acquire(self) -> None:
        """Wait for the caller's turn."""
        clock = asyncio.get_running_loop().time
        async with self._queue:
            self._next_slot = max(self._next_slot, clock())
            await asyncio.sleep(self._next_slot - clock())
            self._next_slot += self._interval
