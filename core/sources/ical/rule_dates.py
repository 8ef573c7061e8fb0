"""Rule dates: from a recurrence rule to its dates on the face of a clock.

Written here because a feed may ask for more than a library gives up on: every step is
counted, and old series are entered near the time in question.

Source: `docs/ical.md`, "Recurrence"; RFC 5545, 3.3.10.
"""

from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import count, product

from core.model.calendar import DAY
from core.sources.ical.moments import LAST_FACE
from core.sources.ical.recurrence_rule import SUBDAILY, RecurrenceRule, UnclearRuleError

_MAX_STEPS = 80_000
"""Every day for two centuries; a room is not booked every minute."""


def rule_dates(
    rule: RecurrenceRule, start: datetime, first: datetime, last: datetime
) -> Iterator[datetime]:
    """Yield the dates of a rule from `start` that lie between `first` and `last`, in order.

    A rule that counts its dates is walked from its start on. UNTIL is not looked at.

    Raises:
        UnclearRuleError: it takes more steps than is sane.
    """
    if _is_plain(rule, start):
        yield from _plain_dates(rule, start, first, last)
        return
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


def _is_plain(rule: RecurrenceRule, start: datetime) -> bool:
    """Return whether a rule is every so many days or weeks, as most are."""
    is_own_day = rule.frequency == "WEEKLY" and rule.weekdays == ((0, start.weekday()),)
    is_regular = rule.frequency in {"DAILY", "WEEKLY"} and not rule.numbers
    return is_regular and (not rule.weekdays or is_own_day)


def _plain_dates(
    rule: RecurrenceRule, start: datetime, first: datetime, last: datetime
) -> Iterator[datetime]:
    step = rule.step
    number = max(0, -((start - first) // step)) if first > start else 0
    end = min(last, LAST_FACE)
    steps = (end - start) // step
    if rule.count:
        steps = min(steps, rule.count - 1)
    if steps - number > _MAX_STEPS:
        raise UnclearRuleError
    for each in range(number, steps + 1):
        yield start + step * each


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
        if self._rule.frequency in SUBDAILY:
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
        if rule.frequency not in SUBDAILY:
            start = datetime.combine(start.date(), time())
        if rule.frequency == "WEEKLY":
            start -= DAY * ((start.weekday() - rule.week_start) % 7)
        distance = rule.step * number
        return start + distance if distance < LAST_FACE - start else None

    def dates(self, begins: datetime) -> Iterator[datetime]:
        """Yield the dates of one period, in order."""
        if self._rule.frequency in SUBDAILY:
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
