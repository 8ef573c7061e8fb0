"""What the answers of one reading told of each room and day, and what that amounts to."""

import asyncio
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from msgspec import Struct

from core.errors import (
    SourceError,
    SourceFormatError,
    SourceRefusedError,
)
from core.model.campus import DAY, Building, Campus, Interval, RoomDay
from core.sources.base import without_traceback
from core.sources.live25.local_time import END_OF_DAY, LocalTimeConverter, MinuteRange

# A campus of fewer rooms may well have nothing on.
_MIN_ROOMS_TO_JUDGE = 5
_NO_DATA = "no data"
# No room has more on in a day; an answer that says so must not fill the memory either.
_MAX_INTERVALS_PER_DAY = 200
# A campus of a thousand rooms takes long enough to hold up commands.
_ROOMS_PER_YIELD = 50

Intervals = tuple[Interval, ...]
_ExtraIntervals = defaultdict[tuple[date, bool], list[Interval]]


# A dataclass takes five times as long to make, and a campus has tens of thousands a month.
class DayFinding(Struct, gc=False):
    """What an answer told of one room on one calendar day, within `window`."""

    window: MinuteRange
    bookings: Intervals
    closures: Intervals


class RoomDayBuilder:
    """All that the answers of one reading told.

    `days` are the days asked for; where a building closes past midnight, the day after is
    in `wanted` as well, because its early hours belong to the last one. `anything_on` tells
    whether any room had anything on any day, be it closed hours.
    """

    def __init__(self, campus: Campus, days: Sequence[date], at: datetime) -> None:
        self._campus = campus
        self._read_at = at
        self.days = tuple(days)
        closes_past_midnight = any(building.closes > DAY for building in campus.buildings)
        self.read_days = (*self.days, self.days[-1] + DAY) if closes_past_midnight else self.days
        self.local_time = LocalTimeConverter(campus.timezone)
        self.room_ids = tuple(room.id for room in campus.rooms)
        self.has_any_booking = False
        self._findings: dict[str, dict[date, DayFinding]] = {
            room_id: {} for room_id in self.room_ids
        }
        self._extra: defaultdict[str, _ExtraIntervals] = defaultdict(lambda: defaultdict(list))
        self._uncertain: set[tuple[str, date]] = set()
        self._errors: dict[tuple[str, date], SourceError] = {}
        bounds = (*self.read_days, self.read_days[-1] + DAY)
        midnights = [self.local_time.midnight_bounds(day) for day in bounds]
        # The clocks of some campuses skip midnight or show it twice.
        self._earliest_midnights = [first for first, _ in midnights]
        self._latest_midnights = [last for _, last in midnights]

    def add_answer(
        self,
        room_id: str,
        day: date,
        *,
        window: MinuteRange,
        bookings: Intervals = (),
        closures: Intervals = (),
    ) -> None:
        """Add what an answer shows of a room between the minutes of `window`."""
        findings = self._findings[room_id]
        earlier = findings.get(day)
        if len(bookings) + len(closures) > _MAX_INTERVALS_PER_DAY:
            self.mark_uncertain(room_id, day)
        elif earlier is None:
            findings[day] = DayFinding(window, bookings, closures)
        else:
            # Two answers that show different hours: only what both show is sure.
            start, end = earlier.window
            earlier.window = max(window[0], start), min(window[1], end)
            self._add_all(room_id, day, bookings, closure=False)
            self._add_all(room_id, day, closures, closure=True)

    def add_interval(self, room_id: str, interval: Interval, *, closure: bool) -> None:
        """Add an interval to every day that it reaches, told or not."""
        self.add_to_days(room_id, self.days_touched(interval), interval, closure=closure)

    def days_touched(self, interval: Interval) -> Sequence[date]:
        """Return the wanted days that an interval reaches, in order."""
        first = max(bisect_right(self._latest_midnights, interval.start) - 1, 0)
        last = bisect_left(self._earliest_midnights, interval.end)
        return self.read_days[first:last]

    def add_to_days(
        self, room_id: str, days: Iterable[date], interval: Interval, *, closure: bool
    ) -> None:
        """Add an interval to the days that it reaches, told or not."""
        extra = self._extra[room_id]
        for day in days:
            intervals = extra[day, closure]
            if len(intervals) < _MAX_INTERVALS_PER_DAY:
                intervals.append(interval)
            else:
                self.mark_uncertain(room_id, day)

    def mark_uncertain(self, room_id: str, day: date) -> None:
        """Note that something takes a room that day, and nobody can say when."""
        self._uncertain.add((room_id, day))

    def mark_failed(self, room_ids: Iterable[str], days: Iterable[date], err: SourceError) -> None:
        """Note why answers about these rooms and days did not come."""
        error = without_traceback(err)
        days = tuple(days)
        for room_id in room_ids:
            for day in days:
                self._errors.setdefault((room_id, day), error)

    def raise_if_all_empty(self) -> None:
        """Stop a reading that shows every room free because nothing may be seen.

        Raises:
            SourceRefusedError: no room has anything on, on no day, not even closed hours.
        """
        rooms_read = sum(map(bool, self._findings.values()))
        rooms_without_data = {
            room_id for (room_id, _), err in self._errors.items() if err.kind == _NO_DATA
        }
        nothing_read = not rooms_read and len(rooms_without_data) >= _MIN_ROOMS_TO_JUDGE
        if nothing_read or (rooms_read >= _MIN_ROOMS_TO_JUDGE and not self.has_any_booking):
            raise SourceRefusedError("empty for everybody")

    async def results_by_day(
        self,
    ) -> tuple[dict[date, dict[str, RoomDay]], dict[date, dict[str, SourceError]]]:
        """Return by day what is known of each room, and why nothing is of the others."""
        known: dict[date, dict[str, RoomDay]] = {day: {} for day in self.days}
        failures: dict[date, dict[str, SourceError]] = {day: {} for day in self.days}
        for building in self._campus.buildings:
            for number, room in enumerate(building.rooms):
                if number % _ROOMS_PER_YIELD == 0:
                    await asyncio.sleep(0)
                for day in self.days:
                    outcome = self.room_day(building, room.id, day)
                    if isinstance(outcome, RoomDay):
                        known[day][room.id] = outcome
                    else:
                        failures[day][room.id] = outcome
        return known, failures

    def room_day(self, building: Building, room_id: str, day: date) -> RoomDay | SourceError:
        """Return what is known of a room from the opening to the closing of `day`."""
        finding = self._finding_on(room_id, day)
        if finding is None:
            return self._failure_on(room_id, day)
        known = self.local_time.narrowest_intervals(day, finding.window)
        if building.closes <= DAY:
            return RoomDay(known, finding.bookings, finding.closures, self._read_at)
        after = self._finding_on(room_id, day + DAY)
        if after is None:
            # Even where answers show hours past midnight: those are the next day's to tell.
            start, end = finding.window
            known = self.local_time.narrowest_intervals(day, (start, min(end, END_OF_DAY)))
            return RoomDay(known, finding.bookings, finding.closures, self._read_at)
        closing = self.local_time.to_instant(day, building.closes)
        return RoomDay(
            self.local_time.narrowest_past_midnight(
                day, finding.window, after.window, building.closes
            ),
            finding.bookings + _starting_before(closing, after.bookings),
            finding.closures + _starting_before(closing, after.closures),
            self._read_at,
        )

    def _add_all(self, room_id: str, day: date, intervals: Intervals, *, closure: bool) -> None:
        extra = self._extra[room_id][day, closure]
        if len(extra) + len(intervals) > _MAX_INTERVALS_PER_DAY:
            self.mark_uncertain(room_id, day)
        else:
            extra.extend(intervals)

    def _finding_on(self, room_id: str, day: date) -> DayFinding | None:
        """Return what all answers together told, None where they leave it open."""
        finding = self._findings[room_id].get(day)
        if finding is None or (self._uncertain and (room_id, day) in self._uncertain):
            return None
        extra = self._extra.get(room_id)
        if extra is None:
            return finding
        return DayFinding(
            finding.window,
            (*finding.bookings, *extra.get((day, False), ())),
            (*finding.closures, *extra.get((day, True), ())),
        )

    def _failure_on(self, room_id: str, day: date) -> SourceError:
        if (room_id, day) in self._uncertain:
            return SourceFormatError("not understood", "unclear times")
        return self._errors.get((room_id, day)) or SourceFormatError("not in the answer")


def _starting_before(closing: datetime, intervals: Intervals) -> Intervals:
    return tuple(each for each in intervals if each.start < closing)
