"""What free means: the parts of a room's day that nothing covers."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from operator import attrgetter

from core.model.bookings import RoomDay
from core.model.interval import Interval

_by_start = attrgetter("start")


def free_gaps(within: Interval, busy: Iterable[Interval], *, at_least: timedelta) -> list[Interval]:
    """Return the parts of `within` that nothing in `busy` covers, in order.

    What is busy may be unsorted, overlap, touch, nest or lie outside `within`; an empty list
    means never free. Gaps shorter than `at_least`, which is more than zero, are left out.
    """
    return list(_gaps(within, tuple(busy), at_least))


def room_gaps(
    window: Interval,
    day: RoomDay,
    *,
    at_least: timedelta,
    closed: tuple[Interval, ...] = (),
) -> tuple[Interval, ...]:
    """Return the gaps of a room while its building is open and we know what happens there.

    `closed` is when the building is closed within `window`. In order; empty where there is no
    gap. Time that is not known is never part of a gap.
    """
    busy = day.bookings + day.closures + closed
    gaps: tuple[Interval, ...] = ()
    for known in day.known:
        # Most often all hours are known, and to cut takes as long as to find two gaps.
        is_whole = known.start <= window.start and window.end <= known.end
        part = window if is_whole else known.intersection(window)
        if part:
            gaps += _gaps(part, busy, at_least)
    return gaps


def unknown_intervals(
    window: Interval, day: RoomDay | None, *, closed: tuple[Interval, ...] = ()
) -> tuple[Interval, ...]:
    """Return the time of a window in which a room may be anything, in order.

    `closed` is when its building is closed within the window, whatever the source tells.
    """
    covers = (*closed, *(day.known if day else ()))
    return tuple(free_gaps(window, covers, at_least=timedelta.resolution))


def _gaps(within: Interval, busy: Sequence[Interval], at_least: timedelta) -> tuple[Interval, ...]:
    gaps: list[Interval] = []
    free_from, last = within.start, within.end
    for each in busy:
        start = each.start
        if start - free_from >= at_least:
            if start < last:
                gaps.append(Interval(free_from, start))
                free_from = each.end
        elif start >= free_from:
            free_from = each.end
        elif gaps and start < gaps[-1].end and each.end > gaps[0].start:
            # It reaches into what was free so far. Sources tell the day in order, almost
            # always, and to sort it takes as long as all the rest.
            return _gaps(within, sorted(busy, key=_by_start), at_least)
        else:
            # Not simply `each.end`: a booking may lie inside one that began before it.
            free_from = max(free_from, each.end)
    if last - free_from >= at_least:
        gaps.append(Interval(free_from, last))
    return tuple(gaps)
