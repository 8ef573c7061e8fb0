"""Within which time an event lies whose own times are faulty, by what of it is legible.

Source: `docs/ical.md`, "What is legible".
"""

from datetime import datetime, timedelta

from core.model.calendar import DAY
from core.sources.ical.clocks import Bounds, UnknownClock
from core.sources.ical.events import FeedEvent, Unreadable
from core.sources.ical.feed_zones import Zones
from core.sources.ical.moments import LAST_FACE, Moment, Period
from core.sources.ical.rule_limits import broken_rule_limit, rule_limit
from core.sources.ical.series import MARGIN

_MAX_DURATION = 31 * DAY
"""As long as one booking is believed to last that does not tell its end."""

_ANY_ZONE = UnknownClock()


def possible_span(event: FeedEvent, zones: Zones, span: Bounds) -> Bounds:
    """Return the time within which a faulty event may lie, `span` where nothing is legible."""
    start, end = _bounds(event, "DTSTART", zones), _bounds(event, "DTEND", zones)
    known = [each for each in (start, end) if each]
    if not known and event.is_override and not event.is_recurring:
        replaced = _bounds(event, "RECURRENCE-ID", zones)
        return (replaced[0] - _MAX_DURATION, replaced[1] + _MAX_DURATION) if replaced else span
    if not known or (event.is_recurring and not start):
        return span
    first = min(each[0] for each in known) - (MARGIN if start else _MAX_DURATION)
    last = max(each[1] for each in known) + (MARGIN if end else _MAX_DURATION)
    # Of two dates one may be exact where only the other one's year is legible.
    if start and end and isinstance(event.end, Moment) and event.start is None:
        first, last = max(first, end[0] - _MAX_DURATION), end[1] + MARGIN
    elif start and end and event.start and not isinstance(event.end, Moment):
        last = min(last, start[1] + _MAX_DURATION)
    if event.is_recurring:
        assert start is not None  # noqa: S101 - see above
        last = max(last, _last_date(event, start[1], span) + _MAX_DURATION)
    return first, last


def _bounds(event: FeedEvent, name: str, zones: Zones) -> Bounds | None:
    value = {
        "DTSTART": event.start,
        "DTEND": event.end,
        "RECURRENCE-ID": event.recurrence_id,
    }[name]
    if isinstance(value, Moment):
        return moment_bounds(value, zones)
    faces = event.legible.get(name)
    return (_ANY_ZONE.instants(faces[0])[0], _ANY_ZONE.instants(faces[1])[1]) if faces else None


def moment_bounds(moment: Moment, zones: Zones) -> Bounds:
    """Return the earliest and the latest instant that a moment may be."""
    instants = [clock.instants(moment.face) for clock in zones.clocks_of(moment)]
    return min(first for first, _ in instants), max(last for _, last in instants)


def _last_date(event: FeedEvent, start: datetime, span: Bounds) -> datetime:
    """Return until when a series may have dates, the end of the time in question if for ever."""
    face = start.replace(tzinfo=None)
    limits = [
        rule_limit(face, rule.until, rule.frequency, rule.interval, rule.count)
        for rule in event.rules
    ]
    limits += [broken_rule_limit(face, text) for text in event.broken_rules]
    for added in event.added:
        if isinstance(added, Unreadable):
            limits.append(added.faces[1] if added.faces else LAST_FACE)
        else:
            limits.append((added.start if isinstance(added, Period) else added).face)
    last = span[1].replace(tzinfo=None) + timedelta(1)
    return min(max(limits, default=last), last).replace(tzinfo=start.tzinfo)
