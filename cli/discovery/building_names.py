"""Which building a room is in, and what both are called, judged by the names in the list."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from core.sources.discovery import ListedRoom, clean_text

_MAX_CODE_LENGTH = 16
_MAX_NAME_LENGTH = 100
_FORBIDDEN = re.compile(r"[\s:,*]+")
_CODE_IN_LABEL = re.compile(r"(?P<name>.+?)\s*\((?P<code>[^\s()]{1,16})\)")
_NUMBER = re.compile(r"(?P<letters>[^\W\d_]{0,2})-?(?P<digits>\d+)(?P<more>\w*)")
_JOINED = re.compile(r"(?P<code>\d*[^\W\d_]+)(?P<rest>.*\d.*)")
_ROOM_WORD = re.compile(r"[\s,;–-]*\b(?:room|rm)\b.*", re.IGNORECASE)
_AFTER_ROOM_WORD = re.compile(r"\b(?:room|rm)\b[.\s#]*(?P<number>\S+)", re.IGNORECASE)


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

    The list's own buildings count; without, the code that the room's name begins with.
    """
    by_label: dict[str, list[ListedRoom]] = {}
    by_code: dict[str, list[ListedRoom]] = {}
    for room in rooms:
        label = clean_text(room.building)
        key = label.casefold() if label else split_name(room)[0].casefold()
        (by_label if label else by_code).setdefault(key, []).append(room)
    assignment = BuildingAssignment()
    taken: set[str] = set()
    for members in (*by_label.values(), *by_code.values()):
        code, name = (
            _building_by_label(members) if members[0].building else _building_by_code(members)
        )
        assignment.buildings.append(
            _make_building(_unique_code(code, taken), code, name, members, assignment)
        )
    assignment.buildings.sort(key=lambda each: each.code.casefold())
    return assignment


def split_name(room: ListedRoom) -> tuple[str, str]:
    """Return the building's code and the rest of a room's name, "ESJ" and "0202".

    A code is the first word. Where both are glued together, `HERT0227`, the formal name tells
    which part is the room's number, "Herter Hall room 227"; without, it is what follows the
    first letters. The code is one that a campus file may hold; the rest may be empty.
    """
    name = clean_text(room.name)
    first, _, rest = name.partition(" ")
    if rest:
        return code_of(first), rest
    return _split_by_formal_name(name, clean_text(room.formal_name)) or _split_joined(name)


def _split_by_formal_name(name: str, formal: str) -> tuple[str, str] | None:
    number = _room_number(formal)
    if number is None:
        return None
    letters, digits, more = (re.escape(each) for each in number.groups())
    # Names fill numbers up with zeros, before the letters of a number as well as after.
    tail = re.compile(rf"0*{letters}-?0*{digits.lstrip('0') or '0'}{more}", re.IGNORECASE)
    for match in tail.finditer(name):
        if match.end() == len(name) and re.search(r"[^\W\d_]", name[: match.start()]):
            rest = re.sub(r"0+(?=[^\W\d_])", "", name[match.start() :], count=1)
            return code_of(name[: match.start()]), rest
    return None


def _room_number(formal: str) -> re.Match[str] | None:
    """Return the room's number in a formal name: after "room", or its last word."""
    told = _AFTER_ROOM_WORD.search(formal)
    word = told["number"] if told else formal.rpartition(" ")[2]
    return _NUMBER.fullmatch(word.strip(".,;()"))


def _split_joined(name: str) -> tuple[str, str]:
    match = _JOINED.fullmatch(name)
    return (code_of(match["code"]), match["rest"]) if match else (code_of(name), "")


def code_of(text: str) -> str:
    """Return a text as a building's code: 1 to 16 characters, none of them forbidden."""
    return _FORBIDDEN.sub("-", clean_text(text))[:_MAX_CODE_LENGTH].strip("-") or "ROOMS"


def _building_by_code(rooms: Sequence[ListedRoom]) -> tuple[str, str]:
    """Return code and name of a building that the list does not tell."""
    code = _most_common(split_name(room)[0] for room in rooms) or ""
    stems = (_building_in_formal_name(room) for room in rooms)
    return code, _most_common(stem for stem in stems if stem) or code


def _building_by_label(rooms: Sequence[ListedRoom]) -> tuple[str, str]:
    """Return code and name of a building that the list tells, "Atlantic Building (ATL)"."""
    label = clean_text(rooms[0].building)
    if match := _CODE_IN_LABEL.fullmatch(label):
        return code_of(match["code"]), match["name"]
    codes = Counter(split_name(room)[0] for room in rooms)
    code, count = codes.most_common(1)[0]
    # One code for most of the rooms is the building's; else its name has to do.
    return (code if count * 2 > len(rooms) else code_of(label)), label


def _most_common(texts: Iterable[str]) -> str | None:
    counts = Counter(texts).most_common(1)
    return counts[0][0] if counts else None


def _building_in_formal_name(room: ListedRoom) -> str:
    """Return the building in a room's formal name, "Herter Hall" of "Herter Hall room 227"."""
    formal = clean_text(room.formal_name)
    stem = _ROOM_WORD.sub("", formal, count=1)
    if stem != formal:
        return stem
    number = split_name(room)[1].lstrip("0")
    if not re.search(r"\d", number):
        return ""
    found = re.match(rf"(.+?)[\s,]+0*{re.escape(number)}\b", formal, re.IGNORECASE)
    return found[1] if found else ""


def _make_building(
    code: str,
    room_code: str,
    name: str,
    members: Sequence[ListedRoom],
    assignment: BuildingAssignment,
) -> NamedBuilding:
    names = {room.id: _room_name(room, room_code) for room in members}
    counts = Counter(each.casefold() for each in names.values())
    rooms = []
    for room in members:
        room_name = names[room.id]
        if counts[room_name.casefold()] > 1:
            assignment.renamed_count += 1
            room_name = f"{room_name[:80]} (id {room.id})"
        rooms.append(NamedRoom(room, room_name))
    return NamedBuilding(code, name[:_MAX_NAME_LENGTH].strip(), tuple(rooms))


def _room_name(room: ListedRoom, code: str) -> str:
    """Return what a room is called beside its building's code."""
    name = clean_text(room.name)
    own, rest = split_name(room)
    return (rest if rest and own.casefold() == code.casefold() else name)[:_MAX_NAME_LENGTH].strip()


def _unique_code(code: str, taken: set[str]) -> str:
    """Return a code that no other building has, and take it."""
    free = next(each for each in _alternatives(code) if each.casefold() not in taken)
    taken.add(free.casefold())
    return free


def _alternatives(code: str) -> Iterator[str]:
    yield code
    number = 2
    while True:
        yield f"{code[: _MAX_CODE_LENGTH - len(str(number)) - 1]}-{number}"
        number += 1
