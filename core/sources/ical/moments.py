"""Dates and times as feeds write them, and as much of a bad one as can be read.

Source: `docs/ical.md`, "Zones" and "What is legible".
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.model.calendar import DAY
from core.sources.ical.properties import Property

# ISO 8601 with and without separators: some programs write what a database gave them.
_MOMENT = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)"
    r"(?:[Tt ]?(\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?\s*(?:([Zz])|([+-]\d\d):?(\d\d))?)?"
)
_DURATION = re.compile(
    r"([+-]?)P(?:(\d{1,5})W)?(?:(\d{1,5})D)?"
    r"(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,7})S)?)?",
    re.IGNORECASE,
)
_LEGIBLE_DAY = re.compile(r"(?<!\d)(\d{4})-?(\d\d)-?(\d\d)")
_LEGIBLE_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)|(?<!\d)((?:19|20)\d\d)(?=-?\d)")
_MONTHS = 12
_SHORTEST_MONTH, _LONGEST_MONTH = 28, 31
_LAST_HOUR = 24
_FIRST_YEAR, _LAST_YEAR = 1900, 2200

FIRST_FACE = datetime(1800, 1, 1)  # noqa: DTZ001 - the face of a clock has no zone
LAST_FACE = datetime(8000, 1, 1)  # noqa: DTZ001 - same
"""Before and after all times that matter, far enough from the calendar's ends to reckon with."""

Faces = tuple[datetime, datetime]
"""The first and the last time that a clock may show, without a zone."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, or a time on the face of a clock.

    `zone` is the TZID beside it, `is_utc` whether a Z follows it; a faulty feed has both.
    """

    face: datetime
    is_day: bool = False
    zone: str = ""
    is_utc: bool = False

    @property
    def is_floating(self) -> bool:
        """Whether nothing says which clock shows it."""
        return not (self.is_day or self.zone or self.is_utc)


@dataclass(frozen=True, slots=True)
class Period:
    """A start with an end or a length."""

    start: Moment
    end: Moment | timedelta


def parse_moment(value: str, zone: str = "", *, as_day: bool = False) -> Moment | None:
    """Return a date or a time, None for a text that is neither."""
    return _usual_moment(value, zone, as_day=as_day) or _any_moment(value, zone, as_day=as_day)


def _usual_moment(value: str, zone: str, *, as_day: bool) -> Moment | None:
    """Return a time in the form of the standard, fast, as a feed has a hundred thousand."""
    digits = value[:8] + value[9:15]
    is_utc = value[15:] == "Z"
    is_usual = len(digits) == len("YYYYmmddHHMMSS") and value[8] == "T" and digits.isdecimal()
    if as_day or not is_usual or not (is_utc or len(value) == len("YYYYmmddTHHMMSS")):
        return None
    try:
        face = datetime.fromisoformat(value[:15])
    except ValueError:
        return None
    if not _FIRST_YEAR <= face.year <= _LAST_YEAR:
        return None
    return Moment(face, zone=zone, is_utc=is_utc)


def _any_moment(value: str, zone: str, *, as_day: bool) -> Moment | None:
    found = _MOMENT.fullmatch(value.strip())
    if found is None:
        return None
    month, day, hour, minute, second = (int(each or 0) for each in found.groups()[1:6])
    try:
        # "For ever" is written as the year 9999, and "always" as the year 1.
        face = datetime(_within_calendar(found[1]), month, day)  # noqa: DTZ001 - the face of a clock has no zone
        if found[4] is None:
            return Moment(face, is_day=True)
        if hour == _LAST_HOUR and not minute and not second:
            face, hour = face + DAY, 0
        face = face.replace(hour=hour, minute=minute, second=min(second, 59))
    except (ValueError, OverflowError):
        return None
    if found[8]:
        offset = timedelta(hours=int(found[8]), minutes=int(found[8][0] + found[9]))
        return Moment(face - offset, is_utc=True)
    if as_day and not (hour or minute or second):
        return Moment(face, is_day=True)
    return Moment(face, zone=zone, is_utc=bool(found[7]))


def property_moment(found: Property) -> Moment | None:
    """Return the date or time that a property holds, None where it is not understood."""
    as_day = found.parameters.get("VALUE", "").upper() == "DATE"
    return parse_moment(found.value, found.parameters.get("TZID", ""), as_day=as_day)


def split_values(found: Property) -> Iterator[str]:
    """Yield the values of a list; empty ones mean nothing and are left out."""
    for part in re.split(r"[,;]", found.value):
        if text := part.strip(" \"'\t\ufeff\u00a0"):
            yield text


def parse_period(text: str, zone: str) -> Period | None:
    """Return a period, None for a text that is none."""
    first, _, second = text.partition("/")
    start = parse_moment(first, zone)
    end = parse_duration(second) or parse_moment(second, zone)
    return Period(start, end) if start and end else None


def parse_duration(value: str) -> timedelta | None:
    """Return a length of time, None for a text that is none; it may be negative."""
    found = _DURATION.fullmatch(value.strip())
    if found is None or not any(found.groups()[1:]):
        return None
    weeks, days, hours, minutes, seconds = (int(each or 0) for each in found.groups()[1:])
    length = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    return -length if found[1] == "-" else length


def _within_calendar(year: str) -> int:
    return min(max(int(year), _FIRST_YEAR), _LAST_YEAR)


def legible_faces(text: str) -> Faces | None:
    """Return within which times a date lies that does not parse, None where nothing is legible.

    "20210230T140000" lies in the days around the end of February 2021, month 13 in its year.
    """
    found = _LEGIBLE_DAY.search(text)
    year = _LEGIBLE_YEAR.search(text)
    try:
        if found and 1 <= int(found[2]) <= _MONTHS:
            first = datetime(_within_calendar(found[1]), int(found[2]), 1)  # noqa: DTZ001 - a face again
            day = int(found[3])
            if 1 <= day <= _SHORTEST_MONTH:
                return first + DAY * (day - 1), first + DAY * day
            # The 30th of February is near its end or the start of March; the 45th is anywhere.
            is_near_end = _SHORTEST_MONTH < day <= _LONGEST_MONTH
            return first + DAY * (27 if is_near_end else 0), first + DAY * _LONGEST_MONTH
        if year:
            start = datetime(int(year[1] or year[2]), 1, 1)  # noqa: DTZ001 - same
            return start, start.replace(year=start.year + 1)
    except (ValueError, OverflowError):
        return None
    return None
