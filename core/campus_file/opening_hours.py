"""Opening hours by weekday and planned closures, as a campus file writes them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from core.model.calendar import DAY, local_to_utc
from core.model.campus import Building
from core.model.hours import (
    DAYS_A_WEEK,
    DayHours,
    PlannedClosure,
    WeeklyHours,
    closure_interval,
)
from core.model.interval import Interval
from core.toml_table import TomlTable, parse_time_of_day

HoursByWeekday = Mapping[int, DayHours | None]

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CLOSED = "closed"

_MIN_OPENING_HOURS = timedelta(hours=2)
"""Shorter hours than the clocks can skip would be none at all on that day."""

_RANGE = re.compile(r"(.{1,6}?)\s?[-–]\s?(.{1,6})")
_YEARS = range(2000, 3000)
_FALLBACK = DayHours(timedelta(), DAY)


def parse_campus_hours(table: TomlTable) -> HoursByWeekday:
    """Read `[hours]` of a campus: what holds for buildings that do not say otherwise."""
    return _parse_week(table.subtable("hours")) if "hours" in table.values else {}


def parse_building_hours(table: TomlTable, of_campus: HoursByWeekday) -> WeeklyHours:
    """Read a building's hours.

    A weekday of its own `hours` goes before `opens` and `closes`, and those before the campus's.
    """
    own = _parse_week(table.subtable("hours")) if "hours" in table.values else {}
    hours: dict[int, DayHours | None] = {**of_campus}
    has_daily = bool({"opens", "closes"} & table.values.keys())
    if has_daily or not (own or of_campus or "hours" in table.values):
        hours |= dict.fromkeys(range(DAYS_A_WEEK), _parse_daily(table))
    hours |= own
    for number, name in enumerate(WEEKDAYS):
        if number not in hours:
            table.add_issue(f"hours.{name}", 'is missing; write "07:00-23:00" or "closed"')
    return _checked_week(table, tuple(hours.get(number) for number in range(DAYS_A_WEEK)))


def _checked_week(table: TomlTable, days: tuple[DayHours | None, ...]) -> WeeklyHours:
    if not any(days):
        if not any(each.startswith(f"{table.path}hours") for each in table.issues):
            table.add_issue("hours", "no day is open")
        return WeeklyHours((_FALLBACK, *days[1:]))
    week = WeeklyHours(days)
    for number, name in enumerate(WEEKDAYS):
        hours, following = week.at(number), week.at(number + 1)
        if hours and following and hours.closes > following.opens + DAY:
            following_name = WEEKDAYS[(number + 1) % DAYS_A_WEEK]
            table.add_issue(f"hours.{name}", f"ends after {following_name} begins")
    return week


def _parse_daily(table: TomlTable) -> DayHours:
    opens, closes = table.time_of_day("opens"), table.time_of_day("closes")
    if timedelta() < closes - opens <= _MIN_OPENING_HOURS:
        table.add_issue("closes", "is not more than two hours after opens")
    return _past_midnight(opens, closes)


def _past_midnight(opens: timedelta, closes: timedelta) -> DayHours:
    # "02:00" after "07:00" is the next day's; so is "07:00", which means round the clock.
    return DayHours(opens, closes if closes > opens else closes + DAY)


def _parse_week(table: TomlTable) -> HoursByWeekday:
    table.reject_unknown_keys(set(WEEKDAYS))
    return {
        number: _parse_day(table, name)
        for number, name in enumerate(WEEKDAYS)
        if name in table.values
    }


def _parse_day(table: TomlTable, name: str) -> DayHours | None:
    value = table.values[name]
    if value == CLOSED:
        return None
    match = _RANGE.fullmatch(value) if isinstance(value, str) else None
    opens, closes = (parse_time_of_day(part) for part in match.groups()) if match else (None, None)
    if opens is None or closes is None or opens >= DAY:
        table.add_issue(name, f'{value!r} is not "closed" and no time like "07:00-23:00"')
        return _FALLBACK
    if timedelta() < closes - opens <= _MIN_OPENING_HOURS:
        table.add_issue(name, f"{value!r} is not more than two hours")
    return _past_midnight(opens, closes)


@dataclass(frozen=True, slots=True)
class _Closure:
    """An entry of `[[closed]]`; `last` is a day that is included or a time that is not."""

    first: date
    last: date
    reason: str
    codes: frozenset[str] | None

    def applies_to(self, building: Building) -> bool:
        return self.codes is None or building.code.casefold() in self.codes

    def at(self, building: Building) -> PlannedClosure:
        return PlannedClosure(Interval(self._start(building), self._end(building)), self.reason)

    def _start(self, building: Building) -> datetime:
        if isinstance(self.first, datetime):
            return _instant(self.first, building)
        return closure_interval(building.hours, self.first, self.first, building.timezone).start

    def _end(self, building: Building) -> datetime:
        if isinstance(self.last, datetime):
            return _instant(self.last, building)
        return closure_interval(building.hours, self.last, self.last, building.timezone).end


def _instant(face: datetime, building: Building) -> datetime:
    since_midnight = face - datetime.combine(face.date(), time())
    return local_to_utc(face.date(), since_midnight, building.timezone)


def with_closures(table: TomlTable, buildings: Sequence[Building]) -> tuple[Building, ...]:
    """Read `[[closed]]` of a campus, and return its buildings with the closures of each."""
    if "closed" not in table.values:
        return tuple(buildings)
    codes = {each.code.casefold() for each in buildings}
    found = [_parse_closure(each, codes) for each in table.subtables("closed")]
    closures = [each for each in found if each]
    return tuple(
        replace(
            building,
            closures=tuple(
                sorted(
                    (each.at(building) for each in closures if each.applies_to(building)),
                    key=lambda each: each.interval,
                )
            ),
        )
        for building in buildings
    )


def _parse_closure(table: TomlTable, known_codes: set[str]) -> _Closure | None:
    table.reject_unknown_keys({"from", "to", "why", "buildings"})
    reason = table.text("why") if "why" in table.values else ""
    codes = _parse_codes(table, known_codes)
    first = _parse_day_or_time(table, "from")
    last = _parse_day_or_time(table, "to") if "to" in table.values else first
    if first is None or last is None:
        return None
    if "to" not in table.values and isinstance(first, datetime):
        table.add_issue("to", "is missing, and from is a time of the day")
        return None
    if _end_face(last) <= _start_face(first):
        table.add_issue("to", "is before from")
        return None
    return _Closure(first, last, reason, codes)


def _parse_codes(table: TomlTable, known: set[str]) -> frozenset[str] | None:
    if table.values.get("buildings", "all") == "all":
        return None
    codes = table.texts("buildings")
    for code in codes:
        if code.casefold() not in known:
            table.add_issue("buildings", f"there is no building {code!r}")
    return frozenset(code.casefold() for code in codes)


def _parse_day_or_time(table: TomlTable, key: str) -> date | None:
    """Read a day or a time of a day, as TOML's own kind of value or as a text."""
    value = table.values.get(key)
    day = _from_text(value) if isinstance(value, str) else value
    is_local = not (isinstance(day, datetime) and day.tzinfo)
    if isinstance(day, date) and day.year in _YEARS and is_local:
        return day
    example = 'no day like "2026-12-24" or "2026-12-24 17:00"'
    table.add_issue(key, "is missing" if value is None else f"{value!r} is {example}")
    return None


def _from_text(text: str) -> date | None:
    for parse in (date.fromisoformat, datetime.fromisoformat):
        try:
            return parse(text.strip())
        except ValueError:
            continue
    return None


def _start_face(value: date) -> datetime:
    return value if isinstance(value, datetime) else datetime.combine(value, time())


def _end_face(value: date) -> datetime:
    return value if isinstance(value, datetime) else datetime.combine(value + DAY, time())
