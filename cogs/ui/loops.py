"""How the ticks of a cog end: before what they use is taken away."""

import asyncio
from typing import Any

from discord.ext import tasks

_STOP_TIMEOUT_SECONDS = 1.0


async def stop_loops(*loops: tasks.Loop[Any]) -> None:
    """Cancel the ticks and wait until they are over."""
    for loop in loops:
        loop.cancel()
    running = [task for loop in loops if (task := loop.get_task())]
    if running:
        # In Python 3.11 a cancellation can be lost while Redis is asked: not for ever.
        await asyncio.wait(running, timeout=_STOP_TIMEOUT_SECONDS)
