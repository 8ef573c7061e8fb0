"""One table of a campus file: typed values, and a fault for each that is not right."""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

_CLOCK = re.compile(r"([01]\d|2[0-4]):([0-5]\d)")
_NUMBER = re.compile(r"[0-9]{1,12}")
_LONGEST_NAME = 100

_Word = TypeVar("_Word", bound=str)


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the file: reads typed values and notes a fault for each that is not right.

    A faulty value reads as an empty one, so that one pass finds every fault.
    """

    values: Mapping[str, Any]
    path: str
    faults: list[str]

    def fault(self, key: str, what: str) -> None:
        """Note what is wrong with the value of `key`."""
        self.faults.append(f"{self.path}{key}: {what}")

    def allow_only(self, keys: Collection[str]) -> None:
        """Note each key that is none of `keys`."""
        for key in sorted(self.values.keys() - keys):
            self.fault(key, f"is not a key here; there is {', '.join(sorted(keys))}")

    def unique(self, key: str, what: str, values: Sequence[str]) -> None:
        """Note each of `values` that is there more than once; empty ones may be."""
        for value in sorted(
            each for each, number in Counter(values).items() if each and number > 1
        ):
            self.fault(key, f"{what} {value!r} is there more than once")

    def text(
        self,
        key: str,
        form: re.Pattern[str] | None = None,
        wanted: str = "",
        *,
        most: int = _LONGEST_NAME,
    ) -> str:
        """Read a text of at most `most` characters; `wanted` says in words what `form` asks."""
        value = self.values.get(key)
        if not isinstance(value, str) or not value.strip():
            self.fault(key, "is missing" if value is None else f"{value!r} is not a text")
            return ""
        if len(value) > most:
            self.fault(key, f"is longer than {most} characters")
            return ""
        if form is not None and not form.fullmatch(value):
            self.fault(key, f"{value!r} is not {wanted}")
        return value.strip()

    def texts(self, key: str) -> tuple[str, ...]:
        """Read a list of texts, none where it is left out."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            self.fault(key, f"{value!r} is not a list of texts")
            return ()
        return tuple(value)

    def identifier(self, key: str, *, required: bool) -> str:
        """Read a number of the provider, written as a number or as a text."""
        value = self.values.get(key)
        if value is None and not required:
            return ""
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str) or not _NUMBER.fullmatch(value):
            self.fault(key, "is missing" if value is None else f"{value!r} is not a number")
            return ""
        return value

    def number(self, key: str, *, default: int, least: int, most: int) -> int:
        """Read a whole number, `default` where it is left out."""
        value = self.values.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            self.fault(key, f"{value!r} is not a whole number from {least} to {most}")
            return default
        return value

    def choice(self, key: str, words: Sequence[_Word]) -> _Word:
        """Read one of `words`."""
        value = self.values.get(key)
        if value not in words:
            self.fault(key, f"{value!r} is not one of {', '.join(words)}")
            return words[0]
        return words[words.index(value)]

    def clock(self, key: str) -> timedelta:
        """Read a time of the day, as time since midnight."""
        value = self.values.get(key)
        match = _CLOCK.fullmatch(value) if isinstance(value, str) else None
        if match is None or match[0] > "24:00":
            self.fault(key, f'{value!r} is not a time of the day; write one like "07:00"')
            return timedelta()
        return timedelta(hours=int(match[1]), minutes=int(match[2]))

    def table(self, key: str) -> "Table":
        """Read a table; where there is none, one whose faults nobody sees."""
        value = self.values.get(key)
        if not isinstance(value, dict):
            self.fault(key, "is missing" if value is None else "is not a table")
            return Table({}, f"{self.path}{key}.", [])
        return Table(value, f"{self.path}{key}.", self.faults)

    def tables(self, key: str) -> Sequence["Table"]:
        """Read a list of tables that is not empty."""
        value = self.values.get(key)
        if not isinstance(value, list) or not value:
            self.fault(key, "is missing or empty" if not value else "is not a list of tables")
            return []
        if not all(isinstance(each, dict) for each in value):
            self.fault(key, "holds something that is not a table")
            return []
        return [
            Table(each, f"{self.path}{key}[{at}].", self.faults) for at, each in enumerate(value)
        ]
