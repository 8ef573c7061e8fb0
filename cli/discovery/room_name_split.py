"""Which half of a room's name is its building and which its number, judged by all names."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from core.sources.discovery import ListedRoom, clean_text

MAX_CODE_LENGTH = 16

_FORBIDDEN = re.compile(r"[\s:,*]+")
_NUMBER = re.compile(r"(?P<letters>[^\W\d_]{0,2})-?(?P<digits>\d+)(?P<more>\w*)")
_JOINED = re.compile(r"(?P<code>\d*[^\W\d_]+)(?P<rest>.*\d.*)")
_AFTER_ROOM_WORD = re.compile(r"\b(?:room|rm)\b[.\s#]*(?P<number>\S+)", re.IGNORECASE)
# "1028 DANA", "Rm. 101, Smith Hall": a number, then words.
_NUMBER_FIRST = re.compile(
    r"(?:(?:room|rm)\b[.\s#]*)?(?P<first>[^\W\d_]{0,2}-?\d+\w*),?\s+(?P<last>[^\W\d][^\d]*)",
    re.IGNORECASE,
)
# "0104-232", "100*133", "1028/DANA": two halves without a blank.
_SEPARATED = re.compile(r"(?P<first>\d[^\W_]*)(?P<separator>[-*_/.])(?P<last>[^\W_]+)")
# "1028DANA"
_GLUED = re.compile(r"(?P<first>\d+)(?P<last>[^\W\d_]{2,})")
_CODE = re.compile(r"[A-Z]{2,6}")
ROOM_KINDS = frozenset(
    {
        *("auditorium", "classroom", "classrooms", "computer", "conference", "gym", "gymnasium"),
        *("lab", "laboratory", "lecture", "lobby", "lounge", "meeting", "office", "room"),
        *("seminar", "stage", "studio", "theater", "theatre"),
    }
)
"""Words for a kind of room, which no building is called."""

BUILDING_WORDS = frozenset({"building", "center", "centre", "hall", "house", "library", "tower"})
"""Words for a kind of building, where no word for a kind of room is beside them."""


class SplitName(NamedTuple):
    """A room's name in its halves; `code` is the building's as a campus file may hold it.

    `number` is the rest of the name and may be empty.
    """

    code: str
    number: str
    building: str


@dataclass
class _Halves:
    """The first and last halves of all names that are written in one way."""

    firsts: list[str] = field(default_factory=list)
    lasts: list[str] = field(default_factory=list)

    @property
    def is_tie(self) -> bool:
        """Whether both halves repeat alike, or neither does."""
        return len(set(self.firsts)) == len(set(self.lasts))

    def building_half(self) -> Literal["first", "last"] | None:
        """Return the half that repeats more, the first where both do alike, None where none does.

        A building has several rooms, and its name is in the names of all of them.
        """
        firsts, lasts = len(set(self.firsts)), len(set(self.lasts))
        if firsts == lasts == len(self.firsts):
            return None
        return "first" if firsts <= lasts else "last"


class RoomNameSplitter:
    """Splits the names of a list of rooms; the names together show their order."""

    def __init__(self, rooms: Iterable[ListedRoom]) -> None:
        names = [clean_text(room.name) for room in rooms]
        self._halves: defaultdict[str, _Halves] = defaultdict(_Halves)
        for name in names:
            if found := _find_halves(name):
                style, first, last = found
                self._halves[style].firsts.append(first.casefold())
                self._halves[style].lasts.append(last.casefold())
        self._codes_first = {
            first.casefold()
            for name in names
            if (first := name.partition(" ")[0]) != name and not _find_halves(name)
        }

    def split(self, room: ListedRoom) -> SplitName:
        """Return the building and the number in a room's name."""
        name = clean_text(room.name)
        found = _find_halves(name)
        if found:
            style, first, last = found
            half = self._building_half(style, last) or _half_by_formal_name(last, room)
            if half == "last":
                return SplitName(code_of(last), first, last)
            if half == "first":
                return SplitName(code_of(first), last, first)
        code, number = split_name(room)
        return SplitName(code, number, code)

    def _building_half(self, style: str, last: str) -> Literal["first", "last"] | None:
        halves = self._halves[style]
        if style == _GLUED.pattern:
            # Once alone, "758NPL" may as well be a house in a street.
            return "last" if halves.building_half() == "last" else None
        words = last.casefold().split()
        if not ROOM_KINDS.isdisjoint(words):
            return "first"
        if not BUILDING_WORDS.isdisjoint(words) or last.casefold() in self._codes_first:
            return "last"
        return "last" if halves.is_tie and _CODE.fullmatch(last) else halves.building_half()


def _find_halves(name: str) -> tuple[str, str, str] | None:
    """Return how a name is written and its halves, None where a code comes first."""
    if match := _NUMBER_FIRST.fullmatch(name):
        return _NUMBER_FIRST.pattern, match["first"], match["last"].strip(" ,;")
    if _JOINED.fullmatch(name):
        return None
    if match := _SEPARATED.fullmatch(name):
        style = match["separator"] + ("9" if match["last"].isdecimal() else "A")
        return style, match["first"], match["last"]
    if match := _GLUED.fullmatch(name):
        return _GLUED.pattern, match["first"], match["last"]
    return None


def _half_by_formal_name(last: str, room: ListedRoom) -> Literal["first"] | None:
    """Return "first" where the formal name ends in the last half: "Cox Science Center, 232"."""
    number = _room_number(clean_text(room.formal_name))
    is_number = number is not None and number[0].lstrip("0") == last.lstrip("0")
    return "first" if is_number else None


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
    if match is None:
        return code_of(name), ""
    return code_of(match["code"]), match["rest"].lstrip("-*_/.")


def code_of(text: str) -> str:
    """Return a text as a building's code: 1 to 16 characters, none of them forbidden."""
    return _FORBIDDEN.sub("-", clean_text(text))[:MAX_CODE_LENGTH].strip("-") or "ROOMS"
