"""What a feed tells, written so that it can be compared with times worked out by hand."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from core.model.calendar import local_to_utc
from core.sources.ical.config import LocationMatchMode
from core.sources.ical.parser import parse_feed
from core.sources.ical.parser_protocol import ParsedFeed, ParseJob, RoomNames

SPRING = date(2026, 3, 1)
"""The first of the two weeks that tests look at; on the second Sunday New York's clocks skip."""

AUTUMN = date(2026, 10, 25)
"""The same in autumn: on the second Sunday they show an hour twice."""

WHOLE = ["0301T0500/0315T0400"]
"""All of the spring's two weeks, in UTC."""


def job(
    first: date = SPRING,
    *places: RoomNames,
    match: LocationMatchMode = "exact",
    zone: str = "America/New_York",
    days: int = 14,
) -> ParseJob:
    """Return what the source asks for some days of a campus."""
    start, end = (
        int(local_to_utc(each, timedelta(), ZoneInfo(zone)).timestamp())
        for each in (first, first + timedelta(days))
    )
    return ParseJob(zone, start, end, match, places)


def parse_single_room(
    feed: bytes, first: date = SPRING, zone: str = "America/New_York"
) -> ParsedFeed:
    """Return what the feed of one room tells of two weeks."""
    return parse_feed(job(first, zone=zone), feed)


def times(bounds: Sequence[int]) -> list[str]:
    """Return bounds as `0303T1500/1600`, in UTC; the end's day only where it is another."""
    return [_text(*each) for each in zip(bounds[::2], bounds[1::2], strict=True)]


def _text(start: int, end: int) -> str:
    first, last = (datetime.fromtimestamp(each, UTC) for each in (start, end))
    if first.second or last.second:
        return f"{first:%m%dT%H%M%S}/{last:%m%dT%H%M%S}"
    same = first.date() == last.date()
    return f"{first:%m%dT%H%M}/{last:%H%M}" if same else f"{first:%m%dT%H%M}/{last:%m%dT%H%M}"


def booked_times(told: ParsedFeed, room: str = "") -> list[str]:
    """Return the times at which a room is taken."""
    return times(told.bookings.get(room, []))


def uncertain_times(told: ParsedFeed, room: str = "") -> list[str]:
    """Return the times at which nobody can say."""
    return times(told.uncertain.get(room, []))
