"""What the tests of the sources share: a campus on a served instance, and a patient clock."""

import asyncio
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import aiohttp

from core.model.bookings import RoomDay
from core.model.campus import Building, Campus, Room
from core.model.interval import Interval
from core.sources.base import ReadResult
from core.sources.http_policy import HttpPolicy
from core.sources.live25.config import Live25Settings, ReadStrategy
from core.sources.registry import create_source
from fakes.live25.bookings import SEARCH_ID
from fakes.live25.server import FakeLive25
from tests.recordings import FIRST_DAY

AT = datetime(2024, 11, 4, 12, 0, tzinfo=UTC)
MONTH = [FIRST_DAY + timedelta(n) for n in range(31)]
STRATEGIES: tuple[ReadStrategy, ...] = ("rooms", "search", "reservations")

UNKNOWN, FREE, BUSY = 0, 1, 2


@dataclass
class RecordedSleep:
    """Sleeps no time and remembers for how long it was asked to."""

    seconds: list[float] = field(default_factory=list)

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


def campus_of(
    url: str,
    strategy: ReadStrategy,
    room_ids: Iterable[str],
    *,
    zone: str = "America/New_York",
    hours: tuple[float, float] = (7, 23),
    concurrency: int = 6,
) -> Campus:
    """Return a campus of one building that holds these rooms."""
    opens, closes = (timedelta(hours=each) for each in hours)
    rooms = tuple(Room(each, each, "ATL") for each in room_ids)
    building = Building("ATL", "Atlantic", ZoneInfo(zone), opens, closes, rooms)
    source = Live25Settings(url, strategy, SEARCH_ID, concurrency)
    return Campus("umd", "Maryland", ZoneInfo(zone), source, (building,))


@dataclass
class Reader:
    """Reads a served campus; what a test does not say is as usual."""

    session: aiohttp.ClientSession
    server: FakeLive25
    sleep: RecordedSleep = field(default_factory=RecordedSleep)
    progress: list[tuple[int, int]] = field(default_factory=list)
    http_policy: HttpPolicy = field(default_factory=HttpPolicy)

    def __post_init__(self) -> None:
        self.http_policy = replace(self.http_policy, sleep=self.sleep)
        self.http_policy.random.seed(25)

    async def read(
        self,
        strategy: ReadStrategy = "rooms",
        days: Sequence[date] = (FIRST_DAY,),
        *,
        campus: Campus | None = None,
        at: datetime = AT,
    ) -> ReadResult:
        """Read the campus, by default all rooms of the server on the first day."""
        campus = campus or campus_of(self.server.url, strategy, self.server.months)
        source = create_source(campus, self.session, self.http_policy)
        return await source.read(days, at=at, progress=lambda *each: self.progress.append(each))


async def until(condition: Callable[[], bool]) -> None:
    """Wait for something that another task brings about within five seconds."""
    for _ in range(5000):
        if condition():
            return
        await asyncio.sleep(0.001)
    raise AssertionError("did not come about")


def kinds(result: ReadResult, day: date = FIRST_DAY) -> dict[str, str]:
    """Return the kind of failure of each room that failed that day."""
    return {room: err.kind for room, err in result.failures[day].items()}


def minutes_of_day(room: RoomDay, hours: Interval) -> bytearray:
    """Return for each minute of `hours` whether the room is unknown, free or busy."""
    minutes = bytearray(_minutes(hours))
    for value, intervals in (
        (FREE, room.known),
        (BUSY, (*room.bookings, *room.closures)),
    ):
        for interval in intervals:
            overlap = interval.intersection(hours)
            if overlap:
                start = (overlap.start - hours.start) // timedelta(minutes=1)
                length = _minutes(overlap)
                minutes[start : start + length] = bytes([value]) * length
    return minutes


def _minutes(interval: Interval) -> int:
    return interval.duration // timedelta(minutes=1)


def recorded_minutes(
    items: Iterable[dict[str, object]], day: date, hours: tuple[int, int]
) -> bytearray:
    """Return the same from recorded items of an ordinary day, read with decimal arithmetic.

    Shares nothing with the reader: text to whole minutes, minutes to an array.
    """
    minutes = bytearray([FREE]) * ((hours[1] - hours[0]) * 60)
    for item in items:
        start, end = (_minute(str(item[key])) - hours[0] * 60 for key in ("start", "end"))
        for minute in range(max(start, 0), min(end, len(minutes))):
            minutes[minute] = BUSY
    return minutes


def _minute(text: str) -> int:
    found = re.fullmatch(r"(\d+)(?:\.(\d+))?", text)
    assert found, text
    millionths = int((found[2] or "0")[:6].ljust(6, "0"))
    return int(found[1]) * 60 + (millionths * 60 + 500_000) // 1_000_000


def clock(day: date, hour: float, zone: str = "America/New_York") -> datetime:
    """Return an unambiguous time of a campus day; hours may pass 24."""
    face = datetime.combine(day, time()) + timedelta(hours=hour)
    return face.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
