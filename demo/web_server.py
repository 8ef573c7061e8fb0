"""Where the page is served: loopback only, at the usual port or the next that is free."""

import errno
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from core.errors import StartError
from demo.services import ServiceControl

HOST = "127.0.0.1"
FIRST_PORT = 8025

_PORTS_TO_TRY = 50


@asynccontextmanager
async def serve_page(app: web.Application, *, first_port: int = FIRST_PORT) -> AsyncIterator[str]:
    """Serve `app` for as long as this context lasts; give its address.

    Raises:
        StartError: none of the ports can be had.
    """
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.5)
    await runner.setup()
    try:
        port = await _bind(runner, first_port)
        yield f"http://{HOST}:{port}"
    finally:
        await runner.cleanup()


async def _bind(runner: web.AppRunner, first: int) -> int:
    for port in range(first, first + _PORTS_TO_TRY):
        try:
            await web.TCPSite(runner, HOST, port, reuse_address=True).start()
        except OSError as err:
            if err.errno != errno.EADDRINUSE:
                raise StartError(f"the page cannot be served: {err}") from err
        else:
            return port
    raise StartError(f"the page cannot be served: ports {first} to {port} are taken")


def add_health_route(app: web.Application, services: ServiceControl) -> None:
    """Tell at `/health` how each part is, for scripts."""

    async def health(_: web.Request) -> web.Response:
        standings = services.statuses()
        return web.json_response({part: each.health.value for part, each in standings.items()})

    app.router.add_get("/health", health)
