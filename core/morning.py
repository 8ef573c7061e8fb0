"""What the daily summary tells: per building, the longest free rooms, and what is closed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.availability import CampusDay, Count, FreeRoom, count
from core.gaps import free_gaps
from core.model import Building, Interval, Room, wall_clock

NOON = timedelta(hours=12)
EVENING = timedelta(hours=18)
LONGEST = 3
"""How many of the longest free rooms are named."""


@dataclass(frozen=True, slots=True)
class BuildingMorning:
    """A building's figures: rooms free at `counted_at`, all morning and all afternoon.

    `counted_at` is now, or the opening where that is still to come. Morning is from then
    until noon, afternoon from noon until 18:00 or closing; a part that is over, or outside
    the opening hours, is None.
    """

    building: Building
    counted_at: datetime
    now: Count
    all_morning: int | None
    all_afternoon: int | None


@dataclass(frozen=True, slots=True)
class Closure:
    """A room that is closed today; `during` is None where that is all its opening hours."""

    room: Room
    during: Interval | None


@dataclass(frozen=True, slots=True)
class Morning:
    """The figures of the daily summary.

    `closed_buildings` have all their rooms closed all day and are left out of `closures`.
    """

    day: date
    buildings: tuple[BuildingMorning, ...]
    longest: tuple[FreeRoom, ...]
    closed_buildings: tuple[Building, ...]
    closures: tuple[Closure, ...]
    rooms: int
    unknown: int
    read_at: datetime | None


def morning(day: CampusDay, moment: datetime, building: str | None = None) -> Morning:
    """Work out the summary as of `moment`, of one building where its code is given."""
    campus = day.campus
    only = campus.building(building) if building else None
    buildings = (only,) if only else campus.buildings
    figures = tuple(_figures(day, each, moment) for each in buildings)
    closures = {each.code: _closures(day, each) for each in buildings}
    shut = tuple(each for each in buildings if _is_shut(each, closures[each.code]))
    return Morning(
        day=day.snapshot.day,
        buildings=figures,
        longest=_longest(day, figures),
        closed_buildings=shut,
        closures=tuple(
            closure for each in buildings if each not in shut for closure in closures[each.code]
        ),
        rooms=sum(each.now.rooms for each in figures),
        unknown=sum(each.now.unknown for each in figures),
        read_at=day.read_at,
    )


def _longest(day: CampusDay, figures: tuple[BuildingMorning, ...]) -> tuple[FreeRoom, ...]:
    free = [
        FreeRoom(room, gap, day.kept_from(room))
        for each in figures
        for room in each.building.rooms
        if (gap := day.gap_at(room, each.counted_at))
    ]
    free.sort(key=lambda each: each.gap.end, reverse=True)
    return tuple(free[:LONGEST])


def _figures(day: CampusDay, building: Building, moment: datetime) -> BuildingMorning:
    hours = day.open_hours[building.code]
    date_, zone = day.snapshot.day, building.timezone
    noon, evening = wall_clock(date_, NOON, zone), wall_clock(date_, EVENING, zone)
    start = max(hours.start, moment)
    return BuildingMorning(
        building=building,
        counted_at=start,
        now=count(day, building, start),
        all_morning=_free_throughout(day, building, start, min(noon, hours.end)),
        all_afternoon=_free_throughout(day, building, max(noon, start), min(evening, hours.end)),
    )


def _free_throughout(
    day: CampusDay, building: Building, start: datetime, end: datetime
) -> int | None:
    if start >= end:
        return None
    return sum(
        1
        for room in building.rooms
        if (gap := day.gap_at(room, start)) is not None and gap.end >= end
    )


def _closures(day: CampusDay, building: Building) -> list[Closure]:
    """Find the rooms closed for at least half of the opening hours.

    Less is routine (evenings, an early closing) and would bury what matters.
    """
    hours = day.open_hours[building.code]
    found = []
    for room in building.rooms:
        known = day.known(room)
        closed = _joined(
            [part for each in known.closures if (part := each.within(hours))] if known else []
        )
        longest = max(closed, key=lambda each: each.duration, default=None)
        if longest and longest.duration * 2 >= hours.duration:
            found.append(Closure(room, None if longest == hours else longest))
    return found


def _joined(parts: list[Interval]) -> list[Interval]:
    """Return what the parts cover together, touching ones joined."""
    if not parts:
        return []
    whole = Interval(min(each.start for each in parts), max(each.end for each in parts))
    between = free_gaps(whole, parts, at_least=timedelta.resolution)
    return free_gaps(whole, between, at_least=timedelta.resolution)


def _is_shut(building: Building, closures: list[Closure]) -> bool:
    return len(closures) == len(building.rooms) and all(each.during is None for each in closures)
