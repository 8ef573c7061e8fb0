"""What discovery learns from a provider: listed rooms, and clean texts."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from core.errors import ClassroomError

_NOT_IN_ID = re.compile(r"[^a-z0-9-]+")
_MAX_ID_LENGTH = 20


class DiscoveryError(ClassroomError):
    """A campus file cannot be made; the message says why, in one sentence."""


@dataclass(frozen=True, slots=True)
class ListedRoom:
    """A room as the provider lists it; an empty text, no words and None: it does not say.

    `capacity` is 0 or 1 where the provider says so, which it does when nobody counted.
    """

    id: str
    name: str
    formal_name: str = ""
    building: str = ""
    categories: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    capacity: int | None = None


@dataclass(frozen=True, slots=True)
class RoomList:
    """All rooms that a provider lists; it says that there are `reported_count`, or 0."""

    rooms: tuple[ListedRoom, ...]
    reported_count: int = 0


def clean_text(text: str) -> str:
    """Return a text on one line, with single spaces and without what cannot be seen."""
    seen = (
        " " if each.isspace() else each
        for each in text
        if each.isspace() or unicodedata.category(each)[0] != "C"
    )
    return " ".join("".join(seen).split())


def split_cells(cells: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the words of each cell, which the list has joined by commas.

    Words may hold commas themselves, "IT: Network, Wired". Parts belong together where one
    is in a cell twice, which no word would be, and always stands before the same others.
    """
    split = [[part for part in clean_text(cell).split(", ") if part] for cell in cells]
    halves = _prefix_parts(split)
    return [tuple(dict.fromkeys(_join_parts(parts, halves))) for parts in split]


def _prefix_parts(split: Sequence[Sequence[str]]) -> set[str]:
    """Return the parts that are the first half of a word."""
    twice = {part for parts in split for part, count in Counter(parts).items() if count > 1}
    before: dict[str, set[str]] = {}
    last: set[str] = set()
    for parts in split:
        last.update(parts[-1:])
        for part, following in pairwise(parts):
            before.setdefault(following, set()).add(part)
    return {
        half
        for half in twice - last
        if all(firsts == {half} for firsts in before.values() if half in firsts)
    }


def _join_parts(parts: Sequence[str], halves: set[str]) -> list[str]:
    words: list[str] = []
    half = ""
    for part in parts:
        word = f"{half}, {part}" if half else part
        half = word if part in halves else ""
        if not half:
            words.append(word)
    return words


def campus_id_from(name: str) -> str:
    """Return a provider's name of a university as the id of a campus file."""
    return _NOT_IN_ID.sub("-", name.lower())[:_MAX_ID_LENGTH].strip("-") or "campus"
