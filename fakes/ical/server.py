"""A host of iCalendar feeds on loopback, as universities and calendar programs publish them.

    async with FakeIcalHost() as server:
        server.feeds["a.ics"] = calendar(event("20260303T150000Z", "20260303T160000Z"))
        server.url("a.ics")              # for `url`
        server.status["a.ics"] = 503

It answers conditional questions as a web server does, and counts what it sent in full.
"""

import asyncio
import hashlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Self

from aiohttp import web


def event(start: str, end: str = "", *more: str, uid: str = "1") -> str:
    """Return an event; `start` and `end` are values, or parameters and value with a colon."""
    ends = [_property("DTEND", end)] if end else []
    lines = ["BEGIN:VEVENT", f"UID:{uid}", _property("DTSTART", start), *ends, *more, "END:VEVENT"]
    return "\r\n".join(lines)


def calendar(*parts: str) -> bytes:
    """Return a calendar of properties and components."""
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Test//EN"]
    return "\r\n".join([*head, *parts, "END:VCALENDAR", ""]).encode()


def _property(name: str, value: str) -> str:
    return f"{name};{value}" if ":" in value else f"{name}:{value}"


@dataclass
class FakeIcalHost:
    """Feeds by their names; everything may be changed while it runs.

    `tags` says whether feeds have an ETag, `changed` when they were last changed. `elsewhere`
    sends the questions for a name to another address.
    """

    feeds: dict[str, bytes] = field(default_factory=dict)
    status: dict[str, int] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    content_types: dict[str, str] = field(default_factory=dict)
    has_etags: bool = True
    last_modified: datetime | None = None
    delay: float = 0

    requested: Counter[str] = field(default_factory=Counter)
    full_responses: Counter[str] = field(default_factory=Counter)
    request_headers: list[dict[str, str]] = field(default_factory=list)
    in_flight: int = 0
    max_in_flight: int = 0
    port: int = 0

    _runner: web.AppRunner | None = None

    def url(self, name: str) -> str:
        """Return the address of a feed."""
        return f"http://127.0.0.1:{self.port}/{name}"

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/{name}", self._serve)
        self._runner = web.AppRunner(
            app, access_log=None, handler_cancellation=True, shutdown_timeout=0
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._runner:
            await self._runner.cleanup()

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        self.requested[name] += 1
        self.request_headers.append(dict(request.headers))
        self.in_flight += 1
        self.max_in_flight = max(self.max_in_flight, self.in_flight)
        try:
            await asyncio.sleep(self.delay)
            return await self._send(request, name)
        finally:
            self.in_flight -= 1

    async def _send(self, request: web.Request, name: str) -> web.StreamResponse:
        if name in self.redirects:
            return web.Response(status=302, headers={"Location": self.redirects[name]})
        if name in self.status:
            return web.Response(status=self.status[name])
        if name not in self.feeds:
            return web.Response(status=404)
        body = self.feeds[name]
        validators = self._validators(body)
        if self._is_unchanged(request, validators):
            return web.Response(status=304, headers=validators)
        self.full_responses[name] += 1
        validators["Content-Type"] = self.content_types.get(name, "text/calendar; charset=utf-8")
        return web.Response(body=body, headers=validators)

    def _validators(self, body: bytes) -> dict[str, str]:
        validators = {}
        if self.has_etags:
            validators["ETag"] = f'"{hashlib.sha256(body).hexdigest()}"'
        if self.last_modified:
            validators["Last-Modified"] = format_datetime(
                self.last_modified.astimezone(UTC), usegmt=True
            )
        return validators

    def _is_unchanged(self, request: web.Request, validators: dict[str, str]) -> bool:
        asked = request.headers
        return any(
            known in asked and asked[known] == validators.get(own)
            for known, own in (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified"))
        )
