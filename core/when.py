"""A moment on campus, from what a member typed."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from core.errors import UnreadableDateError, UnreadableTimeError
from core.model import DAY, wall_clock

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_HALF_DAY = 12
_SHORTEST_WEEKDAY = 2
_FARTHEST = timedelta(days=36_500)
_CLOCK = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?\s*(?:([ap])\.?m?\.?)?", re.IGNORECASE)
_LATER = re.compile(r"\+\s*(\d{1,4})\s*(?:m|min|minutes)?", re.IGNORECASE)


def read_moment(at: str | None, on: str | None, *, now: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment, in UTC, that a member's time and date name.

    Without a time it is the time of the day that it is now; without a date it is today.

    Raises:
        UnreadableTimeError: `at` is not a time.
        UnreadableDateError: `on` is not a date.
    """
    today = now.astimezone(zone).date()
    day = read_date(on, today=today) if on else today
    later = _minutes_later(at)
    if later is None:
        return wall_clock(day, read_time(at or ""), zone)
    # Counted in elapsed time, so that +45 is right across a change of the clocks, too.
    start = now.astimezone(UTC) if day == today else _same_time(now, day, zone)
    return start + later


def _same_time(now: datetime, day: date, zone: ZoneInfo) -> datetime:
    face = now.astimezone(zone).replace(tzinfo=None)
    return wall_clock(day, face - datetime.combine(face.date(), datetime.min.time()), zone)


def _minutes_later(at: str | None) -> timedelta | None:
    if at is None or at.strip().casefold() in {"", "now"}:
        return timedelta()
    match = _LATER.fullmatch(at.strip())
    return timedelta(minutes=int(match[1])) if match else None


def read_time(at: str) -> timedelta:
    """Return the time since midnight, 24 hours at most, that "14:30", "2:30 pm" or "2pm" name.

    Raises:
        UnreadableTimeError: it names none.
    """
    match = _CLOCK.fullmatch(at.strip())
    # A bare number is a time only with am or pm: "14" may be the 14th as well.
    if match is None or (match[2] is None and match[3] is None):
        raise UnreadableTimeError(at)
    hour, minute = int(match[1]), int(match[2] or 0)
    if match[3]:
        if not 1 <= hour <= _HALF_DAY:
            raise UnreadableTimeError(at)
        hour = hour % _HALF_DAY + (_HALF_DAY if match[3].casefold() == "p" else 0)
    time = timedelta(hours=hour, minutes=minute)
    if minute >= 60 or time > DAY:  # noqa: PLR2004 - minutes of an hour
        raise UnreadableTimeError(at)
    return time


def read_date(on: str, *, today: date) -> date:
    """Return the day that "2026-03-03", "today", "tomorrow" or a weekday names.

    A weekday is the next one, today included; two letters are enough.

    Raises:
        UnreadableDateError: it names none.
    """
    typed = on.strip().casefold()
    if typed in {"today", "tomorrow"}:
        return today + DAY * (typed == "tomorrow")
    for ahead in range(len(WEEKDAYS)):
        name = WEEKDAYS[(today.weekday() + ahead) % 7].casefold()
        if len(typed) >= _SHORTEST_WEEKDAY and name.startswith(typed):
            return today + DAY * ahead
    try:
        day = date.fromisoformat(typed)
    except ValueError as err:
        raise UnreadableDateError(on) from err
    if abs(day - today) > _FARTHEST:
        raise UnreadableDateError(on)
    return day


def suggest_times(typed: str, *, now: datetime, zone: ZoneInfo) -> list[tuple[str, str]]:
    """Complete a time as it is typed: (what to show, what to send) pairs, best first.

    Empty text gives now, soon, and the hours to come; anything readable comes first.
    """
    local = now.astimezone(zone)
    hours = [f"{(local.hour + 1 + each) % 24:02}:00" for each in range(24)]
    pairs = [("now", "now"), ("in 30 minutes", "+30"), ("in an hour", "+60")]
    pairs += [(_both_clocks(each), each) for each in hours]
    asked = _plain(typed)
    if not asked:
        return pairs
    found = []
    if match := _LATER.fullmatch(typed.strip()):
        found.append((f"in {int(match[1])} minutes", f"+{int(match[1])}"))
    matching = [pair for pair in pairs if any(_plain(word).startswith(asked) for word in pair)]
    found += [(_both_clocks(each), each) for each in _readings(asked)]
    found += matching
    return list(dict.fromkeys(found))


def _readings(asked: str) -> Iterable[str]:
    """Return what the text so far can mean as a time, in 24 hours."""
    for reading in (asked, f"{asked}:00", f"{asked}am", f"{asked}pm", f"{asked}0", f"{asked}m"):
        try:
            minutes = read_time(reading) // timedelta(minutes=1)
        except UnreadableTimeError:
            continue
        yield f"{minutes // 60:02}:{minutes % 60:02}"


def _both_clocks(time: str) -> str:
    hour, minute = time.split(":")
    half = "PM" if _HALF_DAY <= int(hour) < 2 * _HALF_DAY else "AM"
    return f"{time} · {(int(hour) - 1) % _HALF_DAY + 1}:{minute} {half}"


def suggest_dates(typed: str, *, today: date, known: Sequence[date]) -> list[tuple[str, str]]:
    """Complete a date as it is typed from the days that are known, nearest first."""
    pairs = []
    for day in sorted(each for each in known if each >= today):
        weekday = WEEKDAYS[day.weekday()]
        near = {0: "Today", 1: "Tomorrow"}.get((day - today).days)
        words = [word for word in (near, weekday, day.isoformat()) if word]
        if not typed.strip() or any(_plain(word).startswith(_plain(typed)) for word in words):
            pairs.append((" · ".join(words), day.isoformat()))
    return pairs


def _plain(text: str) -> str:
    return "".join(text.casefold().split())
