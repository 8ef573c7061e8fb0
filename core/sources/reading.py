"""The one shape that every source of bookings has, and what a reading brings."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from core.errors import SourceError
from core.model import RoomDay

Progress = Callable[[int, int], None]
"""Called with rooms read so far and rooms in all, as answers arrive."""


@dataclass(frozen=True, slots=True)
class ReadResult:
    """What one reading brought: by day, what is known of each room, and why of the others.

    Every room of the campus is, for every day asked for, in exactly one of the two.
    `latency` is the median time that one answer took, from asking to its last byte.
    """

    days: Mapping[date, Mapping[str, RoomDay]]
    failures: Mapping[date, Mapping[str, SourceError]]
    latency: timedelta


class BookingSource(Protocol):
    """Reads the bookings of one campus; keeps nothing between two readings."""

    async def read(self, days: Sequence[date], *, at: datetime, progress: Progress) -> ReadResult:
        """Read all rooms of the campus for consecutive `days`, in order.

        `at` is when this reading begins; it becomes the `read_at` of what it brings.

        Raises:
            SourceError: nothing at all could be read for the first of `days`.
        """
        ...
