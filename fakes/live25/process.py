"""A 25Live in a process of its own, whose every answer takes the same time.

`python -m benchmarks.live25_server ROOMS FIRST-DAY LATENCY` prints its port and serves until
its standard input ends. A saved search's number is how many rooms it holds.
"""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import date, timedelta
from pathlib import Path

from aiohttp import web

from fakes.live25.large_campus import LargeCampusResponses

_HOST = "127.0.0.1"
_RUN = "/25live/data/made/run"
_ROOT = Path(__file__).parents[2]


@asynccontextmanager
async def run_live25(rooms: int, first: date, latency: timedelta) -> AsyncIterator[str]:
    """Run the server; yields the address of its `run` folder."""
    arguments = (str(rooms), first.isoformat(), str(latency.total_seconds()))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", __name__, *arguments), cwd=_ROOT, stdin=PIPE, stdout=PIPE
    )
    try:
        port = int(await process.stdout.readline()) if process.stdout else 0
        yield f"http://{_HOST}:{port}{_RUN}"
    finally:
        if process.stdin:
            process.stdin.close()
        await process.wait()


class _Server:
    def __init__(self, payloads: LargeCampusResponses, latency: float) -> None:
        self._payloads = payloads
        self._latency = latency

    async def serve_grid(self, request: web.Request) -> web.Response:
        asked = request.query
        if "space_id" in asked:
            return await self._delayed(lambda: self._payloads.month_response(asked["space_id"]))
        day, size = date.fromisoformat(asked["start_dt"][:10]), int(asked["page_size"])
        rooms, number = int(asked["spaces_query_id"]), int(asked.get("page", "1"))
        return await self._delayed(
            lambda: self._payloads.search_response(rooms, day, number=number, size=size)
        )

    async def serve_reservations(self, request: web.Request) -> web.Response:
        asked = request.query
        ids = asked["space_id"].split()
        first, last = (date.fromisoformat(asked[key]) for key in ("start_dt", "end_dt"))
        return await self._delayed(lambda: self._payloads.reservations_response(ids, first, last))

    async def _delayed(self, make: Callable[[], bytes]) -> web.Response:
        """Answer when the time is over that an answer takes, making it included."""
        clock = asyncio.get_running_loop().time
        due = clock() + self._latency
        body = make()
        await asyncio.sleep(due - clock())
        return web.Response(body=body, content_type="application/json")


async def _serve(rooms: int, first: date, latency: float) -> None:
    server = _Server(LargeCampusResponses(rooms, first), latency)
    app = web.Application()
    app.router.add_get(f"{_RUN}/availability/availabilitydata.json", server.serve_grid)
    app.router.add_get(f"{_RUN}/rm_reservations.json", server.serve_reservations)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, _HOST, 0).start()
    os.write(sys.stdout.fileno(), b"%d\n" % runner.addresses[0][1])
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), date.fromisoformat(sys.argv[2]), float(sys.argv[3])))
