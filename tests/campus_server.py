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

from tests import campus_answers, campus_lists
from tests.campus_answers import Answers
from tests.campus_faults import Fault, body_of, send

SEARCH_ID = "2195"
_RUN = "/25live/data/umd/run"


@dataclass
class CampusServer:
    """The instance `umd`; everything in it may be changed while it runs.

    `window` are the hours that its grid shows, told in `headers`; None leaves them out.
    `guarded` puts the prefix before its JSON that keeps it from being read as a script.
    `rooms` is its list of rooms, None where it has none; `searches` are its saved searches by
    id, and `hours` its rooms' opening hours. `way_faults` are by the last part of a path.
    """

    answers: Answers = field(repr=False)  # half a megabyte, which pytest's loops ask for
    zone: str = "America/New_York"
    window: tuple[int, int] | None = (7, 23)
    guarded: bool = False
    latency: float = 0
    most_on_a_page: int = 10_000
    fault: Fault | None = None
    room_faults: dict[str, Fault] = field(default_factory=dict)
    day_faults: dict[date, Fault] = field(default_factory=dict)
    way_faults: dict[str, Fault] = field(default_factory=dict)

    rooms: dict[str, Any] | None = None
    searches: dict[str, str] = field(default_factory=dict)
    hours: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    requests: int = 0
    in_flight: int = 0
    most_in_flight: int = 0
    asked: list[str] = field(default_factory=list)
    user_agents: set[str] = field(default_factory=set)
    port: int = 0

    _runner: web.AppRunner | None = None
    _met: Counter[object] = field(default_factory=Counter)

    @property
    def url(self) -> str:
        """The instance's `run` folder, as a campus file names it."""
        return f"http://127.0.0.1:{self.port}{_RUN}"

    async def __aenter__(self) -> Self:
        await self.come_back()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.go_down()

    async def come_back(self) -> None:
        """Listen, after `go_down` at the same port."""
        app = web.Application()
        app.router.add_get(f"{_RUN}/availability/availabilitydata.json", self._grid)
        app.router.add_get(f"{_RUN}/rm_reservations.json", self._reservations)
        app.router.add_get(f"{_RUN}/list/listdata.json", self._rooms)
        app.router.add_get(f"{_RUN}/spaces.json", self._spaces)
        app.router.add_get(
            f"{_RUN}/home/dash/panel-space-searches-collections.json", self._searches
        )
        # Who hangs up is not in flight any more; a server that goes down waits for nobody.
        self._runner = web.AppRunner(
            app, access_log=None, handler_cancellation=True, shutdown_timeout=0
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True).start()
        self.port = self._runner.addresses[0][1]

    async def go_down(self) -> None:
        """Close the port and every connection; questions are refused until `come_back`."""
        if self._runner:
            await self._runner.cleanup()
            self._runner = None

    def forget(self) -> None:
        """Begin to count anew."""
        self.requests = self.most_in_flight = 0
        self.asked.clear()
        self._met.clear()

    def items(self, room: str, day: date) -> list[Any]:
        """Return the items of a room's day, to be changed in place."""
        subjects = self.answers[room]["subjects"]
        items: list[Any] = next(s for s in subjects if campus_answers.day_of(s) == day)["items"]
        return items

    async def _grid(self, request: web.Request) -> web.StreamResponse:
        query = request.query
        first = date.fromisoformat(query["start_dt"][:10])
        if query["comptype"] == "availability_daily":
            room = query["space_id"]
            answer = campus_answers.month(self.answers, room, first)
            return await self._answer(request, self._shown(answer), [room], [])
        page_size = min(int(query["page_size"]), self.most_on_a_page)
        page = int(query.get("page", "1"))
        known = query["spaces_query_id"] == SEARCH_ID
        answers = self.answers if known else {}
        answer = campus_answers.search(answers, first, page=page, page_size=page_size)
        return await self._answer(request, self._shown(answer), [], [first])

    async def _reservations(self, request: web.Request) -> web.StreamResponse:
        query = request.query
        first, last = (_date(query[key]) for key in ("start_dt", "end_dt"))
        days = [first + timedelta(n) for n in range((last - first).days + 1)]
        rooms = query["space_id"].split(" ")
        include = query.get("include", "").split(" ")
        answer = campus_answers.reservations(
            self.answers, rooms, days, zone=self.zone, include=include
        )
        return await self._answer(request, answer, rooms, days)

    async def _rooms(self, request: web.Request) -> web.StreamResponse:
        self._refuse_without_lists()
        page = int(request.query["page"])
        size = min(int(request.query["page_size"]), self.most_on_a_page)
        answer = campus_lists.page_of(self.rooms or {}, page=page, size=size)
        return await self._answer(request, answer, [], [])

    async def _spaces(self, request: web.Request) -> web.StreamResponse:
        self._refuse_without_lists()
        if request.query["scope"] == "minimal":
            found = campus_lists.spaces_of(self.rooms or {})
        else:
            found = campus_lists.spaces_with(self.hours, request.query["space_id"].split())
        whole: Any = found[0] if len(found) == 1 else found
        return await self._answer(request, {"spaces": {"space": whole} if found else ""}, [], [])

    async def _searches(self, request: web.Request) -> web.StreamResponse:
        self._refuse_without_lists()
        found = [{"itemId": int(id_), "itemName": name} for id_, name in self.searches.items()]
        return await self._answer(request, {"spaceSearchesCollections": found}, [], [])

    def _refuse_without_lists(self) -> None:
        if self.rooms is None:
            raise web.HTTPNotFound

    def _shown(self, answer: dict[str, Any]) -> dict[str, Any]:
        if self.window:
            hours = [{"header_id": hour} for hour in range(*self.window)]
            return {**answer, "headers": {"data": hours}}
        return answer

    async def _answer(
        self, request: web.Request, answer: dict[str, Any], rooms: list[str], days: list[date]
    ) -> web.StreamResponse:
        self.requests += 1
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        self.asked.append(request.raw_path)
        self.user_agents.add(request.headers.get("User-Agent", ""))
        try:
            fault = self._fault_for(request.path.rpartition("/")[2], rooms, days)
            await asyncio.sleep(self.latency + fault.wait)
            guard = b")]}',\n" if self.guarded else b""
            return await send(request, fault, guard + body_of(fault, answer))
        finally:
            self.in_flight -= 1

    def _fault_for(self, way: str, rooms: list[str], days: list[date]) -> Fault:
        for where, fault in self._faults(way, rooms, days):
            met = self._met[where, fault] = self._met[where, fault] + 1
            if met > fault.skip and (fault.times is None or met <= fault.skip + fault.times):
                return fault
        return Fault()

    def _faults(
        self, way: str, rooms: list[str], days: list[date]
    ) -> Iterator[tuple[object, Fault]]:
        if self.fault:
            yield "everywhere", self.fault
        if way in self.way_faults:
            yield way, self.way_faults[way]
        for room in rooms:
            if room in self.room_faults:
                yield room, self.room_faults[room]
        for day in days:
            if day in self.day_faults:
                yield day, self.day_faults[day]


def _date(text: str) -> date:
    return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
