"""Which rooms an event means, from what its LOCATION says.

First what is sure is taken out of the text, by the campus file's way of matching: a part
that equals what a room is called, or what it is called as whole words, the longest first.
Whatever of the rest may still mean a room puts that room in doubt: "CAS 116/118" is a
booking of neither, and neither is free.

Source: `docs/ical.md`, "Which room an event means".
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.sources.ical.config import LocationMatchMode
from core.sources.ical.parser_protocol import RoomNames

# Words that a slash, point or hyphen joins are one: 116-B is another room than 116.
_JOINED = re.compile(r"\w+(?:[-./&+'’]\w+)*")
_WORD = re.compile(r"\w+")
_BETWEEN = re.compile(r"[,;\n|]")
_MAX_PHRASE_WORDS = 12
_MAX_WORDS = 200

_Phrase = tuple[str, ...]
_RoomsByPhrase = Mapping[_Phrase, frozenset[str]]


@dataclass(frozen=True, slots=True)
class LocationMatch:
    """The rooms that are surely meant, and those that may be."""

    certain: frozenset[str] = frozenset()
    possible: frozenset[str] = frozenset()


class LocationMatcher:
    """The rooms of a campus by what events call them."""

    def __init__(self, rooms: Iterable[RoomNames], mode: LocationMatchMode) -> None:
        rooms = tuple(rooms)
        self._mode = mode
        self._cache: dict[str, LocationMatch] = {}
        self.any_room = LocationMatch(possible=frozenset(place.room_id for place in rooms))
        self._by_text = _index((text, place) for place in rooms for text in _exact_names(place))
        self._by_joined_words = _index(
            (_tokenize(_JOINED, text), place) for text, place in _phrases(rooms)
        )
        self._by_words = _index((_tokenize(_WORD, text), place) for text, place in _phrases(rooms))
        self._by_bare_name = _index(
            (_tokenize(_WORD, _normalize(place.room_name)), place)
            for place in rooms
            if not place.location
        )
        self._building_names = {
            place.room_id: [
                _tokenize(_WORD, _normalize(each))
                for each in (place.building_code, place.building_name)
            ]
            for place in rooms
        }

    def match(self, location: str) -> LocationMatch:
        """Return the rooms that a LOCATION means, perhaps none."""
        text = _normalize(location, lines=True)
        match = self._cache.get(text)
        if match is None:
            match = self._cache[text] = self._match_text(text)
        return match

    def _match_text(self, text: str) -> LocationMatch:
        words = _tokenize(_WORD, text)
        if len(words) > _MAX_WORDS:
            return self.any_room
        match = self._match_exact if self._mode == "exact" else self._match_contained
        certain, possible, rest = match(text)
        for part in rest:
            possible |= self._possible_rooms(part, words)
        return LocationMatch(frozenset(certain), frozenset(possible - certain))

    def _match_exact(self, text: str) -> tuple[set[str], set[str], list[_Phrase]]:
        """Take the whole text, or else each of its parts, if it is what a room is called."""
        parts = [" ".join(text.split())]
        if parts[0] not in self._by_text:
            parts = [" ".join(part.split()) for part in _BETWEEN.split(text)]
        certain, possible, rest = set[str](), set[str](), []
        for part in parts:
            rooms = self._by_text.get(part, frozenset())
            (certain if len(rooms) == 1 else possible).update(rooms)
            if not rooms:
                rest.append(_tokenize(_WORD, part))
        return certain, possible, rest

    def _match_contained(self, text: str) -> tuple[set[str], set[str], list[_Phrase]]:
        """Take what rooms are called out of the text, the longest first."""
        words = _tokenize(_JOINED, text)
        left = list[str | None](words)
        certain, possible = set[str](), set[str]()
        for start, end in sorted(_spans(words), key=_longest_first):
            rooms = self._by_joined_words.get(words[start:end])
            if rooms and None not in left[start:end]:
                left[start:end] = [None] * (end - start)
                (certain if len(rooms) == 1 else possible).update(rooms)
        return certain, possible, [_tokenize(_WORD, " ".join(run)) for run in _runs(left)]

    def _possible_rooms(self, part: _Phrase, words: _Phrase) -> set[str]:
        """Return the rooms that `part` of all `words` may mean: called so, or their building."""
        possible = set[str]()
        for start, end in _spans(part):
            phrase = part[start:end]
            possible |= self._by_words.get(phrase, frozenset())
            possible |= {
                room
                for room in self._by_bare_name.get(phrase, ())
                if self._names_its_building(room, words)
            }
        return possible

    def _names_its_building(self, room: str, words: _Phrase) -> bool:
        return any(
            words[start:end] == house
            for house in self._building_names[room]
            for start, end in _spans(words)
            if end - start == len(house)
        )


def _normalize(text: str, *, lines: bool = False) -> str:
    """Return the text without what does not tell rooms apart: width, case, kinds of space."""
    text = unicodedata.normalize("NFKC", text).casefold()
    return text.strip() if lines else " ".join(text.split())


def _exact_names(room: RoomNames) -> list[str]:
    """Return all that a part of a LOCATION may equal to mean a room."""
    if room.location:
        return [_normalize(room.location)]
    names = (
        f"{room.building_code} {room.room_name}",
        f"{room.building_name} {room.room_name}",
        room.room_name,
    )
    return [_normalize(each) for each in names]


def _phrases(rooms: Iterable[RoomNames]) -> Iterator[tuple[str, RoomNames]]:
    """Yield all that words within a LOCATION may be to mean a room: never its bare name."""
    for room in rooms:
        if room.location:
            yield _normalize(room.location), room
            continue
        for house in (room.building_code, room.building_name):
            yield _normalize(f"{house} {room.room_name}"), room
        # CAS116, as registrars write it.
        yield _normalize(f"{room.building_code}{room.room_name}"), room


def _index(named: Iterable[tuple[object, RoomNames]]) -> dict[object, frozenset[str]]:
    found = defaultdict[object, set[str]](set)
    for name, place in named:
        if name:
            found[name].add(place.room_id)
    return {name: frozenset(rooms) for name, rooms in found.items()}


def _tokenize(words: re.Pattern[str], text: str) -> _Phrase:
    return tuple(words.findall(text))


def _spans(words: Sequence[str]) -> Iterator[tuple[int, int]]:
    for start in range(len(words)):
        for end in range(start + 1, min(start + _MAX_PHRASE_WORDS, len(words)) + 1):
            yield start, end


def _longest_first(span: tuple[int, int]) -> tuple[int, int]:
    return span[0] - span[1], span[0]


def _runs(words: Iterable[str | None]) -> list[list[str]]:
    """Return the words between those that were taken out."""
    runs: list[list[str]] = [[]]
    for word in words:
        if word is None:
            runs.append([])
        else:
            runs[-1].append(word)
    return runs
