"""What a refresh changed for somebody who looks for a room now."""

from dataclasses import dataclass
from datetime import datetime

from core.availability.campus_day import CampusDay
from core.availability.gap_index import FreeRoom
from core.availability.states import RoomState
from core.model.campus import Building, Room
from core.model.interval import Interval


@dataclass(frozen=True, slots=True)
class BusyRoom:
    """A room that is not free; `until` is its next gap's start, None where it has none today."""

    room: Room
    next_free_at: datetime | None


@dataclass(frozen=True, slots=True)
class AvailabilityDiff:
    """Rooms whose state at one moment is another after a refresh, in the campus's order.

    Only rooms that anybody may use.
    """

    newly_free: tuple[FreeRoom, ...] = ()
    newly_busy: tuple[BusyRoom, ...] = ()
    newly_closed: tuple[Room, ...] = ()
    newly_known: tuple[Room, ...] = ()
    newly_unknown: tuple[Room, ...] = ()


def diff_availability(
    before: CampusDay | None, after: CampusDay, moment: datetime
) -> AvailabilityDiff:
    """Compare two states of knowledge about one day, at one moment.

    Without an earlier one nothing has changed: there is nothing to compare with.
    """
    if before is None:
        return AvailabilityDiff()
    free, busy, closed, known, unknown = [], [], [], [], []
    for building in after.campus.buildings:
        for room in _changed_rooms(before, after, building, moment):
            was, now = before.state_at(room, moment), after.state_at(room, moment)
            if gap := after.gap_at(room, moment):
                free.append(FreeRoom(room, gap, after.carried_over_from(room)))
            elif now is RoomState.UNKNOWN:
                unknown.append(room)
            elif now is RoomState.CLOSED:
                closed.append(room)
            elif was is RoomState.FREE:
                busy.append(BusyRoom(room, _next_gap_start(after.gaps[room.id], moment)))
            elif was is RoomState.UNKNOWN:
                known.append(room)
    return AvailabilityDiff(
        newly_free=tuple(free),
        newly_busy=tuple(busy),
        newly_closed=tuple(closed),
        newly_known=tuple(known),
        newly_unknown=tuple(unknown),
    )


def _changed_rooms(
    before: CampusDay, after: CampusDay, building: Building, moment: datetime
) -> list[Room]:
    return [
        room
        for room in building.offered_rooms
        if before.state_at(room, moment) is not after.state_at(room, moment)
    ]


def _next_gap_start(gaps: tuple[Interval, ...], moment: datetime) -> datetime | None:
    return next((gap.start for gap in gaps if gap.start > moment), None)
