"""What it costs to find all gaps of a campus day, and how that grows with the campus."""

import time
from collections.abc import Callable, Iterable
from datetime import date, timedelta

from benchmarks.generated_campus import CAMPUS_SIZES, generate_campus, generate_day
from benchmarks.harness import Comparison, Goal, Measure, RunConfig, run_rounds
from core.availability.campus_day import build_campus_day
from core.availability.gaps import room_gaps
from core.model.bookings import RoomDay, Snapshot
from core.model.campus import Campus
from core.model.interval import Interval
from core.store.snapshot_codec import decode_snapshot, encode_snapshot

_TUESDAY = date(2026, 3, 3)
_AT_LEAST = timedelta(minutes=28)
_GROWTH_FACTOR = 10
_CALLS = 7
_BASELINE = (
    "one loop over the bookings in order that counts the gaps between them: it looks at each "
    "start and end once, sorts nothing, cuts nothing, keeps nothing"
)
# At most linear, but for what a processor's cache does not hold of ten thousand rooms.
_LINEAR = Goal(max_ratio=1.25)


async def measure(config: RunConfig) -> list[Comparison]:
    """Compare with one pass over the bookings, and a large campus with a small one."""
    small, large = _stored_campus(CAMPUS_SIZES[0]), _stored_campus(CAMPUS_SIZES[-1])
    largest = _stored_campus(CAMPUS_SIZES[-1] * (1 if config.is_quick else _GROWTH_FACTOR))
    rooms = _rooms(*large)
    days = [day for _, day in rooms]

    def all_at_once() -> None:
        build_campus_day(*large, min_gap=_AT_LEAST)

    def room_by_room() -> None:
        for hours, day in rooms:
            room_gaps(hours, day, at_least=_AT_LEAST)

    baseline = _cpu_time(lambda: one_pass(days, _AT_LEAST), per=len(days))
    return [
        Comparison(
            case=f"a day of {len(days):,} rooms, each",
            unit="us",
            baseline_is=_BASELINE,
            rounds=await run_rounds(config, _cpu_time(all_at_once, per=len(days)), baseline),
            goal=Goal(max_ratio=3),
        ),
        Comparison(
            case="the question about one room",
            unit="us",
            baseline_is=_BASELINE,
            rounds=await run_rounds(config, _cpu_time(room_by_room, per=len(days)), baseline),
            goal=Goal(max_ratio=3),
        ),
        await _growth(config, small, largest),
    ]


def one_pass(days: Iterable[RoomDay], at_least: timedelta) -> int:
    """Count the gaps before, between and after bookings that are in order: the floor.

    No answer can do with less than to look at each start and end once.
    """
    gaps = 0
    for day in days:
        free_from, last = day.known[0].start, day.known[-1].end
        for each in day.bookings:
            if each.start - free_from >= at_least:
                gaps += 1
            if each.end > free_from:  # noqa: PLR1730 - `max` takes twice as long
                free_from = each.end
        for each in day.closures:
            if each.start - free_from >= at_least:
                gaps += 1
            if each.end > free_from:  # noqa: PLR1730 - `max` takes twice as long
                free_from = each.end
        if last - free_from >= at_least:
            gaps += 1
    return gaps


async def _growth(
    config: RunConfig, small: tuple[Campus, Snapshot], largest: tuple[Campus, Snapshot]
) -> Comparison:
    few, many = (sum(1 for _ in campus.rooms) for campus, _ in (small, largest))
    times = many // few

    def often() -> None:
        for _ in range(times):
            build_campus_day(*small, min_gap=_AT_LEAST)

    def once() -> None:
        build_campus_day(*largest, min_gap=_AT_LEAST)

    return Comparison(
        case=f"a day of {many:,} rooms, each",
        unit="us",
        baseline_is=f"the same for {few} rooms, each",
        rounds=await run_rounds(
            config, _cpu_time(once, per=many), _cpu_time(often, per=few * times)
        ),
        goal=_LINEAR,
    )


def _stored_campus(rooms: int) -> tuple[Campus, Snapshot]:
    """Return a campus and its day, as it comes from the store."""
    campus = generate_campus(rooms)
    stored = encode_snapshot(generate_day(campus, _TUESDAY))
    return campus, decode_snapshot(stored, campus.id, _TUESDAY)


def _rooms(campus: Campus, snapshot: Snapshot) -> list[tuple[Interval, RoomDay]]:
    hours = {each.code: each.window_on(_TUESDAY) for each in campus.buildings}
    return [
        (hours[room.building], day) for room in campus.rooms if (day := snapshot.rooms.get(room.id))
    ]


def _cpu_time(call: Callable[[], object], *, per: int) -> Measure:
    """Return a measure of calls in microseconds for each of `per` rooms."""

    def timed() -> float:
        began = time.process_time()
        call()
        return (time.process_time() - began) / per * 1_000_000

    async def measure() -> list[float]:
        # Several: the first of whichever side begins finds the processor's caches cold.
        return [timed() for _ in range(_CALLS)]

    return measure
