"""Completion of times, days, weeks and durations: readings of a text as it is typed so far.

`literal_when` writes a reading so that it is read back as the same instant, however much later
that is; nothing is completed that an option would then refuse.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta

from core.errors import UserError
from core.lookup.names import fold
from core.lookup.when import (
    ParsedWhen,
    parse_day,
    parse_duration,
    parse_time_of_day,
    parse_when,
)
from core.lookup.when.readings import AmbiguousWhen, CampusClock
from core.lookup.when.weeks import parse_week
from core.model.calendar import WEEK, days_of_week, monday_of
from core.model.campus import Campus

_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_HOURS_OFFERED = 22
_TIME_WORDS = (
    "now",
    "noon",
    "tonight",
    "midnight",
    "this morning",
    "this afternoon",
    "this evening",
    "tomorrow 9am",
    "tomorrow noon",
    "tomorrow 3pm",
    "in 30 min",
    "in an hour",
    "in 2 hours",
)
_DURATION_ENDINGS = ("", "h", " hours", "0", " min")
_DURATIONS = (30, 60, 90, 120, 180, 240)


def literal_when(when: ParsedWhen, campus: Campus) -> str:
    """Return a text that is read as this moment or day: `2026-03-03 15:00 for 120 min`."""
    length = f" for {when.duration // _MINUTE} min" if when.duration else ""
    if when.start is None:
        return f"{'now' if when.kind == 'now' else when.day.isoformat()}{length}"
    return f"{when.start.astimezone(campus.timezone):%Y-%m-%d %H:%M}{length}"


def complete_time(typed: str, on: str | None, *, now: datetime, campus: Campus) -> list[ParsedWhen]:
    """Return the times that a text may become, the likeliest first; `on` is the date typed.

    Nothing typed gives now, soon, and the hours to come.
    """
    if typed.strip():
        words = [word for word in _TIME_WORDS if word.startswith(fold(typed.strip()))]
        texts = [*(f"{typed.strip()}{ending}" for ending in _time_endings(typed)), *words]
        found = [each for text in texts for each in _readings(text, on, now, campus)]
    elif on is None:
        found = [ParsedWhen("now", campus.local_date(now)), *_next_hours(now, campus)]
    else:
        found = list(_hours_on(on, now, campus))
    literal = {literal_when(each, campus): each for each in reversed(found)}
    return [
        each
        for each in dict.fromkeys(found)
        if literal[literal_when(each, campus)] == each and _is_exact(each, campus)
    ]


def complete_time_of_day(typed: str, *, now: datetime, campus: Campus) -> list[time]:
    """Return the times of the day that a text may become; nothing typed gives those from six."""
    if not typed.strip():
        return [time(hour, minute) for hour in range(6, 22) for minute in (0, 30)]
    found = []
    for ending in _time_endings(typed):
        try:
            text = f"{typed.strip()}{ending}"
            found.append(parse_time_of_day(text, now=now, campus=campus))
        except UserError:
            continue
    return list(dict.fromkeys(found))


def complete_date(
    typed: str, *, now: datetime, campus: Campus, known_days: Collection[date]
) -> list[date]:
    """Return the days that a text may become and of which something is known, nearest first."""
    today = campus.local_date(now)
    ahead = sorted(day for day in known_days if day >= today)
    begun = " ".join(fold(typed).split())
    try:
        meant = [parse_day(typed, now=now, campus=campus)] if begun else []
    except UserError:
        meant = []
    fitting = [day for day in ahead if any(n.startswith(begun) for n in _day_names(day, today))]
    return fitting or [day for day in meant if day in known_days]


def complete_week(
    typed: str, *, now: datetime, campus: Campus, known_days: Collection[date]
) -> list[date]:
    """Return the Mondays of the weeks that a text may become, nearest first.

    Offered are this week and those that hold a day of which something is known.
    """
    today = campus.local_date(now)
    this = monday_of(today)
    mondays = sorted({this} | {monday_of(day) for day in known_days if day >= today})
    begun = " ".join(fold(typed).split())
    try:
        meant = [parse_week(typed, now=now, campus=campus)] if begun else []
    except UserError:
        meant = []
    fitting = [
        monday
        for monday in mondays
        if any(name.startswith(begun) for name in _week_names(monday, this))
    ]
    return fitting or [monday for monday in meant if monday in mondays]


def complete_duration(typed: str, *, now: datetime, campus: Campus) -> list[timedelta | str]:
    """Return the durations that a text may become, the likeliest first.

    "until 5pm" stays the text that it is: how long that is depends on the start.
    """
    if not typed.strip():
        return [minutes * _MINUTE for minutes in _DURATIONS]
    found: list[timedelta | str] = []
    for ending in _DURATION_ENDINGS:
        text = f"{typed.strip()}{ending}"
        try:
            lengths = parse_duration(text, now=now, campus=campus)
        except UserError:
            continue
        # A bare "2" rather is hours.
        found += sorted(lengths, reverse=True) if lengths else [text]
    return list(dict.fromkeys(found))


def _readings(text: str, on: str | None, now: datetime, campus: Campus) -> Iterator[ParsedWhen]:
    try:
        when = parse_when(text, on, now=now, campus=campus)
    except UserError:
        return
    for each in when.readings if isinstance(when, AmbiguousWhen) else (when, *when.alternatives):
        if each.kind != "day":
            yield _to_the_minute(each)


def _to_the_minute(when: ParsedWhen) -> ParsedWhen:
    start = when.start and when.start.replace(second=0, microsecond=0)
    return ParsedWhen(when.kind, when.day, start, when.duration)


def _time_endings(typed: str) -> tuple[str, ...]:
    """Return what may follow a text: "in 3" becomes minutes, "3" a time of the day."""
    if typed.lstrip().casefold().startswith(("+", "in ")):
        return ("", "0", "h", " min")
    return ("", "0") if ":" in typed else ("", ":00", "am", "pm")


def _is_exact(when: ParsedWhen, campus: Campus) -> bool:
    """Tell whether the literal form is read as the same moment: the clocks may show it twice."""
    if when.start is None:
        return when.duration is None
    local = when.start.astimezone(campus.timezone).replace(fold=0)
    return local.astimezone(UTC) == when.start


def _hours_on(on: str, now: datetime, campus: Campus) -> Iterator[ParsedWhen]:
    """Yield the full hours of the day typed at which the campus is open."""
    try:
        day = parse_day(on, now=now, campus=campus)
    except UserError:
        return
    clock = CampusClock(campus, now)
    for hour in range(24):
        moment = clock.at(day, hour * _HOUR)
        if clock.is_open(moment) and not clock.is_over(moment):
            yield ParsedWhen("moment", day, moment)


def _next_hours(now: datetime, campus: Campus) -> Iterable[ParsedWhen]:
    soon = [now + _HOUR / 2, now + _HOUR]
    full = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    hours = [full + _HOUR * ahead for ahead in range(1, _HOURS_OFFERED + 1)]
    for moment in (*soon, *hours):
        start = moment.astimezone(UTC).replace(second=0, microsecond=0)
        yield ParsedWhen("moment", campus.local_date(start), start)


def _day_names(day: date, today: date) -> list[str]:
    near = {0: "today", 1: "tomorrow"}.get((day - today).days)
    names = [f"{day:%A}", f"{day:%a} {day.day} {day:%B}", f"{day.day} {day:%B}"]
    names += [f"{day:%B} {day.day}", day.isoformat(), *([near] if near else [])]
    return [name.casefold() for name in names]


def _week_names(monday: date, this: date) -> list[str]:
    near = {this: "this week", this + WEEK: "next week"}.get(monday)
    days = [name for day in days_of_week(monday) for name in _day_names(day, day - WEEK)]
    return [*([near] if near else []), f"week of {monday.day} {monday:%B}".casefold(), *days]
