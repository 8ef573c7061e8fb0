"""Grammar of days: "tomorrow", "next monday", "4 March", "3/4", "2026-03-04"."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from core.lookup.when.phrase import Phrase
from core.model.calendar import DAY

_WEEK = 7 * DAY
_MAX_DISTANCE = timedelta(days=36_500)
_RECENT = timedelta(days=31)
"""A date without its year that is over for so long means this year's."""

_YEARS_AROUND = 3

_OFFSETS = {"yesterday": -1, "today": 0, "tomorrow": 1, "overmorrow": 2}

_ON = "(?:(?:on|am|in|for|the|at) )*"
_YEAR = r"(?:(?:of )?(?P<year>\d{4}) )?"
_WEEKDAY_BEFORE = rf"{_ON}(?:d(?P<weekday>\d) (?:[.] )?)?{_ON}"
_NTH = "(?:nth |[.] )?"
_OF = "(?:(?:of|from|the) )*"

_RELATIVE = re.compile(f"{_ON}(?P<word>{'|'.join(_OFFSETS)}) ")
_WEEKDAY = re.compile(rf"{_ON}(?P<next>next |this )?d(?P<weekday>\d) (?P<after>next )?")
_NAMED = (
    re.compile(rf"{_WEEKDAY_BEFORE}(?P<day>\d\d?) {_NTH}{_OF}m(?P<month>\d\d?) (?:[.] )?{_YEAR}"),
    re.compile(rf"{_WEEKDAY_BEFORE}m(?P<month>\d\d?) (?:[.] )?{_ON}(?P<day>\d\d?) {_NTH}{_YEAR}"),
)
_ISO = re.compile(
    rf"{_ON}(?P<year>\d{{4}}) (?P<mark>[-/.]) (?P<month>\d\d?) (?P=mark) (?P<day>\d\d?) "
)
_TWO_NUMBERS = rf"{_WEEKDAY_BEFORE}(?P<first>\d\d?) (?P<mark>[-/.]) (?P<second>\d\d?) "
_NUMBERS = (
    re.compile(rf"{_TWO_NUMBERS}(?P=mark) (?P<year>\d{{4}}|\d\d) "),
    re.compile(rf"{_TWO_NUMBERS}[.] "),
    re.compile(_TWO_NUMBERS),
)
_ORDINAL = re.compile(rf"{_WEEKDAY_BEFORE}(?P<day>\d\d?) nth ")
_BARE_DAY = re.compile(rf"{_ON}(?P<day>\d\d?) (?:[.] )?\Z")


def day_phrases(
    text: str, at: int, *, today: date, month_first: bool
) -> Iterator[tuple[Phrase, int]]:
    """Yield the days that begin at a place, and where each ends."""
    if match := _RELATIVE.match(text, at):
        yield Phrase(day=today + DAY * _OFFSETS[match["word"]], is_pinned=True), match.end()
    for form in _NAMED:
        if match := form.match(text, at):
            yield from _calendar_day(match, int(match["month"]), int(match["day"]), today)
    if match := _ISO.match(text, at):
        for found, end in _calendar_day(match, int(match["month"]), int(match["day"]), today):
            yield replace(found, is_24h=True), end
    for form in _NUMBERS:
        if match := form.match(text, at):
            yield from _numbers(match, today, month_first=month_first)
    if match := _ORDINAL.match(text, at):
        yield from _day_of_month(match, today)
    if match := _WEEKDAY.match(text, at):
        yield _weekday(match, today), match.end()


def bare_day_phrases(text: str, at: int, *, today: date) -> Iterator[tuple[Phrase, int]]:
    """Yield "4" as the fourth of a month; only as the whole text."""
    if at == 0 and (match := _BARE_DAY.match(text)):
        yield from _day_of_month(match, today)


def _weekday(match: re.Match[str], today: date) -> Phrase:
    """Return the next such day, today included; "next friday" may be a week later."""
    ahead = (int(match["weekday"]) - today.weekday()) % 7
    is_next = match["next"] == "next " or match["after"] is not None
    if not is_next:
        return Phrase(day=today + DAY * ahead, is_weekday=True)
    day = today + (DAY * ahead or _WEEK)
    is_this_week = day.weekday() > today.weekday()
    return Phrase(day=day, other_day=day + _WEEK if is_this_week else None)


def _numbers(
    match: re.Match[str], today: date, *, month_first: bool
) -> Iterator[tuple[Phrase, int]]:
    """Read "3/4" in the order of the campus's country, "04.03." always day first."""
    first, second = int(match["first"]), int(match["second"])
    day_first = match["mark"] == "." or not month_first
    pairs = [(second, first), (first, second)] if day_first else [(first, second), (second, first)]
    for month, day in pairs:
        found = list(_calendar_day(match, month, day, today))
        if found:
            yield from found
            return


def _calendar_day(
    match: re.Match[str], month: int, day: int, today: date
) -> Iterator[tuple[Phrase, int]]:
    parts = match.groupdict()
    found = _date(parts.get("year"), month, day, today)
    if found is None or abs(found - today) > _MAX_DISTANCE:
        return
    if (weekday := parts.get("weekday")) is None or int(weekday) == found.weekday():
        yield Phrase(day=found, is_pinned=True), match.end()


def _date(year: str | None, month: int, day: int, today: date) -> date | None:
    if year is not None:
        full_year = int(year) if len(year) == len("2026") else 2000 + int(year)
        # "9.3. 87" is no date that anybody asks about.
        is_plausible = abs(full_year - today.year) <= _YEARS_AROUND or len(year) == len("2026")
        return _valid_date(full_year, month, day) if is_plausible else None
    for each in range(today.year - 1, today.year + 5):  # 29 February may be years ahead.
        found = _valid_date(each, month, day)
        if found and found >= today - _RECENT:
            return found
    return None


def _day_of_month(match: re.Match[str], today: date) -> Iterator[tuple[Phrase, int]]:
    """Yield the next day of that number; a weekday typed with it has to be right."""
    day, weekday = int(match["day"]), match.groupdict().get("weekday")
    for ahead in range(12):
        year, month = divmod(today.year * 12 + today.month - 1 + ahead, 12)
        found = _valid_date(year, month + 1, day)
        if found and found >= today and (weekday is None or found.weekday() == int(weekday)):
            yield Phrase(day=found, is_pinned=True), match.end()
            return


def _valid_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
