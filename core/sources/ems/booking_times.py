"""When a booking takes its room, and when it perhaps does."""

from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from core.model.interval import Interval
from core.sources.base import AmbiguousTimeError
from core.sources.ems.schema import Booking
from core.sources.ems.timestamps import instant_bounds

# More pairs of times than a month of the largest campus has; only an attack needs more memory.
_MAX_DISTINCT_TIMES = 50_000
_CANCELLED = frozenset({"cancelled", "canceled"})


class TakenTime(NamedTuple):
    """A time that is surely taken, None where none is, and the time around it that may be."""

    sure: Interval | None
    possible: Interval

    @property
    def is_exact(self) -> bool:
        """Whether it is known to the minute."""
        return self.sure == self.possible


class BookingTimes:
    """Interprets the times of bookings; most of them have the times of an earlier one."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._by_texts: dict[tuple[str | None, ...], TakenTime] = {}

    def taken_time(self, booking: Booking) -> TakenTime:
        """Return when a booking takes its room, setup and teardown included.

        Raises:
            AmbiguousTimeError: it does not say when.
        """
        key = booking.utc_start, booking.utc_end, booking.start, booking.end
        taken = self._by_texts.get(key)
        if taken is None:
            if len(self._by_texts) >= _MAX_DISTINCT_TIMES:
                raise AmbiguousTimeError
            starts = instant_bounds(booking.utc_start, booking.start, self._zone)
            ends = instant_bounds(booking.utc_end, booking.end, self._zone)
            taken = self._by_texts[key] = _taken_time(starts, ends)
        return taken


def _taken_time(starts: tuple[datetime, datetime], ends: tuple[datetime, datetime]) -> TakenTime:
    first, last = starts[0], ends[1]
    if first >= last:
        # No time at all, or a whole day: EMS does not say which.
        raise AmbiguousTimeError
    possible = Interval(first, last)
    if starts[1] >= ends[0]:
        return TakenTime(None, possible)
    sure = possible if starts[0] == starts[1] and ends[0] == ends[1] else None
    return TakenTime(sure or Interval(starts[1], ends[0]), possible)


def is_cancelled(booking: Booking) -> bool:
    """Tell whether a booking leaves its room free; any status that is not known takes it."""
    if booking.status_type is not None and booking.status_type < 0:
        return True
    return booking.status is not None and booking.status.strip().casefold() in _CANCELLED
