"""Wall clock times of a campus, as 25Live's grid tells them, as instants.

On the two days a year when the clocks change, a time of the day may name two instants or
none; then what blocks a room is read as wide as it can be, and what is known of it as
narrow.

Source: `docs/25live.md`, "Times".
"""

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.model import Interval, wall_clock

Minutes = tuple[int, int]
"""From and to, in minutes since midnight on the face of the clock."""

MIDNIGHT = 24 * 60
# More pairs of times than a day of the largest campus has; only an attack needs more memory.
MOST_TIMES = 50_000
# A month before and after its day: a block of many days, as far as one is believed.
_EARLIEST, _LATEST = -31 * 24, 32 * 24


class UnclearError(Exception):
    """The times of an item do not say when it is."""


def minutes_of(start: float, end: float) -> Minutes:
    """Return hours since midnight as minutes, the end after the start.

    An end before the start is past midnight. Equal ones may mean no time or a whole day;
    we do not choose.

    Raises:
        UnclearError: not numbers, out of all reason, or equal but for what one was cut off.
    """
    # Written so that NaN, which compares false with everything, is refused.
    if not (_EARLIEST <= start <= _LATEST and _EARLIEST <= end <= _LATEST) or start == end:
        raise UnclearError
    # The source truncates at six decimals: 10.833333 is 10:50, not 10:49.
    first, last = round(start * 60), round(end * 60)
    if end < start:
        if first == last:
            raise UnclearError
        last += MIDNIGHT
    # Below half a minute it still is something.
    return first, max(last, first + 1)


class WallTime:
    """Turns the times of one campus into instants; equal times become one interval.

    Half the lectures of a day begin and end together, so sharing spares time and memory.
    """

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._readings: dict[tuple[date, int], tuple[datetime, datetime]] = {}
        self._blocked: defaultdict[date, dict[Minutes, Interval]] = defaultdict(dict)
        self._known: dict[tuple[date, Minutes], tuple[Interval, ...]] = {}
        self._late: dict[tuple[date, Minutes, Minutes, timedelta], tuple[Interval, ...]] = {}
        self._instants: dict[tuple[date, timedelta], datetime] = {}

    def blocked(self, day: date, start: int, end: int) -> Interval:
        """Return the widest reading of the minutes from `start` to `end` of `day`.

        Raises:
            UnclearError: the day has had more different times than a campus can have.
        """
        blocked = self._blocked[day]
        interval = blocked.get((start, end))
        if interval is None:
            if len(blocked) >= MOST_TIMES:
                raise UnclearError
            interval = Interval(self._both(day, start)[0], self._both(day, end)[1])
            blocked[start, end] = interval
        return interval

    def known(self, day: date, window: Minutes) -> tuple[Interval, ...]:
        """Return the narrowest reading of `window`; of a window without minutes, nothing."""
        key = (day, window)
        intervals = self._known.get(key)
        if intervals is None:
            start, end = self._both(day, window[0])[1], self._both(day, window[1])[0]
            intervals = self._known[key] = (Interval(start, end),) if start < end else ()
        return intervals

    def known_past_midnight(
        self, day: date, window: Minutes, after: Minutes, closes: timedelta
    ) -> tuple[Interval, ...]:
        """Return `window` of `day` and, until `closes`, that of the day `after`, joined."""
        key = (day, window, after, closes)
        intervals = self._late.get(key)
        if intervals is None:
            start = after[0] + MIDNIGHT
            end = min(after[1] + MIDNIGHT, closes // timedelta(minutes=1))
            if start <= window[1]:
                intervals = self.known(day, (window[0], max(window[1], end)))
            else:
                intervals = self.known(day, window) + self.known(day, (start, end))
            self._late[key] = intervals
        return intervals

    def midnight(self, day: date) -> tuple[datetime, datetime]:
        """Return the earliest and the latest instant that may be the midnight before `day`."""
        return self._both(day, 0)

    def instant(self, day: date, since_midnight: timedelta) -> datetime:
        """Return the instant as the campus reads its own opening hours."""
        key = (day, since_midnight)
        moment = self._instants.get(key)
        if moment is None:
            moment = self._instants[key] = wall_clock(day, since_midnight, self._zone)
        return moment

    def naive(self, moment: datetime) -> tuple[datetime, datetime]:
        """Return the earliest and the latest instant that a zoneless `moment` may be."""
        since_midnight = moment - datetime.combine(moment.date(), time())
        return _readings(moment.date(), since_midnight, self._zone)

    def _both(self, day: date, minute: int) -> tuple[datetime, datetime]:
        both = self._readings.get((day, minute))
        if both is None:
            both = _readings(day, timedelta(minutes=minute), self._zone)
            self._readings[day, minute] = both
        return both


def _readings(day: date, since_midnight: timedelta, zone: ZoneInfo) -> tuple[datetime, datetime]:
    first = wall_clock(day, since_midnight, zone, fold=0)
    second = wall_clock(day, since_midnight, zone, fold=1)
    # A time that the clocks skip comes out later with fold 0 than with fold 1.
    return min(first, second), max(first, second)
