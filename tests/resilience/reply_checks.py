"""Whether what a member is told is true: read back from the reply, compared with the oracle."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tests.free_texts import read_free_text
from tests.oracle import FreeAnswer, Oracle, Span, What

_BUILDING = re.compile(r"^## (?P<code>\S+) · ", re.MULTILINE)
_ROOM = re.compile(
    r"^\*\*(?P<name>[^*]+)\*\* "
    r"(?P<what>(?:\*\*)?<t:.*|booked all day.*|no free time.*|closed.*|unknown: .*)$",
    re.MULTILINE,
)
_GAP = re.compile(r"<t:(\d+):t>–<t:(\d+):t>")
_CHOICE = re.compile(r"(?P<code>\S+) · .* · (?:(?P<free>\d+) free|no information|closed)")

_NOTHING_KNOWN = re.compile(r"^(?:.*nothing is stored for|Nothing is known for) [^*]*$")
"""The whole of a reply where nothing is known of the day; it names no room."""


@dataclass(frozen=True)
class Truth:
    """What may be told at present: what any of `oracles` says.

    There are two while a fault begins or ends; `may_lack` allows the answer that nothing is
    known of the day.
    """

    oracles: tuple[Oracle, ...]
    labels: dict[str, str]
    may_lack: bool = False

    def untrue_of_free(self, text: str, moments: Sequence[datetime]) -> str | None:
        """Return what is not true of a page of `/free`; it was shown at one of the moments."""
        if _NOTHING_KNOWN.match(text):
            return None if self.may_lack else f"nothing is said to be known:\n{text}"
        answers = [each.free_now(moment) for each in self.oracles for moment in moments]
        if any(self._agrees(text, answer) for answer in answers):
            return None
        return f"no oracle says this of {moments}:\n{text}"

    def _agrees(self, text: str, answer: FreeAnswer) -> bool:
        told = read_free_text(text)
        free = {(self.labels[room], _unix(end)) for room, end in answer.free + answer.brief}
        openings = {(self.labels[room], _unix(at)) for room, at, _ in answer.soon + answer.later}
        unknown = (answer.unknown, answer.rooms) if answer.unknown else None
        return (
            told is not None
            and (told.count, told.unknown) == (len(answer.free), unknown)
            and set(told.free) <= free
            and told.openings <= openings
        )

    def untrue_of_building(self, text: str, moments: Sequence[datetime]) -> str | None:
        """Return what is not true of a page of `/building`."""
        if _NOTHING_KNOWN.match(text):
            return None if self.may_lack else f"nothing is said to be known:\n{text}"
        title = _BUILDING.search(text)
        told = {match["name"]: _told_gaps(match["what"]) for match in _ROOM.finditer(text)}
        if title is None or not told:
            return f"not a building's day:\n{text}"
        possible = [
            _known_gaps(each, title["code"], moment) for each in self.oracles for moment in moments
        ]
        if any(told.items() <= known.items() for known in possible):
            return None
        return f"no oracle says this of {moments}:\n{text}"

    def untrue_of_choices(
        self, choices: Sequence[tuple[str, object]], moments: Sequence[datetime]
    ) -> str | None:
        """Return what is not true of the completions of a building."""
        told = {
            match["code"]: match["free"] for name, _ in choices if (match := _CHOICE.match(name))
        }
        possible = [_free_by_building(each, moment) for each in self.oracles for moment in moments]
        if self.may_lack:
            possible.append(dict.fromkeys(possible[0]))
        return None if told in possible else f"no oracle says this of {moments}: {choices}"


def _unix(moment: datetime) -> int:
    return int(moment.timestamp())


_Gaps = list[tuple[int, int]] | None


def _told_gaps(what: str) -> _Gaps:
    if what.startswith("unknown: "):
        return None
    return [(int(start), int(end)) for start, end in _GAP.findall(what)]


def _known_gaps(says: Oracle, code: str, moment: datetime) -> dict[str, _Gaps]:
    day = says.day_of(code, moment)
    known = says.knowledge.get(day, {})
    return {
        room.name: _in_unix(says.gaps(code, room.id, day)) if room.id in known else None
        for room in says.buildings[code].rooms
    }


def _in_unix(gaps: list[Span]) -> list[tuple[int, int]]:
    return [(_unix(start), _unix(end)) for start, end in gaps]


def _free_by_building(says: Oracle, moment: datetime) -> dict[str, str | None]:
    found = {
        code: [says.what(code, room.id, says.day_of(code, moment), moment) for room in each.rooms]
        for code, each in says.buildings.items()
    }
    return {
        code: str(states.count(What.FREE)) if {What.FREE, What.BOOKED} & set(states) else None
        for code, states in found.items()
    }
