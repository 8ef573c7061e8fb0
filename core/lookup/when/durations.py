"""Grammar of durations and of times from now: "2h", "an hour and a half", "+45"."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from core.lookup.when.phrase import Phrase
from core.model.calendar import DAY

_MAX_DURATION = DAY
_MAX_OFFSET = 31 * DAY
_AMBIGUOUS_UP_TO = 9
"""A bare "+2" is minutes or hours; "+10" and more are minutes."""

_AN = "(?:an|a|the)"
_COUNT = r"(?P<count>\d{1,4}) (?:[.] (?P<tenths>\d{1,2}) )?"
_MINUTES = r"(?P<minutes>\d\d(?= )|\d(?= minute)) (?:minute )?"
_AMOUNTS = tuple(
    re.compile(form)
    for form in (
        rf"(?:(?P<whole>\d{{1,2}}) (?:hour|h) |{_AN} (?:hour|h) )and (?:{_AN} )?(?P<half>half) ",
        rf"(?P<whole>\d{{1,2}}) and {_AN} (?P<half>half) (?:hour|h) ",
        rf"(?:{_AN} )?(?P<half>half) (?:(?:of )?{_AN} )?(?:hour|h) ",
        rf"(?:{_AN} )?(?P<quarter>quarter) (?:of )?(?:{_AN} )?(?:hour|h) ",
        rf"(?:{_COUNT}|{_AN} )(?:hour|h) (?:and )?{_MINUTES}",
        r"(?<!\d )[.] (?P<tenths>\d) (?P<unit>hour|h) ",
        rf"(?:{_COUNT}|{_AN} )(?P<unit>minute|hour|h|day|week) ",
    )
)
_UNITS = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "h": timedelta(hours=1),
    "day": DAY,
    "week": 7 * DAY,
}
_COLON = re.compile(r"(?P<hours>\d\d?) : (?P<minutes>[0-5]\d) (?:(?:hour|h) )?")
_BARE = re.compile(r"(?P<count>\d{1,4}) ")
_FOR = re.compile("for (?:the )?")
_IN = re.compile("in (?:the )?")
_LATER = "fromnow "


class Amount(NamedTuple):
    """A length of time, whether it is counted in days, and where its text ends."""

    length: timedelta
    in_days: bool
    end: int


def amounts(text: str, at: int) -> Iterator[Amount]:
    """Yield the lengths of time that begin at a place."""
    for form in _AMOUNTS:
        if match := form.match(text, at):
            parts = match.groupdict()
            unit = parts.get("unit") or "hour"
            yield Amount(_length(parts, _UNITS[unit]), unit in {"day", "week"}, match.end())


def _length(parts: dict[str, str | None], unit: timedelta) -> timedelta:
    if parts.get("quarter"):
        return unit / 4
    if parts.get("half"):
        whole = parts.get("whole")
        is_only_half = "whole" not in parts
        return unit / 2 if is_only_half else unit * int(whole or 1) + unit / 2
    tenths = parts.get("tenths") or "0"
    count = 0 if "count" not in parts else int(parts["count"] or 1)
    share: timedelta = unit * int(tenths) / (10 ** len(tenths))
    return unit * count + share + timedelta(minutes=int(parts.get("minutes") or 0))


def duration_phrases(text: str, at: int) -> Iterator[tuple[Phrase, int]]:
    """Yield "for 2 hours" and "2 hours"."""
    opening = _FOR.match(text, at)
    begins = opening.end() if opening else at
    for amount in amounts(text, begins):
        if timedelta() < amount.length <= _MAX_DURATION:
            yield Phrase(duration=amount.length), amount.end
    if opening:
        yield from bare_duration_phrases(text, begins)


def bare_duration_phrases(text: str, at: int) -> Iterator[tuple[Phrase, int]]:
    """Yield "1:30" and "90" as durations, and "2" as minutes or hours; only as a whole text."""
    if at and not text.endswith("for ", 0, at):
        return
    if (match := _COLON.match(text, at)) and match.end() == len(text):
        length = timedelta(hours=int(match["hours"]), minutes=int(match["minutes"]))
        if timedelta() < length <= _MAX_DURATION:
            yield Phrase(duration=length), match.end()
    if (match := _BARE.match(text, at)) and match.end() == len(text):
        minutes, hours = _minutes_or_hours(int(match["count"]))
        if timedelta() < minutes <= _MAX_DURATION:
            yield Phrase(duration=minutes, other_duration=hours), match.end()


def offset_phrases(text: str, at: int, *, today: date) -> Iterator[tuple[Phrase, int]]:
    """Yield "in 2 hours", "2 hours from now", "+45", and "in 2 days" as a day."""
    opening = _IN.match(text, at)
    begins = opening.end() if opening else at
    is_plus = text.startswith("+ ", at)
    if is_plus:
        begins = at + len("+ ")
    for amount in amounts(text, begins):
        ends = amount.end
        if text.startswith(_LATER, ends):
            ends += len(_LATER)
        elif not (opening or is_plus):
            continue
        yield from _offset_phrase(amount, ends, today)
    if opening or is_plus:
        yield from _bare_offset_phrases(text, begins)


def bare_offset_phrases(text: str, at: int, *, today: date) -> Iterator[tuple[Phrase, int]]:
    """Yield "2 hours" as a time from now."""
    for amount in amounts(text, at):
        yield from _offset_phrase(amount, amount.end, today)


def _bare_offset_phrases(text: str, at: int) -> Iterator[tuple[Phrase, int]]:
    if match := _COLON.match(text, at):
        yield (
            Phrase(offset=timedelta(hours=int(match["hours"]), minutes=int(match["minutes"]))),
            match.end(),
        )
    if (match := _BARE.match(text, at)) and match.end() == len(text):
        minutes, hours = _minutes_or_hours(int(match["count"]))
        yield Phrase(offset=minutes, other_offset=hours), match.end()


def _offset_phrase(amount: Amount, end: int, today: date) -> Iterator[tuple[Phrase, int]]:
    if amount.length > _MAX_OFFSET * (13 if amount.in_days else 1):
        return
    if amount.in_days:
        yield Phrase(day=today + amount.length), end
    else:
        yield Phrase(offset=amount.length), end


def _minutes_or_hours(count: int) -> tuple[timedelta, timedelta | None]:
    """Return a bare number as minutes, and as hours where that is as likely."""
    is_ambiguous = 0 < count <= _AMBIGUOUS_UP_TO
    return timedelta(minutes=count), timedelta(hours=count) if is_ambiguous else None
