"""From the text of a feed to when its rooms are taken; takes as long as it takes.

What an event does not say clearly is in doubt for as long as it may reach: an event that is
not understood never vanishes.

Source: `docs/ical.md`, "Which events take a room".
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from icalendar import Component, Event, FreeBusy, Timezone
from icalendar.timezone import tzp

from core.errors import SourceFormatError
from core.model.calendar import DAY
from core.sources.ical.busy_times import BusyTimes
from core.sources.ical.lexer import Lines, RawCalendar, split_components
from core.sources.ical.local_time import (
    Bounds,
    FeedTimezones,
    are_rules_complete,
    find_zone,
    property_value,
    property_values,
)
from core.sources.ical.location_matcher import LocationMatch, LocationMatcher
from core.sources.ical.parser_protocol import SINGLE_ROOM, ParsedFeed, ParseJob
from core.sources.ical.recurrence import (
    PARSE_ERRORS,
    FeedEvent,
    end_of_day,
    occurrences,
    possible_span,
)

_SINGLE_ROOM_MATCH = LocationMatch(certain=frozenset({SINGLE_ROOM}))
_CANCELLED_STATES = frozenset({"CANCELLED", "CANCELED"})
_STALE_AFTER = 365 * DAY
_FAR_AHEAD = 2 * 365 * DAY


def parse_feed(job: ParseJob, body: bytes) -> ParsedFeed:
    """Return what a feed tells.

    Raises:
        SourceError: it is no calendar, or tells more than a campus can have.
    """
    calendars = split_components(body)
    # What an earlier feed called its zones means nothing in this one.
    tzp.use_default()
    for calendar in calendars:
        _register_timezones(calendar)
    return _FeedParser(job).read(calendars)


def _register_timezones(calendar: RawCalendar) -> None:
    """Take in the zones that a feed defines itself; one that makes no sense stays unknown."""
    for lines in calendar.zones:
        rules = [line.upper() for line in lines if line.upper().startswith(b"RRULE")]
        if all(b"FREQ=YEARLY" in rule for rule in rules):
            try:
                Timezone.from_ical(_decode_lines(lines))
            except PARSE_ERRORS:
                continue


class _FeedParser:
    def __init__(self, job: ParseJob) -> None:
        self._matcher = LocationMatcher(job.rooms, job.match_mode) if job.rooms else None
        self._campus_zone = ZoneInfo(job.zone)
        self._span: Bounds = (
            datetime.fromtimestamp(job.start, UTC),
            datetime.fromtimestamp(job.end, UTC),
        )
        self._busy_times = BusyTimes(*self._span)

    def read(self, calendars: Iterable[RawCalendar]) -> ParsedFeed:
        series = []
        for calendar in calendars:
            if calendar.scale.upper() not in {b"", b"GREGORIAN"}:
                raise SourceFormatError("not understood", "not the Gregorian calendar")
            clocks = self._feed_timezones(calendar)
            for entries in self._group_by_series(calendar):
                series += [(*each, clocks) for each in _split_series(entries)]
            self._read_free_busy(calendar)
        for core, changes, clocks in series:
            self._add_series(core, changes, clocks)
        self._busy_times.is_recent = self._busy_times.is_recent or any(
            self._is_recent(*each) for each in series
        )
        return self._busy_times.result()

    def _feed_timezones(self, calendar: RawCalendar) -> FeedTimezones:
        name = calendar.zone_name.decode("utf-8", "replace")
        zone = find_zone(name)
        return FeedTimezones(self._campus_zone, zone, is_unknown=bool(name) and zone is None)

    def _group_by_series(self, calendar: RawCalendar) -> Iterable[list[FeedEvent]]:
        series = defaultdict[object, list[FeedEvent]](list)
        for lines in calendar.events:
            event = self._parse_event(lines)
            if event is None:
                self._busy_times.count_event(self._all_rooms)
                self._busy_times.add_uncertain(self._all_rooms, self._span)
                continue
            self._busy_times.count_event(event.location_match)
            # Without an id it is about nothing but itself.
            series[str(property_value(event.event, "UID") or "") or id(event)].append(event)
        return series.values()

    @property
    def _all_rooms(self) -> LocationMatch:
        return self._matcher.any_room if self._matcher else _SINGLE_ROOM_MATCH

    def _parse_event(self, lines: Lines) -> FeedEvent | None:
        """Return what an event's lines say, None where that is nothing."""
        try:
            event = Event.from_ical(_decode_lines(lines))
        except PARSE_ERRORS:
            return None
        place, is_readable = _location_text(event, lines)
        match = self._matcher.match(place) if self._matcher else _SINGLE_ROOM_MATCH
        return FeedEvent(
            event=event,
            location_match=match if is_readable else self._all_rooms,
            is_free_time=_property_text(event, "STATUS") in _CANCELLED_STATES
            or _property_text(event, "TRANSP") == "TRANSPARENT",
            has_location=bool(place) or not is_readable or self._matcher is None,
            is_fully_parsed=not event.errors and are_rules_complete(lines),
        )

    def _add_series(
        self, master: FeedEvent | None, overrides: Sequence[FeedEvent], timezones: FeedTimezones
    ) -> None:
        try:
            for occurrence in occurrences(master, overrides, timezones, self._span):
                self._busy_times.is_recent = True
                if not occurrence.event.is_free_time:
                    self._add_occurrence(
                        _location_match(occurrence.event, master), occurrence.bounds, timezones
                    )
        except PARSE_ERRORS:
            self._busy_times.is_recent = True
            for entry in [*([master] if master else []), *overrides]:
                if not entry.is_free_time:
                    self._busy_times.add_uncertain(
                        _location_match(entry, master), possible_span(entry, timezones, self._span)
                    )

    def _add_occurrence(
        self, match: LocationMatch, bounds: Bounds, timezones: FeedTimezones
    ) -> None:
        start, end = bounds
        if start < end:
            self._busy_times.add_booking(match, bounds)
        else:
            # It begins, and does not say when it is over.
            self._busy_times.add_uncertain(match, (start, end_of_day(start, timezones)))

    def _is_recent(
        self, master: FeedEvent | None, overrides: Sequence[FeedEvent], timezones: FeedTimezones
    ) -> bool:
        span = self._span[0] - _STALE_AFTER, self._span[1] + _FAR_AHEAD
        return next(occurrences(master, overrides, timezones, span), None) is not None

    def _read_free_busy(self, calendar: RawCalendar) -> None:
        """Read what tells only when somebody is busy: of the time that it is about."""
        for lines in calendar.free_busy:
            match = _SINGLE_ROOM_MATCH if self._matcher is None else LocationMatch()
            self._busy_times.count_event(match)
            self._busy_times.is_recent = True
            try:
                self._add_free_busy(FreeBusy.from_ical(_decode_lines(lines)), match)
            except PARSE_ERRORS:
                self._busy_times.add_uncertain(match, self._span)

    def _add_free_busy(self, component: Component, match: LocationMatch) -> None:
        if component.errors:
            raise ValueError
        first, last = (
            property_value(component, name).dt.astimezone(UTC) for name in ("DTSTART", "DTEND")
        )
        self._busy_times.add_uncertain(match, (self._span[0], first))
        self._busy_times.add_uncertain(match, (last, self._span[1]))
        for period in property_values(component, "FREEBUSY"):
            if period.params.get("FBTYPE", "BUSY").upper() != "FREE":
                self._busy_times.add_booking(
                    match, (period.start.astimezone(UTC), period.end.astimezone(UTC))
                )


def _split_series(
    entries: Sequence[FeedEvent],
) -> Iterator[tuple[FeedEvent | None, list[FeedEvent]]]:
    """Yield the series that share an id, each with the changes that are its own.

    By rights it is one. Programs that give each room of a booking an event of one id are
    believed, too: only what was revised in the same rooms is out of date.
    """
    changes = [
        each
        for each in entries
        if each.is_override and (each.is_fully_parsed or not each.is_free_time)
    ]
    cores = [each for each in entries if not each.is_override and not _is_superseded(each, entries)]
    own = [
        [each for each in changes if len(cores) == 1 or each.location_match == core.location_match]
        for core in cores
    ]
    yield from zip(cores, own, strict=True)
    left = [each for each in changes if not any(each in theirs for theirs in own)]
    if left:
        yield None, left


def _is_superseded(entry: FeedEvent, entries: Iterable[FeedEvent]) -> bool:
    return any(
        other.location_match == entry.location_match and other.revision > entry.revision
        for other in entries
        if not other.is_override
    )


def _location_match(entry: FeedEvent, master: FeedEvent | None) -> LocationMatch:
    return entry.location_match if entry.has_location or master is None else master.location_match


def _location_text(event: Component, lines: Lines) -> tuple[str, bool]:
    """Return what an event says of its place, and whether that can be read."""
    written = [line for line in lines if line.upper().startswith(b"LOCATION")]
    return "\n".join(str(each) for each in property_values(event, "LOCATION")), all(
        map(_is_utf8, written)
    )


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _property_text(event: Component, name: str) -> str:
    return str(property_value(event, name) or "").strip().upper()


def _decode_lines(lines: Lines) -> str:
    return b"\r\n".join(lines).decode("utf-8", "replace")
