"""A fake EMS in a process of its own, whose every answer takes the same time.

`python -m benchmarks.ems_process ROOMS FIRST-DAY LATENCY` prints its address and serves the
bookings of `generate_campus(ROOMS)` until its standard input ends.
"""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import cycle
from pathlib import Path

from benchmarks.generated_campus import generate_campus
from core.model.calendar import DAY
from demo.campus.buildings import DemoBuilding, DemoRoom, all_rooms
from demo.campus.ems import ems_bookings
from fakes.ems.answers import TIMEZONE_ID
from fakes.ems.campus import EmsBooking, EmsBuilding, EmsCampus, EmsHours, EmsRoom
from fakes.ems.server import FakeEms
from fakes.live25.fault_injection import ResponseFault

_ROOT = Path(__file__).parents[1]
_DAYS = 34
"""A month, the day before it, and the days after it for buildings that close late."""


@asynccontextmanager
async def run_ems(rooms: int, first: date, latency: timedelta) -> AsyncIterator[str]:
    """Run the server; yields the address of its folder."""
    arguments = (str(rooms), first.isoformat(), str(latency.total_seconds()))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", __name__, *arguments), cwd=_ROOT, stdin=PIPE, stdout=PIPE
    )
    try:
        line = await process.stdout.readline() if process.stdout else b""
        if not line:
            raise RuntimeError("the fake EMS did not start")
        yield line.decode().strip()
    finally:
        if process.stdin:
            process.stdin.close()
        await process.wait()


class LargeEmsCampus(EmsCampus):
    """The rooms of a generated campus with the bookings of the demo campus."""

    def __init__(self, rooms: int) -> None:
        buildings = generate_campus(rooms).buildings
        self.buildings = tuple(
            EmsBuilding(
                number,
                each.code,
                each.name,
                tuple(EmsRoom(int(room.id), room.label) for room in each.rooms),
            )
            for number, each in enumerate(buildings, 1)
        )
        ids = sorted(room.id for each in self.buildings for room in each.rooms)
        # A room's number decides what is booked in it.
        self._rooms: list[tuple[DemoBuilding, DemoRoom]] = [
            (building, replace(room, id=id_))
            for id_, (building, room) in zip(ids, cycle(all_rooms()), strict=False)
        ]

    def bookings_on(self, day: date) -> Iterable[EmsBooking]:
        """Return what begins on a day."""
        return (each for pair in self._rooms for each in ems_bookings(*pair, day))

    def hours_on(self, building_id: int, day: date) -> EmsHours | None:  # noqa: ARG002 - all alike
        """Return long hours."""
        return EmsHours(timedelta(hours=7), timedelta(hours=23))


@dataclass
class PreparedEms(FakeEms):
    """A fake EMS that makes every answer once."""

    bodies: dict[tuple[str, date], bytes] = field(default_factory=dict)

    def body(self, method: str, day: date, timezone_id: str, fault: ResponseFault) -> bytes:
        """Return the body of an answer, made when it was first asked for."""
        body = self.bodies.get((method, day))
        if body is None:
            body = self.bodies[method, day] = super().body(method, day, timezone_id, fault)
        return body


async def _serve(rooms: int, first: date, latency: float) -> None:
    server = PreparedEms(LargeEmsCampus(rooms), latency=latency)
    for number in range(-1, _DAYS):
        day = first + DAY * number
        for method in ("GetBrowseLocationsBookings", "GetBrowseLocationsRooms"):
            server.body(method, day, str(TIMEZONE_ID), ResponseFault())
    async with server:
        os.write(sys.stdout.fileno(), f"{server.url}\n".encode())
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), date.fromisoformat(sys.argv[2]), float(sys.argv[3])))
