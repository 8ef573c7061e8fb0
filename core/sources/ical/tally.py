"""What a feed's events amount to: by room the times that are taken, and those in doubt."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from core.errors import SourceChangedError
from core.sources.ical.messages import Seconds, Told
from core.sources.ical.places import Meant
from core.sources.ical.times import Bounds

# A large campus has a third of it in a month; merged, it is some 3 MB.
_MOST_TIMES = 200_000


class Tally:
    """Collects times between `start` and `end`; what lies outside is of no interest."""

    def __init__(self, start: datetime, end: datetime) -> None:
        self.start = start
        self.end = end
        self.events = 0
        self.homeless = 0
        self.is_alive = False
        self._named = set[str]()
        self._bookings = defaultdict[str, list[Bounds]](list)
        self._doubts = defaultdict[str, list[Bounds]](list)
        self._times = 0

    def note_event(self, meant: Meant) -> None:
        """Count an event, whenever it is."""
        self.events += 1
        rooms = meant.sure | meant.maybe
        self._named |= rooms
        self.homeless += not rooms

    def book(self, meant: Meant, bounds: Bounds) -> None:
        """Note a time at which the rooms are taken, those that are not sure in doubt."""
        self._add(self._bookings, meant.sure, bounds)
        self._add(self._doubts, meant.maybe, bounds)

    def doubt(self, meant: Meant, bounds: Bounds) -> None:
        """Note a time at which nobody can say whether the rooms are taken."""
        self._add(self._doubts, meant.sure | meant.maybe, bounds)

    def _add(self, to: dict[str, list[Bounds]], rooms: Iterable[str], bounds: Bounds) -> None:
        if bounds[0] >= self.end or bounds[1] <= self.start:
            return
        for room in rooms:
            self._times += 1
            if self._times > _MOST_TIMES:
                raise SourceChangedError("too large", "times")
            to[room].append(bounds)

    def told(self) -> Told:
        """Return the whole, in the form in which it travels."""
        return Told(
            bookings={room: _merged(each) for room, each in self._bookings.items()},
            doubts={room: _merged(each) for room, each in self._doubts.items()},
            named=tuple(sorted(self._named)),
            events=self.events,
            homeless=self.homeless,
            stale=bool(self.events) and not self.is_alive,
        )


def _merged(times: list[Bounds]) -> Seconds:
    """Return the times in order, those that touch or overlap as one."""
    merged: Seconds = []
    for start, end in sorted(times):
        first, last = int(start.timestamp()), -int(-end.timestamp() // 1)
        if merged and first <= merged[-1]:
            merged[-1] = max(merged[-1], last)
        else:
            merged += first, last
    return merged
