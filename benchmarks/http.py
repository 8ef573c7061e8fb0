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

from benchmarks.environment import LOGIN_TIMEOUT, morning_zone, open_environment, stored_campus
from benchmarks.generated_campus import CAMPUS_SIZES, generate_campus
from benchmarks.harness import Comparison, Goal, RunConfig, run_rounds
from benchmarks.processes import BASELINE_HTTP, run_script

_PATH = "/api/open-classrooms"
_BASELINE = (
    "a bare aiohttp application, one handler a path that returns the same status, headers and "
    "bytes, without an access log"
)
_REQUESTS = 4_000
_FEW_REQUESTS = 100
_CONCURRENCY = 50
_GOALS = {200: Goal(min_ratio=0.8), 304: Goal(min_ratio=0.9)}
_END_OF_HEAD = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class _Case:
    """What is asked of both servers: the same bytes, but for the path that the floor has."""

    status: int
    candidate: bytes
    baseline: bytes


async def measure(config: RunConfig) -> list[Comparison]:
    """Compare answers from what is kept, and those that say that nothing changed."""
    campus = generate_campus(CAMPUS_SIZES[0], zone=morning_zone())
    async with AsyncExitStack() as stack:
        settings = await stack.enter_async_context(stored_campus(campus, days_ahead=1))
        side = await stack.enter_async_context(open_environment())
        port, floor_port = _free_port(), _free_port()
        http = {"PORT": str(port), "API_LIMIT": "0"}
        await stack.enter_async_context(side.run_candidate({**settings, **http}))
        asked = await _record_responses(port)
        await stack.enter_async_context(_run_baseline(floor_port, asked, side.folder))
        contests = [
            _Case(status, _request(_PATH, etag), _request(f"/{status}", etag))
            for status, etag in ((200, None), (304, asked[200].headers["ETag"]))
        ]
        return [
            await _compare(config, contest, port, floor_port, at_once)
            for contest in contests
            for at_once in (1, _CONCURRENCY)
        ]


@dataclass(frozen=True, slots=True)
class _RecordedResponse:
    headers: Mapping[str, str]
    body: bytes


async def _record_responses(port: int) -> dict[int, _RecordedResponse]:
    """Return what the bot answers at first, and to who has that."""
    url, headers = f"http://127.0.0.1:{port}{_PATH}", {"Accept-Encoding": "gzip"}
    answers: dict[int, _RecordedResponse] = {}
    async with aiohttp.ClientSession(auto_decompress=False) as session:
        for status in (200, 304):
            async with session.get(url, headers=headers) as answer:
                if answer.status != status:
                    raise RuntimeError(f"{answer.status}: {await answer.text()}")
                answers[status] = _RecordedResponse(answer.headers, await answer.read())
                headers["If-None-Match"] = answer.headers["ETag"]
    return answers


@asynccontextmanager
async def _run_baseline(
    port: int, responses: Mapping[int, _RecordedResponse], folder: Path
) -> AsyncIterator[None]:
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
        for status, each in responses.items()
    }
    told = folder / "http.json"
    told.write_text(json.dumps({"answers": answers}), encoding="utf-8")
    async with run_script([*BASELINE_HTTP, str(port), str(told)], {}, folder):
        await _wait_until_listening(port)
        yield


async def _wait_until_listening(port: int) -> None:
    async with asyncio.timeout(LOGIN_TIMEOUT):
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


async def _compare(
    config: RunConfig, case: _Case, port: int, baseline_port: int, concurrency: int
) -> Comparison:
    number = _FEW_REQUESTS if config.is_quick else _REQUESTS
    return Comparison(
        case=f"{case.status}, {CAMPUS_SIZES[0]} rooms, {concurrency} connections",
        unit="answers/s",
        baseline_is=_BASELINE,
        rounds=await run_rounds(
            config,
            partial(_rate, port, case.candidate, case.status, number, concurrency),
            partial(_rate, baseline_port, case.baseline, case.status, number, concurrency),
        ),
        goal=_GOALS[case.status],
    )


async def _rate(
    port: int, request: bytes, status: int, number: int, concurrency: int
) -> list[float]:
    """Return the answers a second over so many connections, each asking one after the other."""
    loop = asyncio.get_running_loop()
    clients = [_Client(request, status, number // concurrency) for _ in range(concurrency)]
    for each in clients:
        await loop.create_connection(partial(_as_protocol, each), "127.0.0.1", port)
    began = perf_counter()
    for each in clients:
        each.send()
    await asyncio.gather(*(each.done for each in clients))
    took = perf_counter() - began
    for each in clients:
        each.close()
    return [number // concurrency * concurrency / took]


def _as_protocol(client: "_Client") -> "_Client":
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

    def send(self) -> None:
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
            self.send()
        else:
            self.done.set_result(None)


def _length(head: bytes) -> int:
    _, found, rest = head.partition(b"\r\nContent-Length: ")
    return int(rest.partition(b"\r\n")[0]) if found else 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
