"""The gaps of a day in the orders in which questions ask for them, so that none looks at all."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.model import Interval, Room


@dataclass(frozen=True, slots=True)
class FreeRoom:
    """A room and the gap it was named for; `kept_from` where its data is an earlier reading's."""

    room: Room
    gap: Interval
    kept_from: datetime | None


@dataclass(frozen=True, slots=True)
class Openings:
    """The gaps of some rooms; those of one room are apart from each other.

    `by_start` has the first to open first and of those the longest, `by_end` the last to end
    first; what is equal stays in the campus's order. `starts` and `begun` are the starts in
    the one and the other order, `rooms` the rooms' ids in the one, `ends` the ends from the
    first to the last.
    """

    by_start: tuple[FreeRoom, ...]
    starts: tuple[datetime, ...]
    rooms: tuple[str, ...]
    by_end: tuple[FreeRoom, ...]
    begun: tuple[datetime, ...]
    ends: tuple[datetime, ...]

    def number_at(self, moment: datetime) -> int:
        """Return how many rooms are free at that moment."""
        return bisect_right(self.starts, moment) - bisect_right(self.ends, moment)

    def at(self, moment: datetime) -> list[FreeRoom]:
        """Return the rooms that are free at that moment, longest first."""
        not_over = len(self.ends) - bisect_right(self.ends, moment)
        candidates = zip(self.begun[:not_over], self.by_end, strict=False)
        return [each for start, each in candidates if start <= moment]

    def after(
        self,
        moment: datetime,
        until: datetime | None,
        *,
        at_least: timedelta,
        but: Collection[str],
    ) -> list[FreeRoom]:
        """Return each room's next gap that is long enough, first to open first.

        None that begins after `until`, where that is given. Rooms whose ids are in `but` are
        left out.
        """
        seen = set(but)
        found = []
        first = bisect_right(self.starts, moment)
        last = bisect_right(self.starts, until) if until else len(self.starts)
        for room, each in zip(self.rooms[first:last], self.by_start[first:last], strict=True):
            if room not in seen and each.gap.end - each.gap.start >= at_least:
                seen.add(room)
                found.append(each)
        return found


def in_order(gaps: Iterable[FreeRoom]) -> Openings:
    """Return the gaps, given in the campus's order, in the orders of the questions."""
    # Rooms of one time stay in the campus's order: all sorts are stable.
    by_end = sorted(gaps, key=end_of, reverse=True)
    by_start = sorted(by_end, key=start_of)
    return Openings(
        by_start=tuple(by_start),
        starts=tuple(map(start_of, by_start)),
        rooms=tuple(each.room.id for each in by_start),
        by_end=tuple(by_end),
        begun=tuple(map(start_of, by_end)),
        ends=tuple(map(end_of, reversed(by_end))),
    )


def start_of(free: FreeRoom) -> datetime:
    """Return when the gap begins."""
    return free.gap.start


def end_of(free: FreeRoom) -> datetime:
    """Return when the gap ends."""
    return free.gap.end


def number_until(frees: list[FreeRoom], until: datetime) -> int:
    """Return how many, in order of their ends and the last first, do not end before that."""
    return len(frees) - bisect_left(frees[::-1], until, key=end_of)
