"""One room's week from the campus days at hand, what it is at a moment, and what comes then."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from core.availability.campus_day import CampusDay, CampusDays, RoomState
from core.availability.gaps import unknown_intervals
from core.model.calendar import DAY, days_of_week
from core.model.campus import Building, Room
from core.model.interval import Interval


@dataclass(frozen=True, slots=True)
class StateSpan:
    """What a room is from a moment on, and until when at least.

    Days are cut where their opening hours end: what follows may be the same again. Closed is
    what lies outside the opening hours, whatever is known of the room.
    """

    state: RoomState
    until: datetime


@dataclass(frozen=True, slots=True)
class WeekDay:
    """One day of a room; `gaps` and `unknown` are parts of `hours`, in order.

    What is in neither is taken. `is_read` is False where nothing of the campus is known that
    day; then, as where the room alone is unknown, all hours are. `closures` reach beyond the
    hours of the source. `carried_over_from` is when the room was read, where that was before
    the last attempt.
    """

    day: date
    hours: Interval
    gaps: tuple[Interval, ...]
    closures: tuple[Interval, ...]
    unknown: tuple[Interval, ...]
    has_data: bool
    carried_over_from: datetime | None

    @property
    def is_unknown(self) -> bool:
        """Tell whether nothing at all is known of the room that day."""
        return self.unknown == (self.hours,)


@dataclass(frozen=True, slots=True)
class RoomWeek:
    """A room's week, Monday first; `now` is what it is now, `then` what it is after that.

    `today` is the day that its building is in, which may lie outside the week.
    """

    building: Building
    room: Room
    days: tuple[WeekDay, ...]
    today: date
    now: StateSpan
    next: StateSpan


def room_week(
    days: CampusDays, building: Building, room: Room, *, monday: date, now: datetime
) -> RoomWeek:
    """Tell the week that begins on `monday` of a room of `building`."""
    first = state_span_at(days, building, room, now)
    return RoomWeek(
        building=building,
        room=room,
        days=tuple(_week_day(days.get(day), building, room, day) for day in days_of_week(monday)),
        today=building.business_day(now),
        now=first,
        next=state_span_at(days, building, room, first.until),
    )


def state_span_at(days: CampusDays, building: Building, room: Room, moment: datetime) -> StateSpan:
    """Tell what a room is at a moment, and until when."""
    day = building.business_day(moment)
    hours = building.opening_hours_on(day)
    if moment not in hours:
        opens = hours.start if moment < hours.start else building.opening_hours_on(day + DAY).start
        return StateSpan(RoomState.CLOSED, opens)
    known = days.get(day)
    if known is None:
        return StateSpan(RoomState.UNKNOWN, hours.end)
    ends = (each for each in _state_changes(known, room, hours) if each > moment)
    return StateSpan(known.state_at(room, moment), min(ends))


def _state_changes(day: CampusDay, room: Room, hours: Interval) -> Iterator[datetime]:
    """Return the moments at which the room becomes another in its hours, and their end."""
    yield hours.end
    for part in (*day.gaps.get(room.id, ()), *_unknown_intervals(day, room, hours)):
        yield part.start
        yield part.end


def _week_day(day: CampusDay | None, building: Building, room: Room, date_: date) -> WeekDay:
    hours = building.opening_hours_on(date_)
    if day is None:
        return WeekDay(date_, hours, (), (), (hours,), has_data=False, carried_over_from=None)
    known = day.room_day(room)
    return WeekDay(
        day=date_,
        hours=hours,
        gaps=day.gaps.get(room.id, ()),
        closures=known.closures if known else (),
        unknown=_unknown_intervals(day, room, hours),
        has_data=True,
        carried_over_from=day.carried_over_from(room),
    )


def _unknown_intervals(day: CampusDay, room: Room, hours: Interval) -> tuple[Interval, ...]:
    known = day.room_day(room)
    return unknown_intervals(hours, known) if known else (hours,)
