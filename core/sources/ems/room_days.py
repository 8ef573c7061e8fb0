"""What the answers of EMS show of each room and day, and the room days they amount to.

A day is known where EMS answered about it and about the day before, whose bookings may pass
midnight. Rooms that are combined block each other.

Source: `docs/ems.md`, "Bookings" and "Combined rooms".
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from core.availability.gaps import free_gaps
from core.errors import SourceError, SourceFormatError, SourceRefusedError
from core.model.bookings import RoomDay
from core.model.calendar import DAY, local_to_utc
from core.model.campus import Building, Campus
from core.model.interval import Interval
from core.sources.base import AmbiguousTimeError
from core.sources.ems.booking_times import BookingTimes, TakenTime, is_cancelled
from core.sources.ems.building_hours import BuildingHours
from core.sources.ems.schema import Booking, DayAnswer, Id, ListedBuilding
from core.sources.room_days import RoomDayBuilder, without_traceback

# No room has more on in a day; an answer that says so must not fill the memory either.
_MAX_TIMES_PER_DAY = 200
# More pairs of rooms than any EMS has combined.
_MAX_COMBINED = 50_000

_NONE: frozenset[TakenTime] = frozenset()


class EmsDayBuilder(RoomDayBuilder):
    """Collects the answers of one read of a campus on EMS.

    `read_days` are the days to ask about: the day before the first of `days`, `days`, and the
    day after the last where a building closes past midnight.
    """

    def __init__(self, campus: Campus, days: Sequence[date], at: datetime) -> None:
        super().__init__(campus, days, at)
        closes_late = any(building.closes > DAY for building in campus.buildings)
        after = (days[-1] + DAY,) if closes_late else ()
        self.read_days = (days[0] - DAY, *self.days, *after)
        self._zone = campus.timezone
        self._midnights = [
            local_to_utc(day, timedelta(), self._zone)
            for day in (*self.read_days, self.read_days[-1] + DAY)
        ]
        self._times = BookingTimes(campus.timezone)
        self._hours = BuildingHours(campus.timezone, self.read_days)
        self._building_ids: dict[str, str] = {}
        self._taken: defaultdict[str, defaultdict[date, set[TakenTime]]] = defaultdict(
            lambda: defaultdict(set)
        )
        self._combined: defaultdict[str, set[str]] = defaultdict(set)
        self._combined_count = 0
        self._spans: dict[tuple[date, timedelta], Interval] = {}
        self._unclear: set[tuple[str, date]] = set()
        self._answered: set[date] = set()
        self._errors: dict[date, SourceError] = {}

    def add_rooms(self, buildings: Iterable[ListedBuilding]) -> None:
        """Record which rooms strangers may see, and the hours of their buildings.

        Raises:
            SourceRefusedError: strangers see no room at all.
        """
        for building in buildings:
            building_id = str(building.id)
            for room in building.rooms or ():
                self._building_ids[str(room.id)] = building_id
            first = self.days[0]
            self._hours.add_hours(building.hours, asked=first, building_id=building_id)
            self._hours.add_holidays(building.holidays, asked=first, building_id=building_id)
        if not self._building_ids:
            raise SourceRefusedError("empty for everybody", "no rooms")

    def add_day(self, day: date, answer: DayAnswer) -> None:
        """Record the answer about `day`, which is known then.

        Raises:
            SourceFormatError: it is about other days.
        """
        self._hours.add_hours(answer.hours, asked=day)
        self._hours.add_holidays(answer.holidays, asked=day)
        bookings = answer.bookings if isinstance(answer.bookings, list) else []
        if bookings and not sum(self._add_booking(each, day) for each in bookings):
            raise SourceFormatError("not understood", "bookings of other days")
        self._answered.add(day)

    def mark_failed(self, day: date, err: SourceError) -> None:
        """Note why there is no answer about a day."""
        self._errors.setdefault(day, without_traceback(err))

    def fail_rest(self, err: SourceError) -> None:
        """Record why the days that have no answer are unknown."""
        for day in self.read_days:
            if day not in self._answered:
                self.mark_failed(day, err)

    def room_day(self, building: Building, room_id: str, day: date) -> RoomDay | SourceError:
        """Return what is known of a room from midnight to midnight, or to the closing."""
        failure = self._failure(room_id, day)
        if failure:
            return failure
        days = [day]
        if building.closes > DAY and not self._failure(room_id, day + DAY):
            days.append(day + DAY)
        times = {taken for each in days for taken in self._times_of(room_id, each)}
        bookings = tuple(sorted(taken.sure for taken in times if taken.sure))
        closed = [self._hours.closed_time(self._building_ids[room_id], each) for each in days]
        closures = tuple(each for part in closed for each in part.closures)
        doubts = [
            *(each for part in closed for each in part.doubts),
            *(taken.possible for taken in times if not taken.is_exact),
        ]
        span = self._span(day, building.closes if len(days) > 1 else DAY)
        known = _without_doubts(span, doubts, (*bookings, *closures)) if doubts else (span,)
        if not known:
            return SourceFormatError("not understood", "unclear times")
        return RoomDay(known, bookings, closures, self._read_at)

    def _add_booking(self, booking: Booking, asked: date) -> bool:
        """Record a booking; return whether it may be on the day that was asked for."""
        self.has_any_booking = True
        room_id = str(booking.room_id)
        own_id = _own_id(booking.own_room_id) or room_id
        if own_id != room_id:
            self._combine(own_id, room_id, asked)
        if is_cancelled(booking):
            return True
        try:
            taken = self._times.taken_time(booking)
        except AmbiguousTimeError:
            self._mark_unclear(own_id, asked)
            return True
        touched = self._days_touched(taken.possible)
        for day in touched:
            times = self._taken[own_id][day]
            if len(times) < _MAX_TIMES_PER_DAY:
                times.add(taken)
            else:
                self._mark_unclear(own_id, day)
        return asked in touched

    def _combine(self, room_id: str, other_id: str, asked: date) -> None:
        """Note that two rooms block each other."""
        if other_id in self._combined[room_id]:
            return
        if self._combined_count >= _MAX_COMBINED:
            self._mark_unclear(room_id, asked)
            self._mark_unclear(other_id, asked)
            return
        self._combined_count += 1
        self._combined[room_id].add(other_id)
        self._combined[other_id].add(room_id)

    def _mark_unclear(self, room_id: str, day: date) -> None:
        """Note that something takes a room on a day, perhaps past midnight, but not when."""
        self._unclear |= {(room_id, day), (room_id, day + DAY)}

    def _days_touched(self, interval: Interval) -> Sequence[date]:
        first = bisect_right(self._midnights, interval.start) - 1
        last = bisect_left(self._midnights, interval.end)
        return self.read_days[max(first, 0) : last]

    def _times_of(self, room_id: str, day: date) -> set[TakenTime]:
        """Return what takes a room on a day: in itself, and in each room combined with it."""
        rooms = (room_id, *self._combined.get(room_id, ()))
        return set().union(
            *(self._taken[each].get(day, _NONE) for each in rooms if each in self._taken)
        )

    def _span(self, day: date, last: timedelta) -> Interval:
        span = self._spans.get((day, last))
        if span is None:
            bounds = (local_to_utc(day, each, self._zone) for each in (timedelta(), last))
            span = self._spans[day, last] = Interval(*bounds)
        return span

    def _failure(self, room_id: str, day: date) -> SourceError | None:
        """Return why a room is unknown on a calendar day, None where it is known."""
        if not self._building_ids:
            return self._errors.get(day) or SourceFormatError("not in the answer")
        if room_id not in self._building_ids:
            return SourceFormatError("not in the answer")
        for each in (day, day - DAY):
            if each not in self._answered:
                return self._errors.get(each) or SourceFormatError("not in the answer")
        rooms = (room_id, *self._combined.get(room_id, ()))
        if self._unclear and any((each, day) in self._unclear for each in rooms):
            return SourceFormatError("not understood", "unclear times")
        return None

    def _rooms_read(self) -> int:
        return len(self._building_ids) if self._answered else 0

    def _raise_if_all_empty(self) -> None:
        """Refuse answers without a single booking, unless nothing was open to be booked."""
        buildings = set(self._building_ids.values())
        is_any_open = any(
            not self._hours.is_closed_all_day(building, day)
            for day in self._answered
            for building in buildings
        )
        if not is_any_open:
            return
        try:
            super()._raise_if_all_empty()
        except SourceRefusedError:
            # The days that failed may be those with bookings, and say more.
            if self._errors:
                raise next(iter(self._errors.values())) from None
            raise


def _without_doubts(
    span: Interval, doubts: Iterable[Interval], taken: Iterable[Interval]
) -> tuple[Interval, ...]:
    """Return the parts of `span` that no doubt is about; what is surely taken is in no doubt."""
    taken = tuple(taken)
    unclear = [
        part for each in doubts for part in free_gaps(each, taken, at_least=timedelta.resolution)
    ]
    return tuple(free_gaps(span, unclear, at_least=timedelta.resolution))


def _own_id(own_room_id: Id | None) -> str:
    """Return the id of the room that was booked, empty where EMS leaves it out or writes 0."""
    return "" if own_room_id is None or own_room_id in {0, "0", ""} else str(own_room_id)
