"""Series: from an event, its recurrence and its overrides to occurrences in time.

A series is expanded on the face of one clock, without zones: that is what a weekly lecture
means, and no two of its occurrences can then be taken for one another. Only the result is
placed in time. Where a feed may be read in several ways, each way is expanded: what all agree
on is certain, the rest is in doubt.

Source: `docs/ical.md`, "Recurrence" and "Read in two ways".
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

from core.model.calendar import DAY
from core.sources.ical.clocks import UTC_CLOCK, Bounds, Clock, FixedClock
from core.sources.ical.events import FeedEvent
from core.sources.ical.feed_zones import Zones
from core.sources.ical.moments import FIRST_FACE, LAST_FACE, Moment, Period
from core.sources.ical.placement import (
    Occurrence,
    Reading,
    days_to_end,
    event_length,
    face_on_clock,
    has_day_end,
    placed,
)
from core.sources.ical.series_dates import (
    ZONE_MARGIN,
    SeriesDates,
    Slot,
    Window,
    series_dates,
)

MARGIN = 2 * DAY
"""Longer than a zone is from UTC, and than a day with a change of the clocks."""

_MAX_READINGS = 16


def occurrences(
    master: FeedEvent | None, overrides: Sequence[FeedEvent], zones: Zones, span: Bounds
) -> Iterator[Occurrence]:
    """Yield the occurrences of a series near `span`; its events have a start and an end.

    Raises:
        UnclearRuleError: a rule takes more steps than is sane.
    """
    readings = list(_readings(master, overrides, zones))
    if len(readings) == 1:
        yield from _expand(master, overrides, zones, span, readings[0])
        return
    reasons = defaultdict[tuple[FeedEvent, Bounds], list[str]](list)
    for reading in readings:
        found = dict[tuple[FeedEvent, Bounds], str]()
        for each in _expand(master, overrides, zones, span, reading):
            key = each.event, each.bounds
            found[key] = each.reason if key not in found else found[key] and each.reason
        for key, reason in found.items():
            reasons[key].append(reason)
    for (event, bounds), given in reasons.items():
        reason = next(filter(None, given), "")
        if not reason and len(given) < len(readings):
            reason = "its times can be read in two ways"
        yield Occurrence(event, bounds, reason)


def _readings(
    master: FeedEvent | None, overrides: Sequence[FeedEvent], zones: Zones
) -> Iterator[Reading]:
    """Yield the ways in which a series may be read, most often a single one."""
    events = [*([master] if master else []), *overrides]
    moments = [moment for event in events for moment in _moments(event)]
    choices = max((len(zones.clocks_of(moment)) for moment in moments), default=1)
    first = next(event.start for event in events if event.start)
    for choice in range(min(choices, _MAX_READINGS)):
        clocks = zones.clocks_of(first)
        own = clocks[choice % len(clocks)]
        yield Reading(own, choice)
        if master is not None and master.is_recurring and not first.is_day:
            yield from (Reading(each, choice) for each in _other_clocks(master, first, own, zones))


def _moments(event: FeedEvent) -> Iterator[Moment]:
    for found in (event.start, event.end, event.recurrence_id, *event.excluded, *event.added):
        if isinstance(found, Period):
            yield found.start
            if isinstance(found.end, Moment):
                yield found.end
        elif isinstance(found, Moment):
            yield found


def _other_clocks(master: FeedEvent, first: Moment, own: Clock, zones: Zones) -> Iterator[Clock]:
    """Yield the clocks on which a series may recur besides that of its start.

    Programs that write X-WR-TIMEZONE also write series in UTC and mean that zone's clock. And
    who writes an evening's lecture in UTC may count its weekdays on campus.
    """
    instant = own.instants(first.face)[0]
    if first.is_utc and not first.zone:
        yield from (clock for clock in zones.calendar if clock.is_known)
    face = zones.campus.face(instant)
    is_on_another_day = own.is_known and face.date() != first.face.date()
    if is_on_another_day and any(rule.depends_on_day for rule in master.rules):
        yield FixedClock(face - UTC_CLOCK.face(instant))


def _expand(
    master: FeedEvent | None,
    overrides: Sequence[FeedEvent],
    zones: Zones,
    span: Bounds,
    reading: Reading,
) -> Iterator[Occurrence]:
    dates = SeriesDates()
    if master is not None:
        first, last = (each.replace(tzinfo=None) for each in span)
        window = Window(first, last, _reach(master, overrides, reading, zones))
        dates = series_dates(master, lambda moment: face_on_clock(moment, reading, zones), window)
    for override, reason in _current(overrides):
        replaced = _replace_date(override, master, dates, zones, reading)
        if override.start and not override.fault:
            start = face_on_clock(override.start, reading, zones)[0]
            slot = Slot(override, replaced or reason, is_single=True)
            yield from placed(slot, start, zones, reading)
    for start, slot in dates.slots.items():
        yield from placed(slot, start, zones, reading)


def _reach(
    master: FeedEvent, overrides: Iterable[FeedEvent], reading: Reading, zones: Zones
) -> timedelta:
    """Return how far an occurrence may lie from the date that it is found by."""
    lengths = [event_length(master, reading, zones)]
    for override in overrides:
        if override.changes_following and override.start and override.recurrence_id:
            start, replaced = (
                face_on_clock(each, reading, zones)[0]
                for each in (override.start, override.recurrence_id)
            )
            lengths.append(abs(start - replaced) + abs(event_length(override, reading, zones)))
    return MARGIN + max(lengths)


def ends_before_start(event: FeedEvent, zones: Zones) -> bool:
    """Return whether the end of an event lies before its start, however it is read."""
    if event.start is None or event.end is None:
        return False
    for reading in _readings(event, (), zones):
        is_known = reading.clock.is_known and not (
            isinstance(event.end, Moment) and not reading.clock_of(event.end, zones).is_known
        )
        if has_day_end(event) and not event.start.is_day:
            length = days_to_end(event, reading, zones)
        else:
            length = event_length(event, reading, zones)
        if length + (timedelta() if is_known else 2 * ZONE_MARGIN) < timedelta():
            return True
    return False


def _current(overrides: Sequence[FeedEvent]) -> Iterator[tuple[FeedEvent, str]]:
    """Yield the overrides that no later revision replaces, and why one is in doubt."""
    groups = defaultdict[object, list[FeedEvent]](list)
    for override in overrides:
        key = override.recurrence_id or id(override)
        groups[key, override.location_match].append(override)
    for group in groups.values():
        revision = max(each.revision for each in group)
        current = [each for each in group if each.revision == revision]
        is_contradictory = len({each.is_cancelled for each in current}) > 1
        for override in current:
            yield override, "its date is changed and called off" if is_contradictory else ""


def _replace_date(
    override: FeedEvent,
    master: FeedEvent | None,
    dates: SeriesDates,
    zones: Zones,
    reading: Reading,
) -> str:
    """Take the date that an override replaces out of a series, and return why it is in doubt."""
    if master is None:
        return ""
    if override.recurrence_id is None:
        legible = override.legible.get("RECURRENCE-ID")
        first, last = legible or (FIRST_FACE, LAST_FACE)
        if legible:
            first, last = first - ZONE_MARGIN, last + ZONE_MARGIN
        if legible or not override.is_cancelled:
            dates.doubt(first, last, "one of its dates is changed, which one is not clear")
        return "it does not say clearly which date it changes"
    faces = face_on_clock(override.recurrence_id, reading, zones)
    reason = ""
    if faces[0] in dates.excluded and override.revision <= master.revision:
        reason = "its date is left out of the series and changed in it"
    assert master.start is not None  # noqa: S101 - see `occurrences`
    dates.replace(override.recurrence_id, faces, in_days=master.start.is_day)
    if override.changes_following and override.start:
        move = face_on_clock(override.start, reading, zones)[0] - faces[0]
        dates.move_following(faces[0], move, override)
    return reason or ("it recurs though it changes one date" if override.is_recurring else "")
