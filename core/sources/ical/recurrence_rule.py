"""Recurrence rules: from an RRULE to the dates on the face of a clock.

Written here because a feed may ask for more than a library gives up on: every step is
counted, and old series are entered near the time in question.

Source: `docs/ical.md`, "Recurrence"; RFC 5545, 3.3.10.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import count, product

from core.model.calendar import DAY
from core.sources.ical.moments import LAST_FACE

_WEEKDAYS = {"MO": 0, "TU": 1, "WE": 2, "TH": 3, "FR": 4, "SA": 5, "SU": 6}
_STEPS = {
    "SECONDLY": timedelta(seconds=1),
    "MINUTELY": timedelta(minutes=1),
    "HOURLY": timedelta(hours=1),
    "DAILY": DAY,
    "WEEKLY": 7 * DAY,
    "MONTHLY": 28 * DAY,
    "YEARLY": 365 * DAY,
}
_NUMBER_PARTS = {
    "BYMONTH": (1, 12, False),
    "BYWEEKNO": (1, 53, True),
    "BYYEARDAY": (1, 366, True),
    "BYMONTHDAY": (1, 31, True),
    "BYHOUR": (0, 23, False),
    "BYMINUTE": (0, 59, False),
    "BYSECOND": (0, 60, False),
    "BYSETPOS": (1, 366, True),
}
# RFC 5545, 3.3.10: these parts have no meaning with these frequencies.
_EXCLUDED = {
    "YEARLY": frozenset[str](),
    "MONTHLY": frozenset({"BYWEEKNO", "BYYEARDAY"}),
    "WEEKLY": frozenset({"BYWEEKNO", "BYYEARDAY", "BYMONTHDAY"}),
    "DAILY": frozenset({"BYWEEKNO", "BYYEARDAY"}),
    "HOURLY": frozenset({"BYWEEKNO"}),
    "MINUTELY": frozenset({"BYWEEKNO"}),
    "SECONDLY": frozenset({"BYWEEKNO"}),
}
_SUBDAILY = frozenset({"HOURLY", "MINUTELY", "SECONDLY"})
_WEEKDAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_MAX_STEPS = 80_000
"""Every day for two centuries; a room is not booked every minute."""


class UnclearRuleError(Exception):
    """A rule is none, or takes more steps than is sane."""


@dataclass(frozen=True, slots=True)
class RecurrenceRule:
    """One RRULE; `numbers` are its lists of numbers by name, `until` is as it was written."""

    frequency: str
    interval: int = 1
    count: int | None = None
    until: str = ""
    week_start: int = 0
    weekdays: tuple[tuple[int, int], ...] = ()
    numbers: dict[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def step(self) -> timedelta:
        """The shortest time between two periods of the rule."""
        return _STEPS[self.frequency] * self.interval

    @property
    def depends_on_day(self) -> bool:
        """Whether the rule names days, which lie elsewhere on another clock."""
        named = {"BYMONTH", "BYWEEKNO", "BYYEARDAY", "BYMONTHDAY"} & self.numbers.keys()
        return bool(self.weekdays or named) or self.frequency in {"MONTHLY", "YEARLY"}


def parse_rule(text: str) -> RecurrenceRule:
    """Return a rule.

    Raises:
        UnclearRuleError: a part of it is none, or must not stand beside another.
    """
    parts = _split_rule(text)
    frequency = parts.pop("FREQ", "")
    if frequency not in _STEPS or _EXCLUDED[frequency] & parts.keys():
        raise UnclearRuleError
    interval, limit = int(parts.pop("INTERVAL", "1")), int(parts.pop("COUNT", "0"))
    until = parts.pop("UNTIL", "")
    week_start = _WEEKDAYS.get(parts.pop("WKST", "MO"), -1)
    weekdays = _parse_weekdays(parts.pop("BYDAY", ""), frequency, parts)
    numbers = {key: _parse_numbers(key, value) for key, value in parts.items()}
    has_only_positions = "BYSETPOS" in numbers and len(numbers) + bool(weekdays) == 1
    # All days of the week, or the day on which the series starts? Programs disagree.
    is_week_unclear = "BYWEEKNO" in numbers and not weekdays
    if interval < 1 or week_start < 0 or has_only_positions or is_week_unclear:
        raise UnclearRuleError
    return RecurrenceRule(frequency, interval, limit or None, until, week_start, weekdays, numbers)


def _split_rule(text: str) -> dict[str, str]:
    parts = dict[str, str]()
    for part in text.strip().strip(";").split(";"):
        name, equals, value = (each.strip() for each in part.partition("="))
        if not (name and equals and value) or name.upper() in parts:
            # A part without its value would leave days out.
            raise UnclearRuleError
        parts[name.upper()] = value.upper()
    if parts.pop("RSCALE", "GREGORIAN") != "GREGORIAN" or parts.pop("SKIP", "OMIT") != "OMIT":
        raise UnclearRuleError
    numeric = (parts.get(name, "1") for name in ("INTERVAL", "COUNT"))
    if not all(re.fullmatch(r"\d{1,6}", each) and int(each) for each in numeric):
        raise UnclearRuleError
    return {name: value for name, value in parts.items() if not name.startswith("X-")}


def _parse_weekdays(
    text: str, frequency: str, others: dict[str, str]
) -> tuple[tuple[int, int], ...]:
    """Return pairs of an ordinal, 0 for none, and a weekday."""
    found = [_WEEKDAY.fullmatch(part.strip()) for part in text.split(",")] if text else []
    pairs = [(int(each[1] or 0), _WEEKDAYS[each[2]]) for each in found if each]
    has_ordinals = any(ordinal for ordinal, _ in pairs)
    takes_ordinals = frequency in {"MONTHLY", "YEARLY"} and "BYWEEKNO" not in others
    if len(pairs) != len(found) or (has_ordinals and not takes_ordinals):
        raise UnclearRuleError
    return tuple(pairs)


def _parse_numbers(name: str, text: str) -> tuple[int, ...]:
    low, high, may_be_negative = _NUMBER_PARTS.get(name, (1, 0, False))
    numbers = tuple(
        int(part) if re.fullmatch(r"\s*[+-]?\d{1,3}\s*", part) else high + 1
        for part in text.split(",")
    )
    for number in numbers:
        size = abs(number) if may_be_negative else number
        if not low <= size <= high:
            raise UnclearRuleError
    return numbers


def rule_dates(
    rule: RecurrenceRule, start: datetime, first: datetime, last: datetime
) -> Iterator[datetime]:
    """Yield the dates of a rule from `start` that lie between `first` and `last`, in order.

    A rule that counts its dates is walked from its start on. UNTIL is not looked at.

    Raises:
        UnclearRuleError: it takes more steps than is sane.
    """
    expansion = _Expansion(rule, start)
    skipped = 0 if rule.count else expansion.periods_before(first)
    number = 0
    for period in count(skipped):
        begins = expansion.period_start(period)
        if begins is None or begins > last + 7 * DAY:
            return
        for face in expansion.dates(begins):
            if face < start:
                continue
            number += 1
            if face > last or (rule.count and number > rule.count):
                return
            if face >= first:
                yield face


class _Expansion:
    """The periods of a rule and the dates in each; all steps taken are counted."""

    def __init__(self, rule: RecurrenceRule, start: datetime) -> None:
        self._rule = rule
        self._start = start
        self._steps = 0
        numbers = dict(rule.numbers)
        weekdays = rule.weekdays
        has_days = weekdays or {"BYWEEKNO", "BYYEARDAY", "BYMONTHDAY"} & numbers.keys()
        if not has_days and rule.frequency == "WEEKLY":
            weekdays = ((0, start.weekday()),)
        elif not has_days and rule.frequency in {"MONTHLY", "YEARLY"}:
            numbers["BYMONTHDAY"] = (start.day,)
            if rule.frequency == "YEARLY":
                numbers.setdefault("BYMONTH", (start.month,))
        self._months = frozenset(numbers.get("BYMONTH", range(1, 13)))
        self._numbers, self._weekdays = numbers, weekdays
        self._in_month = rule.frequency == "MONTHLY" or "BYMONTH" in rule.numbers
        self._times = self._times_of_day()

    def _times_of_day(self) -> list[time]:
        hours, minutes, seconds = (
            sorted({min(each, 59) for each in self._numbers.get(name, (own,))})
            for name, own in (
                ("BYHOUR", self._start.hour),
                ("BYMINUTE", self._start.minute),
                ("BYSECOND", self._start.second),
            )
        )
        if self._rule.frequency in _SUBDAILY:
            return []
        return [time(*each) for each in product(hours, minutes, seconds)]

    def periods_before(self, first: datetime) -> int:
        """Return how many periods surely end before `first`."""
        rule = self._rule
        if rule.frequency == "YEARLY":
            return max(0, (first.year - self._start.year) // rule.interval - 1)
        if rule.frequency == "MONTHLY":
            months = (first.year - self._start.year) * 12 + first.month - self._start.month
            return max(0, months // rule.interval - 1)
        return max(0, (first - self._start) // rule.step - 1)

    def period_start(self, number: int) -> datetime | None:
        """Return when a period begins, None beyond the calendar's end."""
        rule, start = self._rule, self._start
        months = start.year * 12 + start.month - 1
        if rule.frequency == "YEARLY":
            months = (start.year + number * rule.interval) * 12
        elif rule.frequency == "MONTHLY":
            months += number * rule.interval
        if months // 12 > LAST_FACE.year:
            return None
        if rule.frequency in {"YEARLY", "MONTHLY"}:
            return datetime(months // 12, months % 12 + 1, 1)  # noqa: DTZ001 - the face of a clock
        if rule.frequency not in _SUBDAILY:
            start = datetime.combine(start.date(), time())
        if rule.frequency == "WEEKLY":
            start -= DAY * ((start.weekday() - rule.week_start) % 7)
        distance = rule.step * number
        return start + distance if distance < LAST_FACE - start else None

    def dates(self, begins: datetime) -> Iterator[datetime]:
        """Yield the dates of one period, in order."""
        if self._rule.frequency in _SUBDAILY:
            found = list(self._subdaily_dates(begins))
        else:
            days = self._days(begins.date())
            self._count_steps(len(days) * len(self._times))
            found = [datetime.combine(day, each) for day in days for each in self._times]
        positions = self._numbers.get("BYSETPOS")
        if positions:
            wanted = {each - 1 if each > 0 else len(found) + each for each in positions}
            found = [face for place, face in enumerate(found) if place in wanted]
        yield from found

    def _subdaily_dates(self, begins: datetime) -> Iterator[datetime]:
        self._count_steps(1)
        numbers, frequency = self._numbers, self._rule.frequency
        is_its_hour = begins.hour in numbers.get("BYHOUR", (begins.hour,))
        if not is_its_hour or not self._is_its_day(begins.date()):
            return
        minutes = sorted(numbers.get("BYMINUTE", (begins.minute,)))
        seconds = sorted({min(each, 59) for each in numbers.get("BYSECOND", (begins.second,))})
        if frequency != "HOURLY":
            minutes = [each for each in minutes if each == begins.minute]
        if frequency == "SECONDLY":
            seconds = [each for each in seconds if each == begins.second]
        self._count_steps(len(minutes) * len(seconds))
        for minute in minutes:
            for second in seconds:
                yield begins.replace(minute=minute, second=second)

    def _days(self, first: date) -> list[date]:
        frequency = self._rule.frequency
        if frequency == "DAILY":
            return [first] if self._is_its_day(first) else []
        if frequency == "WEEKLY":
            return [day for day in _days_from(first, 7) if self._is_its_day(day)]
        months = [first.month] if frequency == "MONTHLY" else range(1, 13)
        return [
            day
            for month in months
            if month in self._months
            for day in _days_from(first.replace(month=month), _month_length(first.year, month))
            if self._is_its_day(day)
        ]

    def _is_its_day(self, day: date) -> bool:
        self._count_steps(1)
        numbers = self._numbers
        if day.month not in self._months:
            return False
        if "BYMONTHDAY" in numbers:
            from_end = day.day - _month_length(day.year, day.month) - 1
            if day.day not in numbers["BYMONTHDAY"] and from_end not in numbers["BYMONTHDAY"]:
                return False
        if "BYYEARDAY" in numbers:
            length, place = _year_length(day.year), day.timetuple().tm_yday
            if not {place, place - length - 1} & set(numbers["BYYEARDAY"]):
                return False
        if "BYWEEKNO" in numbers:
            week, weeks = _week_of_year(day, self._rule.week_start)
            if not {week, week - weeks - 1} & set(numbers["BYWEEKNO"]):
                return False
        return not self._weekdays or any(
            weekday == day.weekday() and self._has_ordinal(day, ordinal)
            for ordinal, weekday in self._weekdays
        )

    def _has_ordinal(self, day: date, ordinal: int) -> bool:
        if not ordinal:
            return True
        if self._in_month:
            place, length = day.day, _month_length(day.year, day.month)
        else:
            place, length = day.timetuple().tm_yday, _year_length(day.year)
        if ordinal > 0:
            return (place - 1) // 7 + 1 == ordinal
        return (length - place) // 7 + 1 == -ordinal

    def _count_steps(self, steps: int) -> None:
        self._steps += steps
        if self._steps > _MAX_STEPS:
            raise UnclearRuleError


def _days_from(first: date, number: int) -> list[date]:
    return [first + DAY * each for each in range(number)]


def _month_length(year: int, month: int) -> int:
    if month == 2:  # noqa: PLR2004 - February
        return 28 + (_year_length(year) == 366)  # noqa: PLR2004 - a leap year
    return 30 if month in {4, 6, 9, 11} else 31


def _year_length(year: int) -> int:
    return 366 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 365


def _week_of_year(day: date, week_start: int) -> tuple[int, int]:
    """Return the number of a day's week and how many weeks its year has.

    The first week of a year is the first that has four days in it.
    """
    middle = day + DAY * (3 - (day.weekday() - week_start) % 7)
    first_middle = date(middle.year, 1, 1)
    offset = (3 - (first_middle.weekday() - week_start)) % 7
    days = _year_length(middle.year)
    return (middle.timetuple().tm_yday - 1 - offset) // 7 + 1, (days - 1 - offset) // 7 + 1
