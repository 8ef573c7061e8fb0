"""Statistics of a feed: how many events it has, which rooms they name, how far they reach.

Source: `docs/ical.md`, "Feeds that say nothing".
"""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TypedDict

from core.model.calendar import DAY
from core.sources.ical.clocks import Bounds
from core.sources.ical.events import FeedEvent, Unreadable
from core.sources.ical.location_matcher import LocationMatch
from core.sources.ical.moments import Moment, Period, parse_moment
from core.sources.ical.recurrence_rule import RecurrenceRule, UnclearRuleError
from core.sources.ical.series_dates import counted_end

_STALE_AFTER = 365 * DAY
# Four of five: a calendar has some notes and reminders, but not mostly.
_NEARLY_ALL = 0.8
_ENDLESS = 0


class StatisticsFields(TypedDict):
    """The fields of a `ParsedFeed` that are counted here."""

    named_rooms: tuple[str, ...]
    event_count: int
    unmatched_count: int
    is_stale: bool
    last_events: dict[str, int]
    transparent_rooms: tuple[str, ...]


class FeedStatistics:
    """Counts the events of a feed, whenever they are."""

    def __init__(self, span: Bounds) -> None:
        self._recent_since = span[0] - _STALE_AFTER
        self._event_count = 0
        self._unmatched_count = 0
        self._is_recent = False
        self._named_rooms = set[str]()
        self._timed = Counter[str]()
        self._transparent = Counter[str]()
        self._all_timed = 0
        self._all_transparent = 0
        self._last_events: dict[str, int] = {}

    def count(self, match: LocationMatch) -> None:
        """Count an event of some rooms."""
        self._event_count += 1
        self._named_rooms |= match.rooms
        self._unmatched_count += not match.rooms

    def count_free_busy(self, match: LocationMatch) -> None:
        """Count a component that says when somebody is busy; programs make it when asked."""
        self.count(match)
        self._is_recent = True

    def count_event(self, event: FeedEvent) -> None:
        """Count an event, and how far it reaches."""
        self.count(event.location_match)
        last = _last_instant(event)
        self._is_recent = self._is_recent or last is None or last > self._recent_since
        if event.is_cancelled:
            return
        self._note_last(event.location_match.rooms, last)
        if event.is_timed:
            self._all_timed += 1
            self._all_transparent += event.is_transparent
            self._timed.update(event.location_match.rooms)
            if event.is_transparent:
                self._transparent.update(event.location_match.rooms)

    def _note_last(self, rooms: Iterable[str], last: datetime | None) -> None:
        seconds = _ENDLESS if last is None else int(last.timestamp())
        for room in rooms:
            known = self._last_events.get(room)
            if known is None or (known != _ENDLESS and seconds in {_ENDLESS, max(known, seconds)}):
                self._last_events[room] = seconds

    def distrusted(self, rooms: Iterable[str]) -> frozenset[str]:
        """Return those of the rooms whose events nearly all claim to take no time."""
        if self._all_transparent and self._all_transparent >= _NEARLY_ALL * self._all_timed:
            return frozenset(rooms)
        return frozenset(
            room for room in rooms if self._transparent[room] >= _NEARLY_ALL * self._timed[room]
        )

    def result(self) -> StatisticsFields:
        """Return what was counted."""
        transparent = self.distrusted(room for room in self._named_rooms if self._transparent[room])
        return StatisticsFields(
            named_rooms=tuple(sorted(self._named_rooms)),
            event_count=self._event_count,
            unmatched_count=self._unmatched_count,
            is_stale=bool(self._event_count) and not self._is_recent,
            last_events=self._last_events,
            transparent_rooms=tuple(sorted(transparent)),
        )


def _last_instant(event: FeedEvent) -> datetime | None:
    """Return about when an event is over for good, None for never or not known."""
    if event.start is None or event.broken_rules:
        return _legible_end(event)
    start = event.start.face
    length = timedelta()
    if isinstance(event.end, Moment):
        length = max(event.end.face - start, timedelta())
    elif isinstance(event.end, timedelta):
        length = event.end
    starts: list[datetime | None] = [start, *(_rule_end(rule, start) for rule in event.rules)]
    for added in event.added:
        if isinstance(added, Unreadable):
            starts.append(added.faces[1] if added.faces else None)
        else:
            starts.append((added.start if isinstance(added, Period) else added).face)
    known = [each for each in starts if each is not None]
    return (max(known) + length).replace(tzinfo=UTC) if len(known) == len(starts) else None


def _legible_end(event: FeedEvent) -> datetime | None:
    faces = event.legible.get("DTEND") or event.legible.get("DTSTART")
    return faces[1].replace(tzinfo=UTC) if faces and not event.is_recurring else None


def _rule_end(rule: RecurrenceRule, start: datetime) -> datetime | None:
    moment = parse_moment(rule.until) if rule.until else None
    if moment or not rule.count:
        return moment.face if moment else None
    try:
        return counted_end(rule, start)
    except UnclearRuleError:
        return None
