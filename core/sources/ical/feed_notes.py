"""Feed notes: what looks wrong about feeds, for whoever operates the bot.

An event is named by its line and its date, never by its title.

Source: `docs/ical.md`, "What `check` says".
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from core.model.interval import Interval
from core.sources.base import SourceNote
from core.sources.ical.parser_protocol import FeedIssue, ParsedFeed

# Fewer feeds may well end on one day by chance.
_MIN_ROOMS_TO_COMPARE = 3
_MAX_LISTED = 20

RoomIds = Sequence[tuple[str, str]]
"""Rooms, each with the id that it has in its feed."""


def feed_notes(rooms: RoomIds, feed: ParsedFeed, zone: ZoneInfo) -> Iterator[SourceNote]:
    """Yield what is to be said of one feed and its rooms."""
    ids = tuple(room_id for room_id, _ in rooms)
    listed = ids if len(ids) <= _MAX_LISTED else ()
    if not feed.event_count:
        yield SourceNote("the feed has no event: is it shared, and its address right?", listed)
        return
    text = f"events in the feed: {feed.event_count}"
    if feed.unmatched_count:
        text += f", {feed.unmatched_count} naming no room"
    yield SourceNote(f"{text}; {_reach(feed, zone)}", listed)
    if feed.transparent_rooms:
        affected = [room_id for room_id, own in rooms if own in feed.transparent_rooms]
        note = "nearly all timed events claim to take no time (TRANSPARENT): not believed"
        yield SourceNote(note, tuple(affected))
    for issue in feed.issues:
        yield _issue_note(issue, rooms)


def _reach(feed: ParsedFeed, zone: ZoneInfo) -> str:
    ends = feed.last_events.values()
    if feed.last is not None:
        return f"it says that it ends on {_date(feed.last, zone)}"
    if not ends:
        return "none of them takes a room"
    return "some have no end" if 0 in ends else f"the last ends on {_date(max(ends), zone)}"


def _issue_note(issue: FeedIssue, rooms: RoomIds) -> SourceNote:
    event = f"event of {issue.event_date}" if issue.event_date else "event without a date"
    affected = tuple(room_id for room_id, own in rooms if own in issue.rooms)
    bounds = (datetime.fromtimestamp(each, UTC) for each in (issue.start, issue.end))
    return SourceNote(f"line {issue.line}, {event}: {issue.reason}", affected, Interval(*bounds))


def common_end_note(last_events: Mapping[str, int], zone: ZoneInfo) -> Iterable[SourceNote]:
    """Return a warning where the last events of all rooms lie on one day: so a feed is cut."""
    days = {_date(end, zone) for end in last_events.values() if end}
    has_endless = 0 in last_events.values()
    if len(last_events) < _MIN_ROOMS_TO_COMPARE or has_endless or len(days) != 1:
        return ()
    text = f"the last events of all rooms end on {days.pop()}"
    return (SourceNote(f"{text}: if the feeds are cut off there, set `reaches`"),)


def _date(seconds: int, zone: ZoneInfo) -> str:
    # The end of a day is midnight of the next.
    return datetime.fromtimestamp(seconds - 1, zone).date().isoformat()
