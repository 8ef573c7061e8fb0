"""Which rooms an event means, from the text of its place.

First, what is certain is taken out of the text, by the campus file's way of matching: a part
that equals a room's name, or a room's name as whole words, the longest first. Every room that
the rest may mean is in doubt: "CAS 116/118" is a booking of neither room, and neither is free.

Source: `docs/ical.md`, "Which room an event means".
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.sources.ical.bare_names import BareNames
from core.sources.ical.config import LocationMatchMode
from core.sources.ical.parser_protocol import RoomNames

# Words that a slash, point or hyphen joins are one: 116-B is another room than 116.
_JOINED = re.compile(r"\w+(?:[-./&+']\w+)*")
_WORD = re.compile(r"[^\W_]+")
_BETWEEN = re.compile(r"[,;\n|]")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "–": "-", "—": "-"})
# An ellipsis, or words that say the same, at any place: what follows the list is not there.
_CUT = re.compile(
    r"\.\.\.|\u2026|&#\d{0,5}$|&$|\betc\b"
    r"|(?:\+|&|\band\b|\bund\b|\bet\b)\s*\d*\s*(?:more|others?|weitere|autres?)\b"
)
_MAX_PHRASE_WORDS = 12
_MAX_WORDS = 200

_Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LocationMatch:
    """The rooms that are certainly meant, and those that may be."""

    certain: frozenset[str] = frozenset()
    possible: frozenset[str] = frozenset()
    reason: str = ""

    @property
    def rooms(self) -> frozenset[str]:
        """All rooms that may be meant."""
        return self.certain | self.possible


class LocationMatcher:
    """The rooms of a campus by what events call them."""

    def __init__(self, rooms: Iterable[RoomNames], mode: LocationMatchMode) -> None:
        rooms = tuple(rooms)
        self._mode = mode
        self._cache: dict[str, LocationMatch] = {}
        self.any_room = LocationMatch(
            possible=frozenset(room.room_id for room in rooms), reason="it may be in any room"
        )
        self._by_text = _index((text, room) for room in rooms for text in _exact_names(room))
        self._by_joined_words = _index(
            (_tokenize(_JOINED, text), room) for text, room in _phrases(rooms)
        )
        self._by_words = _index((_tokenize(_WORD, text), room) for text, room in _phrases(rooms))
        self._bare_names = BareNames(rooms, _normalize)

    def match(self, place: str) -> LocationMatch:
        """Return the rooms that a place means, perhaps none."""
        found = self._cache.get(place)
        if found is None:
            found = self._cache[place] = self._match_text(_normalize(place, lines=True))
        return found

    def _match_text(self, text: str) -> LocationMatch:
        if len(_tokenize(_WORD, text)) > _MAX_WORDS:
            return self.any_room
        cut = _CUT.search(text)
        if cut:
            return self._match_cut(text[: cut.start()])
        certain, possible = self._rooms(text)
        reason = "its place may mean the room" if possible - certain else ""
        return LocationMatch(frozenset(certain), frozenset(possible - certain), reason)

    def _match_cut(self, text: str) -> LocationMatch:
        """Return what is left of a list whose end was cut off: it may name any other room.

        Its last part may be the first half of another name.
        """
        last_part = _BETWEEN.split(text)[-1]
        certain, _ = self._rooms(text[: len(text) - len(last_part)])
        return LocationMatch(
            frozenset(certain), self.any_room.possible - certain, "its list of rooms is cut"
        )

    def _rooms(self, text: str) -> tuple[set[str], set[str]]:
        match = self._match_exact if self._mode == "exact" else self._match_contained
        certain, possible, rest = match(text)
        words = _tokenize(_WORD, text)
        for part in rest:
            possible |= self._possible_rooms(part, words)
        return certain, possible

    def _match_exact(self, text: str) -> tuple[set[str], set[str], list[str]]:
        """Take the whole text, or else each of its parts, if it is what a room is called."""
        parts = [" ".join(text.split())]
        if parts[0] not in self._by_text:
            parts = [" ".join(part.split()) for part in _BETWEEN.split(text)]
        certain, possible, rest = set[str](), set[str](), []
        for part in parts:
            rooms = self._by_text.get(part, frozenset())
            (certain if len(rooms) == 1 else possible).update(rooms)
            if not rooms:
                rest.append(part)
        return certain, possible, rest

    def _match_contained(self, text: str) -> tuple[set[str], set[str], list[str]]:
        """Take what rooms are called out of the text, the longest first."""
        found = list(_JOINED.finditer(text))
        words = tuple(each[0] for each in found)
        left = list[str | None](words)
        certain, possible = set[str](), set[str]()
        for start, end in sorted(_spans(words), key=_longest_first):
            rooms = self._by_joined_words.get(words[start:end])
            if rooms and None not in left[start:end]:
                left[start:end] = [None] * (end - start)
                (certain if len(rooms) == 1 else possible).update(rooms)
        rest, begin = list[str](), 0
        for word, match in zip(left, found, strict=True):
            if word is None:
                rest.append(text[begin : match.start()])
                begin = match.end()
        return certain, possible, [*rest, text[begin:]]

    def _possible_rooms(self, part: str, all_words: _Phrase) -> set[str]:
        """Return the rooms that a part of a text may mean, by full name or by bare name."""
        words = _tokenize(_WORD, part)
        possible = set[str]()
        for start, end in _spans(words):
            possible |= self._by_words.get(words[start:end], frozenset())
        return possible | self._bare_names.rooms(part, all_words)


def _normalize(text: str, *, lines: bool = False) -> str:
    """Return the text without what does not tell rooms apart: width, case, kinds of space."""
    text = unicodedata.normalize("NFKC", text.translate(_QUOTES)).casefold()
    return text.strip() if lines else " ".join(text.split())


def _exact_names(room: RoomNames) -> list[str]:
    """Return all that a part of a place may equal to mean a room."""
    if room.location:
        return [_normalize(room.location)]
    names = (
        f"{room.building_code} {room.room_name}",
        f"{room.building_name} {room.room_name}",
        room.room_name,
    )
    return [_normalize(each) for each in names]


def _phrases(rooms: Iterable[RoomNames]) -> Iterator[tuple[str, RoomNames]]:
    """Yield all that words within a place may be to mean a room: never its bare name."""
    for room in rooms:
        if room.location:
            yield _normalize(room.location), room
            continue
        for building in (room.building_code, room.building_name):
            yield _normalize(f"{building} {room.room_name}"), room
        # CAS116, as registrars write it.
        yield _normalize(f"{room.building_code}{room.room_name}"), room


def _index(named: Iterable[tuple[object, RoomNames]]) -> Mapping[object, frozenset[str]]:
    found = defaultdict[object, set[str]](set)
    for name, room in named:
        if name:
            found[name].add(room.room_id)
    return {name: frozenset(rooms) for name, rooms in found.items()}


def _tokenize(words: re.Pattern[str], text: str) -> _Phrase:
    return tuple(words.findall(text))


def _spans(words: Sequence[str]) -> Iterator[tuple[int, int]]:
    for start in range(len(words)):
        for end in range(start + 1, min(start + _MAX_PHRASE_WORDS, len(words)) + 1):
            yield start, end


def _longest_first(span: tuple[int, int]) -> tuple[int, int]:
    return span[0] - span[1], span[0]
