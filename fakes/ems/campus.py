"""What a fake EMS knows: buildings, rooms, hours, combined rooms and bookings."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

GROUP = "Wilhelmina Requestor"
"""A person who is named in every booking, and must appear nowhere in the bot."""


@dataclass(frozen=True, slots=True)
class EmsRoom:
    """A room; strangers see it or not."""

    id: int
    name: str
    code: str = ""
    capacity: int = 40
    is_public: bool = True


@dataclass(frozen=True, slots=True)
class EmsBuilding:
    """A building and its rooms."""

    id: int
    code: str
    name: str
    rooms: tuple[EmsRoom, ...]


@dataclass(frozen=True, slots=True)
class EmsHours:
    """Opening and closing since midnight; a closing of 24 hours or more is the next day's."""

    opens: timedelta
    closes: timedelta


@dataclass(frozen=True, slots=True)
class EmsBooking:
    """An event in a room; setup and teardown take the room before and after it."""

    id: int
    room_id: int
    start: datetime
    end: datetime
    setup: timedelta = timedelta()
    teardown: timedelta = timedelta()
    name: str = "Lecture"
    is_private: bool = False
    status: str = "Confirmed"
    status_type: int | None = None

    @property
    def taken_from(self) -> datetime:
        """When the setup begins."""
        return self.start - self.setup

    @property
    def taken_until(self) -> datetime:
        """When the teardown ends."""
        return self.end + self.teardown


class EmsCampus(ABC):
    """All that an EMS holds; `combined` are the parts of rooms that consist of others."""

    buildings: Sequence[EmsBuilding]
    combined: Mapping[int, tuple[int, ...]] = {}

    @abstractmethod
    def bookings_on(self, day: date) -> Iterable[EmsBooking]:
        """Return the bookings whose taken time begins on a day, as the campus's clocks show it."""

    @abstractmethod
    def hours_on(self, building_id: int, day: date) -> EmsHours | None:
        """Return the hours that begin on a day, None where the building is closed all day."""

    def blocked_rooms(self, room_id: int) -> Iterable[int]:
        """Return every room that a booking of one room takes: itself, its parts, its wholes."""
        yield room_id
        yield from self.combined.get(room_id, ())
        yield from (whole for whole, parts in self.combined.items() if room_id in parts)


@dataclass
class FixedCampus(EmsCampus):
    """A campus whose bookings and hours are lists that a test changes.

    `hours` are by building and date; `usual_hours` are those of all other dates.
    """

    buildings: Sequence[EmsBuilding]
    bookings: list[EmsBooking] = field(default_factory=list)
    hours: dict[tuple[int, date], EmsHours | None] = field(default_factory=dict)
    usual_hours: EmsHours | None = EmsHours(timedelta(hours=7), timedelta(hours=23))
    combined: Mapping[int, tuple[int, ...]] = field(default_factory=dict)

    def bookings_on(self, day: date) -> Iterable[EmsBooking]:
        """Return them by the zone of their start."""
        return [each for each in self.bookings if each.taken_from.date() == day]

    def hours_on(self, building_id: int, day: date) -> EmsHours | None:
        """Return the hours of that date, or the usual ones."""
        return self.hours.get((building_id, day), self.usual_hours)
