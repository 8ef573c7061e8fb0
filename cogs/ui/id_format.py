"""The form of custom ids: a header of three letters, then fields of at most so many characters.

Source: `docs/discord.md`, "Messages and components": a custom id has 1 to 100 characters.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

VERSION = "2"

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
BASE = len(_DIGITS)


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a custom id: at most `budget` characters of a class, as a pattern has it."""

    name: str
    budget: int
    characters: str
    can_be_empty: bool = False

    @property
    def pattern(self) -> str:
        """Matches the text of this field, in a group of its name."""
        return f"(?P<{self.name}>{self.characters}{{{int(not self.can_be_empty)},{self.budget}}})"


def number_field(name: str, budget: int, *, can_be_empty: bool = False) -> Field:
    """Return a field that holds a number in base 36."""
    return Field(name, budget, "[0-9a-z]", can_be_empty)


@dataclass(frozen=True, slots=True)
class IdFormat:
    """The form of one kind of custom id: `2fn:umd:CAS CGS:1o::14:0:`.

    The header is the version, the letter of the kind and the letter of the action.
    """

    kind: str
    actions: Mapping[str, str]
    fields: tuple[Field, ...]

    @property
    def pattern(self) -> str:
        """Matches the custom ids of this kind; the groups have the names of the fields."""
        header = f"{VERSION}{self.kind}(?P<action>[{''.join(self.actions.values())}])"
        return ":".join((header, *(field.pattern for field in self.fields)))

    @property
    def max_length(self) -> int:
        """The characters of the longest custom id of this kind."""
        return len(f"{VERSION}{self.kind}n") + sum(1 + field.budget for field in self.fields)

    def budget(self, name: str) -> int:
        """Return the characters that a field may have at most."""
        return next(field.budget for field in self.fields if field.name == name)

    def encode(self, action: str, *values: str) -> str:
        """Return the custom id of a component that does `action`; `values` are those of fields."""
        return ":".join((f"{VERSION}{self.kind}{self.actions[action]}", *values))

    def decode(self, custom_id: str) -> tuple[str, dict[str, str]]:
        """Return the action of a custom id, and its fields by name.

        Raises:
            ValueError: it is of another kind.
        """
        match = re.fullmatch(self.pattern, custom_id)
        if match is None:
            raise ValueError(f"not a custom id of this kind: {custom_id!r}")
        found = match.groupdict()
        letter = found.pop("action")
        return next(each for each, its in self.actions.items() if its == letter), found


def to_base36(number: int) -> str:
    """Return a number that is not negative in base 36."""
    digits = ""
    while number:
        number, digit = divmod(number, BASE)
        digits = _DIGITS[digit] + digits
    return digits or "0"


def from_base36(text: str) -> int:
    """Return the number that `to_base36` wrote, 0 for an empty text."""
    return int(text or "0", BASE)


def without_groups(pattern: str) -> str:
    """Return a pattern that matches the same and has no groups."""
    return re.sub(r"\?P<\w+>", "?:", pattern)
