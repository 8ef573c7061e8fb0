"""Recurrence rules: the parts of an RRULE.

Source: `docs/ical.md`, "Recurrence"; RFC 5545, 3.3.10.
"""

import re
from dataclasses import dataclass, field
from datetime import timedelta

from core.model.calendar import DAY

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
SUBDAILY = frozenset({"HOURLY", "MINUTELY", "SECONDLY"})
"""The frequencies of rules that may have several dates on one day."""

_WEEKDAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")


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
