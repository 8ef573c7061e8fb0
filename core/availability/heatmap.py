"""How much of each building is free, hour by hour: the campus day at a glance."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from core.availability.campus_day import CampusDay
from core.availability.states import RoomState
from core.model.campus import Building
from core.model.interval import Interval

_QUARTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class HeatmapRow:
    """A building's hours, by their beginning: how much of its known rooms' open time is free.

    From 0 to 1; None where nothing is known. An hour in which it is closed is absent.
    `unknown_shares` has the share of all its rooms' open time of which nothing is known, where
    there is any.
    """

    building: Building
    free_shares: Mapping[datetime, float | None]
    unknown_shares: Mapping[datetime, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CampusHeatmap:
    """The windows of the buildings that open on the day, and each building's shares of them.

    Where none opens, `hours` hold the windows of all.
    """

    hours: Interval
    rows: tuple[HeatmapRow, ...]


def build_heatmap(day: CampusDay) -> CampusHeatmap:
    """Work out the shares of the hours that the clock shows on campus."""
    buildings = day.campus.buildings
    opening = [each for each in buildings if not day.is_closed(each)] or buildings
    windows = [day.windows[each.code] for each in opening]
    hours = Interval(min(each.start for each in windows), max(each.end for each in windows))
    slots = hour_slots(hours, day.campus.timezone)
    return CampusHeatmap(hours, tuple(_heatmap_row(day, each, slots) for each in buildings))


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
    window, states = day.windows[building.code], list(map(day.states, building.offered_rooms))
    free, booked, unknown = (
        [part for each in states for part in each.of(state)]
        for state in (RoomState.FREE, RoomState.BOOKED, RoomState.UNKNOWN)
    )
    free_shares: dict[datetime, float | None] = {}
    unknown_shares: dict[datetime, float] = {}
    for slot in slots:
        part = slot.intersection(window)
        if part is None:
            continue
        free_time, unknown_time = _total_overlap(free, part), _total_overlap(unknown, part)
        known_time = free_time + _total_overlap(booked, part)
        if known_time or unknown_time:
            free_shares[slot.start] = free_time / known_time if known_time else None
        if unknown_time:
            unknown_shares[slot.start] = unknown_time / (known_time + unknown_time)
    return HeatmapRow(building, free_shares, unknown_shares)


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
