"""A fake EMS web app on loopback, with injected faults.

    async with FakeEms(campus) as server:
        server.url                                # for `[source] url`
        server.fault = ResponseFault(status=503)  # for every question from now on; None: none
        server.day_faults = {day: ResponseFault("html")}
        server.end_visits()                       # the login page, until a page is opened anew
        await server.stop()                       # connections are refused
        await server.start()                      # at the same address

A question without the cookies and the token of a page gets the login page with status 200.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self
from zoneinfo import ZoneInfo

import msgspec
from aiohttp import web

from fakes.ems.answers import TIMEZONE_ID, Json, bookings_answer, rooms_answer
from fakes.ems.campus import EmsCampus
from fakes.live25.fault_injection import HTML, ResponseFault, faulty_body, send_faulty

_HOST = "127.0.0.1"
_PATH = "/EmsWebApp"
_COOKIE = "ASP.NET_SessionId"
_TOKEN_HEADER = "dea-CSRFToken"  # noqa: S105 - the name of a header
_APIS = {True: ("AnonymousServersApi.aspx", "ServerApi.aspx"), False: ("ServerApi.aspx",)}

Mutation = Callable[[Json], Any]


@dataclass
class FakeEms:
    """One EMS; everything in it may be changed while it runs.

    `admits_guests` is whether pages open without a login; `is_new` whether it has methods for
    guests alone. `lists_only_beginning` leaves bookings out that began the day before.
    `mutations` change the answers of a method, by its name.
    """

    campus: EmsCampus = field(repr=False)
    zone: str = "America/New_York"
    admits_guests: bool = True
    is_new: bool = True
    needs_token: bool = True
    has_token: bool = True
    lists_only_beginning: bool = False
    questions_per_visit: int | None = None
    latency: float = 0
    fault: ResponseFault | None = None
    day_faults: dict[date, ResponseFault] = field(default_factory=dict)
    method_faults: dict[str, ResponseFault] = field(default_factory=dict)
    mutations: dict[str, Mutation] = field(default_factory=dict)

    page_count: int = 0
    requested: list[tuple[str, date]] = field(default_factory=list)
    questions: list[Json] = field(default_factory=list)
    user_agents: set[str] = field(default_factory=set)
    in_flight: int = 0
    max_in_flight: int = 0
    port: int = 0

    _visits: dict[str, tuple[str, int]] = field(default_factory=dict)
    _runner: web.AppRunner | None = None
    _fault_hits: Counter[object] = field(default_factory=Counter)

    @property
    def url(self) -> str:
        """The app's folder, as a campus file names it."""
        return f"http://{_HOST}:{self.port}{_PATH}"

    @property
    def is_running(self) -> bool:
        """Whether it accepts connections."""
        return self._runner is not None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Accept connections, at the same port as before; no effect while it runs.

        Raises:
            OSError: Another process has the port.
        """
        if self._runner:
            return
        app = web.Application()
        app.router.add_get(f"{_PATH}/BrowseForSpace.aspx", self._serve_page)
        app.router.add_get(f"{_PATH}/BrowseEvents.aspx", self._serve_page)
        app.router.add_post(_PATH + "/{api}/{method}", self._serve_method)
        # A client that hangs up is no longer in flight; a server that stops waits for no client.
        runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0)
        await runner.setup()
        try:
            await web.TCPSite(runner, _HOST, self.port, reuse_address=True).start()
        except OSError:
            await runner.cleanup()
            raise
        self.port = int(runner.addresses[0][1])
        self._runner = runner

    async def stop(self) -> None:
        """Close the port and every connection; connections are refused until `start`."""
        runner, self._runner = self._runner, None
        if runner:
            await runner.cleanup()

    def end_visits(self) -> None:
        """Forget every visit, as after twenty minutes."""
        self._visits.clear()

    async def _serve_page(self, request: web.Request) -> web.StreamResponse:
        self.page_count += 1
        self.user_agents.add(request.headers.get("User-Agent", ""))
        if not self.admits_guests:
            return web.Response(status=302, headers={"Location": f"{_PATH}/Default.aspx"})
        visit, token = f"visit{self.page_count}", f"{self.page_count:08x}-4d2c-token"
        self._visits[visit] = (token, 0)
        hidden = f'<input type="hidden" name="deaCSRFToken" id="deaCSRFToken" value="{token}" />'
        page = f"<!DOCTYPE html><html><body>{hidden if self.has_token else ''}</body></html>"
        response = web.Response(text=page, content_type="text/html")
        response.set_cookie(_COOKIE, visit, httponly=True)
        response.set_cookie("__AntiXsrfToken", "anti")
        response.set_cookie("EmsBadBrowserCookie", "False")
        return response

    async def _serve_method(self, request: web.Request) -> web.StreamResponse:
        began = _now()
        api, method = (request.match_info[each] for each in ("api", "method"))
        if api not in _APIS[self.is_new]:
            raise web.HTTPNotFound
        self.in_flight += 1
        self.max_in_flight = max(self.max_in_flight, self.in_flight)
        try:
            if not self._admits(request.cookies, request.headers):
                return web.Response(body=HTML, content_type="text/html")
            return await self._answer(request, method, began)
        finally:
            self.in_flight -= 1

    def _admits(self, cookies: Mapping[str, str], headers: Mapping[str, str]) -> bool:
        visit = cookies.get(_COOKIE, "")
        token, count = self._visits.get(visit, ("", 0))
        if not token or (self.needs_token and headers.get(_TOKEN_HEADER) != token):
            return False
        self._visits[visit] = (token, count + 1)
        return self.questions_per_visit is None or count < self.questions_per_visit

    async def _answer(self, request: web.Request, method: str, began: float) -> web.StreamResponse:
        question = await request.json()
        filters = {each["filterName"]: each["value"] for each in question["filterData"]["filters"]}
        day = date.fromisoformat(filters["StartDate"][:10])
        self.requested.append((method, day))
        self.questions.append(filters)
        fault = self._fault_for(method, day)
        body = self.body(method, day, filters["TimeZone"], fault)
        await asyncio.sleep(max(began + self.latency - _now(), 0) + fault.delay)
        return await send_faulty(request, fault, body)

    def body(self, method: str, day: date, timezone_id: str, fault: ResponseFault) -> bytes:
        """Return the body of an answer."""
        answer = self._answer_to(method, day, timezone_id)
        if method in self.mutations:
            answer = self.mutations[method](answer)
        return faulty_body(fault, {"d": msgspec.json.encode(answer).decode()})

    def _answer_to(self, method: str, day: date, timezone_id: str) -> Json:
        zone = ZoneInfo(self.zone)
        if method == "GetBrowseLocationsRooms":
            return rooms_answer(self.campus, day, zone)
        if method != "GetBrowseLocationsBookings" or timezone_id != str(TIMEZONE_ID):
            raise web.HTTPInternalServerError
        return bookings_answer(self.campus, day, zone, only_beginning=self.lists_only_beginning)

    def _fault_for(self, method: str, day: date) -> ResponseFault:
        for where, fault in (
            ("everywhere", self.fault),
            (method, self.method_faults.get(method)),
            (day, self.day_faults.get(day) if "Bookings" in method else None),
        ):
            if fault is None:
                continue
            met = self._fault_hits[where, fault] = self._fault_hits[where, fault] + 1
            if met > fault.skip and (fault.times is None or met <= fault.skip + fault.times):
                return fault
        return ResponseFault()


def _now() -> float:
    return asyncio.get_running_loop().time()
