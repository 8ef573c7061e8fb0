"""Wall clock times of a campus, as 25Live's grid tells them, as instants.

On the two days a year when the clocks change, a time of the day may name two instants or
none; then what blocks a room is read as wide as it can be, and what is known of it as
narrow.

Source: `docs/25live.md`, "Times".
"""

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.model.calendar import local_to_utc
from core.model.interval import Interval
from core.sources.base import AmbiguousTimeError

MinuteRange = tuple[int, int]
"""From and to, in minutes since midnight on the face of the clock."""

END_OF_DAY = 24 * 60
# More pairs of times than a day of the largest campus has; only an attack needs more memory.
MAX_DISTINCT_TIMES = 50_000
# A month before and after its day: a block of many days, as far as one is believed.
_EARLIEST_HOUR, _LATEST_HOUR = -31 * 24, 32 * 24


def parse_hours(start: float, end: float) -> MinuteRange:
    """Return hours since midnight as minutes, the end after the start.

    An end before the start is past midnight. Equal ones may mean no time or a whole day;
    we do not choose.

    Raises:
        AmbiguousTimeError: not numbers, out of all reason, or equal but for what one was cut off.
    """
    # Written so that NaN, which compares false with everything, is refused.
    if (
        not (_EARLIEST_HOUR <= start <= _LATEST_HOUR and _EARLIEST_HOUR <= end <= _LATEST_HOUR)
        or start == end
    ):
        raise AmbiguousTimeError
    # The source truncates at six decimals: 10.833333 is 10:50, not 10:49.
    first, last = round(start * 60), round(end * 60)
    if end < start:
        if first == last:
            raise AmbiguousTimeError
        last += END_OF_DAY
    # Below half a minute it still is something.
    return first, max(last, first + 1)


class LocalTimeConverter:
    """Turns the times of one campus into instants; equal times become one interval.

    Half the lectures of a day begin and end together, so sharing spares time and memory.
    """

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._bounds: dict[tuple[date, int], tuple[datetime, datetime]] = {}
        self._widest: defaultdict[date, dict[MinuteRange, Interval]] = defaultdict(dict)
        self._narrowest: dict[tuple[date, MinuteRange], tuple[Interval, ...]] = {}
        self._past_midnight: dict[
            tuple[date, MinuteRange, MinuteRange, timedelta], tuple[Interval, ...]
        ] = {}
        self._instants: dict[tuple[date, timedelta], datetime] = {}

    def widest_interval(self, day: date, start: int, end: int) -> Interval:
        """Return the widest reading of the minutes from `start` to `end` of `day`.

        Raises:
            AmbiguousTimeError: the day has had more different times than a campus can have.
        """
        intervals = self._widest[day]
        interval = intervals.get((start, end))
        if interval is None:
            if len(intervals) >= MAX_DISTINCT_TIMES:
                raise AmbiguousTimeError
            interval = Interval(self._both_folds(day, start)[0], self._both_folds(day, end)[1])
            intervals[start, end] = interval
        return interval

    def narrowest_intervals(self, day: date, window: MinuteRange) -> tuple[Interval, ...]:
        """Return the narrowest reading of `window`; of a window without minutes, nothing."""
        key = (day, window)
        intervals = self._narrowest.get(key)
        if intervals is None:
            start, end = self._both_folds(day, window[0])[1], self._both_folds(day, window[1])[0]
            intervals = self._narrowest[key] = (Interval(start, end),) if start < end else ()
        return intervals

    def narrowest_past_midnight(
        self, day: date, window: MinuteRange, next_window: MinuteRange, closes: timedelta
    ) -> tuple[Interval, ...]:
        """Return `window` of `day` and `next_window` of the day after until `closes`, joined."""
        key = (day, window, next_window, closes)
        intervals = self._past_midnight.get(key)
        if intervals is None:
            start = next_window[0] + END_OF_DAY
            end = min(next_window[1] + END_OF_DAY, closes // timedelta(minutes=1))
            if start <= window[1]:
                intervals = self.narrowest_intervals(day, (window[0], max(window[1], end)))
            else:
                intervals = self.narrowest_intervals(day, window) + self.narrowest_intervals(
                    day, (start, end)
                )
            self._past_midnight[key] = intervals
        return intervals

    def midnight_bounds(self, day: date) -> tuple[datetime, datetime]:
        """Return the earliest and the latest instant that may be the midnight before `day`."""
        return self._both_folds(day, 0)

    def to_instant(self, day: date, since_midnight: timedelta) -> datetime:
        """Return the instant as the campus reads its own opening hours."""
        key = (day, since_midnight)
        moment = self._instants.get(key)
        if moment is None:
            moment = self._instants[key] = local_to_utc(day, since_midnight, self._zone)
        return moment

    def naive_bounds(self, moment: datetime) -> tuple[datetime, datetime]:
        """Return the earliest and the latest instant that a zoneless `moment` may be."""
        since_midnight = moment - datetime.combine(moment.date(), time())
        return _fold_bounds(moment.date(), since_midnight, self._zone)

    def _both_folds(self, day: date, minute: int) -> tuple[datetime, datetime]:
        bounds = self._bounds.get((day, minute))
        if bounds is None:
            bounds = _fold_bounds(day, timedelta(minutes=minute), self._zone)
            self._bounds[day, minute] = bounds
        return bounds


def _fold_bounds(day: date, since_midnight: timedelta, zone: ZoneInfo) -> tuple[datetime, datetime]:
    first = local_to_utc(day, since_midnight, zone, fold=0)
    second = local_to_utc(day, since_midnight, zone, fold=1)
    # A time that the clocks skip comes out later with fold 0 than with fold 1.
    return min(first, second), max(first, second)
