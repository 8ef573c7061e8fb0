"""When a member means: one grammar for the times, days and durations of all options.

`parse_when` reads what was typed in English, German, French or Spanish, whatever the member's
locale, and returns the moment and how it was understood.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from core.errors import (
    ConflictingTimesError,
    InvalidDateError,
    InvalidDurationError,
    InvalidTimeError,
    UserError,
)
from core.lookup.regions import writes_month_first
from core.lookup.when.grammar import Calendar, Slot, phrases
from core.lookup.when.phrase import Phrase
from core.lookup.when.readings import AmbiguousWhen, CampusClock, ParsedWhen, resolve
from core.model.campus import Campus

_MAX_ALTERNATIVES = 2
_NOON = timedelta(hours=12)

_LITERAL = re.compile(
    r"now|today|tomorrow|\d{4}-\d\d-\d\d(?: \d\d:\d\d)?(?: for \d+ min)?", re.IGNORECASE
)
_LITERAL_DURATION = re.compile(r"\d+ ?min|\d{2,4}|\d\d? ?h", re.IGNORECASE)
_LITERAL_CLOCK_TIME = re.compile(
    r"(?:0\d|1[3-9]|2[0-3]):[0-5]\d|\d{1,2}(?::[0-5]\d)? ?[ap]m", re.IGNORECASE
)

__all__ = [
    "AmbiguousWhen",
    "ParsedWhen",
    "is_literal_duration",
    "is_literal_moment",
    "parse_day",
    "parse_duration",
    "parse_time_of_day",
    "parse_when",
]


def parse_when(
    at: str | None = None,
    date: str | None = None,
    duration: str | None = None,
    *,
    now: datetime,
    campus: Campus,
) -> ParsedWhen | AmbiguousWhen:
    """Return when a member means by a time, a date and a duration; each takes all three.

    Raises:
        InvalidTimeError, InvalidDateError, InvalidDurationError: that text is none.
        ConflictingTimesError: two texts name different times, days or durations.
    """
    clock = CampusClock(campus, now)
    slots: tuple[tuple[str | None, Slot], ...] = (
        (at, "time"),
        (date, "day"),
        (duration, "duration"),
    )
    typed = [(text, slot) for text, slot in slots if text and text.strip()]
    wholes = list(_combined(typed, clock))
    best = wholes[0]
    # "3 h" is three hours from now or three o'clock.
    seconds = [
        each
        for each in wholes[1:]
        if None not in (each.offset or best.offset, each.start or best.start)
    ]
    found = [reading for each in (best, *seconds) if (reading := resolve(each, clock))]
    if not found:
        raise _invalid(*typed[0])
    return _with_alternatives(found[0], found[1:])


def parse_duration(typed: str, *, now: datetime, campus: Campus) -> list[timedelta]:
    """Return the lengths that a text means, two where nobody can know which; none for an end.

    Raises:
        InvalidDurationError: it is no duration, or names a time or a day besides.
    """
    for phrase in _read(typed, "duration", CampusClock(campus, now)):
        both = [each for each in (phrase.duration, phrase.other_duration) if each]
        lasts = Phrase(duration=phrase.duration, other_duration=phrase.other_duration)
        if phrase in (lasts, Phrase(end=phrase.end)):
            return both
    raise InvalidDurationError(typed)


def parse_time_of_day(typed: str, *, now: datetime, campus: Campus) -> time:
    """Return the time of the day that "7:30", "half past 7" or "7pm" name.

    Without am or pm it is that of the morning, and 12 is noon.

    Raises:
        InvalidTimeError: it is none, or names a day or a duration besides.
    """
    for phrase in _read(typed, "time", CampusClock(campus, now)):
        if phrase.start and phrase == Phrase(start=phrase.start):
            times = phrase.start.readings
            since_midnight = _NOON if _NOON in times else times[0]
            hours, minutes = divmod(since_midnight // timedelta(minutes=1), 60)
            return time(hours % 24, minutes)
    raise InvalidTimeError(typed)


def is_literal_moment(typed: str, *, is_day_clear: bool) -> bool:
    """Tell whether anybody reads a time or a date in one way only.

    "08:00" is literal where it is of the day that was named, or of today.
    """
    forms = (_LITERAL, _LITERAL_CLOCK_TIME) if is_day_clear else (_LITERAL,)
    return any(form.fullmatch(typed.strip()) for form in forms)


def is_literal_duration(typed: str) -> bool:
    """Tell whether anybody reads a duration in one way only: "90", "90 min", "2h"."""
    return _LITERAL_DURATION.fullmatch(typed.strip()) is not None


def parse_day(typed: str, *, now: datetime, campus: Campus) -> date:
    """Return the day that a text means; a time of the day in it says nothing.

    Raises:
        InvalidDateError: it is none.
    """
    clock = CampusClock(campus, now)
    for reading in _resolved(_read(typed, "day", clock), clock):
        if isinstance(reading, ParsedWhen):
            return reading.day
    raise InvalidDateError(typed)


def _resolved(found: Iterator[Phrase], clock: CampusClock) -> Iterator[ParsedWhen | AmbiguousWhen]:
    return (reading for phrase in found if (reading := resolve(phrase, clock)))


def _combined(typed: list[tuple[str, Slot]], clock: CampusClock) -> Iterator[Phrase]:
    """Yield the readings of all texts together.

    Raises:
        ConflictingTimesError: each is understood, but they do not go together.
    """
    wholes = [Phrase()]
    for text, slot in typed:
        readings = list(_read(text, slot, clock))
        if not readings:
            raise _invalid(text, slot)
        merged = [
            both
            for whole in wholes
            for each in readings
            if (both := whole.merge(each, may_repeat=True))
        ]
        wholes = [each for each in merged if each.is_consistent]
    if not wholes:
        raise ConflictingTimesError([text for text, _ in typed])
    return iter(wholes)


def _with_alternatives(
    best: ParsedWhen | AmbiguousWhen, others: Sequence[ParsedWhen | AmbiguousWhen]
) -> ParsedWhen | AmbiguousWhen:
    if isinstance(best, AmbiguousWhen):
        return best
    more = [replace(each, alternatives=()) for each in others if isinstance(each, ParsedWhen)]
    return replace(best, alternatives=(*best.alternatives, *more)[:_MAX_ALTERNATIVES])


def _read(text: str, slot: Slot, clock: CampusClock) -> Iterator[Phrase]:
    month_first = writes_month_first(clock.campus.timezone)
    return phrases(text, slot, Calendar(clock.today, month_first))


def _invalid(text: str, slot: Slot) -> UserError:
    errors = {"time": InvalidTimeError, "day": InvalidDateError, "duration": InvalidDurationError}
    return errors[slot](text)
