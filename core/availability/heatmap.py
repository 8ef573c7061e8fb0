"""How much of each building is free, hour by hour: the campus day at a glance."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from core.availability.campus_day import CampusDay
from core.model.campus import Building
from core.model.interval import Interval

_QUARTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class HeatmapRow:
    """A building's hours, by their beginning: the share of its known rooms' time that is free.

    From 0 to 1; None where nothing is known. An hour in which it is closed is absent.
    `unknown` has the share of all its rooms' time of which nothing is known, where there is any.
    """

    building: Building
    free_shares: Mapping[datetime, float | None]
    unknown_shares: Mapping[datetime, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CampusHeatmap:
    """The opening hours of all buildings together, and each building's shares of them."""

    hours: Interval
    rows: tuple[HeatmapRow, ...]


def build_heatmap(day: CampusDay) -> CampusHeatmap:
    """Work out the shares of the hours that the clock shows on campus."""
    opening = day.opening_hours.values()
    hours = Interval(min(each.start for each in opening), max(each.end for each in opening))
    slots = hour_slots(hours, day.campus.timezone)
    return CampusHeatmap(
        hours, tuple(_heatmap_row(day, each, slots) for each in day.campus.buildings)
    )


def full_hours(hours: Interval, zone: ZoneInfo) -> Iterator[datetime]:
    """Give the moments at which the clock shows a full hour, the end included, in order.

    An hour that it skips is not among them, one that it shows twice is there twice.
    """
    # All clocks are ahead of UTC by a number of quarters.
    past = timedelta(seconds=hours.start.timestamp() % _QUARTER.total_seconds())
    moment = hours.start - past + _QUARTER if past else hours.start
    while moment <= hours.end:
        if not moment.astimezone(zone).minute:
            yield moment
        moment += _QUARTER


def hour_slots(hours: Interval, zone: ZoneInfo) -> list[Interval]:
    """Return the parts of the hours that the clock divides them in: from full hour to full hour.

    The first and the last may be shorter. So may one be in which the clock is changed.
    """
    full = [each for each in full_hours(hours, zone) if hours.start < each < hours.end]
    return [Interval(start, end) for start, end in pairwise([hours.start, *full, hours.end])]


def _heatmap_row(day: CampusDay, building: Building, slots: Sequence[Interval]) -> HeatmapRow:
    hours = day.opening_hours[building.code]
    told = [each for room in building.rooms if (each := day.room_day(room))]
    known = [part for each in told for part in each.known]
    free = [gap for room in building.rooms for gap in day.gaps.get(room.id, ())]
    shares: dict[datetime, float | None] = {}
    unknown: dict[datetime, float] = {}
    for slot in slots:
        if part := slot.intersection(hours):
            told_of, whole = _total_overlap(known, part), part.duration * len(building.rooms)
            shares[slot.start] = _total_overlap(free, part) / told_of if told_of else None
            if told_of < whole:
                unknown[slot.start] = 1 - told_of / whole
    return HeatmapRow(building, shares, unknown)


def _total_overlap(intervals: Iterable[Interval], within: Interval) -> timedelta:
    start, end = within.start, within.end
    return sum(
        (
            min(each.end, end) - max(each.start, start)
            for each in intervals
            if each.start < end and start < each.end
        ),
        timedelta(),
    )
