"""When a booking takes its room, and when it perhaps does."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from core.model.calendar import DAY, local_to_utc
from core.model.interval import Interval
from core.sources.base import AmbiguousTimeError
from core.sources.ems.schema import Booking
from core.sources.ems.timestamps import Bounds, instant_bounds

# More pairs of times than a month of the largest campus has; only an attack needs more memory.
_MAX_DISTINCT_TIMES = 50_000
_CANCELLED = frozenset({"cancelled", "canceled"})


@dataclass(frozen=True, slots=True, eq=False)
class TakenTime:
    """A time that is surely taken, None where none is, and the time around it that may be.

    Bookings of the same times share one, so that comparing two of them is comparing objects.
    `is_exact` is true where it is known to the minute. `days` are those of the read that it
    reaches.
    """

    sure: Interval | None
    possible: Interval
    is_exact: bool
    days: tuple[date, ...]


class BookingTimes:
    """Interprets the times of bookings; most of them have the times of an earlier one.

    `days` are the consecutive days of the read.
    """

    def __init__(self, zone: ZoneInfo, days: Sequence[date]) -> None:
        self._zone = zone
        self._days = tuple(days)
        self._midnights = [local_to_utc(day, timedelta(), zone) for day in (*days, days[-1] + DAY)]
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
            taken = self._by_texts[key] = self._taken_time(starts, ends)
        return taken

    def _taken_time(self, starts: Bounds, ends: Bounds) -> TakenTime:
        first, last = starts[0], ends[1]
        if first >= last:
            # No time at all, or a whole day: EMS does not say which.
            raise AmbiguousTimeError
        possible = Interval(first, last)
        is_exact = starts[0] == starts[1] and ends[0] == ends[1]
        if is_exact:
            sure: Interval | None = possible
        else:
            sure = Interval(starts[1], ends[0]) if starts[1] < ends[0] else None
        return TakenTime(sure, possible, is_exact, self._days_touched(possible))

    def _days_touched(self, interval: Interval) -> tuple[date, ...]:
        first = bisect_right(self._midnights, interval.start) - 1
        last = bisect_left(self._midnights, interval.end)
        return self._days[max(first, 0) : last]


# A campus has a few of them, and uses them a hundred thousand times a month.
@lru_cache(maxsize=1024)
def is_cancelled(status: str | None, status_type: int | None) -> bool:
    """Tell whether a booking leaves its room free; any status that is not known takes it."""
    if status_type is not None and status_type < 0:
        return True
    return status is not None and status.strip().casefold() in _CANCELLED
