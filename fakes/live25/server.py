"""A fake 25Live instance on loopback, with injected faults.

    async with FakeLive25(bookings) as server:
        server.url                                # for `[source] url`
        server.fault = ResponseFault(status=503)  # for every request from now on; None: no fault
        server.room_faults = {"1127": ResponseFault("html")}
        await server.stop()                       # connections are refused
        await server.start()                      # at the same address

It counts requests and keeps their addresses as they came over the wire.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Self

from aiohttp import web

from fakes.live25 import list_responses
from fakes.live25.booking_responses import (
    month_response,
    reservations_response,
    search_response,
)
from fakes.live25.bookings import Bookings, Months
from fakes.live25.fault_injection import ResponseFault, faulty_body, send_faulty

_HOST = "127.0.0.1"


@dataclass
class FakeLive25:
    """One instance; everything in it may be changed while it runs.

    `grid_hours` are the hours that its grid shows, as `headers` says; None leaves them out.
    `has_json_guard` puts a prefix before the JSON that keeps browsers from running it.
    `room_list` is its list of rooms, None where it has none; `searches` are its saved searches by
    id, `opening_hours` its rooms' hours. `endpoint_faults` are by the last part of a path.
    `latency` are the seconds that a response takes, making it included.
    """

    bookings: Bookings = field(repr=False)  # half a megabyte, and pytest asks for it
    instance: str = "umd"
    zone: str = "America/New_York"
    grid_hours: tuple[int, int] | None = (7, 23)
    has_json_guard: bool = False
    latency: float = 0
    max_page_size: int = 10_000
    fault: ResponseFault | None = None
    room_faults: dict[str, ResponseFault] = field(default_factory=dict)
    day_faults: dict[date, ResponseFault] = field(default_factory=dict)
    endpoint_faults: dict[str, ResponseFault] = field(default_factory=dict)

    room_list: dict[str, Any] | None = None
    searches: dict[str, str] = field(default_factory=dict)
    opening_hours: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)

    request_count: int = 0
    in_flight: int = 0
    max_in_flight: int = 0
    requested: list[str] = field(default_factory=list)
    user_agents: set[str] = field(default_factory=set)
    port: int = 0

    _runner: web.AppRunner | None = None
    _fault_hits: Counter[object] = field(default_factory=Counter)

    @property
    def _path(self) -> str:
        return f"/25live/data/{self.instance}/run"

    @property
    def url(self) -> str:
        """The instance's `run` folder, as a campus file names it."""
        return f"http://{_HOST}:{self.port}{self._path}"

    @property
    def months(self) -> Months:
        """The bookings of an instance that serves `Months`."""
        if not isinstance(self.bookings, Months):
            raise TypeError("this instance serves other bookings")
        return self.bookings

    @months.setter
    def months(self, months: Months) -> None:
        self.bookings = months

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
        # A client that hangs up is no longer in flight; a server that stops waits for no client.
        runner = web.AppRunner(
            self._application(), access_log=None, handler_cancellation=True, shutdown_timeout=0
        )
        await runner.setup()
        try:
            await web.TCPSite(runner, _HOST, self.port, reuse_address=True).start()
        except OSError:
            await runner.cleanup()
            raise
        self.port = int(runner.addresses[0][1])
        self._runner = runner

    def _application(self) -> web.Application:
        app = web.Application()
        for path, serve in (
            ("availability/availabilitydata.json", self._serve_grid),
            ("rm_reservations.json", self._serve_reservations),
            ("list/listdata.json", self._serve_room_list),
            ("spaces.json", self._serve_spaces),
            ("home/dash/panel-space-searches-collections.json", self._serve_searches),
        ):
            app.router.add_get(f"{self._path}/{path}", serve)
        return app

    async def stop(self) -> None:
        """Close the port and every connection; connections are refused until `start`."""
        runner, self._runner = self._runner, None
        if runner:
            await runner.cleanup()

    def reset_counts(self) -> None:
        """Forget all requests."""
        self.request_count = self.max_in_flight = 0
        self.requested.clear()
        self._fault_hits.clear()

    def items(self, room: str, day: date) -> list[Any]:
        """Return the items of a room's day, to be changed in place."""
        items: list[Any] = self.months.subjects(room, day, day)[0]["items"]
        return items

    async def _serve_grid(self, request: web.Request) -> web.StreamResponse:
        if request.query.get("comptype") == "availability_daily":
            return await self._serve_month(request)
        return await self._serve_search(request)

    async def _serve_month(self, request: web.Request) -> web.StreamResponse:
        began = _now()
        with _bad_request_if_invalid():
            room, first = (
                request.query["space_id"],
                date.fromisoformat(request.query["start_dt"][:10]),
            )
        response = month_response(self.bookings, room, first, self.grid_hours)
        return await self._respond(request, response, began, rooms=[room])

    async def _serve_search(self, request: web.Request) -> web.StreamResponse:
        began = _now()
        with _bad_request_if_invalid():
            search_id, day = (
                request.query["spaces_query_id"],
                date.fromisoformat(request.query["start_dt"][:10]),
            )
            page, page_size = self._page(request)
        response = search_response(
            self.bookings,
            search_id,
            day,
            page=page,
            page_size=page_size,
            grid_hours=self.grid_hours,
        )
        return await self._respond(request, response, began, days=[day])

    async def _serve_reservations(self, request: web.Request) -> web.StreamResponse:
        began = _now()
        with _bad_request_if_invalid():
            rooms = request.query["space_id"].split(" ")
            first, last = (date.fromisoformat(request.query[key]) for key in ("start_dt", "end_dt"))
        include = request.query.get("include", "").split(" ")
        response = reservations_response(
            self.bookings, rooms, first, last, zone=self.zone, include=include
        )
        days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        return await self._respond(request, response, began, rooms=rooms, days=days)

    async def _serve_room_list(self, request: web.Request) -> web.StreamResponse:
        room_list = self._require_list()
        with _bad_request_if_invalid():
            page, size = self._page(request)
        return await self._respond(
            request, list_responses.list_page(room_list, page=page, size=size)
        )

    async def _serve_spaces(self, request: web.Request) -> web.StreamResponse:
        room_list = self._require_list()
        if request.query["scope"] == "minimal":
            found = list_responses.space_names(room_list)
        else:
            found = list_responses.space_hours(
                self.opening_hours, request.query["space_id"].split()
            )
        whole: Any = found[0] if len(found) == 1 else found
        return await self._respond(request, {"spaces": {"space": whole} if found else ""})

    async def _serve_searches(self, request: web.Request) -> web.StreamResponse:
        self._require_list()
        found = [{"itemId": int(id_), "itemName": name} for id_, name in self.searches.items()]
        return await self._respond(request, {"spaceSearchesCollections": found})

    def _require_list(self) -> dict[str, Any]:
        if self.room_list is None:
            raise web.HTTPNotFound
        return self.room_list

    def _page(self, request: web.Request) -> tuple[int, int]:
        size = min(int(request.query.get("page_size", "100")), self.max_page_size)
        return int(request.query.get("page", "1")), size

    async def _respond(
        self,
        request: web.Request,
        response: dict[str, Any],
        began: float | None = None,
        *,
        rooms: list[str] | None = None,
        days: list[date] | None = None,
    ) -> web.StreamResponse:
        self.request_count += 1
        self.in_flight += 1
        self.max_in_flight = max(self.max_in_flight, self.in_flight)
        self.requested.append(request.raw_path)
        self.user_agents.add(request.headers.get("User-Agent", ""))
        try:
            fault = self._fault_for(request.path.rpartition("/")[2], rooms or [], days or [])
            guard = b")]}',\n" if self.has_json_guard else b""
            body = guard + faulty_body(fault, response)
            due = (began or _now()) + self.latency
            await asyncio.sleep(max(due - _now(), 0) + fault.delay)
            return await send_faulty(request, fault, body)
        finally:
            self.in_flight -= 1

    def _fault_for(self, endpoint: str, rooms: list[str], days: list[date]) -> ResponseFault:
        for where, fault in self._matching_faults(endpoint, rooms, days):
            met = self._fault_hits[where, fault] = self._fault_hits[where, fault] + 1
            if met > fault.skip and (fault.times is None or met <= fault.skip + fault.times):
                return fault
        return ResponseFault()

    def _matching_faults(
        self, endpoint: str, rooms: list[str], days: list[date]
    ) -> Iterator[tuple[object, ResponseFault]]:
        if self.fault:
            yield "everywhere", self.fault
        if endpoint in self.endpoint_faults:
            yield endpoint, self.endpoint_faults[endpoint]
        for room in rooms:
            if room in self.room_faults:
                yield room, self.room_faults[room]
        for day in days:
            if day in self.day_faults:
                yield day, self.day_faults[day]


@contextmanager
def _bad_request_if_invalid() -> Iterator[None]:
    try:
        yield
    except (KeyError, ValueError) as err:
        raise web.HTTPBadRequest from err


def _now() -> float:
    return asyncio.get_running_loop().time()
