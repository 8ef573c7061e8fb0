"""What free means: the parts of a room's day that nothing covers."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from operator import attrgetter

from core.model import Interval, RoomDay

_by_start = attrgetter("start")


def free_gaps(within: Interval, busy: Iterable[Interval], *, at_least: timedelta) -> list[Interval]:
    """Return the parts of `within` that nothing in `busy` covers, in order.

    What is busy may be unsorted, overlap, touch, nest or lie outside `within`; an empty list
    means never free. Gaps shorter than `at_least`, which is more than zero, are left out.
    """
    return _gaps(within.start, within.end, tuple(busy), at_least)


def room_gaps(open_hours: Interval, day: RoomDay, *, at_least: timedelta) -> tuple[Interval, ...]:
    """Return the gaps of a room while its building is open and we know what happens there.

    In order; empty where there is none. Time that is not known is never part of a gap.
    """
    busy = day.bookings + day.closures
    opens, closes = open_hours.start, open_hours.end
    gaps: list[Interval] = []
    for known in day.known:
        first, last = max(known.start, opens), min(known.end, closes)
        if first < last:
            gaps += _gaps(first, last, busy, at_least)
    return tuple(gaps)


def unknown_parts(open_hours: Interval, day: RoomDay) -> tuple[Interval, ...]:
    """Return the opening hours of which the source told us nothing, in order."""
    return tuple(free_gaps(open_hours, day.known, at_least=timedelta.resolution))


def _gaps(
    first: datetime, last: datetime, busy: Sequence[Interval], at_least: timedelta
) -> list[Interval]:
    gaps: list[Interval] = []
    free_from = first
    for each in busy:
        start = each.start
        if start - free_from >= at_least:
            if start < last:
                gaps.append(Interval(free_from, start))
                free_from = each.end
            continue
        if gaps and start < gaps[-1].end and each.end > gaps[0].start:
            # It reaches into what was free so far. Sources tell the day in order, almost
            # always, and to sort it takes as long as all the rest.
            return _gaps(first, last, sorted(busy, key=_by_start), at_least)
        # Not simply `each.end`: a booking may lie inside one that began before it.
        free_from = max(free_from, each.end)
    if last - free_from >= at_least:
        gaps.append(Interval(free_from, last))
    return gaps
