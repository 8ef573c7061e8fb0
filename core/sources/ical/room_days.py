"""What the feeds of one reading told of each room and day.

A feed that was read to its end tells all of its rooms' bookings: each day is known from its
first minute to its last, and until the building closes, but for the times in doubt.

Source: `docs/ical.md`, "Feeds that say nothing".
"""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

from core.availability.gaps import free_gaps
from core.errors import SourceError, SourceFormatError
from core.model.bookings import RoomDay
from core.model.calendar import DAY, local_to_utc
from core.model.campus import Building, Campus
from core.model.interval import Interval
from core.sources.base import SourceNote
from core.sources.ical.feed_notes import common_end_note, feed_notes
from core.sources.ical.parser_protocol import SINGLE_ROOM, EpochIntervals, ParsedFeed
from core.sources.room_days import RoomDayBuilder, without_traceback

# No room has more on in a day; a feed that says so must not hold up commands either.
_MAX_INTERVALS_PER_DAY = 200

_END_OF_REQUEST = re.compile(
    r"[?&]end_dt=(?:(?:\+|%2B)(\d{1,3})|(\d{4}-?\d\d-?\d\d))", re.IGNORECASE
)

_IntervalsByDay = defaultdict[int, list[Interval]]


class IcalDayBuilder(RoomDayBuilder):
    """All that the feeds of one reading told of a campus on `days`, which are consecutive."""

    def __init__(
        self, campus: Campus, days: Sequence[date], at: datetime, reaches: timedelta | None = None
    ) -> None:
        super().__init__(campus, days, at)
        self._last = int((at + reaches).timestamp()) if reaches else None
        self._day_numbers = {day: number for number, day in enumerate(self.days)}
        self._zone = campus.timezone
        self._latest_closing = max(DAY, *(building.closes for building in campus.buildings))
        self._day_starts = [local_to_utc(day, timedelta(), self._zone) for day in self.days]
        self._day_ends = [local_to_utc(day, self._latest_closing, self._zone) for day in self.days]
        self._read_count = 0
        self._feeds: dict[int, tuple[ParsedFeed, list[tuple[str, str]]]] = {}
        self._times: dict[str, tuple[_IntervalsByDay, _IntervalsByDay]] = {}
        self._errors: dict[str, SourceError] = {}
        self._intervals: dict[tuple[int, int], Interval] = {}
        self._full_days: dict[tuple[date, timedelta], Interval] = {}

    @property
    def span(self) -> tuple[int, int]:
        """The time that is asked about, in seconds since 1970."""
        return int(self._day_starts[0].timestamp()), int(self._day_ends[-1].timestamp())

    def add_feed(
        self, rooms: Iterable[tuple[str, str]], feed: ParsedFeed, last: int | None = None
    ) -> None:
        """Record the times of a feed for rooms, each with the id that it has there.

        After `last`, in seconds since 1970, the feed is known to hold nothing.
        """
        self.has_any_booking |= feed.event_count > 0
        rooms = list(rooms)
        self._feeds.setdefault(id(feed), (feed, []))[1].extend(rooms)
        known = {SINGLE_ROOM, *feed.named_rooms}
        for room_id, id_in_feed in rooms:
            self._read_count += 1
            if not feed.event_count:
                # So answers a revoked address, or a room that is not shared.
                self._errors[room_id] = SourceFormatError("no events")
            elif feed.is_stale:
                self._errors[room_id] = SourceFormatError("out of date")
            elif id_in_feed not in known:
                # Nothing shows that the feed knows the room at all.
                self._errors[room_id] = SourceFormatError("not in the answer")
            else:
                self._times[room_id] = (
                    self._by_day(feed.bookings.get(id_in_feed, [])),
                    self._by_day(feed.uncertain.get(id_in_feed, []) + self._outside(feed, last)),
                )

    def end_of_request(self, url: str) -> int | None:
        """Return until when a URL requests events: 25Live's `end_dt=+7`, None for any other."""
        found = _END_OF_REQUEST.search(url)
        if found is None:
            return None
        if found[1]:
            today = self._read_at.astimezone(self._zone).date()
            day = today + timedelta(days=int(found[1]))
        else:
            try:
                day = date.fromisoformat(found[2])
            except ValueError:
                return None
        # Whether that day itself is part of it is not known.
        return int(local_to_utc(day, timedelta(), self._zone).timestamp())

    def _outside(self, feed: ParsedFeed, last: int | None) -> EpochIntervals:
        """Return the time of which a feed knows nothing, by what it or the campus file says."""
        start, end = self.span
        ends = [each for each in (feed.last, last, self._last) if each is not None]
        outside: EpochIntervals = []
        if feed.first is not None and feed.first > start:
            outside += start, min(feed.first, end)
        if ends and min(ends) < end:
            outside += max(min(ends), start), end
        return outside

    def mark_failed(self, room_ids: Iterable[str], err: SourceError) -> None:
        """Note why nothing is told of those of the rooms of which nothing is noted yet."""
        error = without_traceback(err)
        for room_id in room_ids:
            if room_id not in self._times:
                self._errors.setdefault(room_id, error)

    def fail_rest(self, err: SourceError) -> None:
        """Record why the rooms that have no feed yet are unknown."""
        self.mark_failed([room.id for room in self._campus.rooms], err)

    def room_day(self, building: Building, room_id: str, day: date) -> RoomDay | SourceError:
        """Return what is known of a room from midnight to midnight, or to the closing."""
        if room_id in self._errors:
            return self._errors[room_id]
        bookings, uncertain = (
            each.get(self._day_numbers[day], []) for each in self._times[room_id]
        )
        if len(bookings) + len(uncertain) > _MAX_INTERVALS_PER_DAY:
            return SourceFormatError("not understood", "too much on one day")
        full_day = self._full_day(day, building)
        known = (
            free_gaps(full_day, uncertain, at_least=timedelta.resolution)
            if uncertain
            else [full_day]
        )
        if not known:
            return SourceFormatError("not understood", "unclear times")
        return RoomDay(tuple(known), tuple(bookings), (), self._read_at)

    def _notes(self) -> list[SourceNote]:
        notes, last_events = list[SourceNote](), dict[str, int]()
        for feed, rooms in self._feeds.values():
            notes += feed_notes(rooms, feed, self._zone)
            last_events |= {
                room_id: feed.last_events[own] for room_id, own in rooms if own in feed.last_events
            }
        return [*notes, *common_end_note(last_events, self._zone)]

    def _rooms_read(self) -> int:
        return self._read_count

    def _full_day(self, day: date, building: Building) -> Interval:
        end = max(DAY, building.closes)
        full_day = self._full_days.get((day, end))
        if full_day is None:
            bounds = (local_to_utc(day, each, self._zone) for each in (timedelta(), end))
            full_day = self._full_days[day, end] = Interval(*bounds)
        return full_day

    def _by_day(self, times: EpochIntervals) -> _IntervalsByDay:
        """Return times by the number of each day that they reach."""
        by_day: _IntervalsByDay = defaultdict(list)
        for bounds in zip(times[::2], times[1::2], strict=True):
            interval = self._interval(bounds)
            first = bisect_right(self._day_ends, interval.start)
            last = bisect_left(self._day_starts, interval.end)
            for number in range(first, last):
                by_day[number].append(interval)
        return by_day

    def _interval(self, bounds: tuple[int, int]) -> Interval:
        interval = self._intervals.get(bounds)
        if interval is None:
            start, end = (datetime.fromtimestamp(each, UTC) for each in bounds)
            interval = self._intervals[bounds] = Interval(start, end)
        return interval
