"""Busy times: by room the times that are taken, the times in doubt, and the reasons."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from core.errors import SourceFormatError
from core.sources.ical.clocks import Bounds
from core.sources.ical.location_matcher import LocationMatch
from core.sources.ical.parser_protocol import EpochIntervals, FeedIssue

_MAX_TIMES = 200_000
"""A large campus has a third of it in a month; merged, it is some 3 MB."""

_MAX_ISSUES = 500
_MAX_ISSUE_ROOMS = 20


class BusyTimes:
    """Collects times between `start` and `end`; times outside do not matter."""

    def __init__(self, start: datetime, end: datetime) -> None:
        self.start = start
        self.end = end
        self._bookings = defaultdict[str, list[Bounds]](list)
        self._uncertain = defaultdict[str, list[Bounds]](list)
        self._issues: dict[FeedIssue, None] = {}
        self._time_count = 0

    def add_booking(self, match: LocationMatch, bounds: Bounds, line: int, day: str) -> None:
        """Note a time at which the certain rooms are taken and the possible ones in doubt."""
        self._add(self._bookings, match.certain, bounds)
        if match.possible and self._add(self._uncertain, match.possible, bounds):
            self._note(match.possible, bounds, line, day, match.reason)

    def add_uncertain(
        self, rooms: Iterable[str], bounds: Bounds, line: int, day: str, reason: str
    ) -> None:
        """Note a time at which nobody can say whether rooms are taken."""
        rooms = frozenset(rooms)
        if rooms and self._add(self._uncertain, rooms, bounds):
            self._note(rooms, bounds, line, day, reason)

    def _add(self, to: dict[str, list[Bounds]], rooms: Iterable[str], bounds: Bounds) -> bool:
        if bounds[0] >= self.end or bounds[1] <= self.start:
            return False
        for room in rooms:
            self._time_count += 1
            if self._time_count > _MAX_TIMES:
                raise SourceFormatError("too large", f"more than {_MAX_TIMES:,} times")
            to[room].append(bounds)
        return True

    def _note(
        self, rooms: frozenset[str], bounds: Bounds, line: int, day: str, reason: str
    ) -> None:
        if len(self._issues) < _MAX_ISSUES:
            listed = tuple(sorted(rooms)) if len(rooms) <= _MAX_ISSUE_ROOMS else ()
            start, end = _seconds(bounds)
            self._issues[FeedIssue(line, day, reason, listed, start, end)] = None

    def bookings(self) -> dict[str, EpochIntervals]:
        """Return the times that are taken, by room."""
        return {room: _merge(times) for room, times in self._bookings.items()}

    def uncertain(self) -> dict[str, EpochIntervals]:
        """Return the times in doubt, by room."""
        return {room: _merge(times) for room, times in self._uncertain.items()}

    def issues(self) -> tuple[FeedIssue, ...]:
        """Return the reasons of the doubts, the first 500 of them."""
        return tuple(self._issues)


def _merge(times: list[Bounds]) -> EpochIntervals:
    """Return the times in order, those that touch or overlap as one."""
    merged: EpochIntervals = []
    for bounds in sorted(times):
        first, last = _seconds(bounds)
        if merged and first <= merged[-1]:
            merged[-1] = max(merged[-1], last)
        else:
            merged += first, last
    return merged


def _seconds(bounds: Bounds) -> tuple[int, int]:
    start, end = bounds
    return int(start.timestamp() // 1), -int(-end.timestamp() // 1)
