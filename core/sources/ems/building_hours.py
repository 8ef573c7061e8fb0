"""When buildings are closed, by the hours and holidays that EMS states for single dates.

Hours that pass midnight belong to the date on which they begin. Where what EMS states is
contradictory or not understood, the time in question is in doubt.

Source: `docs/ems.md`, "Hours and holidays".
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from core.availability.gaps import free_gaps
from core.model.calendar import DAY, local_to_utc
from core.model.interval import Interval
from core.sources.base import AmbiguousTimeError
from core.sources.ems.schema import BuildingDate
from core.sources.ems.timestamps import parse_date, time_of_day, utc_instant

_ANY_TIME = timedelta.resolution
# No campus has more, and no answer is to fill the memory.
_MAX_DATES = 100_000
_MAX_ROWS_PER_DATE = 20

Intervals = tuple[Interval, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _OpenTime:
    """What one row states: the time that a building is surely open, and perhaps.

    Both are None where it is closed all day. Rows that state the same share one.
    """

    sure: Interval | None
    possible: Interval | None


_CLOSED_ALL_DAY = _OpenTime(None, None)


@dataclass(slots=True)
class _StatedDate:
    """All that was stated of one building on one date; `is_unclear` where some was no hours."""

    hours: set[_OpenTime] = field(default_factory=set)
    is_unclear: bool = False


@dataclass(frozen=True, slots=True)
class ClosedTime:
    """When a building is closed on one calendar day, and when that is in doubt.

    Buildings of the same hours share one.
    """

    closures: Intervals = ()
    doubts: Intervals = ()


class BuildingHours:
    """Collects the hours and holidays of buildings on some days, and tells when each is closed.

    The day before a day has to be among `days` for hours that pass midnight to count.
    """

    def __init__(self, zone: ZoneInfo, days: Collection[date]) -> None:
        self._zone = zone
        self._days = frozenset(days)
        self._dates: defaultdict[tuple[str, date], _StatedDate] = defaultdict(_StatedDate)
        self._holidays: set[tuple[str, date]] = set()
        self._unclear_days: set[date] = set()
        self._closed: dict[tuple[str, date], ClosedTime] = {}
        self._open_times: dict[tuple[object, ...], _OpenTime] = {}
        self._closed_by_hours: dict[tuple[object, ...], ClosedTime] = {}

    def add_hours(
        self, rows: Iterable[BuildingDate] | None, *, asked: date, building_id: str = ""
    ) -> None:
        """Record rows of hours, all of `building_id` where they do not name a building."""
        for row in rows or ():
            if key := self._key(row, asked, building_id):
                self._add_row(self._dates[key], row, key[1])

    def add_holidays(
        self, rows: Iterable[BuildingDate] | None, *, asked: date, building_id: str = ""
    ) -> None:
        """Record holidays: a building is closed then, unless it is stated to be open."""
        for row in rows or ():
            if row.opens and row.closes and not row.is_closed:
                self.add_hours([row], asked=asked, building_id=building_id)
            elif row.is_closed is not False and (key := self._key(row, asked, building_id)):
                self._holidays.add(key)

    def closed_time(self, building_id: str, day: date) -> ClosedTime:
        """Return when a building is closed between the midnights of `day`.

        Nothing where EMS states no hours for that date.
        """
        key = building_id, day
        closed = self._closed.get(key)
        if closed is None:
            closed = self._closed[key] = self._closed_time(building_id, day)
        return closed

    def is_closed_all_day(self, building_id: str, day: date) -> bool:
        """Tell whether a building is surely closed from midnight to midnight."""
        return self.closed_time(building_id, day).closures == (self._whole_day(day),)

    def _key(self, row: BuildingDate, asked: date, building_id: str) -> tuple[str, date] | None:
        """Return which building and day a row is about, None for a day that is not wanted."""
        day = parse_date(row.day)
        owner = str(row.building_id) if row.building_id is not None else building_id
        if day is None or not owner or len(self._dates) + len(self._holidays) >= _MAX_DATES:
            # It may be about any building, and about the day that was asked for.
            self._unclear_days.add(asked)
            return None
        return (owner, day) if day in self._days else None

    def _add_row(self, stated: _StatedDate, row: BuildingDate, day: date) -> None:
        if len(stated.hours) >= _MAX_ROWS_PER_DATE or len(self._open_times) >= _MAX_DATES:
            stated.is_unclear = True
            return
        key = day, row.opens, row.closes, row.is_closed, row.utc_opens, row.utc_closes
        open_time = self._open_times.get(key)
        try:
            if open_time is None:
                open_time = self._open_times[key] = self._open_time(row, day)
            stated.hours.add(open_time)
        except AmbiguousTimeError:
            stated.is_unclear = True

    def _open_time(self, row: BuildingDate, day: date) -> _OpenTime:
        if row.is_closed:
            return _CLOSED_ALL_DAY
        opens, closes = time_of_day(row.opens or ""), time_of_day(row.closes or "")
        is_overnight = closes < opens
        local = (
            Interval(
                local_to_utc(day, opens, self._zone),
                local_to_utc(day, closes + (DAY if is_overnight else timedelta()), self._zone),
            )
            if closes != opens
            else None
        )
        return _reconcile(local, self._utc_interval(row, closes))

    def _utc_interval(self, row: BuildingDate, closes: timedelta) -> Interval | None:
        if not row.utc_opens or not row.utc_closes:
            return None
        start, end = utc_instant(row.utc_opens), utc_instant(row.utc_closes)
        if closes == DAY:
            # The last minute of the day stands for its end.
            end = end.replace(second=0) + timedelta(minutes=1)
        if end <= start:
            raise AmbiguousTimeError
        return Interval(start, end)

    def _closed_time(self, building_id: str, day: date) -> ClosedTime:
        whole_day = self._whole_day(day)
        if day in self._unclear_days:
            return ClosedTime((), (whole_day,))
        stated = self._dates.get((building_id, day))
        if (building_id, day) in self._holidays:
            stated = _StatedDate({_CLOSED_ALL_DAY})
        if stated is None:
            return ClosedTime()
        if stated.is_unclear:
            return ClosedTime((), (whole_day,))
        night_before = self._dates.get((building_id, day - DAY), _StatedDate())
        key = day, frozenset(stated.hours), frozenset(night_before.hours), night_before.is_unclear
        closed = self._closed_by_hours.get(key)
        if closed is None:
            closed = self._closed_by_hours[key] = self._combine(whole_day, stated, night_before)
        return closed

    def _combine(
        self, whole_day: Interval, stated: _StatedDate, night_before: _StatedDate
    ) -> ClosedTime:
        """Return what the hours of a day and those of the night before it amount to."""
        possible = [*_possible(stated), *_possible(night_before)]
        sure = [*_sure(stated), *_sure(night_before)]
        if night_before.is_unclear:
            possible.append(whole_day)
        if _CLOSED_ALL_DAY in stated.hours:
            # What is left of the night before contradicts it.
            sure = []
        closures = free_gaps(whole_day, possible, at_least=_ANY_TIME)
        doubts = free_gaps(whole_day, [*closures, *sure], at_least=_ANY_TIME)
        return ClosedTime(tuple(closures), tuple(doubts))

    def _whole_day(self, day: date) -> Interval:
        return Interval(
            local_to_utc(day, timedelta(), self._zone), local_to_utc(day, DAY, self._zone)
        )


def _reconcile(local: Interval | None, utc: Interval | None) -> _OpenTime:
    """Return what two statements of the same hours amount to."""
    if local is None or utc is None:
        stated = local or utc
        if stated is None:
            raise AmbiguousTimeError
        return _OpenTime(stated, stated)
    if local == utc:
        return _OpenTime(local, local)
    widest = Interval(min(local.start, utc.start), max(local.end, utc.end))
    return _OpenTime(local.intersection(utc), widest)


def _possible(stated: _StatedDate) -> list[Interval]:
    return [hours.possible for hours in stated.hours if hours.possible]


def _sure(stated: _StatedDate) -> list[Interval]:
    """Return the time in which the building is open by all that was stated, perhaps none."""
    sure: Interval | None = None
    for number, hours in enumerate(stated.hours):
        sure = (
            hours.sure if number == 0 or not sure else hours.sure and sure.intersection(hours.sure)
        )
        if sure is None:
            return []
    return [sure] if sure else []
