"""The nouns: interval, campus, building, room, and what is known of a room's day."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol, Self
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import force_setattr

DAY = timedelta(days=1)


# Structs, because a campus has a hundred thousand of these two a month: they are made five
# times as fast as dataclasses, and the garbage collector need not look at them.
class Interval(Struct, frozen=True, order=True, gc=False):
    """A half-open stretch of time, `start` included and `end` not, kept in UTC.

    UTC because Python subtracts two times of one zone by wall clock, which is wrong by an
    hour across a change of the clocks.

    Raises:
        ValueError: a bound is naive, or `end` is not after `start`.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is not UTC:
            force_setattr(self, "start", _to_utc(self.start))
        if self.end.tzinfo is not UTC:
            force_setattr(self, "end", _to_utc(self.end))
        if self.end <= self.start:
            raise ValueError(f"an interval ends after it starts: {self.start} to {self.end}")

    @property
    def duration(self) -> timedelta:
        """The time that passes from start to end."""
        return self.end - self.start

    def __contains__(self, moment: datetime) -> bool:
        return self.start <= moment < self.end

    def intersection(self, other: Self) -> "Interval | None":
        """Return the part that lies in `other`, None where they do not meet."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Interval(start, end) if start < end else None


def _to_utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"a moment needs a time zone: {moment}")
    return moment.astimezone(UTC)


def local_to_utc(
    day: date, since_midnight: timedelta, zone: ZoneInfo, *, fold: int = 0
) -> datetime:
    """Return the instant, in UTC, at which the clocks of `zone` show that time.

    `since_midnight` counts on the face of the clock and may be negative or pass 24 hours.
    A time that the clocks skip moves forward by the skipped hour; one that they show twice
    is the first with `fold` 0 and the second with `fold` 1.
    """
    face = datetime.combine(day, time()) + since_midnight
    return face.replace(tzinfo=zone, fold=fold).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Room:
    """A room as the campus file names it; `capacity` is None where nobody told it."""

    id: str
    name: str
    building: str
    capacity: int | None = None
    features: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """Building code and room name, as members know it."""
        return f"{self.building} {self.name}"


@dataclass(frozen=True, slots=True)
class Building:
    """A building and its rooms; `opens` and `closes` are wall clock times since midnight.

    `closes` may be more than 24 hours: open past midnight. `rooms` are in natural order.
    """

    code: str
    name: str
    timezone: ZoneInfo
    opens: timedelta
    closes: timedelta
    rooms: tuple[Room, ...]

    def opening_hours_on(self, day: date) -> Interval:
        """Return the opening hours that begin on `day`."""
        return Interval(
            local_to_utc(day, self.opens, self.timezone),
            local_to_utc(day, self.closes, self.timezone),
        )

    def business_day(self, moment: datetime) -> date:
        """Return the day whose opening hours hold `moment`; the calendar's where none do.

        At 01:00 a building that closes at 02:00 is still in yesterday.
        """
        today = moment.astimezone(self.timezone).date()
        if self.closes > DAY and moment in self.opening_hours_on(today - DAY):
            return today - DAY
        return today


class SourceSettings(Protocol):
    """Where a campus's bookings are read; each kind of source has its own class of them."""

    @property
    def kind(self) -> str:
        """The name of the kind."""

    @property
    def concurrency(self) -> int:
        """How many requests to the source may be in flight."""


@dataclass(frozen=True, slots=True)
class Campus:
    """A campus as its file describes it; building codes and room ids are unique in it."""

    id: str
    name: str
    timezone: ZoneInfo
    source: SourceSettings
    buildings: tuple[Building, ...]

    @property
    def features(self) -> tuple[str, ...]:
        """All features that rooms have, sorted."""
        return tuple(sorted({feature for room in self.rooms for feature in room.features}))

    @property
    def rooms(self) -> Iterator[Room]:
        """All rooms, building by building."""
        return (room for building in self.buildings for room in building.rooms)

    def building(self, code: str) -> Building | None:
        """Return the building of that code, in any case of letters, or None."""
        wanted = code.strip().casefold()
        return next((b for b in self.buildings if b.code.casefold() == wanted), None)

    def local_date(self, moment: datetime) -> date:
        """Return the calendar day on campus."""
        return moment.astimezone(self.timezone).date()


class RoomDay(Struct, frozen=True, gc=False):
    """What is known of one room on one campus day.

    `known` are the parts of the day that the source told us of: sorted, apart from each
    other, perhaps none. Outside them the room is unknown. `bookings` and `closures` may
    overlap, repeat, be unsorted or lie outside `known`; both mean "not free".
    `read_at` is when the reading that brought this began.
    """

    known: tuple[Interval, ...]
    bookings: tuple[Interval, ...]
    closures: tuple[Interval, ...]
    read_at: datetime


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is known of a campus on one day, by room id.

    A room that is absent is unknown. A room whose `read_at` lies before `attempted_at`
    was not read in the last attempt and is kept from an earlier one.
    """

    campus: str
    day: date
    attempted_at: datetime
    rooms: Mapping[str, RoomDay]

    def is_carried_over(self, room_day: RoomDay) -> bool:
        """Tell whether that room's data is older than the last attempt."""
        return room_day.read_at < self.attempted_at
