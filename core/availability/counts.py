"""How many rooms of a building are free, unknown and closed at a moment."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from core.availability.campus_day import CampusDay
from core.availability.states import RoomState
from core.availability.timeline import state_at
from core.model.campus import Building, Room

RoomFilter = Callable[[Room], bool]


@dataclass(frozen=True, slots=True)
class RoomCounts:
    """How many rooms anybody may use, and how many are free, unknown and closed at a moment."""

    total: int
    free: int
    unknown: int
    closed: int = 0

    @property
    def is_closed(self) -> bool:
        """Whether all of them are closed."""
        return self.closed == self.total

    @property
    def is_unknown(self) -> bool:
        """Whether nothing is known of those that are not closed."""
        return not self.is_closed and self.unknown + self.closed == self.total


def add_counts(counts: Iterable[RoomCounts]) -> RoomCounts:
    """Return the counts of several buildings together."""
    each = list(counts)
    return RoomCounts(
        total=sum(one.total for one in each),
        free=sum(one.free for one in each),
        unknown=sum(one.unknown for one in each),
        closed=sum(one.closed for one in each),
    )


def count_rooms(
    day: CampusDay | None,
    building: Building,
    moment: datetime,
    room_filter: RoomFilter | None = None,
) -> RoomCounts:
    """Count the rooms of a building that anybody may use, by their states at a moment.

    Where `day` is not at hand, all are unknown, or closed by the campus file.
    """
    if room_filter or day is None:
        rooms = [room for room in building.offered_rooms if not room_filter or room_filter(room)]
        states = Counter(
            day.state_at(room, moment) if day else state_at({}, building, room, moment)
            for room in rooms
        )
        return RoomCounts(
            total=len(rooms),
            free=states[RoomState.FREE],
            unknown=states[RoomState.UNKNOWN],
            closed=states[RoomState.CLOSED],
        )
    total, overview = len(building.offered_rooms), day.overview(building)
    if moment not in day.windows[building.code]:
        return RoomCounts(total, free=0, unknown=0, closed=total)
    return RoomCounts(
        total=total,
        free=overview.gap_index.count_free_at(moment),
        unknown=day.count_unknown(overview.maybe_unknown, moment),
        closed=day.count_closed(overview.maybe_closed, moment),
    )
