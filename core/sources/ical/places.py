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

from core.model import MatchingWay
from core.sources.ical.messages import Place

# Words that a slash, point or hyphen joins are one: 116-B is another room than 116.
_JOINED = re.compile(r"\w+(?:[-./&+'’]\w+)*")
_WORD = re.compile(r"\w+")
_BETWEEN = re.compile(r"[,;\n|]")
_LONGEST_PHRASE = 12
_MOST_WORDS = 200

_Phrase = tuple[str, ...]
_Named = Mapping[_Phrase, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Meant:
    """The rooms that are surely meant, and those that may be."""

    sure: frozenset[str] = frozenset()
    maybe: frozenset[str] = frozenset()


class Places:
    """The rooms of a campus by what events call them."""

    def __init__(self, places: Iterable[Place], match: MatchingWay) -> None:
        places = tuple(places)
        self._match = match
        self._seen: dict[str, Meant] = {}
        self.everywhere = Meant(maybe=frozenset(place.room_id for place in places))
        self._texts = _by((text, place) for place in places for text in _texts(place))
        self._joined = _by((_split(_JOINED, text), place) for text, place in _calls(places))
        self._words = _by((_split(_WORD, text), place) for text, place in _calls(places))
        self._names = _by(
            (_split(_WORD, _plain(place.name)), place) for place in places if not place.location
        )
        self._houses = {
            place.room_id: [_split(_WORD, _plain(each)) for each in (place.code, place.building)]
            for place in places
        }

    def meant_by(self, location: str) -> Meant:
        """Return the rooms that a LOCATION means, perhaps none."""
        text = _plain(location, lines=True)
        meant = self._seen.get(text)
        if meant is None:
            meant = self._seen[text] = self._read(text)
        return meant

    def _read(self, text: str) -> Meant:
        words = _split(_WORD, text)
        if len(words) > _MOST_WORDS:
            return self.everywhere
        take = self._exact if self._match == "exact" else self._contained
        sure, maybe, rest = take(text)
        for part in rest:
            maybe |= self._hinted(part, words)
        return Meant(frozenset(sure), frozenset(maybe - sure))

    def _exact(self, text: str) -> tuple[set[str], set[str], list[_Phrase]]:
        """Take the whole text, or else each of its parts, if it is what a room is called."""
        parts = [" ".join(text.split())]
        if parts[0] not in self._texts:
            parts = [" ".join(part.split()) for part in _BETWEEN.split(text)]
        sure, maybe, rest = set[str](), set[str](), []
        for part in parts:
            rooms = self._texts.get(part, frozenset())
            (sure if len(rooms) == 1 else maybe).update(rooms)
            if not rooms:
                rest.append(_split(_WORD, part))
        return sure, maybe, rest

    def _contained(self, text: str) -> tuple[set[str], set[str], list[_Phrase]]:
        """Take what rooms are called out of the text, the longest first."""
        words = _split(_JOINED, text)
        left = list[str | None](words)
        sure, maybe = set[str](), set[str]()
        for start, end in sorted(_spans(words), key=_shortness):
            rooms = self._joined.get(words[start:end])
            if rooms and None not in left[start:end]:
                left[start:end] = [None] * (end - start)
                (sure if len(rooms) == 1 else maybe).update(rooms)
        return sure, maybe, [_split(_WORD, " ".join(run)) for run in _runs(left)]

    def _hinted(self, part: _Phrase, words: _Phrase) -> set[str]:
        """Return the rooms that `part` of all `words` may mean: called so, or their building."""
        hinted = set[str]()
        for start, end in _spans(part):
            phrase = part[start:end]
            hinted |= self._words.get(phrase, frozenset())
            hinted |= {
                room for room in self._names.get(phrase, ()) if self._is_in_its_house(room, words)
            }
        return hinted

    def _is_in_its_house(self, room: str, words: _Phrase) -> bool:
        return any(
            words[start:end] == house
            for house in self._houses[room]
            for start, end in _spans(words)
            if end - start == len(house)
        )


def _plain(text: str, *, lines: bool = False) -> str:
    """Return the text without what does not tell rooms apart: width, case, kinds of space."""
    text = unicodedata.normalize("NFKC", text).casefold()
    return text.strip() if lines else " ".join(text.split())


def _texts(place: Place) -> list[str]:
    """Return all that a part of a LOCATION may equal to mean a room."""
    if place.location:
        return [_plain(place.location)]
    called = (f"{place.code} {place.name}", f"{place.building} {place.name}", place.name)
    return [_plain(each) for each in called]


def _calls(places: Iterable[Place]) -> Iterator[tuple[str, Place]]:
    """Yield all that words within a LOCATION may be to mean a room: never its bare name."""
    for place in places:
        if place.location:
            yield _plain(place.location), place
            continue
        for house in (place.code, place.building):
            yield _plain(f"{house} {place.name}"), place
        # CAS116, as registrars write it.
        yield _plain(f"{place.code}{place.name}"), place


def _by(named: Iterable[tuple[object, Place]]) -> dict[object, frozenset[str]]:
    found = defaultdict[object, set[str]](set)
    for name, place in named:
        if name:
            found[name].add(place.room_id)
    return {name: frozenset(rooms) for name, rooms in found.items()}


def _split(words: re.Pattern[str], text: str) -> _Phrase:
    return tuple(words.findall(text))


def _spans(words: Sequence[str]) -> Iterator[tuple[int, int]]:
    for start in range(len(words)):
        for end in range(start + 1, min(start + _LONGEST_PHRASE, len(words)) + 1):
            yield start, end


def _shortness(span: tuple[int, int]) -> tuple[int, int]:
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
