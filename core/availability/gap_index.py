"""The gaps of a day in the orders in which questions ask for them, so that none looks at all."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.model.campus import Room
from core.model.interval import Interval


@dataclass(frozen=True, slots=True)
class FreeRoom:
    """A room and the gap it was named for; `carried_over_from` where its data is older."""

    room: Room
    gap: Interval
    carried_over_from: datetime | None


@dataclass(frozen=True, slots=True)
class GapIndex:
    """The gaps of some rooms; those of one room are apart from each other.

    `by_start` has the first to open first and of those the longest, `by_end` the last to end
    first; what is equal stays in the campus's order. `starts` and `begun` are the starts in
    the one and the other order, `rooms` the rooms' ids in the one, `ends` the ends from the
    first to the last.
    """

    gaps_by_start: tuple[FreeRoom, ...]
    starts: tuple[datetime, ...]
    room_ids: tuple[str, ...]
    gaps_by_end: tuple[FreeRoom, ...]
    starts_by_end: tuple[datetime, ...]
    ends: tuple[datetime, ...]

    def count_free_at(self, moment: datetime) -> int:
        """Return how many rooms are free at that moment."""
        return bisect_right(self.starts, moment) - bisect_right(self.ends, moment)

    def count_ending_from(self, moment: datetime) -> int:
        """Return how many gaps end at that moment or later: the first of `gaps_by_end`."""
        return len(self.ends) - bisect_left(self.ends, moment)

    def free_at(self, moment: datetime) -> list[FreeRoom]:
        """Return the rooms that are free at that moment, longest first."""
        not_over = len(self.ends) - bisect_right(self.ends, moment)
        candidates = zip(self.starts_by_end[:not_over], self.gaps_by_end, strict=False)
        return [each for start, each in candidates if start <= moment]

    def next_gaps(
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
        for room, each in zip(
            self.room_ids[first:last], self.gaps_by_start[first:last], strict=True
        ):
            if room not in seen and each.gap.end - each.gap.start >= at_least:
                seen.add(room)
                found.append(each)
        return found


def build_gap_index(gaps: Iterable[FreeRoom]) -> GapIndex:
    """Return the gaps, given in the campus's order, in the orders of the questions."""
    # Rooms of one time stay in the campus's order: all sorts are stable.
    by_end = sorted(gaps, key=gap_end, reverse=True)
    by_start = sorted(by_end, key=gap_start)
    return GapIndex(
        gaps_by_start=tuple(by_start),
        starts=tuple(map(gap_start, by_start)),
        room_ids=tuple(each.room.id for each in by_start),
        gaps_by_end=tuple(by_end),
        starts_by_end=tuple(map(gap_start, by_end)),
        ends=tuple(map(gap_end, reversed(by_end))),
    )


def gap_start(free: FreeRoom) -> datetime:
    """Return when the gap begins."""
    return free.gap.start


def gap_end(free: FreeRoom) -> datetime:
    """Return when the gap ends."""
    return free.gap.end


def count_ending_after(free_rooms: list[FreeRoom], until: datetime) -> int:
    """Return how many, in order of their ends and the last first, do not end before that."""
    return len(free_rooms) - bisect_left(free_rooms[::-1], until, key=gap_end)
