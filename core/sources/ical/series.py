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

from core.model import DAY, wall_clock
from core.sources.ical.places import Meant
from core.sources.ical.times import (
    Bounds,
    Clocks,
    Moment,
    UnclearError,
    on_the_face,
    refuse_endless,
    value_of,
    values_of,
)

FAULTS = (
    UnclearError,
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
class Entry:
    """One event of a feed, the rooms it means, and whether it takes none: `is_idle`.

    `is_whole` says that all of it was understood, `is_placed` that it names a place at all.
    """

    event: Component
    meant: Meant
    is_idle: bool
    is_placed: bool
    is_whole: bool

    @property
    def is_change(self) -> bool:
        """Whether it is about single dates of another event's series."""
        return "RECURRENCE-ID" in self.event

    @property
    def recurs(self) -> bool:
        """Whether it takes place more than once."""
        return "RRULE" in self.event or "RDATE" in self.event

    @property
    def revision(self) -> int:
        """How often it was changed, as its program counts."""
        number = value_of(self.event, "SEQUENCE")
        return number if isinstance(number, int) else 0


@dataclass(frozen=True, slots=True)
class Meeting:
    """One date of a series: from when to when the room may be taken, and whose it is."""

    entry: Entry
    bounds: Bounds


def meetings(
    core: Entry | None, changes: Sequence[Entry], clocks: Clocks, span: Bounds
) -> Iterator[Meeting]:
    """Yield the dates within `span` of a series, `changes` in place of what they change.

    One without a length ends when it begins.

    Raises:
        FAULTS: when the series is, cannot be said.
    """
    entries = [*([core] if core else []), *changes]
    if not all(each.is_whole for each in entries):
        raise UnclearError
    clock = clocks.of(
        value_of(entries[0].event, "DTSTART").dt, recurs=core is not None and core.recurs
    )
    start, end = ((each + by).replace(tzinfo=None) for each, by in zip(span, _MARGINS, strict=True))
    adapters = [_Adapter(each, clock, end) for each in entries]
    for found in _Series(adapters).between(start, end):
        yield Meeting(found.entry, _bounds(found, clocks, clock))


_MARGINS = (-_MARGIN, _MARGIN)


class _Adapter(EventAdapter):  # type: ignore[misc] # the library has no types
    """An event on the face of a clock that remembers which one it was."""

    def __init__(self, entry: Entry, clock: tzinfo, until: datetime) -> None:
        event = on_the_face(entry.event, clock)
        super().__init__(event)
        self.entry = entry
        refuse_endless(event, until)
        # The library would turn it round, and so free the room for all of it.
        if _of_day(self.raw_end) < _of_day(self.raw_start):
            raise UnclearError


class _Found(Occurrence):  # type: ignore[misc] # same
    """A date that knows its event."""

    def __init__(
        self, adapter: _Adapter, start: Moment | None = None, end: Moment | None = None
    ) -> None:
        super().__init__(adapter, start, end)
        self.entry = adapter.entry


class _Series(Series):  # type: ignore[misc] # same
    def occurrence(
        self,
        adapter: Any,  # noqa: ANN401 - the library has no types
        start: Any = None,  # noqa: ANN401 - same
        end: Any = None,  # noqa: ANN401 - same
    ) -> _Found:
        return _Found(adapter, start, end)


def _bounds(found: _Found, clocks: Clocks, clock: tzinfo) -> Bounds:
    """Return a date as wide as it may be.

    What lasts for hours may last for them on the clock or in truth, where the clocks change
    meanwhile; only an event of one date that tells its end leaves no doubt.
    """
    (start, latest_start), (_, end) = (
        clocks.instants(each, clock) for each in (found.start, found.end)
    )
    lasts = "DURATION" in found.entry.event or found.entry.recurs
    if lasts and isinstance(found.start, datetime) and isinstance(found.end, datetime):
        end = max(end, latest_start + (found.end - found.start))
    if found.start == found.end:
        end = start
    return start, end


def _of_day(moment: Moment) -> datetime:
    return moment if isinstance(moment, datetime) else datetime.combine(moment, time())


def end_of_day(moment: datetime, clocks: Clocks) -> datetime:
    """Return when the campus day that holds the moment ends."""
    return wall_clock(moment.astimezone(clocks.campus).date(), DAY, clocks.campus)


# As long as one booking is believed to last that does not tell its end.
_LONGEST = timedelta(days=31)


def reach(entry: Entry, clocks: Clocks, span: Bounds) -> Bounds:
    """Return the time within which an event may lie whose times make no sense."""
    first, last = span
    begins, ends = (_guess(value_of(entry.event, name), clocks) for name in ("DTSTART", "DTEND"))
    known = [each for each in (begins, ends) if each]
    if "RDATE" in entry.event or not known or (entry.recurs and not begins):
        return span
    if entry.recurs:
        return max(first, min(known) - _MARGIN), min(last, _last_of(entry, clocks) or last)
    after = _MARGIN if ends else _LONGEST
    before = _MARGIN if begins else _LONGEST
    return min(known) - before, max(known) + after


def _last_of(entry: Entry, clocks: Clocks) -> datetime | None:
    """Return when a series whose rule is understood has ended for sure."""
    ends = [
        _guess_of(until, clocks)
        for rule in values_of(entry.event, "RRULE")
        for until in (rule.get("UNTIL") or [None] if isinstance(rule, dict) else [None])
    ]
    known = [each for each in ends if each]
    return max(known) + _LONGEST if known and len(known) == len(ends) else None


def _guess(value: Any, clocks: Clocks) -> datetime | None:  # noqa: ANN401 - of a library
    try:
        return _guess_of(value.dt, clocks)
    except FAULTS:
        return None


def _guess_of(moment: Any, clocks: Clocks) -> datetime | None:  # noqa: ANN401 - same
    try:
        return clocks.instants(moment, getattr(moment, "tzinfo", None) or clocks.campus)[0]
    except FAULTS:
        return None
