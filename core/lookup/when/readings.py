"""Moments on campus from phrases: which day, which half of the day, for how long."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from core.lookup.when.phrase import ClockTime, DayPart, Phrase
from core.model.calendar import DAY, local_to_utc
from core.model.campus import Campus

_WEEK = 7 * DAY
_MINUTE = timedelta(minutes=1)
_LONGEST = DAY
_LONGEST_RANGE = timedelta(hours=12)
_DAYS_AHEAD = 8
"""For so many days the next time at which the campus is open is looked for."""

_PART_HOURS: dict[DayPart, tuple[int, int, int]] = {
    "morning": (9, 5, 12),
    "afternoon": (13, 12, 18),
    "evening": (18, 18, 24),
    "tonight": (19, 18, 24),
}
"""When a part of the day is meant to be, and the hours that it covers."""

WhenKind = Literal["now", "moment", "day"]


@dataclass(frozen=True, slots=True)
class ParsedWhen:
    """When is asked about, and how that was understood.

    `kind` "now" has no `start`, and "day", which is a whole day without a time of it, has none
    either; `day` is the day on campus in each case. `duration` is None where none was typed.
    `alternatives` are other readings that are nearly as likely, the next in time first.
    """

    kind: WhenKind
    day: date
    start: datetime | None = None
    duration: timedelta | None = None
    alternatives: tuple["ParsedWhen", ...] = ()


@dataclass(frozen=True, slots=True)
class AmbiguousWhen:
    """A text of which nobody can know which of two readings is meant: "+2"."""

    readings: tuple[ParsedWhen, ...]


@dataclass(frozen=True, slots=True)
class CampusClock:
    """Now on a campus, and when its buildings are open."""

    campus: Campus
    now: datetime

    @property
    def today(self) -> date:
        """The calendar day on campus."""
        return self.campus.local_date(self.now)

    def at(self, day: date, since_midnight: timedelta) -> datetime:
        """Return the instant at which the campus's clocks show that time."""
        return local_to_utc(day, since_midnight, self.campus.timezone)

    def is_open(self, moment: datetime) -> bool:
        """Tell whether any building is open then, by the hours in the campus file."""
        return any(building.is_open_at(moment) for building in self.campus.buildings)

    def is_over(self, moment: datetime) -> bool:
        """Tell whether a moment lies before this minute."""
        return moment + _MINUTE <= self.now


def resolve(phrase: Phrase, clock: CampusClock) -> ParsedWhen | AmbiguousWhen | None:
    """Return when a phrase is on a campus; None where it is at no possible time."""
    if phrase.other_offset is not None or phrase.other_duration is not None:
        return _resolve_both(phrase, clock)
    if phrase.offset is not None:
        return _with_end(clock.now.astimezone(UTC) + phrase.offset, phrase, clock)
    if phrase.start is not None:
        found = _clock_readings(phrase, clock)
    elif phrase.part is not None:
        found = [_part_reading(phrase.part, phrase, clock)]
    elif phrase.day is not None:
        found = [ParsedWhen("day", phrase.day, duration=phrase.duration)]
    else:
        found = [_with_end(None, phrase, clock)]
    readings = [each for each in found if each]
    if not readings:
        return None
    others = readings[1:]
    if phrase.other_day:
        later = resolve(replace(phrase, day=phrase.other_day, other_day=None), clock)
        others += [later] if isinstance(later, ParsedWhen) else []
    return replace(readings[0], alternatives=tuple(others))


def _resolve_both(phrase: Phrase, clock: CampusClock) -> AmbiguousWhen | None:
    """Return the reading in minutes and the one in hours."""
    alone = replace(phrase, other_offset=None, other_duration=None)
    other = replace(
        alone,
        offset=phrase.other_offset or phrase.offset,
        duration=phrase.other_duration or phrase.duration,
    )
    readings = [resolve(each, clock) for each in (alone, other)]
    found = tuple(each for each in readings if isinstance(each, ParsedWhen))
    return AmbiguousWhen(found) if found else None


def _clock_readings(phrase: Phrase, clock: CampusClock) -> list[ParsedWhen | None]:
    """Return the likeliest moment of a clock time, then the next one of its other half."""
    time = phrase.start_in_part
    assert time is not None  # noqa: S101 - the caller has looked
    if phrase.end is not None:
        return [_range_reading(time, phrase.end, phrase, clock)]
    moments = [moment for day in _days(phrase, clock) for moment in _on(day, time, clock)]
    ahead = [moment for moment in moments if not clock.is_over(moment)]
    if len(time.readings) == 1:
        return [_with_end((ahead or moments)[0], phrase, clock)]
    in_hours = [moment for moment in ahead if clock.is_open(moment)]
    best = (in_hours or ahead or moments[-1:])[0]
    face = best.astimezone(clock.campus.timezone).hour
    others = [
        moment
        for moment in in_hours
        if moment > best and moment.astimezone(clock.campus.timezone).hour != face
    ]
    return [_with_end(each, phrase, clock) for each in (best, *others[:1])]


def _days(phrase: Phrase, clock: CampusClock) -> list[date]:
    """Return the days on which a time can be, the likeliest first."""
    if phrase.day is None:
        if phrase.part is not None and phrase.is_pinned:
            return [clock.today]
        return [clock.today + DAY * ahead for ahead in range(_DAYS_AHEAD)]
    is_today = phrase.day == clock.today
    return [phrase.day, phrase.day + _WEEK] if phrase.is_weekday and is_today else [phrase.day]


def _on(day: date, time: ClockTime, clock: CampusClock) -> list[datetime]:
    return [clock.at(day, reading) for reading in time.readings]


def _range_reading(
    start: ClockTime, end: ClockTime, phrase: Phrase, clock: CampusClock
) -> ParsedWhen | None:
    """Return the next range that lies in the opening hours; one that has begun starts now."""
    ranges = [
        (begins, ends)
        for day in _days(phrase, clock)
        for begins in _on(day, start, clock)
        for ends in _ends_after(begins, end, clock)[:1]
        if ends - begins <= _LONGEST
    ]
    # "this afternoon from 3 to 5" has a 3 pm only, "3-5 pm" one as well: the shortest fits.
    ahead = [each for each in ranges if each[1] > clock.now]
    short = [each for each in ahead if each[1] - each[0] <= _LONGEST_RANGE]
    in_hours = [
        each for each in short if clock.is_open(each[0]) and clock.is_open(each[1] - _MINUTE)
    ]
    found = in_hours or short or ahead or ranges[-1:]
    if not found:
        return None
    begins, ends = found[0]
    if begins <= clock.now < ends:
        return ParsedWhen("now", clock.today, duration=ends - clock.now.astimezone(UTC))
    return ParsedWhen("moment", clock.campus.local_date(begins), begins, ends - begins)


def _ends_after(start: datetime, end: ClockTime, clock: CampusClock) -> list[datetime]:
    """Return the moments of an end after a start, the next first."""
    day = clock.campus.local_date(start)
    moments = [moment for each in (day - DAY, day, day + DAY) for moment in _on(each, end, clock)]
    return sorted(moment for moment in moments if moment > start)


def _part_reading(part: DayPart, phrase: Phrase, clock: CampusClock) -> ParsedWhen | None:
    """Return the usual time of a part of the day; now where that part is going on."""
    usual, first, last = _PART_HOURS[part]
    for day in _days(phrase, clock):
        begins, ends = (clock.at(day, timedelta(hours=hour)) for hour in (first, last))
        if begins <= clock.now < ends:
            after_usual = clock.at(day, timedelta(hours=usual)) <= clock.now
            if part != "tonight" or after_usual:
                return _with_end(None, phrase, clock)
        if clock.now < ends:
            return _with_end(clock.at(day, timedelta(hours=usual)), phrase, clock)
    return _with_end(clock.at(_days(phrase, clock)[0], timedelta(hours=usual)), phrase, clock)


def _with_end(start: datetime | None, phrase: Phrase, clock: CampusClock) -> ParsedWhen | None:
    """Return a reading from a start, now for None, with its duration or until its end."""
    begins = start or clock.now.astimezone(UTC)
    if start is not None and abs(start - clock.now) < _MINUTE:
        start = None  # "10:05" at 10:05:31 is now, too.
    duration = phrase.duration
    if phrase.end is not None:
        ends = list(_likely_ends(begins, phrase.end, clock))
        if not ends:
            return None
        duration = ends[0] - begins
    day = clock.campus.local_date(begins)
    return ParsedWhen("moment" if start else "now", day, start, duration)


def _likely_ends(start: datetime, end: ClockTime, clock: CampusClock) -> Iterator[datetime]:
    """Yield the ends within a day, those in the opening hours first."""
    moments = [each for each in _ends_after(start, end, clock) if each - start <= _LONGEST]
    yield from (each for each in moments if clock.is_open(each - _MINUTE))
    yield from moments
