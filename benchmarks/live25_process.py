"""A fake 25Live in a process of its own, whose every response takes the same time.

`python -m benchmarks.live25_process ROOMS FIRST-DAY LATENCY` prints its port and serves until
its standard input ends.
"""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from pathlib import Path

from benchmarks.live25_bookings import LargeCampus
from fakes.live25.server import FakeLive25

_ROOT = Path(__file__).parents[1]


@asynccontextmanager
async def run_live25(rooms: int, first: date, latency: timedelta) -> AsyncIterator[str]:
    """Run the server; yields the address of its `run` folder."""
    arguments = (str(rooms), first.isoformat(), str(latency.total_seconds()))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", __name__, *arguments), cwd=_ROOT, stdin=PIPE, stdout=PIPE
    )
    try:
        line = await process.stdout.readline() if process.stdout else b""
        if not line:
            raise RuntimeError("the fake 25Live did not start")
        yield line.decode().strip()
    finally:
        if process.stdin:
            process.stdin.close()
        await process.wait()


async def _serve(rooms: int, first: date, latency: float) -> None:
    campus = LargeCampus(rooms, first)
    async with FakeLive25(campus, grid_hours=(0, 24), latency=latency) as server:
        os.write(sys.stdout.fileno(), f"{server.url}\n".encode())
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), date.fromisoformat(sys.argv[2]), float(sys.argv[3])))
