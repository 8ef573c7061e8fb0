"""What the tests of EMS share: a small campus on a fake EMS, and a way to read it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import aiohttp

from core.model.campus import Building, Campus, Room
from core.sources.base import ReadResult
from core.sources.ems.config import EmsSettings
from core.sources.http_policy import HttpPolicy
from core.sources.registry import create_source
from fakes.ems.campus import EmsBooking, EmsBuilding, EmsHours, EmsRoom, FixedCampus
from fakes.ems.server import FakeEms
from tests.core.sources.source_fixtures import RecordedSleep

NEW_YORK = ZoneInfo("America/New_York")
DAY = timedelta(days=1)
TUESDAY = date(2026, 3, 3)
AT = datetime(2026, 3, 3, 12, tzinfo=UTC)
WEEK = [TUESDAY + DAY * number for number in range(7)]

HALL, LOFT = 10, 20
"""The two buildings."""

ROOMS = tuple(range(101, 107))
BOTH = 109
"""A room that consists of 101 and 102."""


def hours(opens: float, closes: float) -> EmsHours:
    return EmsHours(timedelta(hours=opens), timedelta(hours=closes))


def local(day: date, hour: float, *, fold: int = 0) -> datetime:
    """Return a time of a day on campus; hours may pass 24."""
    face = datetime(day.year, day.month, day.day) + timedelta(hours=hour)  # noqa: DTZ001 - a face
    return face.replace(tzinfo=NEW_YORK, fold=fold)


def lecture(room: int, start: float, end: float, day: date = TUESDAY, **more: object) -> EmsBooking:
    booking = EmsBooking(int(start * 100) + room, room, local(day, start), local(day, end))
    return replace(booking, **more)  # type: ignore[arg-type] # any field of a booking


def small_campus(*bookings: EmsBooking) -> FixedCampus:
    """Return a campus of a hall with six rooms and a double one, and of a loft with one."""
    rooms = [EmsRoom(each, f"Room {each}", str(each)) for each in (*ROOMS, BOTH)]
    buildings = (
        EmsBuilding(HALL, "HALL", "Assembly Hall", tuple(rooms)),
        EmsBuilding(LOFT, "LOFT", "The Loft", (EmsRoom(201, "Loft"),)),
    )
    return FixedCampus(buildings, list(bookings), combined={BOTH: (101, 102)})


def bot_campus(
    url: str, *, closes: float = 23, zone: str = "America/New_York", extra: Iterable[str] = ()
) -> Campus:
    """Return the campus as the bot knows it; `extra` rooms are ones that EMS may not show."""
    span = timedelta(hours=7), timedelta(hours=closes)
    ids = [*map(str, (*ROOMS, BOTH)), *extra]
    buildings = (
        Building("HALL", "Hall", ZoneInfo(zone), *span, tuple(Room(i, i, "HALL") for i in ids)),
        Building("LOFT", "Loft", ZoneInfo(zone), *span, (Room("201", "Loft", "LOFT"),)),
    )
    return Campus("ems", "Test", ZoneInfo(zone), EmsSettings(url), buildings)


@dataclass
class EmsReader:
    """Reads a served campus without ever sleeping."""

    session: aiohttp.ClientSession
    server: FakeEms
    policy: HttpPolicy = field(default_factory=HttpPolicy)
    sleep: RecordedSleep = field(default_factory=RecordedSleep)
    progress: list[tuple[int, int]] = field(default_factory=list)

    async def read(
        self, days: Sequence[date] = (TUESDAY,), campus: Campus | None = None
    ) -> ReadResult:
        source = create_source(
            campus or bot_campus(self.server.url),
            self.session,
            replace(self.policy, sleep=self.sleep),
        )
        return await source.read(days, at=AT, progress=lambda *each: self.progress.append(each))
