"""What free means: the parts of a room's day that nothing covers."""

from collections.abc import Iterable
from datetime import timedelta
from operator import attrgetter

from core.model import Interval, RoomDay

_by_start = attrgetter("start")


def free_gaps(within: Interval, busy: Iterable[Interval], *, at_least: timedelta) -> list[Interval]:
    """Return the parts of `within` that nothing in `busy` covers, in order.

    What is busy may be unsorted, overlap, touch, nest or lie outside `within`; an empty list
    means never free. Gaps shorter than `at_least`, which is more than zero, are left out.
    """
    gaps = []
    free_from = within.start
    for each in sorted(busy, key=_by_start):
        if each.start >= within.end:
            break
        if each.start - free_from >= at_least:
            gaps.append(Interval(free_from, each.start))
        # Not simply `each.end`: a booking may lie inside one that began before it.
        free_from = max(free_from, each.end)
    if within.end - free_from >= at_least:
        gaps.append(Interval(free_from, within.end))
    return gaps


def room_gaps(open_hours: Interval, day: RoomDay, *, at_least: timedelta) -> tuple[Interval, ...]:
    """Return the gaps of a room while its building is open and we know what happens there.

    In order; empty where there is none. Time that is not known is never part of a gap.
    """
    busy = [*day.bookings, *day.closures]
    return tuple(
        gap
        for known in day.known
        if (part := known.within(open_hours))
        for gap in free_gaps(part, busy, at_least=at_least)
    )


def unknown_parts(open_hours: Interval, day: RoomDay) -> tuple[Interval, ...]:
    """Return the opening hours of which the source told us nothing, in order."""
    return tuple(free_gaps(open_hours, day.known, at_least=timedelta.resolution))
