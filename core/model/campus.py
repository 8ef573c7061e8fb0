"""Campus, building and room, as a campus file describes them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Protocol
from zoneinfo import ZoneInfo

from core.model.calendar import DAY
from core.model.hours import DAYS_A_WEEK, PlannedClosure, WeeklyHours, closure_at
from core.model.interval import Interval, merge, uncovered


class ClockStyle(Enum):
    """How the campus writes a time of the day where Discord cannot: 2:30 PM or 14:30."""

    HOURS_12 = "12h"
    HOURS_24 = "24h"


class RoomAccess(Enum):
    """What it takes to get into a room; `DEPARTMENT` rooms are for members of one alone."""

    OPEN = "open"
    CARD = "card"
    KEY = "key"
    DEPARTMENT = "department"


@dataclass(frozen=True, slots=True)
class Room:
    """A room as the campus file names it; `capacity` is None where nobody told it."""

    id: str
    name: str
    building: str
    capacity: int | None = None
    features: tuple[str, ...] = ()
    access: RoomAccess = RoomAccess.OPEN
    note: str = ""

    @property
    def label(self) -> str:
        """Building code and room name, as members know it."""
        return f"{self.building} {self.name}"

    @property
    def is_offered(self) -> bool:
        """Whether anybody may use the room, so that it counts among the free ones."""
        return self.access is not RoomAccess.DEPARTMENT


@dataclass(frozen=True, slots=True)
class Building:
    """A building and its rooms.

    `opens` and `closes` are wall clock times since midnight: the hours of every day, or the
    widest of the `week` where that is given. `closes` may be more than 24 hours: open past
    midnight. `closures` are in order of their starts. `rooms` are in natural order.
    """

    code: str
    name: str
    timezone: ZoneInfo
    opens: timedelta
    closes: timedelta
    rooms: tuple[Room, ...]
    week: WeeklyHours | None = None
    closures: tuple[PlannedClosure, ...] = ()

    @property
    def hours(self) -> WeeklyHours:
        """The opening hours by weekday."""
        return self.week or WeeklyHours.every_day(self.opens, self.closes)

    @property
    def offered_rooms(self) -> tuple[Room, ...]:
        """The rooms that anybody may use."""
        return tuple(room for room in self.rooms if room.is_offered)

    def window_on(self, day: date) -> Interval:
        """Return the part of `day` that replies and pictures show.

        That is its opening hours; on a weekday without any, the time in which the building is
        open on other days. Closures may shut some or all of it: see `open_intervals_on`.
        """
        return self.hours.window(day.weekday()).on(day, self.timezone)

    def closed_intervals_on(self, day: date) -> tuple[Interval, ...]:
        """Return the parts of the day's window in which the building is closed, in order."""
        window = self.window_on(day)
        if self.hours.at(day.weekday()) is None:
            return (window,)
        if not self.closures:
            return ()
        parts = (each.interval.intersection(window) for each in self.closures)
        return tuple(merge(part for part in parts if part))

    def open_intervals_on(self, day: date) -> tuple[Interval, ...]:
        """Return the parts of the day's window in which the building is open, in order."""
        return tuple(uncovered(self.window_on(day), self.closed_intervals_on(day)))

    def is_open_at(self, moment: datetime) -> bool:
        """Tell whether the building is open, by the campus file."""
        return any(moment in part for part in self.open_intervals_on(self.business_day(moment)))

    def next_opening(self, moment: datetime) -> datetime:
        """Return the first moment from `moment` on at which the building is open."""
        while True:
            # Every round passes a closure or reaches an opening, and closures are finite.
            if closure := closure_at(self.closures, moment):
                moment = closure.interval.end
            elif (start := self._hours_from(moment).start) > moment:
                moment = start
            else:
                return moment

    def closed_reason_at(self, moment: datetime) -> str:
        """Return why the building is closed, empty where the campus file does not say."""
        closure = closure_at(self.closures, moment)
        return closure.reason if closure else ""

    def _hours_from(self, moment: datetime) -> Interval:
        """Return the weekly hours that hold `moment`, or the next ones."""
        today = moment.astimezone(self.timezone).date()
        days = (today + DAY * ahead for ahead in range(-1, DAYS_A_WEEK + 2))
        opening = (
            hours.on(day, self.timezone) for day in days if (hours := self.hours.at(day.weekday()))
        )
        return next(each for each in opening if each.end > moment)

    def business_day(self, moment: datetime) -> date:
        """Return the day whose opening hours hold `moment`; the calendar's where none do.

        At 01:00 a building that closes at 02:00 is still in yesterday.
        """
        today = moment.astimezone(self.timezone).date()
        if self.closes <= DAY:
            return today
        yesterday = self.hours.at(today.weekday() - 1)
        if yesterday and moment in yesterday.on(today - DAY, self.timezone):
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
    """A campus as its file describes it; building codes and room ids are unique in it.

    `warns_if_unbooked` asks for a remark on rooms in which nothing is booked all day, because
    such rooms are often locked there.
    """

    id: str
    name: str
    timezone: ZoneInfo
    source: SourceSettings
    buildings: tuple[Building, ...]
    clock: ClockStyle = ClockStyle.HOURS_24
    warns_if_unbooked: bool = False

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
