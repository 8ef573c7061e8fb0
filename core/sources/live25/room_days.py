"""What the responses of 25Live show of each room and day, and the room days they amount to."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import product

from msgspec import Struct

from core.availability.gaps import free_gaps
from core.errors import (
    SourceError,
    SourceFormatError,
)
from core.model.bookings import RoomDay
from core.model.calendar import DAY
from core.model.campus import Building, Campus
from core.model.interval import Interval
from core.sources.base import SourceNote
from core.sources.live25.answer_notes import AnswerNotes
from core.sources.live25.local_time import END_OF_DAY, LocalTimeConverter, MinuteRange
from core.sources.live25.room_names import RoomNames
from core.sources.room_days import RoomDayBuilder, without_traceback

_NO_DATA = "no data"
_TOO_MANY = "more bookings of a room than a day can have"
# No room has more on in a day; an answer that says so must not fill the memory either.
_MAX_INTERVALS_PER_DAY = 200

Intervals = tuple[Interval, ...]
_ExtraIntervals = defaultdict[tuple[date, bool], list[Interval]]


# A dataclass takes five times as long to make, and a campus has tens of thousands a month.
class DayFinding(Struct, gc=False):
    """What an answer told of one room on one calendar day, within `window`."""

    window: MinuteRange
    bookings: Intervals
    closures: Intervals


class Live25DayBuilder(RoomDayBuilder):
    """Collects the responses of one read of a campus on 25Live.

    `read_days` are the days to request: `days` and, where a building closes past midnight,
    the day after the last, because its early hours belong to the last one.
    """

    def __init__(self, campus: Campus, days: Sequence[date], at: datetime) -> None:
        super().__init__(campus, days, at)
        closes_past_midnight = any(building.closes > DAY for building in campus.buildings)
        self.read_days = (*self.days, self.days[-1] + DAY) if closes_past_midnight else self.days
        self.local_time = LocalTimeConverter(campus.timezone)
        self.notes = AnswerNotes(self.local_time)
        self.room_ids = tuple(room.id for room in campus.rooms)
        self._findings: dict[str, dict[date, DayFinding]] = {
            room_id: {} for room_id in self.room_ids
        }
        self._extra: defaultdict[str, _ExtraIntervals] = defaultdict(lambda: defaultdict(list))
        self._doubts: defaultdict[str, list[Interval]] = defaultdict(list)
        self._uncertain: set[tuple[str, date]] = set()
        self._errors: dict[tuple[str, date], SourceError] = {}
        self.names = RoomNames(campus)
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
            self.mark_uncertain(room_id, day, _TOO_MANY)
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
                self.mark_uncertain(room_id, day, _TOO_MANY)

    def add_doubt(
        self, room_id: str, days: Iterable[date], interval: Interval, reason: str
    ) -> None:
        """Note that something may take a room on `days`, in `interval` and at no other time."""
        doubts = self._doubts[room_id]
        if len(doubts) < _MAX_INTERVALS_PER_DAY:
            doubts.append(interval)
            self.notes.add(reason, room_id, interval)
        else:
            for day in days:
                self.mark_uncertain(room_id, day, reason)

    def mark_uncertain(self, room_id: str, day: date, reason: str) -> None:
        """Note that something takes a room that day, and why nobody can say when."""
        self._uncertain.add((room_id, day))
        self.notes.add_day(reason, room_id, day)

    def mark_failed(self, room_ids: Iterable[str], days: Iterable[date], err: SourceError) -> None:
        """Note why answers about these rooms and days did not come."""
        error = without_traceback(err)
        for room_id, day in product(room_ids, tuple(days)):
            self._errors.setdefault((room_id, day), error)
            self.notes.add_day(str(error), room_id, day)

    def fail_rest(self, err: SourceError) -> None:
        """Record why the rooms and days that have no response are unknown."""
        self.notes.begin_answer("")
        self.mark_failed(self.room_ids, self.read_days, err)

    def room_day(self, building: Building, room_id: str, day: date) -> RoomDay | SourceError:
        """Return what is known of a room from the opening to the closing of `day`."""
        finding = self._finding_on(room_id, day)
        if finding is None:
            return self._failure_on(room_id, day)
        known = self._known_intervals(building, room_id, day, finding)
        if doubts := self._doubts.get(room_id):
            known = _without(known, doubts)
        bookings, closures = finding.bookings, finding.closures
        after = self._finding_on(room_id, day + DAY) if building.closes > DAY else None
        if after is not None:
            closing = self.local_time.to_instant(day, building.closes)
            bookings += _starting_before(closing, after.bookings)
            closures += _starting_before(closing, after.closures)
        return RoomDay(known, bookings, closures, self._read_at)

    def _known_intervals(
        self, building: Building, room_id: str, day: date, finding: DayFinding
    ) -> Intervals:
        """Return the hours that answers show of a business day, past midnight as well."""
        if building.closes <= DAY:
            return self.local_time.narrowest_intervals(day, finding.window)
        after = self._finding_on(room_id, day + DAY)
        if after is None:
            # Even where answers show hours past midnight: those are the next day's to tell.
            start, end = finding.window
            return self.local_time.narrowest_intervals(day, (start, min(end, END_OF_DAY)))
        return self.local_time.narrowest_past_midnight(
            day, finding.window, after.window, building.closes
        )

    def _notes(self) -> Sequence[SourceNote]:
        return (*self.names.notes(), *self.notes.notes())

    def _rooms_read(self) -> int:
        return sum(map(bool, self._findings.values()))

    def _rooms_without_data(self) -> int:
        return len({room_id for (room_id, _), err in self._errors.items() if err.kind == _NO_DATA})

    def _add_all(self, room_id: str, day: date, intervals: Intervals, *, closure: bool) -> None:
        extra = self._extra[room_id][day, closure]
        if len(extra) + len(intervals) > _MAX_INTERVALS_PER_DAY:
            self.mark_uncertain(room_id, day, _TOO_MANY)
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


def _without(known: Intervals, doubts: Iterable[Interval]) -> Intervals:
    return tuple(
        part for each in known for part in free_gaps(each, doubts, at_least=timedelta.resolution)
    )


def _starting_before(closing: datetime, intervals: Intervals) -> Intervals:
    return tuple(each for each in intervals if each.start < closing)
