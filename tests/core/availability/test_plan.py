"""Plans are what an exhaustive search of rooms and times finds, and lie in known free time."""

import random
from datetime import date, timedelta
from itertools import pairwise

import pytest

from core.availability.campus_day import campus_dates_at
from core.availability.plan import MAX_PIECES, plan_moves
from core.availability.queries import FreeRoomsQuery, free_rooms
from tests import oracle
from tests.core.availability.test_queries import at, campus_of, days_of, known, small, span
from tests.oracle import MINUTE, What

GRID = 5
"""Minutes: everything in the generated days begins and ends on it, so plans can as well."""

DAYS_PER_ZONE = 700
ZONES = {
    "America/New_York": [date(2026, 3, 3), date(2026, 3, 8), date(2026, 11, 1)],
    "Europe/London": [date(2026, 3, 3), date(2026, 3, 29), date(2026, 10, 25)],
    "Asia/Kolkata": [date(2026, 3, 3)],
}


def generated_day(rng, zone, day):
    """A busy campus of some small buildings, with closures and unknown times."""
    buildings = []
    for code in "ABCD"[: rng.randint(1, 4)]:
        opens, closes = rng.choice([("07:00", "23:00"), ("10:30", "02:00"), ("00:00", "24:00")])
        rooms = tuple(
            oracle.RoomName(f"{code}{n}", f"{code}{n}", rng.choice([None, 20, 60]))
            for n in range(rng.randint(1, 3))
        )
        buildings.append(oracle.Hours(code, opens, closes, rooms))
    facts = {}
    for building in buildings:
        opens = oracle.clock(zone, day, 0)
        for room in building.rooms:
            if rng.random() < 0.08:
                continue
            facts[room.id] = _facts(rng, opens)
    least = rng.choice([10, 15, 30])
    return oracle.Oracle(zone, buildings, {day: facts}, min_gap=least)


def _facts(rng, opens):
    bookings, at_minute = [], rng.randrange(0, 120, GRID)
    while at_minute < 28 * 60:
        lasts = rng.choice([15, 30, 50, 60, 75, 120, 180])
        bookings.append((at_minute, at_minute + lasts))
        at_minute += lasts + rng.choice([0, 10, 30, 45, 60, 75, 90, 120])
    known_from = rng.choice([0, 0, 0, 0, 11 * 60])
    unknown_at = rng.choice([None, None, None, rng.randrange(600, 900, GRID)])
    whole = [(known_from, 30 * 60)]
    if unknown_at:
        whole = [(known_from, max(unknown_at, known_from + GRID)), (unknown_at + 70, 30 * 60)]
    closures = [(720, 780)] if rng.random() < 0.1 else []

    def spans(pairs):
        return tuple((opens + a * MINUTE, opens + b * MINUTE) for a, b in pairs)

    return oracle.RoomFacts(spans(whole), spans(bookings), spans(closures))


def exhaustive(asked, start, minutes, *, capacity=None):
    """Try all sequences of rooms and all times to move on the grid.

    Returns (rooms, changes of building, buildings) of the best plan, None where none exists.
    """
    steps, least = minutes // GRID, asked.min_gap // GRID
    free = {}
    for code, building in asked.buildings.items():
        day = asked.day_of(code, start)
        for room in building.rooms:
            if capacity and (room.capacity or 0) < capacity:
                continue
            free[code, room.id] = [
                asked.what(code, room.id, day, start + step * GRID * MINUTE) is What.FREE
                for step in range(steps)
            ]
    sequences: dict[tuple[tuple[str, str], ...], set[int]] = {(): {0}}
    for rooms in range(1, MAX_PIECES + 1):
        longer = {}
        for sequence, times in sequences.items():
            for key, is_free in free.items():
                ends = {end for begin in times for end in _ends(is_free, begin, least)}
                if ends and key not in sequence[-1:]:
                    longer[*sequence, key] = ends
        complete = [sequence for sequence, ends in longer.items() if steps in ends]
        if complete:
            return rooms, *min(map(_walks, complete))
        sequences = longer
    return None


def _ends(is_free, begin, least):
    """Yield all steps until which one can stay."""
    for step in range(begin, len(is_free)):
        if not is_free[step]:
            return
        if step + 1 - begin >= least:
            yield step + 1


def _walks(sequence):
    codes = [code for code, _ in sequence]
    return sum(a != b for a, b in pairwise(codes)), len(set(codes))


def plan(campus, days, start, minutes, least, **asked):
    query = FreeRoomsQuery(start, timedelta(minutes=minutes), **asked)
    return plan_moves(campus, days, query, min_gap=least * MINUTE)


def check_pieces(asked, found, start, minutes):
    """Every piece lies in free time, lasts long enough, and together they are the window."""
    edges = [each.interval.start for each in found] + [found[-1].interval.end]
    assert (edges[0], edges[-1]) == (start, start + minutes * MINUTE)
    for each in found:
        piece, code = each.interval, each.room.building
        assert piece.duration >= asked.min_gap * MINUTE
        day = asked.day_of(code, start)
        assert asked.is_free_throughout(code, each.room.id, day, (piece.start, piece.end))
    assert all(a.interval.end == b.interval.start for a, b in pairwise(found))


@pytest.mark.parametrize("zone", ZONES)
def test_plans_of_generated_days_are_as_good_as_the_exhaustive_search(zone):
    """Rooms, changes of building and buildings are the fewest; one room is no plan."""
    rng, sizes = random.Random(zone), set()  # noqa: S311 - the same days at every run
    for number in range(DAYS_PER_ZONE):
        day = rng.choice(ZONES[zone])
        asked = generated_day(rng, zone, day)
        campus = campus_of(asked)
        days = days_of(asked, campus)
        start = oracle.clock(zone, day, rng.randrange(8 * 60, 23 * 60, GRID))
        minutes = rng.randrange(30, 300, GRID)
        capacity = rng.choice([None, None, None, 40])
        assert campus_dates_at(campus, start) <= {day}
        best = exhaustive(asked, start, minutes, capacity=capacity)
        found = plan(campus, days, start, minutes, asked.min_gap, capacity=capacity)
        query = FreeRoomsQuery(start, timedelta(minutes=minutes), capacity=capacity)
        if best is None or best[0] == 1:
            assert found == (), number
            assert bool(free_rooms(campus, days, query).free) == (best is not None)
            continue
        sizes.add(best[0])
        check_pieces(asked, found, start, minutes)
        rooms = [(each.room.building, each.room.id) for each in found]
        assert (len(found), *_walks(rooms)) == best, number
    assert sizes == set(range(2, MAX_PIECES + 1))


def test_two_rooms_cover_what_neither_does():
    campus, days = small({"201": known(("12:50", "23:00")), "203": known(("07:00", "12:40"))})
    found = plan(campus, days, at("12:00"), 120, 28)
    assert [(each.room.id, each.interval.start, each.interval.end) for each in found] == [
        ("201", at("12:00"), at("12:50")),
        ("203", at("12:50"), at("14:00")),
    ]


def test_nobody_moves_where_one_room_is_free_throughout():
    campus, days = small(
        {"201": known(("12:50", "23:00")), "203": known(("07:00", "12:40")), "205": known()}
    )
    assert plan(campus, days, at("12:00"), 120, 28) == ()


def test_last_piece_is_never_shorter_than_a_gap_that_counts():
    """One leaves the first room early rather than end in a room for ten minutes."""
    campus, days = small({"201": known(("13:50", "23:00")), "203": known(("07:00", "13:00"))})
    found = plan(campus, days, at("12:00"), 120, 28)
    assert [each.interval.end for each in found] == [at("13:32"), at("14:00")]


def test_unknown_time_is_no_part_of_a_plan():
    unknown = known(window=span("07:00", "12:30"))
    campus, days = small({"201": known(("12:50", "23:00")), "203": unknown})
    assert plan(campus, days, at("12:00"), 120, 28) == ()


@pytest.mark.parametrize("minutes", [0, 55])
def test_plan_needs_time_for_two_pieces(minutes):
    """A button may name no time at all."""
    campus, days = small({"201": known(("12:30", "23:00")), "203": known(("07:00", "12:30"))})
    assert plan(campus, days, at("12:00"), minutes, 28) == ()


def test_plan_that_needs_five_rooms_is_none():
    rooms = {str(n): known(("07:00", f"{12 + n}:00"), (f"{13 + n}:00", "23:00")) for n in range(5)}
    campus, days = small(rooms)
    assert len(plan(campus, days, at("12:00"), 240, 28)) == MAX_PIECES
    assert plan(campus, days, at("12:00"), 300, 28) == ()


def test_day_without_data_has_no_plan():
    campus, _ = small({"201": known(), "203": known()})
    assert plan(campus, {}, at("12:00"), 120, 28) == ()
