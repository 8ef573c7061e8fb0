"""When a series of events takes place: its rule, its exceptions, and those of its dates.

Source: `docs/ical.md`, "Recurrence".
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from typing import Any

from icalendar import Component
from recurring_ical_events.adapters.event import EventAdapter
from recurring_ical_events.occurrence import Occurrence
from recurring_ical_events.series import Series

from core.model.calendar import DAY, local_to_utc
from core.sources.base import AmbiguousTimeError
from core.sources.ical.local_time import (
    Bounds,
    FeedTimezones,
    Moment,
    property_value,
    property_values,
    reject_unbounded_rule,
    to_naive_event,
)
from core.sources.ical.location_matcher import LocationMatch

PARSE_ERRORS = (
    AmbiguousTimeError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    RecursionError,
)
"""What the calendar libraries raise at an event that makes no sense."""

# Longer than a zone is from UTC, and than a day with a change of the clocks.
_MARGIN = 2 * DAY


@dataclass(frozen=True, slots=True, eq=False)
class FeedEvent:
    """One event of a feed, the rooms it means, and whether it takes none: `is_idle`.

    `is_whole` says that all of it was understood, `is_placed` that it names a place at all.
    """

    event: Component
    location_match: LocationMatch
    is_free_time: bool
    has_location: bool
    is_fully_parsed: bool

    @property
    def is_override(self) -> bool:
        """Whether it is about single dates of another event's series."""
        return "RECURRENCE-ID" in self.event

    @property
    def is_recurring(self) -> bool:
        """Whether it takes place more than once."""
        return "RRULE" in self.event or "RDATE" in self.event

    @property
    def revision(self) -> int:
        """How often it was changed, as its program counts."""
        number = property_value(self.event, "SEQUENCE")
        return number if isinstance(number, int) else 0


@dataclass(frozen=True, slots=True)
class EventOccurrence:
    """One date of a series: from when to when the room may be taken, and whose it is."""

    event: FeedEvent
    bounds: Bounds


def occurrences(
    master: FeedEvent | None, overrides: Sequence[FeedEvent], timezones: FeedTimezones, span: Bounds
) -> Iterator[EventOccurrence]:
    """Yield the dates within `span` of a series, `changes` in place of what they change.

    One without a length ends when it begins.

    Raises:
        FAULTS: when the series is, cannot be said.
    """
    events = [*([master] if master else []), *overrides]
    if not all(each.is_fully_parsed for each in events):
        raise AmbiguousTimeError
    zone = timezones.zone_of(
        property_value(events[0].event, "DTSTART").dt,
        is_recurring=master is not None and master.is_recurring,
    )
    start, end = ((each + by).replace(tzinfo=None) for each, by in zip(span, _MARGINS, strict=True))
    adapters = [_NaiveEventAdapter(each, zone, end) for each in events]
    for found in _NaiveSeries(adapters).between(start, end):
        yield EventOccurrence(found.feed_event, _bounds(found, timezones, zone))


_MARGINS = (-_MARGIN, _MARGIN)


class _NaiveEventAdapter(EventAdapter):  # type: ignore[misc] # the library has no types
    """An event on the face of a clock that remembers which one it was."""

    def __init__(self, feed_event: FeedEvent, zone: tzinfo, until: datetime) -> None:
        event = to_naive_event(feed_event.event, zone)
        super().__init__(event)
        self.feed_event = feed_event
        reject_unbounded_rule(event, until)
        # The library would turn it round, and so free the room for all of it.
        if _to_datetime(self.raw_end) < _to_datetime(self.raw_start):
            raise AmbiguousTimeError


class _NaiveOccurrence(Occurrence):  # type: ignore[misc] # same
    """A date that knows its event."""

    def __init__(
        self, adapter: _NaiveEventAdapter, start: Moment | None = None, end: Moment | None = None
    ) -> None:
        super().__init__(adapter, start, end)
        self.feed_event = adapter.feed_event


class _NaiveSeries(Series):  # type: ignore[misc] # same
    def occurrence(
        self,
        adapter: Any,  # noqa: ANN401 - the library has no types
        start: Any = None,  # noqa: ANN401 - same
        end: Any = None,  # noqa: ANN401 - same
    ) -> _NaiveOccurrence:
        return _NaiveOccurrence(adapter, start, end)


def _bounds(found: _NaiveOccurrence, timezones: FeedTimezones, zone: tzinfo) -> Bounds:
    """Return a date as wide as it may be.

    What lasts for hours may last for them on the clock or in truth, where the clocks change
    meanwhile; only an event of one date that tells its end leaves no doubt.
    """
    (start, latest_start), (_, end) = (
        timezones.instants(each, zone) for each in (found.start, found.end)
    )
    lasts = "DURATION" in found.feed_event.event or found.feed_event.is_recurring
    if lasts and isinstance(found.start, datetime) and isinstance(found.end, datetime):
        end = max(end, latest_start + (found.end - found.start))
    if found.start == found.end:
        end = start
    return start, end


def _to_datetime(moment: Moment) -> datetime:
    return moment if isinstance(moment, datetime) else datetime.combine(moment, time())


def end_of_day(moment: datetime, timezones: FeedTimezones) -> datetime:
    """Return when the campus day that holds the moment ends."""
    return local_to_utc(moment.astimezone(timezones.campus).date(), DAY, timezones.campus)


# As long as one booking is believed to last that does not tell its end.
_MAX_DURATION = timedelta(days=31)


def possible_span(event: FeedEvent, timezones: FeedTimezones, span: Bounds) -> Bounds:
    """Return the time within which an event may lie whose times make no sense."""
    first, last = span
    start, end = (
        _approximate_value(property_value(event.event, name), timezones)
        for name in ("DTSTART", "DTEND")
    )
    known = [each for each in (start, end) if each]
    if "RDATE" in event.event or not known or (event.is_recurring and not start):
        return span
    if event.is_recurring:
        return max(first, min(known) - _MARGIN), min(last, _series_end(event, timezones) or last)
    after = _MARGIN if end else _MAX_DURATION
    before = _MARGIN if start else _MAX_DURATION
    return min(known) - before, max(known) + after


def _series_end(event: FeedEvent, timezones: FeedTimezones) -> datetime | None:
    """Return when a series whose rule is understood has ended for sure."""
    ends = [
        _approximate_moment(until, timezones)
        for rule in property_values(event.event, "RRULE")
        for until in (rule.get("UNTIL") or [None] if isinstance(rule, dict) else [None])
    ]
    known = [each for each in ends if each]
    return max(known) + _MAX_DURATION if known and len(known) == len(ends) else None


def _approximate_value(value: Any, timezones: FeedTimezones) -> datetime | None:  # noqa: ANN401 - of a library
    try:
        return _approximate_moment(value.dt, timezones)
    except PARSE_ERRORS:
        return None


def _approximate_moment(moment: Any, timezones: FeedTimezones) -> datetime | None:  # noqa: ANN401 - same
    try:
        return timezones.instants(moment, getattr(moment, "tzinfo", None) or timezones.campus)[0]
    except PARSE_ERRORS:
        return None
