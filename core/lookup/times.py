"""A moment on campus, from what a member typed."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from core.errors import InvalidDateError, InvalidTimeError
from core.model.calendar import DAY, local_to_utc

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_HALF_DAY = 12
_MIN_WEEKDAY_LETTERS = 2
_MAX_DISTANCE = timedelta(days=36_500)
_TIME_PATTERN = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?\s*(?:([ap])\.?m?\.?)?", re.IGNORECASE)
_OFFSET_PATTERN = re.compile(r"\+\s*(\d{1,4})\s*(?:m|min|minutes)?", re.IGNORECASE)


def parse_moment(at: str | None, on: str | None, *, now: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment, in UTC, that a member's time and date name.

    Without a time it is the time of the day that it is now; without a date it is today.

    Raises:
        InvalidTimeError: `at` is not a time.
        InvalidDateError: `on` is not a date.
    """
    today = now.astimezone(zone).date()
    day = parse_date(on, today=today) if on else today
    later = _parse_offset(at)
    if later is None:
        return local_to_utc(day, parse_time(at or ""), zone)
    # Counted in elapsed time, so that +45 is right across a change of the clocks, too.
    start = now.astimezone(UTC) if day == today else _same_time_on(now, day, zone)
    return start + later


def _same_time_on(now: datetime, day: date, zone: ZoneInfo) -> datetime:
    face = now.astimezone(zone).replace(tzinfo=None)
    return local_to_utc(day, face - datetime.combine(face.date(), datetime.min.time()), zone)


def _parse_offset(at: str | None) -> timedelta | None:
    if at is None or at.strip().casefold() in {"", "now"}:
        return timedelta()
    match = _OFFSET_PATTERN.fullmatch(at.strip())
    return timedelta(minutes=int(match[1])) if match else None


def parse_time(at: str) -> timedelta:
    """Return the time since midnight, 24 hours at most, that "14:30", "2:30 pm" or "2pm" name.

    Raises:
        InvalidTimeError: it names none.
    """
    match = _TIME_PATTERN.fullmatch(at.strip())
    # A bare number is a time only with am or pm: "14" may be the 14th as well.
    if match is None or (match[2] is None and match[3] is None):
        raise InvalidTimeError(at)
    hour, minute = int(match[1]), int(match[2] or 0)
    if match[3]:
        if not 1 <= hour <= _HALF_DAY:
            raise InvalidTimeError(at)
        hour = hour % _HALF_DAY + (_HALF_DAY if match[3].casefold() == "p" else 0)
    time = timedelta(hours=hour, minutes=minute)
    if minute >= 60 or time > DAY:  # noqa: PLR2004 - minutes of an hour
        raise InvalidTimeError(at)
    return time


def parse_date(on: str, *, today: date) -> date:
    """Return the day that "2026-03-03", "today", "tomorrow" or a weekday names.

    A weekday is the next one, today included; two letters are enough.

    Raises:
        InvalidDateError: it names none.
    """
    typed = on.strip().casefold()
    if typed in {"today", "tomorrow"}:
        return today + DAY * (typed == "tomorrow")
    for ahead in range(len(WEEKDAYS)):
        name = WEEKDAYS[(today.weekday() + ahead) % 7].casefold()
        if len(typed) >= _MIN_WEEKDAY_LETTERS and name.startswith(typed):
            return today + DAY * ahead
    try:
        day = date.fromisoformat(typed)
    except ValueError as err:
        raise InvalidDateError(on) from err
    if abs(day - today) > _MAX_DISTANCE:
        raise InvalidDateError(on)
    return day


def complete_time(typed: str, *, now: datetime, zone: ZoneInfo) -> list[tuple[str, str]]:
    """Complete a time as it is typed: (what to show, what to send) pairs, best first.

    Empty text gives now, soon, and the hours to come; anything readable comes first.
    """
    local = now.astimezone(zone)
    hours = [f"{(local.hour + 1 + each) % 24:02}:00" for each in range(24)]
    pairs = [("now", "now"), ("in 30 minutes", "+30"), ("in an hour", "+60")]
    pairs += [(_format_24h_12h(each), each) for each in hours]
    asked = _remove_spaces(typed)
    if not asked:
        return pairs
    found = []
    if match := _OFFSET_PATTERN.fullmatch(typed.strip()):
        found.append((f"in {int(match[1])} minutes", f"+{int(match[1])}"))
    matching = [
        pair for pair in pairs if any(_remove_spaces(word).startswith(asked) for word in pair)
    ]
    found += [(_format_24h_12h(each), each) for each in _candidate_times(asked)]
    found += matching
    return list(dict.fromkeys(found))


def _candidate_times(typed: str) -> Iterable[str]:
    """Return what the text so far can mean as a time, in 24 hours."""
    for reading in (typed, f"{typed}:00", f"{typed}am", f"{typed}pm", f"{typed}0", f"{typed}m"):
        try:
            minutes = parse_time(reading) // timedelta(minutes=1)
        except InvalidTimeError:
            continue
        yield f"{minutes // 60:02}:{minutes % 60:02}"


def _format_24h_12h(time: str) -> str:
    hour, minute = time.split(":")
    half = "PM" if _HALF_DAY <= int(hour) < 2 * _HALF_DAY else "AM"
    return f"{time} · {(int(hour) - 1) % _HALF_DAY + 1}:{minute} {half}"


def complete_date(typed: str, *, today: date, known_days: Sequence[date]) -> list[tuple[str, str]]:
    """Complete a date as it is typed from the days that are known, nearest first."""
    pairs = []
    for day in sorted(each for each in known_days if each >= today):
        weekday = WEEKDAYS[day.weekday()]
        near = {0: "Today", 1: "Tomorrow"}.get((day - today).days)
        words = [word for word in (near, weekday, day.isoformat()) if word]
        if not typed.strip() or any(
            _remove_spaces(word).startswith(_remove_spaces(typed)) for word in words
        ):
            pairs.append((" · ".join(words), day.isoformat()))
    return pairs


def _remove_spaces(text: str) -> str:
    return "".join(text.casefold().split())
