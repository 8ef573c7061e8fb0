"""What the bookings of the coming weeks leave free, hour by hour."""

import asyncio
from datetime import timedelta

import pytest

from core.availability.campus_day import build_campus_day
from core.model.bookings import RoomDay, Snapshot
from core.model.calendar import DAY, WEEK
from core.model.interval import Interval
from core.model.occupancy import OccupancyCount
from core.trends.plan import OccupancyPlan
from tests.fakes import TUESDAY, at, between, make_campus

NOW = at("14:02")


def day_of(campus, day, booked=(), *, unknown=(), read_at=NOW):
    """Return a day on which the rooms are booked so, "CAS 101" from "10:00" to "11:30"."""
    whole = Interval(at("00:00", day), at("00:00", day + DAY))
    rooms = {
        room.id: RoomDay(
            (whole,), tuple(between(start, end, day) for start, end in booked), (), NOW
        )
        for room in campus.rooms
        if room.id not in unknown
    }
    snapshot = Snapshot(campus.id, day, read_at, rooms)
    return build_campus_day(campus, snapshot, min_gap=timedelta(minutes=28))


@pytest.fixture
def campus():
    return make_campus(6)


@pytest.fixture
def plan_of(campus):
    """Return a function that plans from days, and gives the hours by their beginning."""

    async def hours(days):
        plan = OccupancyPlan(campus, days.get)
        await plan.update(NOW)
        return {each.at: each.counts for each in plan.hours(NOW)}

    return hours


async def test_an_hour_is_the_mean_of_its_parts(campus, plan_of):
    day = TUESDAY + WEEK
    found = await plan_of({day: day_of(campus, day, [("10:00", "11:30")])})
    free = {clock: found[at(clock, day)]["CAS"].free for clock in ("09:00", "10:00", "11:00")}
    assert free == {"09:00": 3, "10:00": 0, "11:00": 1.5}


async def test_only_that_weekday_of_four_weeks_counts(campus, plan_of):
    days = {day: day_of(campus, day) for n in range(60) for day in [TUESDAY + DAY * n]}
    found = {each.astimezone(campus.timezone).date() for each in await plan_of(days)}
    assert found == {TUESDAY + WEEK * n for n in (1, 2, 3, 4)}


async def test_closed_hours_and_days_that_are_not_at_hand_are_absent(campus, plan_of):
    day = TUESDAY + 2 * WEEK
    found = await plan_of({day: day_of(campus, day)})
    open_hours = [each for each, counts in found.items() if counts]
    assert open_hours == [at(f"{hour:02}:00", day) for hour in range(7, 23)]


async def test_unknown_rooms_are_not_free(campus, plan_of):
    day = TUESDAY + WEEK
    room = next(campus.rooms).id
    found = await plan_of({day: day_of(campus, day, unknown=[room])})
    assert found[at("09:00", day)]["CAS"] == OccupancyCount(2, 2, 1)


async def test_a_plan_is_made_once_for_each_reading(campus):
    day = TUESDAY + WEEK
    days = {day: day_of(campus, day)}
    plan = OccupancyPlan(campus, days.get)
    assert plan.hours(NOW) == ()
    await plan.ensure(NOW)
    first = plan.hours(NOW)
    assert first
    await plan.update(NOW)
    assert plan.hours(NOW) is first
    days[day] = day_of(campus, day, [("10:00", "11:30")], read_at=NOW + DAY)
    await plan.ensure(NOW)
    assert plan.hours(NOW) is first, "an older reading will do"
    await plan.update(NOW)
    assert plan.hours(NOW) != first


async def test_a_plan_is_of_its_day(campus):
    day = TUESDAY + WEEK
    plan = OccupancyPlan(campus, {day: day_of(campus, day)}.get)
    await plan.update(NOW)
    assert plan.hours(NOW + DAY) == ()


async def test_other_work_goes_on_while_a_plan_is_made(campus):
    day = TUESDAY + WEEK
    plan = OccupancyPlan(campus, {day: day_of(campus, day)}.get)
    making = asyncio.create_task(plan.update(NOW))
    turns = 0
    while not making.done():
        await asyncio.sleep(0)
        turns += 1
    assert turns >= 48
