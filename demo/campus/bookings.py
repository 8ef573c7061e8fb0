"""What takes a room for a while, and how its times are counted."""

from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum

DAY = timedelta(days=1)


class BookingKind(IntEnum):
    """Why a room is taken, in 25Live's numbers."""

    EVENT = 1
    BLACKOUT = 2
    CLOSED = 3


@dataclass(frozen=True, slots=True)
class TimeRange:
    """From `start` to `end` on the face of the clock, since midnight of the day it is told for.

    `end` may be after the next midnight.
    """

    start: timedelta
    end: timedelta

    def overlaps(self, other: "TimeRange") -> bool:
        """Tell whether the two have a moment in common."""
        return self.start < other.end and other.start < self.end

    def contains(self, other: "TimeRange") -> bool:
        """Tell whether all of `other` lies in this one."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Booking:
    """A room taken by one event, or by several that share it.

    `taken` has the time to set up before and to clear away after the event, `proper` has not.
    `names` are more than one where sections of several departments meet together.
    """

    names: tuple[str, ...]
    occupied: TimeRange
    event_time: TimeRange
    kind: BookingKind = BookingKind.EVENT
    is_private: bool = False
    is_tentative: bool = False


def at(hours: int, minutes: int = 0) -> timedelta:
    """Return a time of the day; from 24 hours on it is the next day's."""
    return timedelta(hours=hours, minutes=minutes)
