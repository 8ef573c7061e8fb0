"""What the answers of one reading told of each room and day, and what that amounts to."""

import asyncio
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from msgspec import Struct

from core.errors import (
    SourceChangedError,
    SourceError,
    SourceRefusedError,
)
from core.model import DAY, Building, Campus, Interval, RoomDay
from core.sources.live25.walltime import MIDNIGHT, Minutes, WallTime
from core.sources.reading import bare

# A campus of fewer rooms may well have nothing on.
_EVERYBODY = 5
_NO_DATA = "no data"
# No room has more on in a day; an answer that says so must not fill the memory either.
_MOST_A_DAY = 200
# A campus of a thousand rooms takes long enough to hold up commands.
_ROOMS_AT_A_STRETCH = 50

Intervals = tuple[Interval, ...]
_Added = defaultdict[tuple[date, bool], list[Interval]]


# A dataclass takes five times as long to make, and a campus has tens of thousands a month.
class Finding(Struct, gc=False):
    """What an answer told of one room on one calendar day, within `window`."""

    window: Minutes
    bookings: Intervals
    closures: Intervals


class Findings:
    """All that the answers of one reading told.

    `days` are the days asked for; where a building closes past midnight, the day after is
    in `wanted` as well, because its early hours belong to the last one. `anything_on` tells
    whether any room had anything on any day, be it closed hours.
    """

    def __init__(self, campus: Campus, days: Sequence[date], at: datetime) -> None:
        self._campus = campus
        self._at = at
        self.days = tuple(days)
        late = any(building.closes > DAY for building in campus.buildings)
        self.wanted = (*self.days, self.days[-1] + DAY) if late else self.days
        self.wall_time = WallTime(campus.timezone)
        self.room_ids = tuple(room.id for room in campus.rooms)
        self.anything_on = False
        self._told: dict[str, dict[date, Finding]] = {room_id: {} for room_id in self.room_ids}
        self._added: defaultdict[str, _Added] = defaultdict(lambda: defaultdict(list))
        self._unclear: set[tuple[str, date]] = set()
        self._faults: dict[tuple[str, date], SourceError] = {}
        bounds = (*self.wanted, self.wanted[-1] + DAY)
        midnights = [self.wall_time.midnight(day) for day in bounds]
        # The clocks of some campuses skip midnight or show it twice.
        self._first_midnights = [first for first, _ in midnights]
        self._last_midnights = [last for _, last in midnights]

    def tell(
        self,
        room_id: str,
        day: date,
        *,
        window: Minutes,
        bookings: Intervals = (),
        closures: Intervals = (),
    ) -> None:
        """Add what an answer shows of a room between the minutes of `window`."""
        told = self._told[room_id]
        earlier = told.get(day)
        if len(bookings) + len(closures) > _MOST_A_DAY:
            self.doubt(room_id, day)
        elif earlier is None:
            told[day] = Finding(window, bookings, closures)
        else:
            # Two answers that show different hours: only what both show is sure.
            start, end = earlier.window
            earlier.window = max(window[0], start), min(window[1], end)
            self._add(room_id, day, bookings, closure=False)
            self._add(room_id, day, closures, closure=True)

    def place(self, room_id: str, interval: Interval, *, closure: bool) -> None:
        """Add an interval to every day that it reaches, told or not."""
        self.add(room_id, self.reached_by(interval), interval, closure=closure)

    def reached_by(self, interval: Interval) -> Sequence[date]:
        """Return the wanted days that an interval reaches, in order."""
        first = max(bisect_right(self._last_midnights, interval.start) - 1, 0)
        last = bisect_left(self._first_midnights, interval.end)
        return self.wanted[first:last]

    def add(self, room_id: str, days: Iterable[date], interval: Interval, *, closure: bool) -> None:
        """Add an interval to the days that it reaches, told or not."""
        added = self._added[room_id]
        for day in days:
            intervals = added[day, closure]
            if len(intervals) < _MOST_A_DAY:
                intervals.append(interval)
            else:
                self.doubt(room_id, day)

    def doubt(self, room_id: str, day: date) -> None:
        """Note that something takes a room that day, and nobody can say when."""
        self._unclear.add((room_id, day))

    def fail(self, room_ids: Iterable[str], days: Iterable[date], err: SourceError) -> None:
        """Note why answers about these rooms and days did not come."""
        fault = bare(err)
        days = tuple(days)
        for room_id in room_ids:
            for day in days:
                self._faults.setdefault((room_id, day), fault)

    def refuse_emptiness(self) -> None:
        """Stop a reading that shows every room free because nothing may be seen.

        Raises:
            SourceRefusedError: no room has anything on, on no day, not even closed hours.
        """
        told = sum(map(bool, self._told.values()))
        empty = {room_id for (room_id, _), err in self._faults.items() if err.kind == _NO_DATA}
        nothing_told = not told and len(empty) >= _EVERYBODY
        if nothing_told or (told >= _EVERYBODY and not self.anything_on):
            raise SourceRefusedError("empty for everybody")

    async def by_day(
        self,
    ) -> tuple[dict[date, dict[str, RoomDay]], dict[date, dict[str, SourceError]]]:
        """Return by day what is known of each room, and why nothing is of the others."""
        days: dict[date, dict[str, RoomDay]] = {day: {} for day in self.days}
        failures: dict[date, dict[str, SourceError]] = {day: {} for day in self.days}
        for building in self._campus.buildings:
            for number, room in enumerate(building.rooms):
                if number % _ROOMS_AT_A_STRETCH == 0:
                    await asyncio.sleep(0)
                for day in self.days:
                    known = self.room_day(building, room.id, day)
                    if isinstance(known, RoomDay):
                        days[day][room.id] = known
                    else:
                        failures[day][room.id] = known
        return days, failures

    def room_day(self, building: Building, room_id: str, day: date) -> RoomDay | SourceError:
        """Return what is known of a room from the opening to the closing of `day`."""
        finding = self._on(room_id, day)
        if finding is None:
            return self._fault(room_id, day)
        known = self.wall_time.known(day, finding.window)
        if building.closes <= DAY:
            return RoomDay(known, finding.bookings, finding.closures, self._at)
        after = self._on(room_id, day + DAY)
        if after is None:
            # Even where answers show hours past midnight: those are the next day's to tell.
            start, end = finding.window
            known = self.wall_time.known(day, (start, min(end, MIDNIGHT)))
            return RoomDay(known, finding.bookings, finding.closures, self._at)
        closing = self.wall_time.instant(day, building.closes)
        return RoomDay(
            self.wall_time.known_past_midnight(day, finding.window, after.window, building.closes),
            finding.bookings + _before(closing, after.bookings),
            finding.closures + _before(closing, after.closures),
            self._at,
        )

    def _add(self, room_id: str, day: date, intervals: Intervals, *, closure: bool) -> None:
        added = self._added[room_id][day, closure]
        if len(added) + len(intervals) > _MOST_A_DAY:
            self.doubt(room_id, day)
        else:
            added.extend(intervals)

    def _on(self, room_id: str, day: date) -> Finding | None:
        """Return what all answers together told, None where they leave it open."""
        finding = self._told[room_id].get(day)
        if finding is None or (self._unclear and (room_id, day) in self._unclear):
            return None
        added = self._added.get(room_id)
        if added is None:
            return finding
        return Finding(
            finding.window,
            (*finding.bookings, *added.get((day, False), ())),
            (*finding.closures, *added.get((day, True), ())),
        )

    def _fault(self, room_id: str, day: date) -> SourceError:
        if (room_id, day) in self._unclear:
            return SourceChangedError("not understood", "unclear times")
        return self._faults.get((room_id, day)) or SourceChangedError("not in the answer")


def _before(closing: datetime, intervals: Intervals) -> Intervals:
    return tuple(each for each in intervals if each.start < closing)
