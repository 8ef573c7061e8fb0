"""A source that means harm: always one of our own errors, in bounded time and memory."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.errors import SourceError
from core.sources.live25.config import ReadStrategy
from tests.core.sources.source_fixtures import MONTH, STRATEGIES, Reader, campus_of
from tests.recordings import FIRST_DAY

MEGABYTE = 1024 * 1024
OK = b"HTTP/1.1 200 OK\r\n"
ServerScript = Callable[[asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def serve_script(script: ServerScript) -> AsyncIterator[str]:
    """Serve that to whoever connects; yields the address."""
    talks: set[asyncio.Task[Any] | None] = set()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talks.add(asyncio.current_task())
        with suppress(ConnectionError, asyncio.CancelledError):
            await reader.readuntil(b"\r\n\r\n")
            await script(writer)
            await writer.drain()
        writer.close()
        with suppress(ConnectionError):
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


def send(*parts: bytes) -> ServerScript:
    async def script(writer: asyncio.StreamWriter) -> None:
        for part in parts:
            writer.write(part)
            await writer.drain()

    return script


def send_forever(start: bytes, part: bytes, *, pause: float = 0) -> ServerScript:
    async def script(writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        while True:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(pause)

    return script


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
SCRIPTS = {
    "nothing": send(),
    "not http": send(b"SSH-2.0-OpenSSH_9.2\r\n"),
    "endless status line": send_forever(b"HTTP/1.1 200 ", b"O" * 65536),
    "endless header": send_forever(OK + b"X: ", b"y" * 65536),
    "endless headers": send_forever(OK, b"X-Header: yes\r\n" * 1000),
    "slow headers": send_forever(OK, b"X-Header: yes\r\n", pause=0.02),
    "slow body": send_forever(OK + b"\r\n", b" ", pause=0.02),
    "slow chunks": send_forever(CHUNKED, chunk(b" "), pause=0.02),
    "endless body": send_forever(OK + b"\r\n", b"[" * 65536),
    "endless chunks": send_forever(CHUNKED, chunk(b"1," * 30_000)),
    "endless chunk size": send_forever(CHUNKED, b"0" * 65536),
    "endless informal answers": send_forever(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100),
    "a hundred megabytes": send(OK + b"Content-Length: 104857600\r\n\r\n", b" " * MEGABYTE),
    "less than promised": send(OK + b"Content-Length: 5000\r\n\r\n{"),
    "negative length": send(OK + b"Content-Length: -5\r\n\r\n{}"),
    "two lengths": send(OK + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}}"),
    "not gzip": send(OK + b"Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope"),
    "unheard-of encoding": send(OK + b"Content-Encoding: zip\r\nContent-Length: 2\r\n\r\n{}"),
    "bad chunk": send(CHUNKED + b"zz\r\n{}\r\n0\r\n\r\n"),
    "null bytes in headers": send(OK + b"X: \x00\x01\r\nContent-Length: 2\r\n\r\n{}"),
    "strange cookies": send(OK + b"Set-Cookie: \xff=;;;=\r\nContent-Length: 2\r\n\r\n{}"),
    "strange charset": send(
        OK + b"Content-Type: text/html; charset=\xff\xfe\r\nContent-Length: 2\r\n\r\n{}"
    ),
    "redirect into itself": send(
        b"HTTP/1.1 302 Found\r\nLocation: /run\r\nContent-Length: 0\r\n\r\n"
    ),
    "redirect elsewhere": send(
        b"HTTP/1.1 307 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
    ),
    "upgrade": send(b"HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\n\r\n"),
    "status 999": send(b"HTTP/1.1 999 Never\r\nContent-Length: 2\r\n\r\n{}"),
    "strange retry-after": send(
        b"HTTP/1.1 429 No\r\nRetry-After: \xff\xfe\r\nContent-Length: 0\r\n\r\n"
    ),
}


@pytest.mark.parametrize("speech", SCRIPTS.values(), ids=SCRIPTS.keys())
async def test_a_hostile_server_ends_as_our_error(reader: Reader, speech: ServerScript):
    reader.http_policy = replace(
        reader.http_policy,
        request_timeout=timedelta(seconds=0.3),
        max_body=MEGABYTE,
        max_attempts=2,
    )
    clock = asyncio.get_running_loop().time
    began = clock()
    async with serve_script(speech) as url:
        with pytest.raises(SourceError) as caught:
            await reader.read(campus=campus_of(url, "rooms", ["1", "2"]))
    assert len(caught.value.kind) < 30
    # Of the loop's clock, on which a slow machine takes no longer.
    assert clock() - began < 10


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("nothing", "no answer"),
        ("not http", "not understood"),
        ("endless header", "not understood"),
        ("endless headers", "not understood"),
        ("slow headers", "timed out"),
        ("slow body", "timed out"),
        ("slow chunks", "timed out"),
        ("endless body", "too large"),
        ("endless chunks", "too large"),
        ("a hundred megabytes", "too large"),
        ("less than promised", "cut off"),
        ("not gzip", "cut off"),
        ("redirect into itself", "redirected"),
    ],
)
async def test_hostility_is_told_by_kind(reader: Reader, name: str, kind: str):
    reader.http_policy = replace(
        reader.http_policy,
        request_timeout=timedelta(seconds=0.5),
        max_body=MEGABYTE,
        max_attempts=1,
    )
    async with serve_script(SCRIPTS[name]) as url:
        with pytest.raises(SourceError) as caught:
            await reader.read(campus=campus_of(url, "rooms", ["1"]))
    assert caught.value.kind == kind


async def test_what_says_that_it_is_too_large_is_not_waited_for(reader: Reader):
    headers = OK + b"Content-Length: 104857600\r\n\r\n"
    reader.http_policy = replace(reader.http_policy, request_timeout=timedelta(seconds=0.5))
    async with serve_script(send_forever(headers, b" ", pause=0.1)) as url:
        with pytest.raises(SourceError, match="too large"):
            await reader.read(campus=campus_of(url, "rooms", ["1"]))


@pytest.mark.parametrize("way", STRATEGIES)
async def test_a_redirect_is_not_followed(reader: Reader, way: ReadStrategy):
    """A source that sends us elsewhere must not make us ask there."""
    visitors = []

    async def elsewhere(writer: asyncio.StreamWriter) -> None:
        visitors.append(writer)

    async with serve_script(elsewhere) as target:
        location = f"Location: {target}\r\n".encode()
        redirect = b"HTTP/1.1 302 Found\r\n" + location + b"Content-Length: 0\r\n\r\n"
        async with serve_script(send(redirect)) as url:
            with pytest.raises(SourceError, match="redirected"):
                await reader.read(campus=campus_of(url, way, ["1"]))
    assert not visitors


def serving(answer: dict[str, Any]) -> ServerScript:
    body = json.dumps(answer).encode()
    return send(OK + b"Content-Length: %d\r\n\r\n" % len(body), body)


DAY = f"{FIRST_DAY}T00:00:00"
MANY = {"start": 8, "end": 9}
FLOODS: dict[str, dict[str, Any]] = {
    "items": {"subjects": [{"itemId": 1, "item_date": DAY, "items": [MANY] * 100_000}]},
    "long items": {
        "subjects": [
            {"itemId": 1, "item_date": DAY, "items": [{"start": -700, "end": 760}] * 50_000}
        ]
    },
    "subjects": {"subjects": [{"itemId": 1, "item_date": DAY, "items": [MANY] * 3}] * 10_000},
    "many subjects": {"subjects": [{"itemId": 1, "item_date": DAY}] * 100_000},
    "strangers": {"subjects": [{"itemId": 2, "item_date": DAY}] * 100_000},
}


@pytest.mark.parametrize("flood", FLOODS.values(), ids=FLOODS.keys())
async def test_a_flood_of_items_is_not_kept(reader: Reader, flood: dict[str, Any]):
    async with serve_script(serving(flood)) as url:
        with pytest.raises(SourceError, match=r"not understood|not in the answer"):
            await reader.read(days=MONTH, campus=campus_of(url, "rooms", ["1"]))


@pytest.mark.parametrize("size", [10_000, 50_000])
async def test_a_flood_of_reservations_is_not_kept(reader: Reader, size: int):
    whole = {
        "reservation_start_dt": "2024-01-01T00:00:00Z",
        "reservation_end_dt": "2025-01-01T00:00:00Z",
        "spaces": {"space_id": 1},
    }
    flood = {"space_reservations": {"space_reservation": [whole] * size}}
    async with serve_script(serving(flood)) as url:
        with pytest.raises(SourceError, match="not understood"):
            await reader.read(days=MONTH[:3], campus=campus_of(url, "reservations", ["1"]))
