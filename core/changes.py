"""What a refresh changed for somebody who looks for a room now."""

from dataclasses import dataclass
from datetime import datetime

from core.availability import CampusDay, FreeRoom, State
from core.model import Building, Interval, Room


@dataclass(frozen=True, slots=True)
class BusyRoom:
    """A room that is not free; `until` is its next gap's start, None where it has none today."""

    room: Room
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Changes:
    """Rooms whose state at one moment is another after a refresh, in the campus's order."""

    newly_free: tuple[FreeRoom, ...] = ()
    newly_busy: tuple[BusyRoom, ...] = ()
    newly_known: tuple[Room, ...] = ()
    newly_unknown: tuple[Room, ...] = ()


def changes(before: CampusDay | None, after: CampusDay, moment: datetime) -> Changes:
    """Compare two states of knowledge about one day, at one moment.

    Without an earlier one nothing has changed: there is nothing to compare with.
    """
    if before is None:
        return Changes()
    free, busy, known, unknown = [], [], [], []
    for building in after.campus.buildings:
        for room in _moved(before, after, building, moment):
            was, gap = before.state(room, moment), after.gap_at(room, moment)
            if gap:
                free.append(FreeRoom(room, gap, after.kept_from(room)))
            elif after.state(room, moment) is State.UNKNOWN:
                unknown.append(room)
            elif was is State.FREE:
                busy.append(BusyRoom(room, _next_start(after.gaps[room.id], moment)))
            elif was is State.UNKNOWN:
                known.append(room)
    return Changes(tuple(free), tuple(busy), tuple(known), tuple(unknown))


def _moved(before: CampusDay, after: CampusDay, building: Building, moment: datetime) -> list[Room]:
    return [
        room
        for room in building.rooms
        if before.state(room, moment) is not after.state(room, moment)
    ]


def _next_start(gaps: tuple[Interval, ...], moment: datetime) -> datetime | None:
    return next((gap.start for gap in gaps if gap.start > moment), None)
