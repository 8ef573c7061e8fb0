"""What every booking source is, and what one read of a campus returns."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from core.errors import SourceError
from core.model.bookings import RoomDay
from core.model.interval import Interval

Progress = Callable[[int, int], None]
"""Called with the number of rooms read so far and of all rooms, as responses arrive."""


class AmbiguousTimeError(Exception):
    """The times of a booking do not say when it is."""


@dataclass(frozen=True, slots=True)
class SourceNote:
    """A remark of a source for whoever operates the bot; it names no event.

    It is about `room_ids`, the whole source where there are none, and about `interval`, any
    time where it is None.
    """

    text: str
    room_ids: tuple[str, ...] = ()
    interval: Interval | None = None


@dataclass(frozen=True, slots=True)
class ReadResult:
    """What one read of a campus returns.

    Every room of the campus is, for every requested day, either in `days` with its bookings
    or in `failures` with the reason why they are unknown. `latency` is the median time of a
    response, from the request to its last byte. `notes` say what looks wrong.
    """

    days: Mapping[date, Mapping[str, RoomDay]]
    failures: Mapping[date, Mapping[str, SourceError]]
    latency: timedelta
    notes: Sequence[SourceNote] = ()


class BookingSource(Protocol):
    """Reads the bookings of one campus.

    Between two reads it may cache what saves requests, and holds nothing open.
    """

    async def read(
        self,
        days: Sequence[date],
        *,
        at: datetime,
        progress: Progress,
        last_read: datetime | None = None,
    ) -> ReadResult:
        """Read all rooms of the campus for consecutive `days`, in order.

        `at` is when the read begins; it becomes the `read_at` of every room day. `last_read`
        is when the campus was last read, None if never: of several campuses that are read at
        once, the one that was read longest ago goes first.

        Raises:
            SourceError: nothing at all was read for the first of `days`.
        """
        ...
