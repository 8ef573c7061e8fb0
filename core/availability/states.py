"""What a room is: free, booked, closed or unknown. Every reply takes its decision from here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from core.model.bookings import RoomDay
from core.model.interval import Interval, merge, uncovered


class RoomState(Enum):
    """What a room is at a moment."""

    FREE = "free"
    BOOKED = "booked"
    CLOSED = "closed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class StateInterval:
    """A time in which a room's state stays the same."""

    state: RoomState
    interval: Interval


@dataclass(frozen=True, slots=True)
class DayStates:
    """The states of one room in its building's day.

    `intervals` cover `window` without overlap, in order, and neighbours differ in state.
    Outside `window` the building is closed, as far as this day is concerned.
    """

    window: Interval
    intervals: tuple[StateInterval, ...]

    def at(self, moment: datetime) -> RoomState:
        """Return the state at a moment."""
        for each in self.intervals:
            if moment in each.interval:
                return each.state
        return RoomState.CLOSED

    def of(self, state: RoomState) -> tuple[Interval, ...]:
        """Return the times of one state, in order."""
        return tuple(each.interval for each in self.intervals if each.state is state)


def day_states(
    window: Interval, *, closed: Sequence[Interval], gaps: Sequence[Interval], day: RoomDay | None
) -> DayStates:
    """Decide a room's states in the window of a day.

    `closed` is when its building is closed, by the campus file; it holds whatever is known of
    the room. `gaps` are those of `room_gaps` with the same arguments. `day` is None where
    nothing is known. A time that is none of closed, unknown and a gap is booked, which takes
    in breaks that are too short for a gap.
    """
    shut = closed_intervals(window, closed=closed, day=day)
    known = merge([*shut, *(day.known if day else ())])
    parts = [
        *(StateInterval(RoomState.CLOSED, each) for each in shut),
        *(
            StateInterval(RoomState.FREE, part)
            for each in gaps
            if (part := each.intersection(window))
        ),
        *(StateInterval(RoomState.UNKNOWN, each) for each in uncovered(window, known)),
    ]
    booked = uncovered(window, (each.interval for each in parts))
    parts += (StateInterval(RoomState.BOOKED, each) for each in booked)
    return DayStates(window, tuple(sorted(parts, key=_start)))


def closed_intervals(
    window: Interval, *, closed: Iterable[Interval], day: RoomDay | None
) -> list[Interval]:
    """Return when a room is closed in a window, by the campus file or by its source, in order.

    A closure of the source counts where the source knows the room.
    """
    by_source = (
        part
        for closure in (day.closures if day else ())
        for known in (day.known if day else ())
        if (part := closure.intersection(known))
    )
    cut = (part for each in (*closed, *by_source) if (part := each.intersection(window)))
    return merge(cut)


def _start(part: StateInterval) -> datetime:
    return part.interval.start
