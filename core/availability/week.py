"""One room's week from the campus days at hand, what it is at a moment, and what comes then."""

from dataclasses import dataclass
from datetime import date, datetime

from core.availability.campus_day import CampusDay, CampusDays
from core.availability.states import RoomState
from core.availability.timeline import StateSpan, state_span_at, states_on
from core.model.calendar import days_of_week
from core.model.campus import Building, Room
from core.model.interval import Interval


@dataclass(frozen=True, slots=True)
class WeekDay:
    """One day of a room; `gaps`, `closures`, `unknown` and `booked` cover `window`, each in order.

    `has_data` is False where nothing of the campus is known that day; then all of the window is
    unknown or closed, as where the room alone is unknown. `reason` is why the room is closed,
    where the campus file says so. `carried_over_from` is when the room was read, where that was
    before the last attempt.
    """

    day: date
    window: Interval
    gaps: tuple[Interval, ...]
    closures: tuple[Interval, ...]
    unknown: tuple[Interval, ...]
    booked: tuple[Interval, ...]
    has_data: bool
    reason: str
    carried_over_from: datetime | None

    @property
    def is_closed(self) -> bool:
        """Whether the room stays closed all day."""
        return self.closures == (self.window,)

    @property
    def is_unknown(self) -> bool:
        """Whether nothing at all is known of the room while it is not closed."""
        return bool(self.unknown) and not (self.gaps or self.booked)

    @property
    def is_unbooked(self) -> bool:
        """Whether it is known that nothing is booked in the room all day."""
        return bool(self.gaps) and not (self.booked or self.unknown)


@dataclass(frozen=True, slots=True)
class RoomWeek:
    """A room's week, Monday first; `now` is what it is now, `next` what it is after that.

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
    """Return the week that begins on `monday` of a room of `building`."""
    first = state_span_at(days, building, room, now)
    return RoomWeek(
        building=building,
        room=room,
        days=tuple(_week_day(days, building, room, day) for day in days_of_week(monday)),
        today=building.business_day(now),
        now=first,
        next=state_span_at(days, building, room, first.until),
    )


def _week_day(days: CampusDays, building: Building, room: Room, date_: date) -> WeekDay:
    day: CampusDay | None = days.get(date_)
    states = states_on(days, building, room, date_)
    closures = states.of(RoomState.CLOSED)
    return WeekDay(
        day=date_,
        window=states.window,
        gaps=states.of(RoomState.FREE),
        closures=closures,
        unknown=states.of(RoomState.UNKNOWN),
        booked=states.of(RoomState.BOOKED),
        has_data=day is not None,
        reason=building.closed_reason_at(closures[0].start) if closures else "",
        carried_over_from=day.carried_over_from(room) if day else None,
    )
