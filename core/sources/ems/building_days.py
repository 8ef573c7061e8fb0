"""What is known of a building on a day of the bot, from midnight to its closing.

A building that closes past midnight has the early hours of the day after as well.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from core.availability.gaps import free_gaps
from core.model.calendar import DAY, local_to_utc
from core.model.interval import Interval
from core.sources.ems.building_hours import BuildingHours, ClosedTime, Intervals


@dataclass(frozen=True, slots=True)
class BuildingDay:
    """A building's day, whatever is booked in it: `known` is `span` without `doubts`.

    `days` are the days of the calendar that it consists of.
    """

    days: tuple[date, ...]
    span: Interval
    known: Intervals
    closures: Intervals
    doubts: Intervals

    def without_doubts(self, more: Intervals, bookings: Intervals) -> Intervals:
        """Return the time that neither the building's doubts nor `more` of a room are about."""
        return _without_doubts(self.span, self.doubts + more, bookings + self.closures)


class BuildingDays:
    """The days of all buildings; those of the same hours share theirs."""

    def __init__(self, zone: ZoneInfo, hours: BuildingHours) -> None:
        self._zone = zone
        self._hours = hours
        self._days: dict[tuple[str, tuple[date, ...], timedelta], BuildingDay] = {}
        self._days_by_hours: dict[tuple[object, ...], BuildingDay] = {}

    def frame(self, building_id: str, days: tuple[date, ...], closes: timedelta) -> BuildingDay:
        """Return the day that begins on the first of `days`, until `closes` if there are two."""
        key = building_id, days, closes
        frame = self._days.get(key)
        if frame is None:
            frame = self._days[key] = self._shared_day(*key)
        return frame

    def _shared_day(
        self, building_id: str, days: tuple[date, ...], closes: timedelta
    ) -> BuildingDay:
        closed = tuple(self._hours.closed_time(building_id, day) for day in days)
        last = closes if len(days) > 1 else DAY
        key = days, closed, last
        day = self._days_by_hours.get(key)
        if day is None:
            bounds = (local_to_utc(days[0], each, self._zone) for each in (timedelta(), last))
            day = self._days_by_hours[key] = _building_day(days, Interval(*bounds), closed)
        return day


def _building_day(
    days: tuple[date, ...], span: Interval, closed: Sequence[ClosedTime]
) -> BuildingDay:
    closures = tuple(each for part in closed for each in part.closures)
    doubts = tuple(each for part in closed for each in part.doubts)
    return BuildingDay(days, span, _without_doubts(span, doubts, closures), closures, doubts)


def _without_doubts(span: Interval, doubts: Intervals, taken: Intervals) -> Intervals:
    """Return the parts of `span` that no doubt is about; what is surely taken is in no doubt."""
    unclear = [
        part for each in doubts for part in free_gaps(each, taken, at_least=timedelta.resolution)
    ]
    return tuple(free_gaps(span, unclear, at_least=timedelta.resolution))
