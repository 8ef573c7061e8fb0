"""A 25Live instance on loopback: a recording, all three ways of reading, with faults.

    async with CampusServer(recording.answers()) as server:
        server.url                          # for `[source] url`
        server.fault = Fault(status=503)    # for every question from now on; None: well again
        server.room_faults = {"1127": Fault("html")}
        await server.go_down()              # connections are refused
        await server.come_back()            # at the same address

It counts what it is asked and keeps every address as it came over the wire.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Self

from aiohttp import web

from fakes.live25 import booking_responses, list_responses
from fakes.live25.booking_responses import MonthResponses
from fakes.live25.fault_injection import ResponseFault, faulty_body, send_faulty

SEARCH_ID = "2195"
_RUN = "/25live/data/umd/run"


@dataclass
class FakeLive25:
    """The instance `umd`; everything in it may be changed while it runs.

    `window` are the hours that its grid shows, told in `headers`; None leaves them out.
    `guarded` puts the prefix before its JSON that keeps it from being read as a script.
    `rooms` is its list of rooms, None where it has none; `searches` are its saved searches by
    id, and `hours` its rooms' opening hours. `way_faults` are by the last part of a path.
    """

    months: MonthResponses = field(repr=False)  # half a megabyte, which pytest's loops ask for
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
    opening_hours: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    request_count: int = 0
    in_flight: int = 0
    max_in_flight: int = 0
    requested: list[str] = field(default_factory=list)
    user_agents: set[str] = field(default_factory=set)
    port: int = 0

    _runner: web.AppRunner | None = None
    _fault_hits: Counter[object] = field(default_factory=Counter)

    @property
    def url(self) -> str:
        """The instance's `run` folder, as a campus file names it."""
        return f"http://127.0.0.1:{self.port}{_RUN}"

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listen, after `go_down` at the same port."""
        app = web.Application()
        app.router.add_get(f"{_RUN}/availability/availabilitydata.json", self._serve_grid)
        app.router.add_get(f"{_RUN}/rm_reservations.json", self._serve_reservations)
        app.router.add_get(f"{_RUN}/list/listdata.json", self._serve_room_list)
        app.router.add_get(f"{_RUN}/spaces.json", self._serve_spaces)
        app.router.add_get(
            f"{_RUN}/home/dash/panel-space-searches-collections.json", self._serve_searches
        )
        # Who hangs up is not in flight any more; a server that goes down waits for nobody.
        self._runner = web.AppRunner(
            app, access_log=None, handler_cancellation=True, shutdown_timeout=0
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True).start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Close the port and every connection; questions are refused until `come_back`."""
        if self._runner:
            await self._runner.cleanup()
            self._runner = None

    def reset_counts(self) -> None:
        """Begin to count anew."""
        self.request_count = self.max_in_flight = 0
        self.requested.clear()
        self._fault_hits.clear()

    def items(self, room: str, day: date) -> list[Any]:
        """Return the items of a room's day, to be changed in place."""
        subjects = self.months[room]["subjects"]
        items: list[Any] = next(s for s in subjects if booking_responses.subject_date(s) == day)[
            "items"
        ]
        return items

    async def _serve_grid(self, request: web.Request) -> web.StreamResponse:
        query = request.query
        first = date.fromisoformat(query["start_dt"][:10])
        if query["comptype"] == "availability_daily":
            room = query["space_id"]
            answer = booking_responses.month_response(self.months, room, first)
            return await self._respond(request, self._with_headers(answer), [room], [])
        page_size = min(int(query["page_size"]), self.max_page_size)
        page = int(query.get("page", "1"))
        known = query["spaces_query_id"] == SEARCH_ID
        answers = self.months if known else {}
        answer = booking_responses.search_response(answers, first, page=page, page_size=page_size)
        return await self._respond(request, self._with_headers(answer), [], [first])

    async def _serve_reservations(self, request: web.Request) -> web.StreamResponse:
        query = request.query
        first, last = (_date(query[key]) for key in ("start_dt", "end_dt"))
        days = [first + timedelta(n) for n in range((last - first).days + 1)]
        rooms = query["space_id"].split(" ")
        include = query.get("include", "").split(" ")
        answer = booking_responses.reservations_response(
            self.months, rooms, days, zone=self.zone, include=include
        )
        return await self._respond(request, answer, rooms, days)

    async def _serve_room_list(self, request: web.Request) -> web.StreamResponse:
        self._require_lists()
        page = int(request.query["page"])
        size = min(int(request.query["page_size"]), self.max_page_size)
        answer = list_responses.list_page(self.room_list or {}, page=page, size=size)
        return await self._respond(request, answer, [], [])

    async def _serve_spaces(self, request: web.Request) -> web.StreamResponse:
        self._require_lists()
        if request.query["scope"] == "minimal":
            found = list_responses.space_names(self.room_list or {})
        else:
            found = list_responses.space_hours(
                self.opening_hours, request.query["space_id"].split()
            )
        whole: Any = found[0] if len(found) == 1 else found
        return await self._respond(request, {"spaces": {"space": whole} if found else ""}, [], [])

    async def _serve_searches(self, request: web.Request) -> web.StreamResponse:
        self._require_lists()
        found = [{"itemId": int(id_), "itemName": name} for id_, name in self.searches.items()]
        return await self._respond(request, {"spaceSearchesCollections": found}, [], [])

    def _require_lists(self) -> None:
        if self.room_list is None:
            raise web.HTTPNotFound

    def _with_headers(self, answer: dict[str, Any]) -> dict[str, Any]:
        if self.grid_hours:
            hours = [{"header_id": hour} for hour in range(*self.grid_hours)]
            return {**answer, "headers": {"data": hours}}
        return answer

    async def _respond(
        self, request: web.Request, answer: dict[str, Any], rooms: list[str], days: list[date]
    ) -> web.StreamResponse:
        self.request_count += 1
        self.in_flight += 1
        self.max_in_flight = max(self.max_in_flight, self.in_flight)
        self.requested.append(request.raw_path)
        self.user_agents.add(request.headers.get("User-Agent", ""))
        try:
            fault = self._fault_for(request.path.rpartition("/")[2], rooms, days)
            await asyncio.sleep(self.latency + fault.delay)
            guard = b")]}',\n" if self.has_json_guard else b""
            return await send_faulty(request, fault, guard + faulty_body(fault, answer))
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


def _date(text: str) -> date:
    return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
