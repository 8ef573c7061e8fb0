"""Free/busy components: when a room is busy, without its events.

Source: `docs/ical.md`, "Which events take a room".
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, timedelta

from core.sources.ical.clocks import Bounds, Clock
from core.sources.ical.feed_zones import Zones
from core.sources.ical.lexer import Lines
from core.sources.ical.moments import (
    Moment,
    legible_faces,
    parse_period,
    property_moment,
    split_values,
)
from core.sources.ical.possible_span import moment_bounds
from core.sources.ical.properties import Property, parse_property

_ZONE_MARGIN = timedelta(hours=14)


@dataclass(frozen=True, slots=True)
class BusyPeriod:
    """A time that a component says something of; with a `reason` it is in doubt."""

    bounds: Bounds
    line: int
    reason: str = ""


def busy_periods(lines: Lines, zones: Zones, span: Bounds) -> Iterator[BusyPeriod]:
    """Yield when a room is busy or in doubt; before and after its own time nothing is known."""
    line = lines[0][0]
    properties: dict[str, list[Property]] = {}
    for each in lines[1:-1]:
        parsed = parse_property(each)
        properties.setdefault(parsed.name, []).append(parsed)
    start, end = (_only_moment(properties, name) for name in ("DTSTART", "DTEND"))
    # In doubt, the later start and the earlier end.
    first = moment_bounds(start, zones)[1] if start else span[1]
    last = moment_bounds(end, zones)[0] if end else span[0]
    reason = "it is outside of the time that the free/busy component is about"
    for bounds in ((span[0], min(first, span[1])), (max(last, span[0]), span[1])):
        if bounds[0] < bounds[1]:
            yield BusyPeriod(bounds, line, reason)
    for found in properties.get("FREEBUSY", ()):
        if found.parameters.get("FBTYPE", "BUSY").upper() != "FREE":
            for text in split_values(found):
                yield from _periods(text, found, zones, span)


def _only_moment(properties: Mapping[str, Sequence[Property]], name: str) -> Moment | None:
    found = [property_moment(each) for each in properties.get(name, ())]
    return found[0] if len(found) == 1 else None


def _periods(text: str, found: Property, zones: Zones, span: Bounds) -> Iterator[BusyPeriod]:
    period = parse_period(text, found.parameters.get("TZID", ""))
    if period is None:
        faces = legible_faces(text)
        bounds = span
        if faces:
            first, last = (each.replace(tzinfo=UTC) for each in faces)
            bounds = first - _ZONE_MARGIN, last + 2 * _ZONE_MARGIN
        yield BusyPeriod(bounds, found.line, "a busy period does not parse")
        return
    # The standard wants UTC here; who leaves the Z away may mean UTC or the campus.
    moment = Moment(period.start.face, is_utc=True)
    clocks = zones.clocks_of(period.start)
    if period.start.is_floating:
        clocks = (*zones.clocks_of(moment), *clocks)
    readings = {_placed(period.start, period.end, clock, zones) for clock in clocks}
    reason = "" if len(readings) == 1 else "a busy period has no zone"
    for bounds in readings:
        if bounds[0] < bounds[1]:
            yield BusyPeriod(bounds, found.line, reason)
        else:
            later = max(*bounds, bounds[0] + timedelta(days=1))
            yield BusyPeriod((min(bounds), later), found.line, "a busy period has no length")


def _placed(start: Moment, end: Moment | timedelta, clock: Clock, zones: Zones) -> Bounds:
    begins, latest = clock.instants(start.face)
    if isinstance(end, timedelta):
        return begins, latest + end
    if end.is_floating and start.is_floating:
        return begins, clock.instants(end.face)[1]
    return begins, moment_bounds(end, zones)[1]
