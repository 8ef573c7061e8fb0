"""Where HTTP is listened to: how many connections there may be, for how long, and how large."""

import asyncio
import os
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import cast

from aiohttp import web

from cogs.web.faults import fault_response, parsing_fault
from core.errors import StartError

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]

_MOST_CONNECTIONS = 500
_MOST_OF_ONE = 100
_LONGEST_LINE = 8_190
_MOST_HEADERS = 64


@dataclass(frozen=True, slots=True)
class Patience:
    """How many seconds a client may take.

    `to_ask`: to say nothing, or not to finish saying it; `to_listen`: to receive what is sent;
    `to_end`: to send what nobody reads, or to receive the last answer when all ends.
    """

    to_ask: float = 15.0
    to_listen: float = 30.0
    to_end: float = 1.0


_USUAL = Patience()


class _Connection(web.RequestHandler):
    """One connection; whatever goes wrong on it is told in JSON."""

    __slots__ = ("_listener", "_patience", "_writing")

    def __init__(self, listener: "_Listener", patience: Patience) -> None:
        super().__init__(
            listener,
            loop=asyncio.get_running_loop(),
            keepalive_timeout=patience.to_ask,
            lingering_time=patience.to_end,
            max_line_size=_LONGEST_LINE,
            max_field_size=_LONGEST_LINE,
            max_headers=_MOST_HEADERS,
            access_log=None,  # type: ignore[arg-type]  # which is how it is switched off
            auto_decompress=False,
        )
        self._listener = listener
        self._patience = patience
        self._writing: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection, unless there are too many."""
        if self._listener.is_full(transport):
            cast("asyncio.Transport", transport).abort()
            return
        super().connection_made(transport)

    def pause_writing(self) -> None:
        """Note that the client takes its answer slowly; it must not take for ever."""
        super().pause_writing()
        if self._writing is None and self.transport:
            loop = asyncio.get_running_loop()
            self._writing = loop.call_later(self._patience.to_listen, self.transport.abort)

    def resume_writing(self) -> None:
        """Note that it has taken most of it."""
        super().resume_writing()
        self._forget_writing()

    def connection_lost(self, exc: BaseException | None) -> None:
        """End with the connection."""
        self._forget_writing()
        super().connection_lost(exc)

    def _forget_writing(self) -> None:
        if self._writing:
            self._writing.cancel()
            self._writing = None

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
        response = fault_response(parsing_fault(status))
        response.force_close()
        return response


class _Listener(web.Server):
    """Makes the connections and counts them."""

    def __init__(self, handler: Handler, patience: Patience, *, most_of_one: int) -> None:
        super().__init__(handler)
        self._patience = patience
        self._most_of_one = most_of_one
        self._hosts: dict[web.RequestHandler, str] = {}
        self._number_of: Counter[str] = Counter()

    def __call__(self) -> web.RequestHandler:
        """Return what serves the next connection."""
        return _Connection(self, self._patience)

    def is_full(self, transport: asyncio.BaseTransport) -> bool:
        """Tell whether that connection would be one too many."""
        many_of_one = self._number_of[_host(transport)] >= self._most_of_one
        return many_of_one or len(self._hosts) >= _MOST_CONNECTIONS

    def connection_made(self, handler: web.RequestHandler, transport: asyncio.Transport) -> None:
        """Count it."""
        super().connection_made(handler, transport)
        self._hosts[handler] = _host(transport)
        self._number_of[self._hosts[handler]] += 1

    def connection_lost(
        self, handler: web.RequestHandler, exc: BaseException | None = None
    ) -> None:
        """Count it no more."""
        super().connection_lost(handler, exc)
        host = self._hosts.pop(handler, None)
        if host is not None:
            self._number_of[host] -= 1
            self._number_of += Counter()  # Only what is more than nothing is kept.


def _host(transport: asyncio.BaseTransport) -> str:
    peer = transport.get_extra_info("peername")
    return str(peer[0]) if peer else ""


class Listening:
    """A place at which HTTP is answered, from `open` until `close`.

    With `is_shared` one address may have all connections: that of a proxy before us.
    """

    def __init__(
        self,
        handler: Handler,
        host: str,
        port: int,
        *,
        is_shared: bool,
        patience: Patience = _USUAL,
    ) -> None:
        self._handler = handler
        self._host = host
        self._port = port
        self._most_of_one = _MOST_CONNECTIONS if is_shared else _MOST_OF_ONE
        self._patience = patience
        self._runner: web.ServerRunner | None = None

    async def open(self) -> None:
        """Listen.

        Raises:
            StartError: the port is taken, or the host is not ours.
        """
        listener = _Listener(self._handler, self._patience, most_of_one=self._most_of_one)
        runner = web.ServerRunner(listener, shutdown_timeout=self._patience.to_end)
        await runner.setup()
        try:
            await web.TCPSite(runner, self._host, self._port).start()
        except OSError as err:
            await runner.cleanup()
            raise StartError(
                f"PORT: {self._host}:{self._port} cannot be used: {_why(err)}"
            ) from err
        self._runner = runner

    @property
    def connections(self) -> int:
        """How many there are."""
        return len(self._runner.server.connections) if self._runner and self._runner.server else 0

    async def close(self) -> None:
        """Listen no more, and end what is being answered within two seconds."""
        runner, self._runner = self._runner, None
        if runner:
            await runner.cleanup()


def _why(error: OSError) -> str:
    # asyncio's own words hold the number or not, by the version of Python.
    return os.strerror(error.errno).lower() if error.errno else str(error)
