"""`http`: how many answers a second the bot gives over HTTP, beside a handler of constant bytes."""

import asyncio
import base64
import json
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import perf_counter

import aiohttp

from benchmarks.campuses import SIZES, made_campus
from benchmarks.measuring import Comparison, Goal, Plan, rounds_of
from benchmarks.processes import FLOOR_HTTP, running
from benchmarks.sides import SECONDS_TO_LOG_IN, morning_zone, open_side, stored

_PATH = "/api/open-classrooms"
_FLOOR = (
    "a bare aiohttp application, one handler a path that returns the same status, headers and "
    "bytes, without an access log"
)
_ANSWERS = 4_000
_FEW_ANSWERS = 100
_AT_ONCE = 50
_GOALS = {200: Goal(least=0.8), 304: Goal(least=0.9)}
_END_OF_HEAD = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class _Contest:
    """What is asked of both servers: the same bytes, but for the path that the floor has."""

    status: int
    real: bytes
    floor: bytes


async def measure(plan: Plan) -> list[Comparison]:
    """Compare answers from what is kept, and those that say that nothing changed."""
    campus = made_campus(SIZES[0], zone=morning_zone())
    async with AsyncExitStack() as stack:
        settings = await stack.enter_async_context(stored(campus, days_ahead=1))
        side = await stack.enter_async_context(open_side())
        port, floor_port = _free_port(), _free_port()
        http = {"PORT": str(port), "API_LIMIT": "0"}
        await stack.enter_async_context(side.real_bot({**settings, **http}))
        asked = await _ask(port)
        await stack.enter_async_context(_floor(floor_port, asked, side.folder))
        contests = [
            _Contest(status, _request(_PATH, etag), _request(f"/{status}", etag))
            for status, etag in ((200, None), (304, asked[200].headers["ETag"]))
        ]
        return [
            await _compared(plan, contest, port, floor_port, at_once)
            for contest in contests
            for at_once in (1, _AT_ONCE)
        ]


@dataclass(frozen=True, slots=True)
class _Answer:
    headers: Mapping[str, str]
    body: bytes


async def _ask(port: int) -> dict[int, _Answer]:
    """Return what the bot answers at first, and to who has that."""
    url, headers = f"http://127.0.0.1:{port}{_PATH}", {"Accept-Encoding": "gzip"}
    answers: dict[int, _Answer] = {}
    async with aiohttp.ClientSession(auto_decompress=False) as session:
        for status in (200, 304):
            async with session.get(url, headers=headers) as answer:
                if answer.status != status:
                    raise RuntimeError(f"{answer.status}: {await answer.text()}")
                answers[status] = _Answer(answer.headers, await answer.read())
                headers["If-None-Match"] = answer.headers["ETag"]
    return answers


@asynccontextmanager
async def _floor(port: int, asked: Mapping[int, _Answer], folder: Path) -> AsyncIterator[None]:
    answers = {
        f"/{status}": {
            "status": status,
            # These it makes itself, as the bot does.
            "headers": {
                name: value
                for name, value in each.headers.items()
                if name not in {"Date", "Content-Length"}
            },
            "body": base64.b64encode(each.body).decode(),
        }
        for status, each in asked.items()
    }
    told = folder / "http.json"
    told.write_text(json.dumps({"answers": answers}), encoding="utf-8")
    async with running([*FLOOR_HTTP, str(port), str(told)], {}, folder):
        await _listening(port)
        yield


async def _listening(port: int) -> None:
    async with asyncio.timeout(SECONDS_TO_LOG_IN):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return


def _request(path: str, etag: str | None) -> bytes:
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", "Accept-Encoding: gzip"]
    lines += [f"If-None-Match: {etag}"] if etag else []
    return "\r\n".join([*lines, "", ""]).encode()


async def _compared(
    plan: Plan, contest: _Contest, port: int, floor_port: int, at_once: int
) -> Comparison:
    number = _FEW_ANSWERS if plan.is_quick else _ANSWERS
    return Comparison(
        case=f"{contest.status}, {SIZES[0]} rooms, {at_once} connections",
        unit="answers/s",
        floor_is=_FLOOR,
        rounds=await rounds_of(
            plan,
            partial(_rate, port, contest.real, contest.status, number, at_once),
            partial(_rate, floor_port, contest.floor, contest.status, number, at_once),
        ),
        goal=_GOALS[contest.status],
    )


async def _rate(port: int, request: bytes, status: int, number: int, at_once: int) -> list[float]:
    """Return the answers a second over so many connections, each asking one after the other."""
    loop = asyncio.get_running_loop()
    clients = [_Client(request, status, number // at_once) for _ in range(at_once)]
    for each in clients:
        await loop.create_connection(partial(_same, each), "127.0.0.1", port)
    began = perf_counter()
    for each in clients:
        each.ask()
    await asyncio.gather(*(each.done for each in clients))
    took = perf_counter() - began
    for each in clients:
        each.close()
    return [number // at_once * at_once / took]


def _same(client: "_Client") -> "_Client":
    return client


class _Client(asyncio.Protocol):
    """Asks the same over and over, and reads no more of the answers than it must."""

    def __init__(self, request: bytes, status: int, number: int) -> None:
        self._request = request
        self._status = b"HTTP/1.1 %d " % status
        self._left = number
        self._read = b""
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - of a TCP connection
        self._write = transport.write

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(exc or RuntimeError(f"closed after {self._read!r}"))

    def ask(self) -> None:
        """Ask once more."""
        self._write(self._request)

    def close(self) -> None:
        """End it."""
        self._transport.close()

    def data_received(self, data: bytes) -> None:
        self._read += data
        head, found, body = self._read.partition(_END_OF_HEAD)
        if not found or len(body) < _length(head):
            return
        if not head.startswith(self._status):
            self.done.set_exception(RuntimeError(repr(head)))
            return
        self._read = b""
        self._left -= 1
        if self._left:
            self.ask()
        else:
            self.done.set_result(None)


def _length(head: bytes) -> int:
    _, found, rest = head.partition(b"\r\nContent-Length: ")
    return int(rest.partition(b"\r\n")[0]) if found else 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
