"""Reads back what a reply of `/free` says."""

import re
from dataclasses import dataclass

NAMES_PER_TIME = 12
"""Rooms that open at one time and are named; the others are counted."""

_HEADING = re.compile(
    r"^## (?:(\d+) rooms? .*|No room .*|No information .*|.* (?:is|are) closed .*)$"
)
_FREE = re.compile(r"^\*\*(?P<label>[^*]+)\*\* · till <t:(?P<end>\d+):t>", re.MULTILINE)
_OPENINGS = re.compile(r"^\*\*(?P<kind>Opening soon|Next free)\*\* (?P<groups>.*)$", re.MULTILINE)
_GROUP = re.compile(r"<t:(?P<start>\d+):t>: (?P<names>.*?)(?: and (?P<more>\d+) more)?")
_UNKNOWN = re.compile(r"no information for (?:([\d,]+) of ([\d,]+) rooms|this room)")
_SHORTER = re.compile(r"^(\d+) rooms? (?:is|are) free for a shorter time", re.MULTILINE)

Group = tuple[int, str, int]
"""When rooms open, the names of those that are named, with commas, and how many are not."""


@dataclass(frozen=True)
class FreeText:
    """A page of a reply of `/free`; times are in seconds since 1970.

    `unknown` is None where no room is unknown.
    """

    text: str
    heading: str
    count: int
    free: list[tuple[str, int]]
    soon: list[Group]
    next_free: list[Group]
    unknown: tuple[int, int] | None
    shorter: int

    @property
    def openings(self) -> set[tuple[str, int]]:
        """All rooms that are named as opening, with when."""
        groups = self.soon + self.next_free
        return {(name, start) for start, names, _ in groups for name in names.split(", ")}


def read_free_text(text: str) -> FreeText | None:
    """Return what a reply says; None where it is no reply of `/free`."""
    lines = [line for line in text.splitlines() if line.startswith("## ")]
    heading = _HEADING.fullmatch(lines[0]) if lines else None
    if heading is None:
        return None
    groups = {match["kind"]: _groups(match["groups"]) for match in _OPENINGS.finditer(text)}
    unknown, shorter = _UNKNOWN.search(text), _SHORTER.search(text)
    return FreeText(
        text=text,
        heading=heading[0].removeprefix("## "),
        count=int(heading[1] or 0),
        free=[(match["label"], int(match["end"])) for match in _FREE.finditer(text)],
        soon=groups.get("Opening soon", []),
        next_free=groups.get("Next free", []),
        unknown=(int(unknown[1] or 1), int(unknown[2] or 1)) if unknown else None,
        shorter=int(shorter[1]) if shorter else 0,
    )


def _groups(text: str) -> list[Group]:
    found = []
    for part in text.split(" · "):
        match = _GROUP.fullmatch(part)
        assert match, text
        found.append((int(match["start"]), match["names"], int(match["more"] or 0)))
    return found
