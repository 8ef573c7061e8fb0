"""What an answer of the availability grid tells of its rooms.

Source: `docs/25live.md`, "The availability grid", "Times" and "States and types".
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from itertools import pairwise

from core.errors import SourceFormatError
from core.model.interval import Interval
from core.sources.base import AmbiguousTimeError
from core.sources.live25.local_time import END_OF_DAY, MAX_DISTINCT_TIMES, MinuteRange, parse_hours
from core.sources.live25.room_days import Intervals, Live25DayBuilder
from core.sources.live25.schema import Grid, Header, Id, Item, Subject

_BLACKOUT, _CLOSED = 2, 3
_CLOSURES = frozenset({_BLACKOUT, _CLOSED})
_DRAFT = 0
# Draft, denied, deleted, cancelled: such an event leaves its room free.
NON_BLOCKING_STATES = frozenset({_DRAFT, 4, 98, 99})
_UNREADABLE_TIMES = "an event without readable times, or in an unreadable state"
# What a 25Live without display preferences shows.
_DEFAULT_HOURS = (7.0, 23.0)
_HOURS_PER_DAY = 24.0
# The hour that begins last may be after midnight, on campuses whose days end at 02:00.
_MAX_HOUR = 47

_IntervalsByHours = dict[tuple[float, float], Interval]


class GridReader:
    """Interprets grid responses and records them in a builder."""

    def __init__(self, builder: Live25DayBuilder) -> None:
        self._builder = builder
        # By the hours as they came: most items have the hours of an earlier one.
        self._intervals_by_hours: defaultdict[date, _IntervalsByHours] = defaultdict(dict)

    def add_grid(
        self, grid: Grid, *, rooms: Mapping[Id, str], days: Mapping[str, date], request: str = ""
    ) -> None:
        """Record what the answer to a `request` shows of `rooms` and `days`, and nothing else.

        Raises:
            SourceFormatError: the hours that the answer shows make no sense.
        """
        subjects = [each for each in grid.subjects or () if each.room_id in rooms]
        window = _header_window(grid.headers.data) if grid.headers else None
        if window is None:
            window = _inferred_window(subjects)
        self._builder.notes.begin_answer(request)
        self._builder.notes.add_reach(window, _subject_days(subjects, days))
        for subject in subjects:
            room_id, day = rooms[subject.room_id], days.get(subject.day)
            if day is None:
                continue
            self._builder.names.check(room_id, subject.name)
            items = subject.items or ()
            if items:
                self._builder.has_any_booking = True
            bookings, closures = self._parse_items(items, room_id, day)
            self._builder.add_answer(
                room_id, day, window=window, bookings=bookings, closures=closures
            )

    def _parse_items(
        self, items: Iterable[Item], room_id: str, day: date
    ) -> tuple[Intervals, Intervals]:
        """Return the bookings and the closures of one room and day that keep to the day."""
        parsed = self._intervals_by_hours[day]
        bookings: list[Interval] = []
        closures: list[Interval] = []
        for item in items:
            interval = parsed.get((item.start, item.end))
            if interval is None or item.state in NON_BLOCKING_STATES:
                interval = self._parse_item(item, room_id, day)
                if interval is None:
                    continue
            (closures if item.type_id in _CLOSURES else bookings).append(interval)
        return tuple(bookings), tuple(closures)

    def _parse_item(self, item: Item, room_id: str, day: date) -> Interval | None:
        """Return the interval of an item, None where it is idle, unclear or leaves its day."""
        closure = item.type_id in _CLOSURES
        if item.state in NON_BLOCKING_STATES and not closure and not _is_masked(item):
            return None
        try:
            start, end = parse_hours(item.start, item.end)
            interval = self._builder.local_time.widest_interval(day, start, end)
        except AmbiguousTimeError:
            # The day is lost, but others of its items may reach into the days beside it.
            self._builder.mark_uncertain(room_id, day, _UNREADABLE_TIMES)
            return None
        if start < 0 or end > END_OF_DAY:
            self._builder.add_interval(room_id, interval, closure=closure)
            return None
        parsed = self._intervals_by_hours[day]
        if len(parsed) < MAX_DISTINCT_TIMES:
            parsed[item.start, item.end] = interval
        return interval


def _subject_days(subjects: Iterable[Subject], days: Mapping[str, date]) -> Iterator[date]:
    """Yield the days that subjects are about, wanted or not."""
    for subject in subjects:
        with suppress(ValueError):
            yield days.get(subject.day) or date.fromisoformat(subject.day[: len("2026-03-03")])


def days_by_name(days: Iterable[date]) -> dict[str, date]:
    """Return each day under the names that the grid has for it: campus midnight, no zone."""
    names = {}
    for day in days:
        names[day.isoformat()] = names[f"{day.isoformat()}T00:00:00"] = day
    return names


def rooms_by_id(room_ids: Iterable[str]) -> dict[Id, str]:
    """Return each room under its id as text and as the number that the grid makes of it."""
    rooms: dict[Id, str] = {}
    for room_id in room_ids:
        rooms[room_id] = room_id
        if room_id.isdecimal():
            rooms[int(room_id)] = room_id
    return rooms


def _is_masked(item: Item) -> bool:
    """Tell whether the viewer may not see the event: its ids are 0, and so may its state be."""
    return item.state == _DRAFT and item.event_id in {0, "0"}


def _header_window(headers: list[Header] | None) -> MinuteRange | None:
    """Return the hours that an answer says it shows, None where it does not say."""
    if not headers:
        return None
    hours = [header.hour for header in headers]
    is_rising = all(hour < later for hour, later in pairwise(hours))
    if not is_rising or not (hours[0] >= 0 and hours[-1] <= _MAX_HOUR):
        raise SourceFormatError("not understood", "hours shown")
    return round(hours[0] * 60), round((hours[-1] + 1) * 60)


def _inferred_window(subjects: Iterable[Subject]) -> MinuteRange:
    """Return the usual hours and what the items prove to be shown beside them.

    An item from 06:00 on shows that hours before 07:00 are shown; one that leaves the day
    proves nothing of the hours after it.
    """
    first, last = _DEFAULT_HOURS
    for subject in subjects:
        for item in subject.items or ():
            if 0 <= item.start < first:
                first = item.start
            if last < item.end <= _HOURS_PER_DAY:
                last = item.end
    return round(first * 60), round(last * 60)
