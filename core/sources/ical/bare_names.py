"""Rooms by their bare names: whether "Room 116" or "116 + 118" may mean the room 116.

A bare number stands for many things, so what stands before it decides: nothing, a word for
rooms, or the name of the room's building. "Curtiss Hall 116" is a room of another building,
"116 Bay State Road" an address.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable

from core.sources.ical.parser_protocol import RoomNames

_TOKEN = re.compile(r"[^\W_]+|[^\w\s]|_")
_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"\d+[^\W\d_]?")
_GLUED = re.compile(r"([^\W\d_]+)(\d+[^\W\d_]?)")
_STREETS = """
road rd street st avenue ave av boulevard blvd lane ln drive dr way square sq place pl court
ct parkway pkwy highway hwy terrace strasse straße str weg platz
"""
_ROOM_WORDS = """
room rooms rm rms classroom classrooms class auditorium aud lab labs laboratory theater
theatre seminar studio lecture conference space suite ste no nr number num office meeting exam
computer lokal lokalnamn sal salen rum rummet raum räume raumnr saal hörsaal hs zimmer
seminarraum salle salles amphi amphithéâtre aula aulas sala salas salon salón kamer zaal
lokaal luokka luokkahuone auditorio laboratorio místnost učebna terem pokój in at to on near i
im en à and or und oder et ou och eller y e o & + / - – # : ( , ; | . @ =
"""
_BUILDING_WORDS = """
hall building bldg house center centre library tower college school gym block wing
"""
_COMMON = """
of the and for de la le der die das und
"""
_STREET_WORDS = frozenset(_STREETS.split())
_WORDS_FOR_ROOMS = frozenset(_ROOM_WORDS.split())
_WORDS_FOR_BUILDINGS = frozenset(_BUILDING_WORDS.split())
_COMMON_WORDS = frozenset(_COMMON.split())
_MAX_NAME_WORDS = 6
_MAX_ADDRESS_WORDS = 4
_MAX_RANGE = 100


class BareNames:
    """The rooms of a campus by their names without a building."""

    def __init__(self, rooms: Iterable[RoomNames], normalize: Callable[[str], str]) -> None:
        self._rooms = defaultdict[tuple[str, ...], set[str]](set)
        self._building_words = dict[str, frozenset[str]]()
        named = [room for room in rooms if not room.location]
        for room in named:
            self._rooms[tuple(_WORD.findall(normalize(room.room_name)))].add(room.room_id)
            names = normalize(f"{room.building_code} {room.building_name}")
            words = frozenset(_WORD.findall(names)) - _COMMON_WORDS
            self._building_words[room.room_id] = words - _WORDS_FOR_BUILDINGS or words
        self._rooms.pop((), None)
        self._numbers = {
            int(name[0]): ids
            for name, ids in self._rooms.items()
            if len(name) == 1 and name[0].isdecimal() and len(name[0]) <= len("99999")
        }
        self._all_building_words = frozenset[str]().union(*self._building_words.values())
        self._is_one_building = len({room.building_code for room in named}) == 1

    def rooms(self, part: str, all_words: Iterable[str]) -> set[str]:
        """Return the rooms whose bare names a part of a place may be."""
        tokens = _tokens(part)
        places = [place for place, token in enumerate(tokens) if _WORD.fullmatch(token)]
        found = set[str]()
        for first, place in enumerate(places):
            for last in range(first, min(first + _MAX_NAME_WORDS, len(places))):
                name = tuple(tokens[each] for each in places[first : last + 1])
                if name in self._rooms:
                    found |= self._meant(self._rooms[name], name, tokens, place, all_words)
        return found | self._in_range(tokens)

    def _meant(
        self,
        rooms: set[str],
        name: tuple[str, ...],
        tokens: list[str],
        place: int,
        all_words: Iterable[str],
    ) -> set[str]:
        """Return those of the rooms of a name that may be meant by it where it stands."""
        words = frozenset(all_words)
        named = {room for room in rooms if self._building_words[room] & words}
        if all(_is_generic(word) for word in name):
            return named
        if named and not self._is_one_building:
            # Another room of that name is in a building that is not named here.
            rooms = named
        if not all(_NUMBER.fullmatch(word) for word in name):
            return rooms
        return set() if _is_address(tokens, place) else self._after(tokens[:place], rooms, named)

    def _after(self, before: list[str], rooms: set[str], named: set[str]) -> set[str]:
        """Return those of the rooms of a number that may be meant after the words before it."""
        last = before[-1] if before else ""
        is_building_word = last in _WORDS_FOR_BUILDINGS
        if is_building_word:
            last = before[-2] if len(before) > 1 else ""
        if not last or last in _WORDS_FOR_ROOMS or last.isdecimal():
            return rooms
        own = {room for room in rooms if last in self._building_words[room]}
        if own or is_building_word or last in self._all_building_words:
            return own
        return rooms if self._is_one_building else named

    def _in_range(self, tokens: list[str]) -> set[str]:
        """Return the rooms between the ends of "116-119"."""
        found = set[str]()
        numbers = [
            (int(one), int(other))
            for one, dash, other in zip(tokens, tokens[1:], tokens[2:], strict=False)
            if dash == "-" and _is_number(one) and _is_number(other)
        ]
        for low, high in numbers:
            if low < high <= low + _MAX_RANGE:
                for number in range(low, high + 1):
                    found |= self._numbers.get(number, set())
        return found


def _is_generic(word: str) -> bool:
    return (
        word in _WORDS_FOR_ROOMS
        or word in _WORDS_FOR_BUILDINGS
        or (len(word) == 1 and word.isalpha())
    )


def _is_number(token: str) -> bool:
    return token.isdecimal() and len(token) <= len("99999")


def _tokens(part: str) -> list[str]:
    """Return the words and marks of a text; "rm116" is two words."""
    tokens = list[str]()
    for token in _TOKEN.findall(part):
        glued = _GLUED.fullmatch(token)
        if glued and glued[1] in _WORDS_FOR_ROOMS:
            tokens += glued[1], glued[2]
        else:
            tokens.append(token)
    return tokens


def _is_address(tokens: list[str], place: int) -> bool:
    """Return whether a number is that of a house: "725 Commonwealth Ave"."""
    following = tokens[place + 1 : place + 2 + _MAX_ADDRESS_WORDS]
    for number, token in enumerate(following):
        if not _WORD.fullmatch(token) or token.isdecimal() or token in _WORDS_FOR_ROOMS:
            return False
        if token in _STREET_WORDS:
            return number > 0
    return False
