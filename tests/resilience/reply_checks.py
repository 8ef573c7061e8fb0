"""Whether what a member is told is true: read back from the reply, compared with the oracle."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tests.oracle import FreeAnswer, Oracle, Span, What

_TITLE = re.compile(r"^## (?:(\d+) rooms?|Nothing) free now$", re.MULTILINE)
_FREE = re.compile(r"^\*\*(?P<label>[^*]+)\*\* until <t:(?P<end>\d+):t>", re.MULTILINE)
_OPENINGS = re.compile(r"^\*\*(?:Soon|Next)\*\*  (.*)$", re.MULTILINE)
_OPENING = re.compile(r"(?P<label>[^·]+) from <t:(?P<start>\d+):t>")
_UNKNOWN = re.compile(r"(\d+) of (\d+) rooms unknown")
_BUILDING = re.compile(r"^## (?P<code>\S+) · ", re.MULTILINE)
_ROOM = re.compile(
    r"^\*\*(?P<name>[^*]+)\*\* "
    r"(?P<what>(?:\*\*)?<t:.*|booked all day.*|no free time.*|closed.*|unknown: .*)$",
    re.MULTILINE,
)
_GAP = re.compile(r"<t:(\d+):t>–<t:(\d+):t>")
_CHOICE = re.compile(r"(?P<code>\S+) · .* · (?:(?P<free>\d+) free|unknown|closed)")

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
        title, unknown = _TITLE.search(text), _UNKNOWN.search(text)
        free = {(self.labels[room], _unix(end)) for room, end in answer.free + answer.brief}
        openings = {(self.labels[room], _unix(at)) for room, at, _ in answer.soon + answer.later}
        told = {(match["label"], int(match["end"])) for match in _FREE.finditer(text)}
        return (
            title is not None
            and unknown is not None
            and int(title[1] or 0) == len(answer.free)
            and (int(unknown[1]), int(unknown[2])) == (answer.unknown, answer.rooms)
            and told <= free
            and _openings(text) <= openings
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


def _openings(text: str) -> set[tuple[str, int]]:
    lines = [part for line in _OPENINGS.findall(text) for part in line.split(" · ")]
    found = [_OPENING.fullmatch(each) for each in lines]
    return {(match["label"], int(match["start"])) if match else ("?", 0) for match in found}


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
