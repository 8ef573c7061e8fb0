"""How often Discord is asked for what nobody waits for."""

import asyncio


class Pace:
    """Lets a number of callers through each second, evenly.

    Discord allows fifty requests a second over all routes, and discord.py only reacts when
    that is passed. Turns that an idle or a busy process let pass are lost: taken all at once
    they would pass it, too.
    """

    def __init__(self, a_second: int) -> None:
        self._every = 1 / a_second
        self._next = 0.0
        self._queue = asyncio.Lock()

    async def turn(self) -> None:
        """Wait for the caller's turn."""
        clock = asyncio.get_running_loop().time
        async with self._queue:
            self._next = max(self._next, clock())
            await asyncio.sleep(self._next - clock())
            self._next += self._every
