"""`plan`: what an answer with a plan costs, beside the answer of `/free` with rooms."""

import time
from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from benchmarks.generated_campus import CAMPUS_SIZES, generate_campus, generate_day
from benchmarks.harness import Comparison, Goal, Measure, RunConfig, run_rounds
from cogs.ui.custom_ids import FreeQueryId
from cogs.ui.replies.free.data import FreeReplyData
from cogs.ui.replies.free.reply import free_reply
from core.availability.best_fit import best_fit_order, fitting_counts
from core.availability.campus_day import CampusDay, build_campus_day
from core.availability.counts import count_rooms
from core.availability.plan import plan_moves
from core.availability.queries import FreeRoomsQuery, free_rooms
from core.data.status import DataAge
from core.model.bookings import Snapshot
from core.model.calendar import local_to_utc
from core.model.campus import Campus
from core.model.interval import Interval

_TUESDAY = date(2026, 3, 3)
_MIN_GAP = timedelta(minutes=28)
_AT = timedelta(hours=10)
_NO_PLAN = timedelta(hours=14)
"""Longer than any building stays open: all moves are tried."""

_CALLS = 20
_BASELINE = "`/free` with free rooms, of the same campus and hour, also without its picture"


async def measure(config: RunConfig) -> list[Comparison]:
    """Compare a question that gets a plan, and one that gets none, with `/free`."""
    rooms = CAMPUS_SIZES[0] if config.is_quick else CAMPUS_SIZES[-1]
    campus = generate_campus(rooms)
    day = _day_without_free_rooms(campus)
    start = local_to_utc(_TUESDAY, _AT, campus.timezone)
    longest = max(each.gap.end - start for each in day.overview().gap_index.free_at(start))
    planned = FreeRoomsQuery(start, longest + _MIN_GAP)
    if not _answer(campus, day, planned)().plan:
        raise AssertionError("nothing is planned: the generated day has changed")
    cases = {"a plan for a time that no room is free for": longest + _MIN_GAP, "no plan": _NO_PLAN}
    return [
        Comparison(
            case=f"{name}, {rooms:,} rooms",
            unit="us",
            baseline_is=_BASELINE,
            rounds=await run_rounds(
                config,
                _cpu_time(_answer(campus, day, FreeRoomsQuery(start, at_least))),
                _cpu_time(_answer(campus, day, FreeRoomsQuery(start, _MIN_GAP))),
            ),
            goal=Goal(max_ratio=2),
        )
        for name, at_least in cases.items()
    ]


def _day_without_free_rooms(campus: Campus) -> CampusDay:
    """Return a generated day with one more hour booked in each room, at some time."""
    random = Random(campus.id)  # noqa: S311 - nothing is guarded by it
    made = generate_day(campus, _TUESDAY)
    noon = local_to_utc(_TUESDAY, timedelta(hours=12), campus.timezone)
    rooms = {}
    for room_id, known in made.rooms.items():
        begins = noon + timedelta(minutes=5 * random.randrange(96))
        extra = Interval(begins, begins + timedelta(hours=1))
        bookings = tuple(sorted((*known.bookings, extra)))
        rooms[room_id] = type(known)(known.known, bookings, known.closures, known.read_at)
    snapshot = Snapshot(campus.id, _TUESDAY, made.attempted_at, rooms)
    return build_campus_day(campus, snapshot, min_gap=_MIN_GAP)


def _answer(campus: Campus, day: CampusDay, query: FreeRoomsQuery) -> Callable[[], FreeReplyData]:
    """Return what works out and lays out a reply, as `cogs/free.py` does."""
    days = {_TUESDAY: day}

    def answer() -> FreeReplyData:
        result = free_rooms(campus, days, query)
        counts = [
            (each.code, each.name, count_rooms(day, each, query.moment))
            for each in campus.buildings
        ]
        plan = () if result.free else plan_moves(campus, days, query, min_gap=_MIN_GAP)
        reply = FreeReplyData(
            campus=campus,
            asked=FreeQueryId(campus.id, query),
            result=result,
            rooms=best_fit_order(result.free, query.capacity),
            counts=fitting_counts(campus, days, result, counts),
            plan=plan,
            min_gap=_MIN_GAP,
            age=DataAge(query.moment, is_stale=False, failing_since=None),
            now=query.moment,
            can_share=True,
        )
        free_reply(reply)
        return reply

    return answer


def _cpu_time(call: Callable[[], object]) -> Measure:
    """Return a measure of calls in microseconds."""

    def timed() -> float:
        began = time.process_time()
        call()
        return (time.process_time() - began) * 1_000_000

    async def measure() -> list[float]:
        return [timed() for _ in range(_CALLS)]

    return measure
