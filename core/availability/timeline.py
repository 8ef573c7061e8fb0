"""What a room is from a moment on, and until when, across the days that are at hand."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from core.availability.campus_day import CampusDays
from core.availability.states import DayStates, RoomState, day_states
from core.model.calendar import DAY
from core.model.campus import Building, Room
from core.model.interval import Interval


@dataclass(frozen=True, slots=True)
class StateSpan:
    """What a room is from a moment on, and when it becomes something else.

    `reason` is why it is closed, where the campus file says so. An unknown time ends with the
    day at the latest where nothing is known of what follows.
    """

    state: RoomState
    until: datetime
    reason: str = ""


def state_at(days: CampusDays, building: Building, room: Room, moment: datetime) -> RoomState:
    """Return what a room is at a moment."""
    return states_on(days, building, room, building.business_day(moment)).at(moment)


def state_span_at(days: CampusDays, building: Building, room: Room, moment: datetime) -> StateSpan:
    """Return what a room is at a moment, and until when.

    A state that goes on in the next day is followed through all days that are at hand. Closed
    is followed as far ahead as the room is closed.
    """
    spans = _spans_from(days, building, room, moment)
    state, until = next(spans)
    while _may_go_on(days, building, state, until):
        following, end = next(spans)
        if following is not state:
            break
        until = end
    reason = building.closed_reason_at(moment) if state is RoomState.CLOSED else ""
    return StateSpan(state, until, reason)


def building_closure(days: CampusDays, building: Building, moment: datetime) -> StateSpan | None:
    """Return until when all rooms of a building are closed, None where one of them is not."""
    spans: list[StateSpan] = []
    for room in building.rooms:
        span = state_span_at(days, building, room, moment)
        if span.state is not RoomState.CLOSED:
            return None
        spans.append(span)
    return min(spans, key=_until, default=None)


def common_closure(
    days: CampusDays, buildings: Iterable[Building], moment: datetime
) -> StateSpan | None:
    """Return until when several buildings are all closed, None where one of them is not.

    The reason is left out where they have different ones.
    """
    spans: list[StateSpan] = []
    for building in buildings:
        span = building_closure(days, building, moment)
        if span is None:
            return None
        spans.append(span)
    if not spans:
        return None
    reasons = {span.reason for span in spans}
    reason = reasons.pop() if len(reasons) == 1 else ""
    return StateSpan(RoomState.CLOSED, min(map(_until, spans)), reason)


def _until(span: StateSpan) -> datetime:
    return span.until


def states_within(
    days: CampusDays, building: Building, room: Room, within: Interval
) -> list[tuple[RoomState, Interval]]:
    """Return the states of a room in an interval, in order; neighbours differ."""
    found: list[tuple[RoomState, Interval]] = []
    start = within.start
    for state, end in _spans_from(days, building, room, within.start):
        part = Interval(start, min(end, within.end))
        if found and found[-1][0] is state:
            found[-1] = state, Interval(found[-1][1].start, part.end)
        else:
            found.append((state, part))
        if end >= within.end:
            break
        start = end
    return found


def _may_go_on(days: CampusDays, building: Building, state: RoomState, until: datetime) -> bool:
    if state is not RoomState.UNKNOWN:
        return True
    return building.business_day(until) <= max(days, default=date.min)


def _spans_from(
    days: CampusDays, building: Building, room: Room, moment: datetime
) -> Iterator[tuple[RoomState, datetime]]:
    """Yield states and their ends from `moment` on, without end; neighbours may be the same."""
    while True:
        day = building.business_day(moment)
        states = states_on(days, building, room, day)
        state, until = RoomState.CLOSED, states.window.start
        for each in states.intervals:
            if moment in each.interval:
                state, until = each.state, each.interval.end
        if until <= moment:
            until = building.window_on(day + DAY).start
        if state is RoomState.CLOSED:
            until = building.next_opening(until)
        yield state, until
        moment = until


def states_on(days: CampusDays, building: Building, room: Room, date_: date) -> DayStates:
    """Return the states of a room on a day, whether that is at hand or not."""
    if day := days.get(date_):
        return day.states(room)
    window = building.window_on(date_)
    closed = building.closed_intervals_on(date_)
    return day_states(window, closed=closed, gaps=(), day=None)
