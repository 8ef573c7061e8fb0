"""Cogs with background loops: they start after every cog is loaded, and stop before it goes."""

import asyncio
from typing import Any

from discord.ext import commands, tasks

LOOP_SECONDS = 5.0
"""The interval of every loop; each tick decides by the clock whether anything is due.

A loop with a time of its own skips, doubles and dies
(https://github.com/Rapptz/discord.py/issues/5762), and a body that raises ends any loop.
"""

_STOP_TIMEOUT_SECONDS = 1.0


class LoopCog(commands.Cog):
    """A cog whose `tasks.Loop` attributes are started and stopped with it."""

    def start_loops(self) -> None:
        """Start every loop; called once all cogs are loaded."""
        for loop in self._loops():
            loop.start()

    async def cog_unload(self) -> None:
        """Cancel the loops and wait until they are over: what they use is taken away next."""
        loops = self._loops()
        for loop in loops:
            loop.cancel()
        running = [task for loop in loops if (task := loop.get_task())]
        if running:
            # In Python 3.11 a cancellation can be lost while Redis is asked: not for ever.
            await asyncio.wait(running, timeout=_STOP_TIMEOUT_SECONDS)

    def _loops(self) -> list[tasks.Loop[Any]]:
        attributes = vars(type(self)).items()
        return [getattr(self, name) for name, value in attributes if isinstance(value, tasks.Loop)]
