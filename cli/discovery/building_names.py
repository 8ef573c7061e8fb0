"""Which building a room is in, and what both are called, judged by the names in the list."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from cli.discovery.room_name_split import (
    BUILDING_WORDS,
    MAX_CODE_LENGTH,
    ROOM_KINDS,
    RoomNameSplitter,
    SplitName,
    code_of,
)
from core.sources.discovery import ListedRoom, clean_text

_MAX_NAME_LENGTH = 100
_CODE_IN_LABEL = re.compile(r"(?P<name>.+?)\s*\((?P<code>[^\s()]{1,16})\)")
# A number follows: a "Gamelan Room" is no room of a building called Gamelan.
_ROOM_WORD = re.compile(r"[\s,;–-]*\b(?:room|rm)\b[.\s#]*(?=\S*\d).*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NamedRoom:
    """A room as it is to be called in its building."""

    listed: ListedRoom
    name: str


@dataclass(frozen=True, slots=True)
class NamedBuilding:
    """A building, its rooms in the order of the list."""

    code: str
    name: str
    rooms: tuple[NamedRoom, ...]


@dataclass
class BuildingAssignment:
    """All buildings by code, and how many rooms had to be told apart by their id."""

    buildings: list[NamedBuilding] = field(default_factory=list)
    renamed_count: int = 0


def assign_buildings(rooms: Iterable[ListedRoom]) -> BuildingAssignment:
    """Put every room in a building, and give all of them names that a campus file may hold.

    The list's own buildings count; without, the code in the room's name.
    """
    rooms = list(rooms)
    names = RoomNameSplitter(rooms)
    by_label: dict[str, list[ListedRoom]] = {}
    by_code: dict[str, list[ListedRoom]] = {}
    for room in rooms:
        label = clean_text(room.building)
        key = label.casefold() if label else names.split(room)[0].casefold()
        (by_label if label else by_code).setdefault(key, []).append(room)
    assignment = BuildingAssignment()
    taken: set[str] = set()
    for members in (*by_label.values(), *by_code.values()):
        code, name = (
            _building_by_label(members, names)
            if members[0].building
            else _building_by_code(members, names)
        )
        named = [(room, _room_name(room, names.split(room), code)) for room in members]
        assignment.buildings.append(
            _make_building(_unique_code(code, taken), name, named, assignment)
        )
    assignment.buildings.sort(key=lambda each: each.code.casefold())
    return assignment


def _building_by_code(rooms: Sequence[ListedRoom], names: RoomNameSplitter) -> tuple[str, str]:
    """Return code and name of a building that the list does not tell."""
    splits = [names.split(room) for room in rooms]
    code = _most_common(split.code for split in splits) or ""
    stems = (
        _building_in_formal_name(room, split.number)
        for room, split in zip(rooms, splits, strict=True)
    )
    name = _most_common(stem for stem in stems if stem) or _most_common(
        split.building for split in splits if split.code == code
    )
    return code, name or code


def _building_by_label(rooms: Sequence[ListedRoom], names: RoomNameSplitter) -> tuple[str, str]:
    """Return code and name of a building that the list tells, "Atlantic Building (ATL)"."""
    label = clean_text(rooms[0].building)
    if match := _CODE_IN_LABEL.fullmatch(label):
        return code_of(match["code"]), match["name"]
    codes = Counter(names.split(room).code for room in rooms)
    code, count = codes.most_common(1)[0]
    # One code for most of the rooms is the building's; else its name has to do.
    return (code if count * 2 > len(rooms) else code_of(label)), label


def _most_common(texts: Iterable[str]) -> str | None:
    counts = Counter(texts).most_common(1)
    return counts[0][0] if counts else None


def _building_in_formal_name(room: ListedRoom, number: str) -> str:
    """Return the building in a room's formal name, "Herter Hall" of "Herter Hall room 227"."""
    formal = clean_text(room.formal_name)
    words = formal.casefold().split()
    if words and words[-1] in BUILDING_WORDS and ROOM_KINDS.isdisjoint(words):
        return formal
    stem = _ROOM_WORD.sub("", formal, count=1)
    if stem != formal:
        return stem
    number = number.lstrip("0")
    if not re.search(r"\d", number):
        return ""
    found = re.match(rf"(.+?)[\s,]+0*{re.escape(number)}\b", formal, re.IGNORECASE)
    return found[1] if found else ""


def _make_building(
    code: str,
    name: str,
    rooms: Sequence[tuple[ListedRoom, str]],
    assignment: BuildingAssignment,
) -> NamedBuilding:
    """Return a building of rooms that are to be called so, each by a name of its own."""
    counts = Counter(room_name.casefold() for _, room_name in rooms)
    named = []
    for room, room_name in rooms:
        is_unique = counts[room_name.casefold()] == 1
        assignment.renamed_count += not is_unique
        unique_name = room_name if is_unique else f"{room_name[:80]} (id {room.id})"
        named.append(NamedRoom(room, unique_name))
    return NamedBuilding(code, name[:_MAX_NAME_LENGTH].strip(), tuple(named))


def _room_name(room: ListedRoom, split: SplitName, code: str) -> str:
    """Return what a room is called beside its building's code."""
    is_split = split.number and split.code.casefold() == code.casefold()
    name = split.number if is_split else clean_text(room.name)
    return name[:_MAX_NAME_LENGTH].strip()


def _unique_code(code: str, taken: set[str]) -> str:
    """Return a code that no other building has, and take it."""
    free = next(each for each in _alternatives(code) if each.casefold() not in taken)
    taken.add(free.casefold())
    return free


def _alternatives(code: str) -> Iterator[str]:
    yield code
    number = 2
    while True:
        yield f"{code[: MAX_CODE_LENGTH - len(str(number)) - 1]}-{number}"
        number += 1
