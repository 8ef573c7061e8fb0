"""Which room a member means, from what was typed so far."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from core.errors import UnknownRoomError
from core.model.campus import Building, Campus, Room

_MAX_SUGGESTIONS = 3
_MAX_FUZZY_MATCHES = 8
_MAX_FUZZY_LENGTH = 40
_ID_PREFIX = "id:"
"""Begins what names a room by its id: no label does, as building codes have no colon."""

_WORD_PATTERN = re.compile(r"[^\W\d_]+|\d+|[^\w\s\x00-\x7f]+")
"""Letters, digits, or signs as no keyboard has them, such as "🧪"."""


def find_room(campus: Campus, typed: str) -> Room:
    """Return the room of that label, or the only one that has all those words.

    "CAS 211", "cas211" and "211 cas" are the same; "211" is that room where no other building
    has a 211. Never one that only begins with it, or is spelt alike.

    Raises:
        UnknownRoomError: there is none, or more than one; it names those that are nearest.
    """
    if typed.startswith(_ID_PREFIX):
        return room_by_id(campus, typed.removeprefix(_ID_PREFIX))[1]
    found = _exact_matches(_entries(_IdentityKey(campus)), typed)
    if len(found) == 1:
        return found[0]
    nearest = found or search_rooms(campus, typed)
    # Without a word all rooms fit, and none of them is near.
    labels = [each.label for each in nearest[:_MAX_SUGGESTIONS]] if _split_words(typed) else []
    raise UnknownRoomError(typed, labels)


def exact_rooms(campus: Campus, typed: str) -> list[Room]:
    """Return the rooms that are called so: by their label, by all of its words, by some."""
    return _exact_matches(_entries(_IdentityKey(campus)), typed)


def is_room_id(typed: str) -> bool:
    """Tell whether a text is what `choice_value` makes of a long label."""
    return typed.startswith(_ID_PREFIX)


def choice_value(room: Room, *, max_length: int) -> str:
    """Return a text that is surely read as that room: the label where it is short enough."""
    return room.label if len(room.label) <= max_length else f"{_ID_PREFIX}{room.id}"


def room_by_id(campus: Campus, id_: str) -> tuple[Building, Room]:
    """Return the room of that id, and its building.

    Raises:
        UnknownRoomError: the campus does not have it, or not any more.
    """
    for building in campus.buildings:
        for room in building.rooms:
            if room.id == id_:
                return building, room
    raise UnknownRoomError(id_, ())


def search_rooms(campus: Campus, typed: str) -> list[Room]:
    """Return the rooms that fit what was typed so far, best first; all for nothing.

    Best are labels that begin with it, then those whose words do, then those that hold all
    words somewhere, or whose building's name does; among each other in the campus's order.
    Where that finds none, what is spelt alike is found.
    """
    words = _split_words(typed)
    if not words:
        return list(campus.rooms)
    entries = _entries(_IdentityKey(campus))
    joined, begun = "".join(words), [f" {word}" for word in words]
    ranked: list[list[Room]] = [[], [], []]
    for each in entries:
        if each.joined.startswith(joined):
            ranked[0].append(each.room)
        elif all(word in each.words for word in begun):
            ranked[1].append(each.room)
        elif all(word in each.words or f" {word}" in each.building_words for word in words):
            ranked[2].append(each.room)
    return [room for rank in ranked for room in rank] or _fuzzy(entries, words)


@dataclass(frozen=True, slots=True)
class _Entry:
    """How a room is looked for: its label, and its words and its building's, a blank around each.

    `sorted` are its words in the order of the alphabet, for those who type them in another.
    """

    room: Room
    label: str
    words: str
    joined: str
    sorted_words: str
    building_words: str


class _IdentityKey:
    """A campus as a key that is cheap: the same one, not one that is equal."""

    def __init__(self, campus: Campus) -> None:
        self.campus = campus

    def __hash__(self) -> int:
        return id(self.campus)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _IdentityKey) and other.campus is self.campus


@lru_cache(maxsize=64)  # Rooms stay the same while the bot runs, and completion needs them all.
def _entries(key: _IdentityKey) -> tuple[_Entry, ...]:
    return tuple(
        _Entry(
            room=room,
            label=_normalize(room.label),
            words=f" {' '.join(words)} ",
            joined="".join(words),
            sorted_words=" ".join(sorted(words)),
            building_words=f" {' '.join(_split_words(building.name))} ",
        )
        for building in key.campus.buildings
        for room in building.rooms
        for words in [_split_words(room.label)]
    )


def _exact_matches(entries: Sequence[_Entry], typed: str) -> list[Room]:
    """Return the rooms that are called so, by the strictest reading that finds any."""
    label, words = _normalize(typed), _split_words(typed)
    as_written = [each.room for each in entries if each.label == label]
    if as_written or not words:
        return as_written
    wanted = [f" {word} " for word in words]
    joined, in_order = "".join(words), " ".join(sorted(words))
    having = [each for each in entries if all(word in each.words for word in wanted)]
    whole = [each.room for each in having if each.sorted_words == in_order]
    if whole:
        return whole
    return [each.room for each in entries if each.joined == joined] or [e.room for e in having]


def _fuzzy(entries: Sequence[_Entry], words: Sequence[str]) -> list[Room]:
    """Return the rooms that are spelt alike, in the order of the words or else in any."""
    in_order = [(each.joined, each.room) for each in entries]
    in_any = [(each.sorted_words, each.room) for each in entries]
    return _closest(in_order, "".join(words)) or _closest(in_any, " ".join(sorted(words)))


def _closest(spellings: Sequence[tuple[str, Room]], wanted: str) -> list[Room]:
    called: dict[str, list[Room]] = {}
    for spelling, room in spellings:
        called.setdefault(spelling, []).append(room)
    close = get_close_matches(wanted[:_MAX_FUZZY_LENGTH], list(called), n=_MAX_FUZZY_MATCHES)
    return [room for each in close for room in called[each]]


def _split_words(text: str) -> tuple[str, ...]:
    """Cut a text into words; letters and digits part from each other, all else only parts."""
    folded = text.casefold()
    # What holds nothing but marks is a text all the same, and is not like an empty one.
    return tuple(_WORD_PATTERN.findall(folded)) or tuple("".join(folded.split()))


def _normalize(text: str) -> str:
    return " ".join(text.casefold().split())
