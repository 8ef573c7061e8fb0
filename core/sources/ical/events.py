"""Events: what the lines of a VEVENT say, and which of its properties are faulty.

Source: `docs/ical.md`, "Which events take a room" and "What is legible".
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from core.sources.ical.lexer import Lines
from core.sources.ical.location_matcher import LocationMatch
from core.sources.ical.moments import (
    Faces,
    Moment,
    Period,
    legible_faces,
    parse_duration,
    parse_moment,
    parse_period,
    property_moment,
    split_values,
)
from core.sources.ical.properties import Property, parse_property
from core.sources.ical.recurrence_rule import RecurrenceRule, UnclearRuleError, parse_rule

_CANCELLED_STATES = frozenset({"CANCELLED", "CANCELED"})
_LIST_NAMES = frozenset({"RRULE", "RDATE", "EXDATE"})
_MAX_UNREADABLE = 100

PropertiesByName = Mapping[str, Sequence[Property]]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A date that does not parse; `faces` are the times within which it lies, if legible."""

    faces: Faces | None


@dataclass(slots=True, eq=False)
class FeedEvent:
    """One event of a feed.

    `fault` names what is wrong with its times, empty where they are clear. A `start` or `end`
    that does not parse is None; `legible` holds what can be read of such dates by name. With a
    `doubt` all its occurrences are uncertain; `is_reversed` ends before it starts.
    """

    line: int
    uid: str
    revision: int
    location_match: LocationMatch
    has_location: bool
    is_cancelled: bool
    is_transparent: bool
    start: Moment | None
    end: Moment | timedelta | None
    has_end: bool
    rules: Sequence[RecurrenceRule]
    broken_rules: Sequence[str]
    added: Sequence[Moment | Period | Unreadable]
    excluded: Sequence[Moment | Unreadable]
    recurrence_id: Moment | None
    is_override: bool
    changes_following: bool
    legible: Mapping[str, Faces]
    fault: str
    doubt: str = ""
    is_reversed: bool = False

    @property
    def is_recurring(self) -> bool:
        """Whether it takes place more than once."""
        return bool(self.rules or self.broken_rules or self.added)

    @property
    def takes_time(self) -> bool:
        """Whether it takes a room at all, were its transparency to be believed."""
        return not (self.is_cancelled or self.is_transparent)

    @property
    def is_timed(self) -> bool:
        """Whether it begins at a time of the day."""
        return self.start is not None and not self.start.is_day

    @property
    def date_text(self) -> str:
        """The day on which it begins as far as legible, empty where it is not."""
        if self.start:
            return self.start.face.date().isoformat()
        faces = self.legible.get("DTSTART") or self.legible.get("DTEND")
        return f"about {faces[0].date().isoformat()}" if faces else ""


def parse_event(lines: Lines) -> tuple[int, PropertiesByName]:
    """Return the line at which an event begins, and its properties by name."""
    found: dict[str, list[Property]] = {}
    for line in lines:
        if line[1] not in {b"BEGIN", b"END"}:
            parsed = parse_property(line)
            found.setdefault(parsed.name, []).append(parsed)
    return lines[0][0], found


def build_event(
    line: int, properties: PropertiesByName, match: LocationMatch, *, has_location: bool
) -> FeedEvent:
    """Return the event that properties describe, in rooms that were matched before."""
    legible = dict[str, Faces]()
    start, fault = _single_moment(properties, "DTSTART", legible)
    end, end_fault = _end(properties, legible)
    rules, broken_rules = _rules(properties.get("RRULE", ()))
    recurrence_id, _ = _single_moment(properties, "RECURRENCE-ID", legible)
    if start is None and not fault:
        fault = "it has no start"
    recurrence_ids = [each for each in properties.get("RECURRENCE-ID", ()) if each.value]
    return FeedEvent(
        line=line,
        uid=_text(properties, "UID"),
        revision=_revision(properties),
        location_match=match,
        has_location=has_location,
        is_cancelled=_text(properties, "STATUS").upper() in _CANCELLED_STATES,
        is_transparent=_text(properties, "TRANSP").upper() == "TRANSPARENT",
        start=start,
        end=end,
        has_end=bool(properties.get("DTEND") or properties.get("DURATION")),
        rules=rules,
        broken_rules=broken_rules,
        added=tuple(_added(properties.get("RDATE", ()))),
        excluded=tuple(_excluded(properties.get("EXDATE", ()))),
        recurrence_id=recurrence_id,
        is_override=bool(recurrence_ids),
        changes_following=any(
            each.parameters.get("RANGE", "").upper() == "THISANDFUTURE" for each in recurrence_ids
        ),
        legible=legible,
        fault=fault or end_fault,
    )


def _single_moment(
    properties: PropertiesByName, name: str, legible: dict[str, Faces]
) -> tuple[Moment | None, str]:
    """Return the moment of a property that is there once, and what is wrong with it."""
    written = {(each.value, each.parameters.get("TZID")): each for each in properties.get(name, ())}
    found = [each for each in written.values() if each.value]
    if not found:
        return None, ""
    moments = [property_moment(each) for each in found]
    if len(found) == 1 and moments[0]:
        return moments[0], ""
    faces = [
        (moment.face, moment.face) if moment else legible_faces(each.value)
        for moment, each in zip(moments, found, strict=True)
    ]
    known = [each for each in faces if each]
    if known and len(known) == len(faces):
        legible[name] = min(each[0] for each in known), max(each[1] for each in known)
    return None, f"its {name} is no date" if len(found) == 1 else f"it has several {name}"


def _end(
    properties: PropertiesByName, legible: dict[str, Faces]
) -> tuple[Moment | timedelta | None, str]:
    end, fault = _single_moment(properties, "DTEND", legible)
    if end or fault:
        return end, fault
    durations = {each.value for each in properties.get("DURATION", ()) if each.value}
    if not durations:
        return None, ""
    lengths = [parse_duration(each) for each in durations]
    known = [each for each in lengths if each is not None and each >= timedelta()]
    if len(known) < len(lengths):
        return None, "its DURATION is no length of time"
    return max(known), ""


def _rules(found: Sequence[Property]) -> tuple[list[RecurrenceRule], list[str]]:
    rules, broken = list[RecurrenceRule](), list[str]()
    for each in found:
        if each.value:
            try:
                rules.append(parse_rule(each.value))
            except (UnclearRuleError, ValueError):
                broken.append(each.value)
    return rules, broken


def _added(found: Sequence[Property]) -> Iterator[Moment | Period | Unreadable]:
    for each in found:
        zone = each.parameters.get("TZID", "")
        for text in split_values(each):
            moment = parse_period(text, zone) if "/" in text else parse_moment(text, zone)
            yield moment or Unreadable(legible_faces(text))


def _excluded(found: Sequence[Property]) -> Iterator[Moment | Unreadable]:
    for each in found:
        zone = each.parameters.get("TZID", "")
        for text in split_values(each):
            yield parse_moment(text, zone) or Unreadable(legible_faces(text))


def _text(properties: PropertiesByName, name: str) -> str:
    found = properties.get(name)
    return found[0].value.strip() if found else ""


def _revision(properties: PropertiesByName) -> int:
    text = _text(properties, "SEQUENCE")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= len("999999999") else 0
