"""What the answers of EMS show of each room and day, and the room days they amount to.

A day is known where EMS answered about it and about the day before, whose bookings may pass
midnight. Rooms that are combined block each other.

Source: `docs/ems.md`, "Bookings" and "Combined rooms".
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from core.errors import SourceError, SourceFormatError, SourceRefusedError
from core.model.bookings import RoomDay
from core.model.calendar import DAY
from core.model.campus import Building, Campus
from core.model.interval import Interval
from core.sources.base import AmbiguousTimeError
from core.sources.ems.booking_times import BookingTimes, is_cancelled
from core.sources.ems.building_days import BuildingDay, BuildingDays
from core.sources.ems.building_hours import BuildingHours, Intervals
from core.sources.ems.schema import Booking, DayAnswer, Id, ListedBuilding
from core.sources.room_days import RoomDayBuilder, without_traceback

# No room has more on in a day; an answer that says so must not fill the memory either.
_MAX_TIMES_PER_DAY = 200
# A day of a large campus takes long enough to hold up commands.
_BOOKINGS_PER_YIELD = 1000
# More pairs of rooms than any EMS has combined.
_MAX_COMBINED = 50_000


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
        self._times = BookingTimes(campus.timezone, self.read_days)
        self._hours = BuildingHours(campus.timezone, self.read_days)
        self._building_ids: dict[str, str] = {}
        self._taken: dict[date, dict[str, list[Interval]]] = {day: {} for day in self.read_days}
        self._doubts: dict[date, dict[str, list[Interval]]] = {day: {} for day in self.read_days}
        self._combined: defaultdict[str, set[str]] = defaultdict(set)
        self._combined_count = 0
        self._unclear: set[tuple[str, date]] = set()
        self._answered: set[date] = set()
        self._errors: dict[date, SourceError] = {}
        self._frames: dict[tuple[str, date, timedelta], BuildingDay | SourceError] = {}
        self._building_days = BuildingDays(campus.timezone, self._hours)

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

    async def add_day(self, day: date, answer: DayAnswer) -> None:
        """Record the answer about `day`, which is known then.

        Raises:
            SourceFormatError: it is about other days.
        """
        self._hours.add_hours(answer.hours, asked=day)
        self._hours.add_holidays(answer.holidays, asked=day)
        bookings = answer.bookings if isinstance(answer.bookings, list) else []
        self.has_any_booking |= bool(bookings)
        is_about_day = not bookings
        for first in range(0, len(bookings), _BOOKINGS_PER_YIELD):
            some = bookings[first : first + _BOOKINGS_PER_YIELD]
            is_about_day = self._add_bookings(some, day) or is_about_day
            await asyncio.sleep(0)
        if not is_about_day:
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
        building_id = self._building_ids.get(room_id)
        if building_id is None:
            return self._missing_room_error(day)
        frame = self._frame(building_id, day, building.closes)
        if self._unclear:
            frame = self._cleared(frame, room_id, building_id)
        if isinstance(frame, SourceError):
            return frame
        bookings, unclear = self._times_of(room_id, frame.days)
        known = frame.known
        if unclear or frame.doubts:
            known = frame.without_doubts(unclear, bookings)
            if not known:
                return SourceFormatError("not understood", "unclear times")
        return RoomDay(known, bookings, frame.closures, self._read_at)

    def _add_bookings(self, bookings: Iterable[Booking], asked: date) -> bool:
        """Record bookings; return whether one of them may be on the day that was asked for."""
        is_about_day = False
        taken_time, only_asked = self._times.taken_time, (asked,)
        taken_when_asked = self._taken[asked]
        for booking in bookings:
            room_id = str(booking.room_id)
            if booking.own_room_id is not None and booking.own_room_id != booking.room_id:
                room_id = self._combined_own_room(room_id, booking.own_room_id, asked)
            if is_cancelled(booking.status, booking.status_type):
                is_about_day = True
                continue
            try:
                taken = taken_time(booking)
            except AmbiguousTimeError:
                self._mark_unclear(room_id, asked)
                is_about_day = True
                continue
            interval = taken.possible
            if taken.is_exact and taken.days == only_asked:
                # Almost every row, and the other way costs twice as much.
                self._add_interval(taken_when_asked, room_id, asked, interval)
                is_about_day = True
                continue
            for day in taken.days:
                is_about_day = is_about_day or day == asked
                if taken.sure:
                    self._add_interval(self._taken[day], room_id, day, taken.sure)
                if not taken.is_exact:
                    self._add_interval(self._doubts[day], room_id, day, interval)
        return is_about_day

    def _add_interval(
        self, by_room: dict[str, list[Interval]], room_id: str, day: date, interval: Interval
    ) -> None:
        intervals = by_room.get(room_id)
        if intervals is None:
            by_room[room_id] = [interval]
        elif interval in intervals:
            # Listed on the day before as well, or for each of the rooms that are combined.
            return
        elif len(intervals) < _MAX_TIMES_PER_DAY:
            intervals.append(interval)
        else:
            self._mark_unclear(room_id, day)

    def _combined_own_room(self, room_id: str, own_room_id: Id, asked: date) -> str:
        """Return the room that was booked, and note that it and the room taken are combined."""
        # EMS writes 0 where it has none to name.
        own_id = room_id if own_room_id in {0, "0", ""} else str(own_room_id)
        if own_id != room_id:
            self._combine(own_id, room_id, asked)
        return own_id

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

    def _is_unclear(self, room_id: str, day: date) -> bool:
        """Tell whether something takes a room, or one combined with it, at an unclear time."""
        rooms = (room_id, *self._combined.get(room_id, ()))
        return any((each, day) in self._unclear for each in rooms)

    def _times_of(self, room_id: str, days: Sequence[date]) -> tuple[Intervals, Intervals]:
        """Return when a room is surely taken on some days, and when perhaps.

        That is by what is booked in itself, and in each room combined with it.
        """
        combined = self._combined.get(room_id) if self._combined else None
        if combined is None and len(days) == 1:
            day = days[0]
            return tuple(self._taken[day].get(room_id, ())), tuple(
                self._doubts[day].get(room_id, ())
            )
        rooms = (room_id, *(combined or ()))
        taken, doubts = (
            sorted({each for day in days for room in rooms for each in by_day[day].get(room, ())})
            for by_day in (self._taken, self._doubts)
        )
        return tuple(taken), tuple(doubts)

    def _frame(self, building_id: str, day: date, closes: timedelta) -> BuildingDay | SourceError:
        """Return a building's day, or why all of its rooms are unknown then."""
        key = building_id, day, closes
        frame = self._frames.get(key)
        if frame is None:
            frame = self._frames[key] = self._new_frame(*key)
        return frame

    def _new_frame(
        self, building_id: str, day: date, closes: timedelta
    ) -> BuildingDay | SourceError:
        before, after = day - DAY, day + DAY
        for each in (before, day):
            if each not in self._answered:
                return self._errors.get(each) or SourceFormatError("not in the answer")
        days = (day, after) if closes > DAY and after in self._answered else (day,)
        return self._building_days.frame(building_id, days, closes)

    def _cleared(
        self, frame: BuildingDay | SourceError, room_id: str, building_id: str
    ) -> BuildingDay | SourceError:
        """Return the part of a day without calendar days on which a room is unclear."""
        if isinstance(frame, SourceError):
            return frame
        day, *after = frame.days
        if self._is_unclear(room_id, day):
            return SourceFormatError("not understood", "unclear times")
        if after and self._is_unclear(room_id, after[0]):
            return self._building_days.frame(building_id, (day,), DAY)
        return frame

    def _missing_room_error(self, day: date) -> SourceError:
        """Return why a room is unknown that EMS does not show."""
        error = None if self._building_ids else self._errors.get(day)
        return error or SourceFormatError("not in the answer")

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
