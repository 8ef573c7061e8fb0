"""What the feeds of one reading told of each room and day.

A feed that was read to its end tells all of its rooms' bookings: each day is known from its
first minute to its last, and until the building closes, but for the times in doubt.

Source: `docs/ical.md`, "Feeds that say nothing".
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

from core.errors import SourceChangedError, SourceError, SourceRefusedError
from core.gaps import free_gaps
from core.model import DAY, Building, Campus, Interval, RoomDay, wall_clock
from core.sources.ical.messages import ONE_ROOM, Seconds, Told
from core.sources.reading import bare

# A campus of fewer rooms may well have nothing on.
_EVERYBODY = 5
# No room has more on in a day; a feed that says so must not hold up commands either.
_MOST_A_DAY = 200

_ByDay = defaultdict[int, list[Interval]]


class Days:
    """All that the feeds of one reading told of a campus on `days`, which are consecutive."""

    def __init__(self, campus: Campus, days: Sequence[date], at: datetime) -> None:
        self._at = at
        self._days = tuple(days)
        self._numbers = {day: number for number, day in enumerate(self._days)}
        self._zone = campus.timezone
        self._longest = max(DAY, *(building.closes for building in campus.buildings))
        self._begins = [wall_clock(day, timedelta(), self._zone) for day in self._days]
        self._ends = [wall_clock(day, self._longest, self._zone) for day in self._days]
        self._read = 0
        self._has_events = False
        self._told: dict[str, tuple[_ByDay, _ByDay]] = {}
        self._faults: dict[str, SourceError] = {}
        self._intervals: dict[tuple[int, int], Interval] = {}
        self._known: dict[tuple[date, timedelta], Interval] = {}

    @property
    def span(self) -> tuple[int, int]:
        """The time that is asked about, in seconds since 1970."""
        return int(self._begins[0].timestamp()), int(self._ends[-1].timestamp())

    def tell(self, rooms: Iterable[tuple[str, str]], told: Told) -> None:
        """Note what a feed told of rooms, each with the id that it has there."""
        self._has_events |= told.events > 0
        known = {ONE_ROOM, *told.named}
        for room_id, named in rooms:
            self._read += 1
            if told.stale:
                self._faults[room_id] = SourceChangedError("out of date")
            elif named not in known:
                # Nothing shows that the feed knows the room at all.
                self._faults[room_id] = SourceChangedError("not in the answer")
            else:
                self._told[room_id] = (
                    self._placed(told.bookings.get(named, [])),
                    self._placed(told.doubts.get(named, [])),
                )

    def fail(self, room_ids: Iterable[str], err: SourceError) -> None:
        """Note why nothing is told of those of the rooms of which nothing is noted yet."""
        fault = bare(err)
        for room_id in room_ids:
            if room_id not in self._told:
                self._faults.setdefault(room_id, fault)

    def refuse_emptiness(self) -> None:
        """Stop a reading that shows every room free because nothing may be seen.

        Raises:
            SourceRefusedError: no feed has any event, at any time.
        """
        if self._read >= _EVERYBODY and not self._has_events:
            raise SourceRefusedError("empty for everybody")

    def room_day(self, building: Building, room_id: str, day: date) -> RoomDay | SourceError:
        """Return what is known of a room from midnight to midnight, or to the closing."""
        if room_id in self._faults:
            return self._faults[room_id]
        bookings, doubts = (each.get(self._numbers[day], []) for each in self._told[room_id])
        if len(bookings) + len(doubts) > _MOST_A_DAY:
            return SourceChangedError("not understood", "too much on one day")
        whole = self._whole(day, building)
        known = free_gaps(whole, doubts, at_least=timedelta.resolution) if doubts else [whole]
        if not known:
            return SourceChangedError("not understood", "unclear times")
        return RoomDay(tuple(known), tuple(bookings), (), self._at)

    def _whole(self, day: date, building: Building) -> Interval:
        end = max(DAY, building.closes)
        whole = self._known.get((day, end))
        if whole is None:
            bounds = (wall_clock(day, each, self._zone) for each in (timedelta(), end))
            whole = self._known[day, end] = Interval(*bounds)
        return whole

    def _placed(self, times: Seconds) -> _ByDay:
        """Return times by the number of each day that they reach."""
        placed: _ByDay = defaultdict(list)
        for bounds in zip(times[::2], times[1::2], strict=True):
            interval = self._interval(bounds)
            first = bisect_right(self._ends, interval.start)
            last = bisect_left(self._begins, interval.end)
            for number in range(first, last):
                placed[number].append(interval)
        return placed

    def _interval(self, bounds: tuple[int, int]) -> Interval:
        interval = self._intervals.get(bounds)
        if interval is None:
            start, end = (datetime.fromtimestamp(each, UTC) for each in bounds)
            interval = self._intervals[bounds] = Interval(start, end)
        return interval
