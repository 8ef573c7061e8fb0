"""What a feed's events amount to: by room the times that are taken, and those in doubt."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from core.errors import SourceFormatError
from core.sources.ical.local_time import Bounds
from core.sources.ical.location_matcher import LocationMatch
from core.sources.ical.parser_protocol import EpochIntervals, ParsedFeed

# A large campus has a third of it in a month; merged, it is some 3 MB.
_MAX_TIMES = 200_000


class BusyTimes:
    """Collects times between `start` and `end`; what lies outside is of no interest."""

    def __init__(self, start: datetime, end: datetime) -> None:
        self.start = start
        self.end = end
        self.event_count = 0
        self.unmatched_count = 0
        self.is_recent = False
        self._named_rooms = set[str]()
        self._bookings = defaultdict[str, list[Bounds]](list)
        self._uncertain = defaultdict[str, list[Bounds]](list)
        self._time_count = 0

    def count_event(self, match: LocationMatch) -> None:
        """Count an event, whenever it is."""
        self.event_count += 1
        rooms = match.certain | match.possible
        self._named_rooms |= rooms
        self.unmatched_count += not rooms

    def add_booking(self, match: LocationMatch, bounds: Bounds) -> None:
        """Note a time at which the rooms are taken, those that are not sure in doubt."""
        self._add(self._bookings, match.certain, bounds)
        self._add(self._uncertain, match.possible, bounds)

    def add_uncertain(self, match: LocationMatch, bounds: Bounds) -> None:
        """Note a time at which nobody can say whether the rooms are taken."""
        self._add(self._uncertain, match.certain | match.possible, bounds)

    def _add(self, to: dict[str, list[Bounds]], rooms: Iterable[str], bounds: Bounds) -> None:
        if bounds[0] >= self.end or bounds[1] <= self.start:
            return
        for room in rooms:
            self._time_count += 1
            if self._time_count > _MAX_TIMES:
                raise SourceFormatError("too large", "times")
            to[room].append(bounds)

    def result(self) -> ParsedFeed:
        """Return the whole, in the form in which it travels."""
        return ParsedFeed(
            bookings={room: _merge(each) for room, each in self._bookings.items()},
            uncertain={room: _merge(each) for room, each in self._uncertain.items()},
            named_rooms=tuple(sorted(self._named_rooms)),
            event_count=self.event_count,
            unmatched_count=self.unmatched_count,
            is_stale=bool(self.event_count) and not self.is_recent,
        )


def _merge(times: list[Bounds]) -> EpochIntervals:
    """Return the times in order, those that touch or overlap as one."""
    merged: EpochIntervals = []
    for start, end in sorted(times):
        first, last = int(start.timestamp()), -int(-end.timestamp() // 1)
        if merged and first <= merged[-1]:
            merged[-1] = max(merged[-1], last)
        else:
            merged += first, last
    return merged
