"""What the daily summary tells: per building, the longest free rooms, and what is closed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.availability.campus_day import CampusDay
from core.availability.counts import RoomCounts, count_rooms
from core.availability.gap_index import FreeRoom
from core.availability.states import RoomState
from core.model.calendar import local_to_utc
from core.model.campus import Building, Room
from core.model.interval import Interval

NOON = timedelta(hours=12)
EVENING = timedelta(hours=18)
LONGEST_FREE_COUNT = 3
"""How many of the longest free rooms are named."""


@dataclass(frozen=True, slots=True)
class BuildingSummary:
    """A building's figures: rooms free at `counted_at`, all morning and all afternoon.

    `counted_at` is now, or the opening where that is still to come. Morning is from then
    until noon, afternoon from noon until 18:00 or closing; a part that is over, or outside
    the opening hours, is None.
    """

    building: Building
    counted_at: datetime
    counts: RoomCounts
    free_all_morning: int | None
    free_all_afternoon: int | None


@dataclass(frozen=True, slots=True)
class RoomClosure:
    """A room that is closed today; `during` is None where that is all its opening hours."""

    room: Room
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class DailySummary:
    """The figures of the daily summary.

    `closed_buildings` have all their rooms closed all day and are left out of `closures`.
    """

    day: date
    buildings: tuple[BuildingSummary, ...]
    longest_free: tuple[FreeRoom, ...]
    closed_buildings: tuple[Building, ...]
    closures: tuple[RoomClosure, ...]
    room_count: int
    unknown_count: int
    read_at: datetime | None


def build_summary(day: CampusDay, moment: datetime, building: str | None = None) -> DailySummary:
    """Work out the summary as of `moment`, of one building where its code is given."""
    campus = day.campus
    only = campus.building(building) if building else None
    buildings = (only,) if only else campus.buildings
    figures = tuple(_building_summary(day, each, moment) for each in buildings)
    closures = {each.code: _closures(day, each) for each in buildings}
    shut = tuple(each for each in buildings if _is_closed_all_day(each, closures[each.code]))
    return DailySummary(
        day=day.snapshot.day,
        buildings=figures,
        longest_free=_longest_free(day, figures),
        closed_buildings=shut,
        closures=tuple(
            closure for each in buildings if each not in shut for closure in closures[each.code]
        ),
        room_count=sum(each.counts.total for each in figures),
        unknown_count=sum(each.counts.unknown for each in figures),
        read_at=day.read_at,
    )


def _longest_free(day: CampusDay, summaries: tuple[BuildingSummary, ...]) -> tuple[FreeRoom, ...]:
    free = [
        FreeRoom(room, gap, day.carried_over_from(room))
        for each in summaries
        for room in each.building.rooms
        if (gap := day.gap_at(room, each.counted_at))
    ]
    free.sort(key=lambda each: each.gap.end, reverse=True)
    return tuple(free[:LONGEST_FREE_COUNT])


def _building_summary(day: CampusDay, building: Building, moment: datetime) -> BuildingSummary:
    hours = day.windows[building.code]
    date_, zone = day.snapshot.day, building.timezone
    noon, evening = local_to_utc(date_, NOON, zone), local_to_utc(date_, EVENING, zone)
    start = max(hours.start, moment)
    return BuildingSummary(
        building=building,
        counted_at=start,
        counts=count_rooms(day, building, start),
        free_all_morning=_count_free_throughout(day, building, start, min(noon, hours.end)),
        free_all_afternoon=_count_free_throughout(
            day, building, max(noon, start), min(evening, hours.end)
        ),
    )


def _count_free_throughout(
    day: CampusDay, building: Building, start: datetime, end: datetime
) -> int | None:
    if start >= end:
        return None
    return sum(
        1
        for room in building.rooms
        if (gap := day.gap_at(room, start)) is not None and gap.end >= end
    )


def _closures(day: CampusDay, building: Building) -> list[RoomClosure]:
    """Find the rooms closed for at least half of the opening hours.

    Less is routine (evenings, an early closing) and would bury what matters.
    """
    hours = day.windows[building.code]
    found = []
    for room in building.rooms:
        closed = day.states(room).of(RoomState.CLOSED)
        longest = max(closed, key=lambda each: each.duration, default=None)
        if longest and longest.duration * 2 >= hours.duration:
            found.append(RoomClosure(room, None if longest == hours else longest))
    return found


def _is_closed_all_day(building: Building, closures: list[RoomClosure]) -> bool:
    return len(closures) == len(building.rooms) and all(each.interval is None for each in closures)
