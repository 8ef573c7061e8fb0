"""The text of a campus file, and what is said in it beside the facts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cli.discovery.building_names import NamedBuilding, NamedRoom
from core.campus_file.opening_hours import CLOSED, WEEKDAYS
from core.sources.discovery import clean_text
from core.sources.opening_hours import OpeningHours, format_time
from core.sources.source_draft import SourceKey

_MAX_CAPACITY = 100_000
_WIDTH = 96


@dataclass(frozen=True, slots=True)
class Commented:
    """A fact of the campus file, and the remark that stands above it; empty: none."""

    value: str
    comment: str = ""


@dataclass(frozen=True, slots=True)
class CampusDraft:
    """Everything that a campus file says; `hours` are by building code."""

    comments: Sequence[str]
    id: str
    name: Commented
    timezone: Commented
    kind: str
    source: Sequence[SourceKey]
    buildings: Sequence[NamedBuilding]
    hours: Mapping[str, tuple[OpeningHours, str]]


def render_campus_file(draft: CampusDraft) -> str:
    """Return the text of the campus file."""
    return "\n".join(_lines(draft)) + "\n"


def quote_toml(text: str) -> str:
    """Return a text as TOML writes it, between quotation marks."""
    return '"' + "".join(_escape(each) for each in text) + '"'


def _escape(character: str) -> str:
    if character in {'"', "\\"}:
        return f"\\{character}"
    if character < " " or character == "\x7f":
        return f"\\u{ord(character):04x}"
    return character


def _lines(draft: CampusDraft) -> Iterator[str]:
    for comment in draft.comments:
        yield from _comment(comment)
    yield ""
    yield f"id = {quote_toml(draft.id)}"
    for key, commented in (("name", draft.name), ("timezone", draft.timezone)):
        yield from _comment(commented.comment)
        yield f"{key} = {quote_toml(commented.value)}"
    yield from ("", "[source]", f"kind = {quote_toml(draft.kind)}")
    for each in draft.source:
        yield from _comment(each.comment)
        yield f"{each.key} = {quote_toml(each.value)}"
    for building in draft.buildings:
        yield from _building_lines(building, *draft.hours[building.code])


def _building_lines(building: NamedBuilding, hours: OpeningHours, comment: str) -> Iterator[str]:
    yield from (
        "",
        "[[buildings]]",
        f"code = {quote_toml(building.code)}",
        f"name = {quote_toml(building.name)}",
    )
    yield from _comment(comment)
    if not hours.week:
        yield f"opens = {quote_toml(format_time(hours.opens))}"
        yield f"closes = {quote_toml(format_time(hours.closes))}"
    yield "rooms = ["
    yield from (f"    {_room_table(room)}," for room in building.rooms)
    yield "]"
    if hours.week:
        yield "[buildings.hours]"
        for weekday, day in zip(WEEKDAYS, hours.week, strict=True):
            yield f"{weekday} = {quote_toml(_day_text(day))}"


def _day_text(hours: OpeningHours | None) -> str:
    return f"{format_time(hours.opens)}-{format_time(hours.closes)}" if hours else CLOSED


def _room_table(room: NamedRoom) -> str:
    parts = [f"id = {quote_toml(room.listed.id)}", f"name = {quote_toml(room.name)}"]
    if room.listed.capacity and room.listed.capacity <= _MAX_CAPACITY:
        parts.append(f"capacity = {room.listed.capacity}")
    if room.listed.features:
        parts.append(f"features = [{', '.join(map(quote_toml, room.listed.features))}]")
    return f"{{ {', '.join(parts)} }}"


def _comment(text: str) -> Iterable[str]:
    """Return the lines of a comment, broken between words; none for an empty text."""
    lines: list[str] = []
    for word in clean_text(text).split():
        if lines and len(lines[-1]) + len(word) < _WIDTH:
            lines[-1] += f" {word}"
        else:
            lines.append(f"# {word}")
    return lines
