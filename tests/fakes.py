"""Stand-ins for what we own: a clock that is set by hand, a source that does as it is told."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from core.data.refresh_policy import RefreshPolicy
from core.errors import SourceError, SourceUnavailableError
from core.model.bookings import RoomDay
from core.model.calendar import local_to_utc
from core.model.campus import Building, Campus, Room
from core.model.interval import Interval
from core.sources.base import Progress, ReadResult
from core.sources.live25.config import Live25Settings

NEW_YORK = ZoneInfo("America/New_York")
TUESDAY = date(2026, 3, 3)


def at(clock: str, day: date = TUESDAY, zone: ZoneInfo = NEW_YORK) -> datetime:
    """Return the instant at which the clock on campus shows `HH:MM` on a day."""
    hour, minute = clock.split(":")
    return local_to_utc(day, timedelta(hours=int(hour), minutes=int(minute)), zone)


def between(start: str, end: str, day: date = TUESDAY) -> Interval:
    """Return the interval between two times of a day on campus."""
    return Interval(at(start, day), at(end, day))


async def eventually(holds: Callable[[], bool], *, within: float = 10.0) -> None:
    """Return as soon as something holds that other tasks bring about; fail where it never does."""
    async with asyncio.timeout(within):
        while not holds():  # noqa: ASYNC110 - what is waited for knows of no event
            await asyncio.sleep(0.005)


def make_campus(rooms: int = 6, *, campus_id: str = "bu") -> Campus:
    """Return a campus of two buildings, open 07:00 to 23:00, that share that many rooms."""
    half = rooms // 2
    numbers = {"CAS": range(101, 101 + half), "CGS": range(201, 201 + rooms - half)}
    buildings = tuple(
        Building(
            code=code,
            name={"CAS": "Arts & Sciences", "CGS": "General Studies"}[code],
            timezone=NEW_YORK,
            opens=timedelta(hours=7),
            closes=timedelta(hours=23),
            rooms=tuple(Room(id=str(each), name=str(each), building=code) for each in of),
        )
        for code, of in numbers.items()
    )
    source = Live25Settings("http://127.0.0.1:1/run", "rooms")
    return Campus(campus_id, "Boston University", NEW_YORK, source, buildings)


def make_policy(
    *,
    cooldown: timedelta = timedelta(minutes=30),
    refresh_every: timedelta | None = timedelta(minutes=120),
    days_ahead: int = 2,
) -> RefreshPolicy:
    """Return the defaults, with fewer days to read."""
    return RefreshPolicy(
        min_gap=timedelta(minutes=28),
        cooldown=cooldown,
        refresh_time=datetime(2026, 1, 1, 6, 30, tzinfo=UTC).time(),
        refresh_every=refresh_every,
        stale_after=timedelta(hours=6),
        days_ahead=days_ahead,
    )


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        """Return the moment that it shows."""
        return self.moment

    def forward(self, **by: float) -> None:
        """Move it on: `clock.forward(minutes=31)`."""
        self.moment += timedelta(**by)

    def set(self, moment: datetime) -> None:
        """Set it."""
        self.moment = moment


class FakeSource:
    """A source whose bookings, failures and speed a test sets.

    `bookings` are by room id and hold for every day; rooms in `failing` fail; `down` makes
    everything fail; while `gate` is not set, a reading does not end.
    """

    def __init__(self, campus: Campus) -> None:
        self._campus = campus
        self.bookings: dict[str, list[Interval]] = {}
        self.failing: dict[str, SourceError] = {}
        self.down: SourceError | None = None
        self.gate = asyncio.Event()
        self.gate.set()
        self.readings = 0

    async def read(
        self,
        days: Sequence[date],
        *,
        at: datetime,
        progress: Progress,
        last_read: datetime | None = None,
    ) -> ReadResult:
        """Do as the test has set."""
        self.readings += 1
        rooms = [room for room in self._campus.rooms if room.id not in self.failing]
        progress(len(rooms) // 2, sum(1 for _ in self._campus.rooms))
        await self.gate.wait()
        if self.down:
            raise self.down
        if not rooms:
            raise SourceUnavailableError("no answer")
        return ReadResult(
            days={day: {room.id: self._room_day(room, day, at) for room in rooms} for day in days},
            failures={day: dict(self.failing) for day in days},
            latency=timedelta(milliseconds=100),
        )

    def _room_day(self, room: Room, day: date, read_at: datetime) -> RoomDay:
        whole = Interval(
            local_to_utc(day, timedelta(), NEW_YORK), local_to_utc(day, timedelta(days=1), NEW_YORK)
        )
        return RoomDay((whole,), tuple(self.bookings.get(room.id, ())), (), read_at)
