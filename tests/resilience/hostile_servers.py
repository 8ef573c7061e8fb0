"""Ways of sending an answer that are meant to hurt, for a real socket.

Those of `tests/core/sources/test_hostile.py` are tried there; here are the others.
"""

import asyncio
import gzip
import json
import socket
import struct
import zlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any

from tests.core.sources.test_hostile import CHUNKED, OK, ServerScript, chunk, send, send_forever
from tests.recordings import FIRST_DAY
from tests.resilience.generated_items import EVENT

ITEM = {"itemName": f"{EVENT} lecture", "start": 8, "end": 9, "type_id": 1}
SUBJECT = {"itemId": 1, "item_date": f"{FIRST_DAY}T00:00:00", "items": [ITEM]}
BODY = json.dumps({"subjects": [SUBJECT]}).encode()
"""What is told of room 1 where nothing goes wrong."""

WHOLE = OK + b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY


def with_reset(*parts: bytes) -> ServerScript:
    """Say that, and then have the connection reset."""

    async def speech(writer: asyncio.StreamWriter) -> None:
        for part in parts:
            writer.write(part)
            await writer.drain()
        connection: socket.socket = writer.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()

    return speech


def _redirect(location: bytes, status: bytes = b"302 Found") -> ServerScript:
    head = b"HTTP/1.1 " + status + b"\r\nLocation: " + location
    return send(head + b"\r\nContent-Length: 0\r\n\r\n")


def _status(line: bytes, *headers: bytes) -> ServerScript:
    lines = [b"HTTP/1.1 " + line, *headers, b"Content-Length: %d" % len(BODY)]
    return send(b"\r\n".join(lines) + b"\r\n\r\n" + BODY)


def _encoded(encoding: bytes, body: bytes) -> ServerScript:
    lines = OK + b"Content-Encoding: " + encoding + b"\r\nContent-Length: %d\r\n\r\n" % len(body)
    return send(lines + body)


def _dripping(start: bytes, part: bytes) -> ServerScript:
    """One byte a second, for ever."""
    return send_forever(start, part, pause=1)


HALF = BODY[: len(BODY) // 2]
SPEECHES: Mapping[str, ServerScript] = {
    "redirect to a file": _redirect(b"file:///etc/passwd"),
    "redirect to ftp": _redirect(b"ftp://127.0.0.1/x", b"301 Moved"),
    "redirect to a script": _redirect(b"javascript:alert(1)", b"303 See Other"),
    "redirect to data": _redirect(b"data:application/json," + BODY, b"307 Temporary"),
    "redirect without place": send(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n"),
    "redirect to itself for good": _redirect(b"", b"308 Permanent"),
    "redirect with a body": _status(b"301 Moved", b"Location: /elsewhere"),
    "reset at once": with_reset(),
    "reset in the head": with_reset(OK + b"Content-Le"),
    "reset in the body": with_reset(OK + b"Content-Length: 5000\r\n\r\n" + HALF),
    "reset in a chunk": with_reset(CHUNKED + b"1000\r\n" + HALF),
    "end in a chunk": send(CHUNKED + b"1000\r\n" + HALF),
    "end between chunks": send(CHUNKED + chunk(HALF)),
    "length too small": send(OK + b"Content-Length: 9\r\n\r\n" + BODY),
    "length too large": send(OK + b"Content-Length: 5000\r\n\r\n" + BODY),
    "length of thirty digits": send(OK + b"Content-Length: " + b"9" * 30 + b"\r\n\r\n" + BODY),
    "length in words": send(OK + b"Content-Length: many\r\n\r\n" + BODY),
    "length and chunks": send(
        OK + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk(HALF) + b"0\r\n\r\n"
    ),
    "a byte a second of status": _dripping(b"HTTP/1.1 2", b"0"),
    "a byte a second of a header": _dripping(OK + b"X: ", b"y"),
    "a byte a second of body": _dripping(OK + b"Content-Length: 5000\r\n\r\n{", b" "),
    "a byte a second of a chunk": _dripping(CHUNKED + b"1000\r\n{", b" "),
    "a byte a second of a chunk's size": _dripping(CHUNKED, b"0"),
    "a byte a second of gzip": _dripping(
        OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(BODY)[:12], b"\0"
    ),
    "endless chunk extension": send_forever(CHUNKED + b"5;", b"x=y;" * 10_000),
    "endless trailers": send_forever(
        CHUNKED + chunk(HALF) + b"0\r\n", b"X-Trailer: yes\r\n" * 1000
    ),
    "endless empty lines": send_forever(b"", b"\r\n" * 10_000),
    "endless gzip": send_forever(
        OK + b"Content-Encoding: gzip\r\n\r\n", gzip.compress(b" " * 1024 * 1024)
    ),
    "chunk of a terabyte": send(CHUNKED + b"10000000000\r\n" + HALF),
    "negative chunk": send(CHUNKED + b"-5\r\n" + HALF),
    "body without head": send(BODY),
    "strange version": send(b"HTTP/9.9 200 OK\r\n\r\n" + BODY),
    "no status": send(b"HTTP/1.1\r\n\r\n" + BODY),
    "status in words": send(b"HTTP/1.1 two OK\r\n\r\n" + BODY),
    "bare line feeds": send(b"HTTP/1.1 200 OK\nX: y\n\n" + HALF),
    "header without colon": send(OK + b"nonsense\r\n\r\n" + HALF),
    "no content": _status(b"204 No Content"),
    "unchanged": _status(b"304 Not Modified"),
    "choices": _status(b"300 Choices"),
    "wants a login": _status(b"401 No", b"WWW-Authenticate: Basic"),
    "wants a proxy login": _status(b"407 No", b"Proxy-Authenticate: Basic"),
    "wants to wait for ever": _status(b"503 No", b"Retry-After: " + b"9" * 4000),
    "wants to wait until never": _status(b"429 No", b"Retry-After: Fri, 31 Dec 9999 23:59:59 GMT"),
    "half a gzip": _encoded(b"gzip", gzip.compress(BODY)[:-12]),
    "gzip with a wrong sum": _encoded(b"gzip", gzip.compress(BODY)[:-8] + b"\0" * 8),
    "half a deflate": _encoded(b"deflate", zlib.compress(BODY)[:-12]),
    "gzip that is none": _encoded(b"deflate", b"\x1f\x8b" + BODY),
    "brotli that is none": _encoded(b"br", BODY),
    "zstd that is none": _encoded(b"zstd", BODY),
    "gzip in gzip": _encoded(b"gzip", gzip.compress(gzip.compress(BODY))),
}

WAITED_FOR = {name for name in SPEECHES if "a second" in name} | {
    "endless chunk extension",
    "endless empty lines",
}
"""Those that only the limit of time ends."""


@asynccontextmanager
async def two_faced(hostile: ServerScript) -> AsyncIterator[str]:
    """Serve that to whoever asks about room 1, and a good answer about room 2; yields the address.

    What is said about room 2 has the same event.
    """
    good = WHOLE.replace(b'"itemId": 1', b'"itemId": 2')
    talks: set[asyncio.Task[Any] | None] = set()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talks.add(asyncio.current_task())
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while True:
                question = await reader.readuntil(b"\r\n\r\n")
                if b"space_id=2" not in question:
                    break
                await send(good)(writer)
            await hostile(writer)
            await writer.drain()
        writer.close()
        with suppress(ConnectionError, asyncio.CancelledError):
            await writer.wait_closed()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    try:
        yield f"http://{host}:{port}/run"
    finally:
        server.close()
        for talk in filter(None, talks):
            talk.cancel()
        await asyncio.gather(*filter(None, talks))
        await server.wait_closed()
