"""The text of a campus file, and what is said in it beside the facts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.discovery.hours import Hours, clock_text
from core.discovery.listing import clean
from core.discovery.naming import NamedBuilding, NamedRoom
from core.model import ReadingWay

_MOST_SEATS = 100_000
_WIDTH = 96


@dataclass(frozen=True, slots=True)
class Told:
    """A fact of the campus file, and the remark that stands above it; empty: none."""

    value: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything that a campus file says; `hours` are by building code."""

    remarks: Sequence[str]
    id: str
    name: Told
    timezone: Told
    url: str
    read: ReadingWay
    read_remark: str
    search_id: str | None
    buildings: Sequence[NamedBuilding]
    hours: Mapping[str, tuple[Hours, str]]


def campus_text(draft: Draft) -> str:
    """Return the text of the campus file."""
    return "\n".join(_lines(draft)) + "\n"


def quoted(text: str) -> str:
    """Return a text as TOML writes it, between quotation marks."""
    return '"' + "".join(_escaped(each) for each in text) + '"'


def _escaped(character: str) -> str:
    if character in {'"', "\\"}:
        return f"\\{character}"
    if character < " " or character == "\x7f":
        return f"\\u{ord(character):04x}"
    return character


def _lines(draft: Draft) -> Iterator[str]:
    for remark in draft.remarks:
        yield from _remark(remark)
    yield ""
    yield f"id = {quoted(draft.id)}"
    for key, told in (("name", draft.name), ("timezone", draft.timezone)):
        yield from _remark(told.remark)
        yield f"{key} = {quoted(told.value)}"
    yield from ("", "[source]", 'kind = "25live"', f"url = {quoted(draft.url)}")
    yield from _remark(draft.read_remark)
    yield f"read = {quoted(draft.read)}"
    if draft.search_id:
        yield f"search_id = {quoted(draft.search_id)}"
    for building in draft.buildings:
        yield from _building(building, *draft.hours[building.code])


def _building(building: NamedBuilding, hours: Hours, remark: str) -> Iterator[str]:
    yield from (
        "",
        "[[buildings]]",
        f"code = {quoted(building.code)}",
        f"name = {quoted(building.name)}",
    )
    yield from _remark(remark)
    yield from (
        f"opens = {quoted(clock_text(hours.opens))}",
        f"closes = {quoted(clock_text(hours.closes))}",
        "rooms = [",
    )
    yield from (f"    {_room(room)}," for room in building.rooms)
    yield "]"


def _room(room: NamedRoom) -> str:
    parts = [f"id = {quoted(room.listed.id)}", f"name = {quoted(room.name)}"]
    if room.listed.capacity and room.listed.capacity <= _MOST_SEATS:
        parts.append(f"capacity = {room.listed.capacity}")
    if room.listed.features:
        parts.append(f"features = [{', '.join(map(quoted, room.listed.features))}]")
    return f"{{ {', '.join(parts)} }}"


def _remark(text: str) -> Iterable[str]:
    """Return the lines of a comment, broken between words; none for an empty text."""
    lines: list[str] = []
    for word in clean(text).split():
        if lines and len(lines[-1]) + len(word) < _WIDTH:
            lines[-1] += f" {word}"
        else:
            lines.append(f"# {word}")
    return lines
