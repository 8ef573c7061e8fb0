"""Best fit: the order in which free rooms are offered, so that members spread over the campus."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from core.availability.campus_day import CampusDays
from core.availability.counts import RoomCounts
from core.availability.gap_index import FreeRoom
from core.availability.queries import FreeRooms, free_rooms
from core.model.campus import Campus

_FITTING = 2
_LARGE = 4
"""A room of up to twice the seats asked for fits, one of up to four times is large."""


def best_fit_order(free: Iterable[FreeRoom], capacity: int | None) -> list[FreeRoom]:
    """Return free rooms, given longest first, in the order in which they fit best.

    Rooms of about the size asked for come before larger ones. Of one size, each building's
    longest comes first, then each one's second: nobody is sent where everybody goes.
    """
    places: Counter[tuple[int, str]] = Counter()
    ranked = []
    for room in free:
        size = _size_class(room, capacity)
        place = size, room.room.building
        ranked.append((size, places[place], room))
        places[place] += 1
    # What is equal stays in the order given: longest first.
    ranked.sort(key=lambda each: each[:2])
    return [room for _, _, room in ranked]


def _size_class(free: FreeRoom, capacity: int | None) -> int:
    seats = free.room.capacity
    if not capacity or not seats or seats <= _FITTING * capacity:
        return 0
    return 1 if seats <= _LARGE * capacity else 2


def fitting_counts(
    campus: Campus,
    days: CampusDays,
    result: FreeRooms,
    counts: Sequence[tuple[str, str, RoomCounts]],
) -> list[tuple[str, str, RoomCounts]]:
    """Return the counts of all buildings, with those rooms free that fit the question."""
    if result.query.buildings:
        result = free_rooms(campus, days, replace(result.query, buildings=()))
    fitting = Counter(free.room.building for free in result.free)
    return [(code, name, replace(each, free=fitting[code])) for code, name, each in counts]
