"""Whether the name that 25Live has for a room can be that of the campus file.

An id that 25Live has given to another room would show that room's bookings under the old name.
Names are compared generously: buildings are abbreviated and seats appended in many ways.
"""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from core.model.campus import Building, Campus, Room
from core.sources.base import SourceNote

_NUMBER = re.compile(r"\d+", re.ASCII)
_WORD = re.compile(r"[^\W\d_]{3,}")
_MIN_SIMILARITY = 0.5
_MAX_NAMED_ROOMS = 8


class RoomNames:
    """Compares the names in the answers of one read with the campus file, each room once."""

    def __init__(self, campus: Campus) -> None:
        self._rooms = {
            room.id: (room, building) for building in campus.buildings for room in building.rooms
        }
        self._unchecked = set(self._rooms)
        self.renamed: set[str] = set()

    def check(self, room_id: str, name: object) -> None:
        """Compare the name that an answer has for a room; one that is no text is passed over."""
        if room_id not in self._unchecked or not isinstance(name, str):
            return
        self._unchecked.remove(room_id)
        if name and not is_recognisable(*self._rooms[room_id], name):
            self.renamed.add(room_id)

    def notes(self) -> Iterator[SourceNote]:
        """Yield a note about the whole source and one about the rooms, neither with a name."""
        if not self.renamed:
            return
        rooms = [self._rooms[room_id][0] for room_id in sorted(self.renamed)]
        named = ", ".join(f"{room.label} (id {room.id})" for room in rooms[:_MAX_NAMED_ROOMS])
        more = f" and {len(rooms) - _MAX_NAMED_ROOMS} more" if rooms[_MAX_NAMED_ROOMS:] else ""
        yield SourceNote(f"25Live has another name for {named}{more}: is the id still right?")
        yield SourceNote("25Live has another name for this room", tuple(room.id for room in rooms))


def is_recognisable(room: Room, building: Building, name: str) -> bool:
    """Tell whether `name` may mean the room: it has a number of it, or words alike."""
    own, given = room.name.casefold(), name.casefold()
    if own in given:
        return True
    numbers = _numbers(own)
    if numbers:
        return bool(numbers & _numbers(given))
    known = _words(own) | _words(building.name.casefold()) | _words(building.code.casefold())
    label = room.label.casefold()
    return bool(known & _words(given)) or _similarity(label, given) >= _MIN_SIMILARITY


def _numbers(text: str) -> set[str]:
    return {number.lstrip("0") for number in _NUMBER.findall(text)}


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text))


def _similarity(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other).ratio()
