"""Where HTTP is listened to: how many connections there may be, for how long, and how large."""

import asyncio
import os
import re
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import cast

from aiohttp import web
from aiohttp.http_exceptions import BadHttpMessage, BadHttpMethod, LineTooLong

from api.client_address import client_of
from api.errors import error_response, protocol_error
from core.errors import StartError

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]

_MAX_CONNECTIONS = 500
_MAX_CONNECTIONS_PER_HOST = 100
_MAX_LINE_BYTES = 8_190
_MAX_HEADERS = 64
_UNKNOWN_METHOD = re.compile(r"b'[!#$%&*+.^_`|~0-9A-Za-z-]{1,40} [^ ]+ HTTP/1")


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds that a client may take.

    `read`: to send a request, or the next one. `write`: to receive a response. `linger`: to
    send a body that nobody reads, and to receive the last response at shutdown.
    """

    read: float = 15.0
    write: float = 30.0
    linger: float = 1.0


_DEFAULT_TIMEOUTS = Timeouts()


class _LimitedHandler(web.RequestHandler):
    """One connection; whatever goes wrong on it is told in JSON."""

    __slots__ = ("_server", "_timeouts", "_write_timer")

    def __init__(self, server: "_LimitedServer", timeouts: Timeouts) -> None:
        super().__init__(
            server,
            loop=asyncio.get_running_loop(),
            keepalive_timeout=timeouts.read,
            lingering_time=timeouts.linger,
            max_line_size=_MAX_LINE_BYTES,
            max_field_size=_MAX_LINE_BYTES,
            max_headers=_MAX_HEADERS,
            access_log=None,  # type: ignore[arg-type]  # which is how it is switched off
            auto_decompress=False,
        )
        self._server = server
        self._timeouts = timeouts
        self._write_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection, unless there are too many."""
        if self._server.is_full(transport):
            cast("asyncio.Transport", transport).abort()
            return
        super().connection_made(transport)

    def pause_writing(self) -> None:
        """Note that the client takes its answer slowly; it must not take for ever."""
        super().pause_writing()
        if self._write_timer is None and self.transport:
            loop = asyncio.get_running_loop()
            self._write_timer = loop.call_later(self._timeouts.write, self.transport.abort)

    def resume_writing(self) -> None:
        """Note that it has taken most of it."""
        super().resume_writing()
        self._cancel_write_timer()

    def connection_lost(self, exc: BaseException | None) -> None:
        """End with the connection."""
        self._cancel_write_timer()
        super().connection_lost(exc)

    def _cancel_write_timer(self) -> None:
        if self._write_timer:
            self._write_timer.cancel()
            self._write_timer = None

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,  # noqa: ARG002 - it may repeat what the client sent
    ) -> web.StreamResponse:
        """Tell the client, and the log where it is our fault."""
        if status >= 500:  # noqa: PLR2004 - the statuses of our own faults
            self.log_exception("a request failed: %s", request.path, exc_info=exc)
        response = error_response(protocol_error(_status_of(exc) or status))
        response.force_close()
        return response


def _status_of(error: BaseException | None) -> int | None:
    """Return the status of a request that could not be parsed, None where aiohttp's fits.

    aiohttp answers all of them with 400. Its parser gives the address as a bytearray and a header
    as bytes; it is pinned.
    """
    if isinstance(error, LineTooLong):
        return 414 if isinstance(error.args[0], bytearray) else 431
    if isinstance(error, BadHttpMethod):
        return 501 if _UNKNOWN_METHOD.search(error.message) else None
    if isinstance(error, BadHttpMessage) and error.message.startswith("Too many headers"):
        return 431
    return None


class _LimitedServer(web.Server):
    """Makes the connections and counts them."""

    def __init__(self, handler: Handler, timeouts: Timeouts, *, max_per_host: int) -> None:
        super().__init__(handler)
        self._timeouts = timeouts
        self._max_per_host = max_per_host
        self._host_by_handler: dict[web.RequestHandler, str] = {}
        self._connections_by_host: Counter[str] = Counter()

    def __call__(self) -> web.RequestHandler:
        """Return what serves the next connection."""
        return _LimitedHandler(self, self._timeouts)

    def is_full(self, transport: asyncio.BaseTransport) -> bool:
        """Tell whether that connection would be one too many."""
        many_of_one = self._connections_by_host[_host(transport)] >= self._max_per_host
        return many_of_one or len(self._host_by_handler) >= _MAX_CONNECTIONS

    def connection_made(self, handler: web.RequestHandler, transport: asyncio.Transport) -> None:
        """Count it."""
        super().connection_made(handler, transport)
        self._host_by_handler[handler] = _host(transport)
        self._connections_by_host[self._host_by_handler[handler]] += 1

    def connection_lost(
        self, handler: web.RequestHandler, exc: BaseException | None = None
    ) -> None:
        """Count it no more."""
        super().connection_lost(handler, exc)
        host = self._host_by_handler.pop(handler, None)
        if host is not None:
            self._connections_by_host[host] -= 1
            self._connections_by_host += Counter()  # Only what is more than nothing is kept.


def _host(transport: asyncio.BaseTransport) -> str:
    peer = transport.get_extra_info("peername")
    return client_of(str(peer[0])) if peer else ""


class HttpServer:
    """An HTTP server, from `open` until `close`.

    With `is_behind_proxy` one address may have all connections: that of the proxy.
    """

    def __init__(
        self,
        handler: Handler,
        host: str,
        port: int,
        *,
        is_behind_proxy: bool,
        timeouts: Timeouts = _DEFAULT_TIMEOUTS,
    ) -> None:
        self._handler = handler
        self._host = host
        self._port = port
        self._max_per_host = _MAX_CONNECTIONS if is_behind_proxy else _MAX_CONNECTIONS_PER_HOST
        self._timeouts = timeouts
        self._runner: web.ServerRunner | None = None

    async def open(self) -> None:
        """Listen.

        Raises:
            StartError: the port is taken, or the host is not ours.
        """
        listener = _LimitedServer(self._handler, self._timeouts, max_per_host=self._max_per_host)
        runner = web.ServerRunner(listener, shutdown_timeout=self._timeouts.linger)
        await runner.setup()
        try:
            await web.TCPSite(runner, self._host, self._port).start()
        except OSError as err:
            await runner.cleanup()
            raise StartError(
                f"PORT: {self._host}:{self._port} cannot be used: {_describe_error(err)}"
            ) from err
        self._runner = runner

    @property
    def connection_count(self) -> int:
        """How many there are."""
        return len(self._runner.server.connections) if self._runner and self._runner.server else 0

    async def close(self) -> None:
        """Listen no more, and end what is being answered within two seconds."""
        runner, self._runner = self._runner, None
        if runner:
            await runner.cleanup()


def _describe_error(error: OSError) -> str:
    # asyncio's own words hold the number or not, by the version of Python.
    return os.strerror(error.errno).lower() if error.errno else str(error)
