"""One table of a campus file: typed values, and a fault for each that is not right."""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

_TIME_PATTERN = re.compile(r"([01]\d|2[0-4]):([0-5]\d)")
_DIGITS = re.compile(r"[0-9]{1,12}")
_MAX_TEXT_LENGTH = 100

_Option = TypeVar("_Option", bound=str)


@dataclass(frozen=True, slots=True)
class TomlTable:
    """One table of the file: reads typed values and notes a fault for each that is not right.

    A faulty value reads as an empty one, so that one pass finds every fault.
    """

    values: Mapping[str, Any]
    path: str
    issues: list[str]

    def add_issue(self, key: str, problem: str) -> None:
        """Note what is wrong with the value of `key`."""
        self.issues.append(f"{self.path}{key}: {problem}")

    def reject_unknown_keys(self, keys: Collection[str]) -> None:
        """Note each key that is none of `keys`."""
        for key in sorted(self.values.keys() - keys):
            self.add_issue(key, f"is not a key here; there is {', '.join(sorted(keys))}")

    def unique(self, key: str, what: str, values: Sequence[str]) -> None:
        """Note each of `values` that is there more than once; empty ones may be."""
        for value in sorted(
            each for each, number in Counter(values).items() if each and number > 1
        ):
            self.add_issue(key, f"{what} {value!r} is there more than once")

    def text(
        self,
        key: str,
        pattern: re.Pattern[str] | None = None,
        expected: str = "",
        *,
        max_length: int = _MAX_TEXT_LENGTH,
    ) -> str:
        """Read a text of at most `most` characters; `wanted` says in words what `form` asks."""
        value = self.values.get(key)
        if not isinstance(value, str) or not value.strip():
            self.add_issue(key, "is missing" if value is None else f"{value!r} is not a text")
            return ""
        if len(value) > max_length:
            self.add_issue(key, f"is longer than {max_length} characters")
            return ""
        if pattern is not None and not pattern.fullmatch(value):
            self.add_issue(key, f"{value!r} is not {expected}")
        return value.strip()

    def texts(self, key: str) -> tuple[str, ...]:
        """Read a list of texts, none where it is left out."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            self.add_issue(key, f"{value!r} is not a list of texts")
            return ()
        return tuple(value)

    def identifier(self, key: str, *, required: bool) -> str:
        """Read a number of the provider, written as a number or as a text."""
        value = self.values.get(key)
        if value is None and not required:
            return ""
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str) or not _DIGITS.fullmatch(value):
            self.add_issue(key, "is missing" if value is None else f"{value!r} is not a number")
            return ""
        return value

    def number(self, key: str, *, default: int, minimum: int, maximum: int) -> int:
        """Read a whole number, `default` where it is left out."""
        value = self.values.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not minimum <= value <= maximum:
            self.add_issue(key, f"{value!r} is not a whole number from {minimum} to {maximum}")
            return default
        return value

    def choice(
        self, key: str, options: Sequence[_Option], *, default: _Option | None = None
    ) -> _Option:
        """Read one of `options`, `default` where it is left out and there is one."""
        value = self.values.get(key, default)
        if value not in options:
            self.add_issue(key, f"{value!r} is not one of {', '.join(options)}")
            return options[0]
        return options[options.index(value)]

    def time_of_day(self, key: str) -> timedelta:
        """Read a time of the day, as time since midnight."""
        value = self.values.get(key)
        found = parse_time_of_day(value) if isinstance(value, str) else None
        if found is None:
            self.add_issue(key, f'{value!r} is not a time of the day; write one like "07:00"')
            return timedelta()
        return found

    def boolean(self, key: str, *, default: bool) -> bool:
        """Read true or false, `default` where it is left out."""
        value = self.values.get(key, default)
        if not isinstance(value, bool):
            self.add_issue(key, f"{value!r} is not true or false")
            return default
        return value

    def subtable(self, key: str) -> "TomlTable":
        """Read a table; where there is none, one whose faults nobody sees."""
        value = self.values.get(key)
        if not isinstance(value, dict):
            self.add_issue(key, "is missing" if value is None else "is not a table")
            return TomlTable({}, f"{self.path}{key}.", [])
        return TomlTable(value, f"{self.path}{key}.", self.issues)

    def subtables(self, key: str) -> Sequence["TomlTable"]:
        """Read a list of tables that is not empty."""
        value = self.values.get(key)
        if not isinstance(value, list) or not value:
            self.add_issue(key, "is missing or empty" if not value else "is not a list of tables")
            return []
        if not all(isinstance(each, dict) for each in value):
            self.add_issue(key, "holds something that is not a table")
            return []
        return [
            TomlTable(each, f"{self.path}{key}[{at}].", self.issues)
            for at, each in enumerate(value)
        ]


def parse_time_of_day(text: str) -> timedelta | None:
    """Return a time like "07:00" since midnight, at most "24:00"; None where it is none."""
    match = _TIME_PATTERN.fullmatch(text)
    if match is None or match[0] > "24:00":
        return None
    return timedelta(hours=int(match[1]), minutes=int(match[2]))
