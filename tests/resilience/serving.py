"""Sends what was generated: without sockets, or through a server on loopback."""

import json
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import date
from http import HTTPStatus
from http.cookies import SimpleCookie
from types import TracebackType
from typing import Any, Self, cast

import aiohttp
from aiohttp import web
from yarl import URL

from fakes.live25.fault_injection import HTML, XML_ERROR
from tests.resilience.generated_days import (
    Fault,
    GeneratedCampus,
    GeneratedResponses,
    GridAnswer,
    Subject,
)
from tests.resilience.generated_items import EVENT

Answer = tuple[int, bytes]
Teller = Callable[[Mapping[str, str]], Answer]
"""Answers a question, given the parameters of its address, with a status and a body."""

_RAW = re.compile(rb'"raw:([^"]*)"')


def answer_to(
    campus: GeneratedCampus, told: GeneratedResponses, query: Mapping[str, str]
) -> Answer:
    """Return what the generated source answers."""
    if campus.way == "reservations":
        return _reservations(told, query)
    if campus.way == "rooms":
        return _grid(told.grids.get((query["space_id"], 1)), pages=None)
    day = query["start_dt"][:10]
    pages = sum(1 for name, _ in told.grids if name == day)
    return _grid(told.grids.get((day, int(query.get("page", "1")))), pages=pages)


def _grid(answer: GridAnswer | None, *, pages: int | None) -> Answer:
    body: dict[str, Any] = {}
    if answer and answer.subjects:
        body["subjects"] = [_subject(each) for each in answer.subjects]
    if answer and answer.window:
        first, end = (each // 60 for each in answer.window)
        body["headers"] = {"data": [{"header_id": hour} for hour in range(first, end)]}
    if pages:
        body["page_count"] = pages
    return _spoilt(body, answer.fault if answer else "")


def _subject(subject: Subject) -> dict[str, Any]:
    number = int(subject.room)
    written: dict[str, Any] = {
        "itemId": number if number % 2 else subject.room,
        "itemName": f"{EVENT} hall",
    }
    if subject.named is not None:
        written["item_date"] = subject.named
    if subject.without != "the key":
        items = [each.written for each in subject.items]
        written["items"] = None if subject.without == "null" else items
    return written


def _reservations(told: GeneratedResponses, query: Mapping[str, str]) -> Answer:
    first, last = (date.fromisoformat(query[key]) for key in ("start_dt", "end_dt"))
    found = [each for each in told.reservations if any(first <= day <= last for day in each.days)]
    whole: Any = [each.written for each in found]
    # One that is not understood spoils no other in a list; bare, it is the whole answer.
    if len(found) == 1 and found[0].span and first.day % 2:
        whole = whole[0]
    body = {"space_reservations": {"space_reservation": whole} if found else {}}
    return _spoilt(body, (told.faults or {}).get(first, ""))


def _spoilt(body: dict[str, Any], fault: Fault) -> Answer:
    if fault == "hours":
        body["headers"] = {"data": [{"header_id": 9}, {"header_id": 8}]}
    written = _RAW.sub(rb"\1", json.dumps(body).encode())
    bodies: Mapping[str, Answer] = {
        "html": (200, HTML),
        "xml": (200, XML_ERROR),
        "blank": (200, b"\n"),
        "no part": (200, b'{"page_count": 1}'),
        "cut off": (200, written[:-2]),
        "wrong types": (200, b'{"subjects": 5, "space_reservations": "none"}'),
        "refused": (HTTPStatus.FORBIDDEN, written),
        "down": (HTTPStatus.SERVICE_UNAVAILABLE, written),
    }
    return bodies.get(fault, (200, written))


class _Content:
    def __init__(self, body: bytes) -> None:
        self._body = body

    async def iter_any(self) -> AsyncIterator[bytes]:
        yield self._body


class _Response:
    """What `core.sources.http_client` looks at of an answer."""

    def __init__(self, url: URL, status: int, body: bytes) -> None:
        self.url = url
        self.status = status
        self.headers: Mapping[str, str] = {}
        self.cookies = SimpleCookie()
        self.content_length = len(body)
        self.content = _Content(body)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        err: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        pass


class _Session:
    def __init__(self, teller: Teller) -> None:
        self._teller = teller

    def request(self, _method: str, url: URL, **_: object) -> _Response:
        return _Response(url, *self._teller(url.query))


def session_without_sockets(teller: Teller) -> aiohttp.ClientSession:
    """Return a session that gives a teller's answers to whatever it is asked."""
    return cast("aiohttp.ClientSession", _Session(teller))


class TellingServer:
    """A server on loopback that gives the answers of its `teller`, which may be changed."""

    def __init__(self) -> None:
        self.teller: Teller = lambda _: (HTTPStatus.NOT_FOUND, b"")
        self.url = ""

    async def respond(self, request: web.Request) -> web.Response:
        """Answer a question."""
        status, body = self.teller(request.query)
        return web.Response(status=status, body=body, content_type="application/json")


@asynccontextmanager
async def telling_server() -> AsyncIterator[TellingServer]:
    """Serve on a free port."""
    server = TellingServer()
    app = web.Application()
    app.router.add_get("/run/{rest:.*}", server.respond)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}/run"
    yield server
    await runner.cleanup()
