"""Campus, building and room, as a campus file describes them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from core.model.calendar import DAY, local_to_utc
from core.model.interval import Interval


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
