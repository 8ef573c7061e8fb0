"""Parser of feeds: from the text of a feed to when its rooms are taken.

What an event does not say clearly is in doubt for as long as it may reach: an event that is
not understood never vanishes. It may take seconds, so it runs in a process of its own.

Source: `docs/ical.md`, "Which events take a room".
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from core.errors import SourceFormatError
from core.sources.ical.busy_times import BusyTimes
from core.sources.ical.clocks import Bounds
from core.sources.ical.event_groups import Series, group_events
from core.sources.ical.events import FeedEvent, build_event, parse_event
from core.sources.ical.feed_statistics import FeedStatistics
from core.sources.ical.feed_window import stated_window
from core.sources.ical.feed_zones import Zones, zones_of
from core.sources.ical.free_busy import busy_periods
from core.sources.ical.lexer import Lines, RawCalendar, split_components
from core.sources.ical.location_matcher import LocationMatch, LocationMatcher
from core.sources.ical.location_text import place_text
from core.sources.ical.moments import Moment
from core.sources.ical.parser_protocol import SINGLE_ROOM, ParsedFeed, ParseJob
from core.sources.ical.placement import Occurrence
from core.sources.ical.possible_span import possible_span
from core.sources.ical.recurrence_rule import UnclearRuleError
from core.sources.ical.series import MARGIN, ends_before_start, occurrences

_SINGLE_ROOM_MATCH = LocationMatch(certain=frozenset({SINGLE_ROOM}))
_NO_ROOM = LocationMatch()
_TRANSPARENT = "it claims to take no time, as nearly all events of the feed do"


def parse_feed(job: ParseJob, body: bytes) -> ParsedFeed:
    """Return what a feed says.

    Raises:
        SourceError: it is no calendar, or says more than a campus can have.
    """
    calendars = split_components(body)
    for calendar in calendars:
        if calendar.text(b"CALSCALE").strip().upper() not in {"", "GREGORIAN"}:
            raise SourceFormatError("not understood", "not the Gregorian calendar")
    return _FeedParser(job).parse(calendars)


class _FeedParser:
    def __init__(self, job: ParseJob) -> None:
        self._matcher = LocationMatcher(job.rooms, job.match_mode) if job.rooms else None
        self._any_room = self._matcher.any_room if self._matcher else _SINGLE_ROOM_MATCH
        self._campus_zone = ZoneInfo(job.zone)
        self._span: Bounds = (
            datetime.fromtimestamp(job.start, UTC),
            datetime.fromtimestamp(job.end, UTC),
        )
        self._times = BusyTimes(*self._span)
        self._statistics = FeedStatistics(self._span)

    def parse(self, calendars: Sequence[RawCalendar]) -> ParsedFeed:
        zones = [zones_of(each, calendars, self._campus_zone, self._span) for each in calendars]
        all_series = [
            (series, its_zones)
            for calendar, its_zones in zip(calendars, zones, strict=True)
            for series in group_events(self._events(calendar))
        ]
        # Only when all events are known is it clear whether the transparent ones are believed.
        for series, its_zones in all_series:
            self._add_series(series, its_zones)
        for calendar, its_zones in zip(calendars, zones, strict=True):
            self._add_free_busy(calendar, its_zones)
        first, last = stated_window(zip(calendars, zones, strict=True), self._campus_zone)
        return ParsedFeed(
            bookings=self._times.bookings(),
            uncertain=self._times.uncertain(),
            first=first,
            last=last,
            issues=self._times.issues(),
            **self._statistics.result(),
        )

    def _events(self, calendar: RawCalendar) -> Iterator[FeedEvent]:
        for lines in calendar.events:
            event = self._parse_event(lines)
            self._statistics.count_event(event)
            yield event

    def _parse_event(self, lines: Lines) -> FeedEvent:
        line, properties = parse_event(lines)
        if self._matcher is None:
            return build_event(line, properties, _SINGLE_ROOM_MATCH, has_location=True)
        place = place_text(properties)
        match = self._matcher.match(place.text) if place.text else _NO_ROOM
        if not place.is_legible or (not place.is_certain and not match.rooms):
            match = self._any_room
        elif not place.is_certain:
            match = LocationMatch(possible=match.rooms, reason="its place does not parse")
        has_location = bool(place.text) or not place.is_legible
        return build_event(line, properties, match, has_location=has_location)

    def _add_series(self, series: Series, zones: Zones) -> None:
        events = [*([series.master] if series.master else []), *series.overrides]
        if len(events) == 1 and self._is_far_away(events[0]):
            return
        for event in events:
            self._check(event, zones)
        master, overrides = series.master, list(series.overrides)
        for event in events:
            if event.fault:
                self._add_faulty(event, series.match_of(event), zones)
        if master is not None and master.fault:
            master = None
        if master is None:
            overrides = [each for each in overrides if not each.fault]
        if master is None and not overrides:
            return
        try:
            for found in list(occurrences(master, overrides, zones, self._span)):
                self._add_occurrence(found, series.match_of(found.event))
        except UnclearRuleError:
            # Events so long that too many dates of the series reach the time in question.
            for event in [*([master] if master else []), *overrides]:
                event.fault = "its series takes too many steps"
                self._add_faulty(event, series.match_of(event), zones)

    def _add_occurrence(self, found: Occurrence, match: LocationMatch) -> None:
        rooms = self._rooms_taken(found.event, match)
        if found.event.is_transparent or found.reason:
            reason = found.reason or _TRANSPARENT
            self._add_uncertain(found.event, rooms, found.bounds, reason)
        elif rooms:
            day = found.event.date_text
            self._times.add_booking(match, found.bounds, found.event.line, day)

    def _is_far_away(self, event: FeedEvent) -> bool:
        """Return whether an event of one date lies outside of the time in question for certain."""
        if event.fault or event.is_recurring or event.start is None:
            return False
        start, length = event.start.face, event.end or timedelta()
        end = length.face if isinstance(length, Moment) else start + length
        first, last = (each.replace(tzinfo=None) for each in self._span)
        return max(start, end) < first - MARGIN or min(start, end) > last + MARGIN

    def _check(self, event: FeedEvent, zones: Zones) -> None:
        """Find the faults that depend on zones; a series that has a start has dates, too."""
        if event.start and not event.fault and ends_before_start(event, zones):
            event.fault, event.is_reversed = "it ends before it starts", True
        if event.fault and event.start and event.is_recurring and not event.is_override:
            event.doubt, event.fault, event.end = event.fault, "", None

    def _add_faulty(self, event: FeedEvent, match: LocationMatch, zones: Zones) -> None:
        bounds = possible_span(event, zones, self._span)
        self._add_uncertain(event, self._rooms_taken(event, match), bounds, event.fault)

    def _rooms_taken(self, event: FeedEvent, match: LocationMatch) -> frozenset[str]:
        """Return the rooms that an event takes, if it is certain that it takes place."""
        if event.is_cancelled:
            return frozenset()
        if event.is_transparent:
            return self._statistics.distrusted(match.rooms)
        return match.rooms

    def _add_uncertain(
        self, event: FeedEvent, rooms: Iterable[str], bounds: Bounds, reason: str
    ) -> None:
        self._times.add_uncertain(rooms, bounds, event.line, event.date_text, reason)

    def _add_free_busy(self, calendar: RawCalendar, zones: Zones) -> None:
        """Read components that say only when somebody is busy, in a shared feed in no room."""
        for lines in calendar.free_busy:
            match = _SINGLE_ROOM_MATCH if self._matcher is None else _NO_ROOM
            if any(name == b"FREEBUSY" for _, name, _ in lines):
                self._statistics.count_free_busy(match)
            for period in busy_periods(lines, zones, self._span):
                day = period.bounds[0].date().isoformat()
                if period.reason:
                    reason = period.reason
                    self._times.add_uncertain(match.rooms, period.bounds, period.line, day, reason)
                else:
                    self._times.add_booking(match, period.bounds, period.line, day)
