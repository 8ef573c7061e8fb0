"""What the daily summary tells: per building, the longest free rooms, and what is closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.availability.campus_day import CampusDay, CampusDays
from core.availability.counts import RoomCounts, count_rooms
from core.availability.gap_index import FreeRoom
from core.availability.queries import opening_intervals
from core.availability.states import RoomState
from core.availability.timeline import StateSpan, common_closure
from core.model.calendar import local_to_utc
from core.model.campus import Building, Campus, Room
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
    the time in which the building is open that day, is None.
    """

    building: Building
    counted_at: datetime
    counts: RoomCounts
    free_all_morning: int | None
    free_all_afternoon: int | None


@dataclass(frozen=True, slots=True)
class RoomClosure:
    """A room that is closed while its building is open; `interval` is None for all day."""

    room: Room
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class DailySummary:
    """The figures of the daily summary.

    `closed_buildings` have all their rooms closed all day; they are in neither `buildings` nor
    `closures`.
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
    buildings = summarised_buildings(day.campus, building)
    shut = tuple(each for each in buildings if day.is_closed(each))
    open_buildings = [each for each in buildings if each not in shut]
    figures = tuple(_building_summary(day, each, moment) for each in open_buildings)
    return DailySummary(
        day=day.snapshot.day,
        buildings=figures,
        longest_free=_longest_free(day, figures),
        closed_buildings=shut,
        closures=tuple(closure for each in open_buildings for closure in _closures(day, each)),
        room_count=sum(len(each.offered_rooms) for each in buildings),
        unknown_count=sum(each.counts.unknown for each in figures),
        read_at=day.read_at,
    )


def summarised_buildings(campus: Campus, code: str | None) -> tuple[Building, ...]:
    """Return the building of that code, or all where none is given or the campus lacks it."""
    only = campus.building(code) if code else None
    return (only,) if only else campus.buildings


def closure_of_day(
    days: CampusDays, buildings: Sequence[Building], day: date, moment: datetime
) -> StateSpan | None:
    """Return until when and why buildings are closed that stay closed all of a day, else None."""
    known = days.get(day)
    for building in buildings:
        if known.is_closed(building) if known else not building.open_intervals_on(day):
            continue
        return None
    # Then the last of them would have opened, and no night of the day before goes on.
    latest = max(building.window_on(day).start for building in buildings)
    return common_closure(days, buildings, max(moment, latest))


def _longest_free(day: CampusDay, summaries: tuple[BuildingSummary, ...]) -> tuple[FreeRoom, ...]:
    free = [
        FreeRoom(room, gap, day.carried_over_from(room))
        for each in summaries
        for room in each.building.offered_rooms
        if (gap := day.gap_at(room, each.counted_at))
    ]
    free.sort(key=lambda each: each.gap.end, reverse=True)
    return tuple(free[:LONGEST_FREE_COUNT])


def _building_summary(day: CampusDay, building: Building, moment: datetime) -> BuildingSummary:
    hours = _opening_hull(day, building)
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
        for room in building.offered_rooms
        if (gap := day.gap_at(room, start)) is not None and gap.end >= end
    )


def _opening_hull(day: CampusDay, building: Building) -> Interval:
    """Return the time from the first opening of a building to its last closing that day."""
    opening = opening_intervals(day, building)
    return Interval(opening[0].start, opening[-1].end)


def _closures(day: CampusDay, building: Building) -> list[RoomClosure]:
    """Find the rooms that are closed for at least half of the time their building is open.

    Less is routine (evenings, an early closing) and would bury what matters.
    """
    hours = _opening_hull(day, building)
    found = []
    for room in building.offered_rooms:
        states = day.states(room)
        closed = states.of(RoomState.CLOSED)
        parts = [part for each in closed if (part := each.intersection(hours))]
        longest = max(parts, key=lambda each: each.duration, default=None)
        if longest and longest.duration * 2 >= hours.duration:
            is_all_day = closed == (states.window,)
            found.append(RoomClosure(room, None if is_all_day else longest))
    return found
