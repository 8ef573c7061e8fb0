"""What is sampled when, by several processes, and what is told of it for two minutes."""

import asyncio
import logging
from dataclasses import replace
from datetime import timedelta

import pytest

from core.data.coordinator import CampusCoordinator
from core.errors import StoreUnavailableError
from core.model.calendar import DAY
from core.model.interval import Interval
from core.model.occupancy import OccupancyCount, OccupancySample
from core.store import Store, connect
from core.store.keys import hourly_samples_key, samples_key
from core.trends.sampler import OccupancySampler
from core.trends.trend import Baseline, Direction
from tests.fakes import TUESDAY, FakeSource, at, between, make_campus, make_policy

TODAY = Interval(at("00:00"), at("00:00", TUESDAY + DAY))


@pytest.fixture
def campus():
    return make_campus(6)


@pytest.fixture
def source(campus):
    return FakeSource(campus)


@pytest.fixture
def process_of(campus, source, client, clock):
    """Return a function that makes one process's schedule and sampler."""

    def make(store=None):
        store = store or Store(client, now=clock)
        schedule = CampusCoordinator(campus, source, store, make_policy(), now=clock)
        return schedule, OccupancySampler({campus.id: schedule}, store, now=clock)

    return make


@pytest.fixture
async def sampler(process_of):
    schedule, sampler = process_of()
    await schedule.refresh(manual=False)
    yield sampler
    await schedule.close()


async def stored(store):
    return await store.history("bu", samples=TODAY, hours=[TODAY])


async def tick_through(clock, sampler, *, minutes):
    for _ in range(minutes):
        await sampler.tick()
        clock.forward(minutes=1)


async def test_a_sample_is_taken_every_five_minutes(sampler, store, clock):
    await tick_through(clock, sampler, minutes=16)
    found = (await stored(store)).samples
    assert [each.at for each in found] == [at(f"10:{n:02}") for n in (0, 5, 10, 15)]
    assert found[0].counts == {"CAS": OccupancyCount(3, 3, 0), "CGS": OccupancyCount(3, 3, 0)}


async def test_between_two_samples_the_store_is_left_alone(sampler, clock, client):
    await sampler.tick()
    before = (await client.info("stats"))["total_reads_processed"]
    clock.forward(minutes=4, seconds=59)
    await sampler.tick()
    assert (await client.info("stats"))["total_reads_processed"] == before + 1


async def test_an_hour_that_is_not_over_is_not_folded(sampler, process_of, store, clock):
    await tick_through(clock, sampler, minutes=45)
    _, later = process_of()
    await later.tick()
    assert (await stored(store)).hours == []


async def test_a_sample_tells_of_its_own_moment(sampler, store, clock, source):
    source.bookings["101"] = [between("10:06", "12:00")]
    schedule = sampler._coordinators["bu"]
    await schedule.refresh(manual=False)
    clock.set(at("10:07"))
    await sampler.tick()
    clock.set(at("10:12"))
    await sampler.tick()
    free = [each.counts["CAS"].free for each in (await stored(store)).samples]
    assert free == [3, 2]


async def test_nothing_is_sampled_while_all_is_closed(sampler, client, clock):
    clock.set(at("23:00"))
    await sampler.tick()
    clock.set(at("06:59", TUESDAY + DAY))
    await sampler.tick()
    assert await client.xlen(samples_key("bu")) == 0
    assert not sampler._store.write_error, "nothing was tried"
    clock.set(at("07:00", TUESDAY + DAY))
    await sampler.tick()
    assert await client.xlen(samples_key("bu")) == 1


async def test_processes_side_by_side_write_each_sample_once(process_of, store, clock, client):
    processes = [process_of() for _ in range(4)]
    await processes[0][0].refresh(manual=False)
    await asyncio.gather(*(schedule.load() for schedule, _ in processes))
    for _ in range(15):
        await asyncio.gather(*(sampler.tick() for _, sampler in processes))
        clock.forward(minutes=5)
    assert await client.xlen(samples_key("bu")) == 15
    assert await client.xlen(hourly_samples_key("bu")) == 1
    for schedule, _ in processes:
        await schedule.close()


async def test_before_anything_is_known_a_sample_waits_for_it(process_of, store, clock):
    schedule, sampler = process_of()
    await sampler.tick()
    assert (await stored(store)).samples == []
    await schedule.refresh(manual=False)
    clock.forward(minutes=2)
    await sampler.tick()
    [found] = (await stored(store)).samples
    assert found == OccupancySample(
        at("10:00"), {"CAS": OccupancyCount(3, 3, 0), "CGS": OccupancyCount(3, 3, 0)}
    )
    await schedule.close()


async def test_what_stays_unknown_is_counted_so(process_of, store, clock):
    _, sampler = process_of()
    clock.forward(minutes=4)
    await sampler.tick()
    [found] = (await stored(store)).samples
    assert found.counts == {"CAS": OccupancyCount(0, 0, 3), "CGS": OccupancyCount(0, 0, 3)}


async def test_an_hour_is_folded_as_soon_as_it_is_over(sampler, store, clock):
    await tick_through(clock, sampler, minutes=60)
    assert (await stored(store)).hours == []
    await sampler.tick()
    assert (await stored(store)).hours == [
        OccupancySample(
            at("10:00"), {"CAS": OccupancyCount(3, 3, 0), "CGS": OccupancyCount(3, 3, 0)}
        )
    ]


async def test_hours_that_nobody_folded_are_folded_later(sampler, process_of, store, clock):
    for hour in (10, 11, 13):
        clock.set(at(f"{hour}:00"))
        for _ in range(12):
            await sampler._sample(sampler._coordinators["bu"], sampler._progress["bu"])
            clock.forward(minutes=5)
    clock.set(at("22:00") + DAY)
    _, later = process_of()
    await later.tick()
    found = (await stored(store)).hours
    assert [each.at for each in found] == [at("10:00"), at("11:00"), at("13:00")]


async def test_a_store_that_is_away_costs_a_sample_at_most(start_redis, process_of, clock, caplog):
    server = start_redis()
    client = connect(server.url)
    store = Store(client, now=clock)
    schedule, sampler = process_of(store)
    await schedule.refresh(manual=False)
    server.kill()
    with caplog.at_level(logging.INFO):
        await sampler.tick()
        clock.forward(minutes=1)
        await sampler.tick()
    assert [each.levelname for each in caplog.records] == ["WARNING"], "one line, the link's own"
    with pytest.raises(StoreUnavailableError):
        await sampler.trend(schedule.campus)
    assert await sampler.trend_or_none(schedule.campus) is None
    server.start()
    clock.forward(minutes=1)
    await sampler.tick()
    assert await client.xlen(samples_key("bu")) == 1
    await schedule.close()
    await client.aclose()


async def test_what_is_wrong_with_one_campus_does_not_stop_the_others(store, clock, caplog):
    campuses = [make_campus(6), make_campus(6, campus_id="umd")]
    # Something that cannot be stands for whatever else may be wrong.
    campuses[0] = replace(campuses[0], timezone="Mars/Olympus")  # type: ignore[arg-type]
    schedules = {
        each.id: CampusCoordinator(each, FakeSource(each), store, make_policy(), now=clock)
        for each in campuses
    }
    clock.forward(minutes=4)
    await OccupancySampler(schedules, store, now=clock).tick()
    assert (await store.history("umd", samples=TODAY, hours=[])).samples
    assert "bu could not be sampled" in caplog.text


async def test_a_trend_comes_from_what_is_stored(sampler, store, clock, campus):
    start = at("07:00")
    for number in range(36):
        free = 9 - number // 12
        moment = start + timedelta(minutes=5 * number)
        await store.add_sample("bu", OccupancySample(moment, {"CAS": OccupancyCount(free, 10, 0)}))
    for weeks in (2, 1):
        then = at("10:00", TUESDAY - 7 * weeks * DAY)
        await store.add_hour("bu", OccupancySample(then, {"CAS": OccupancyCount(5 + weeks, 10, 0)}))
    found = await sampler.trend(campus, "CAS")
    assert [each.free for each in found.last_hours] == [9, 8, 7]
    assert found.direction is Direction.FALLING
    assert found.baseline
    assert found.baseline.mean == 6.5
    assert (await sampler.trend(campus, "CGS")).last_hours == ()
    assert (await sampler.trend(campus)).last_hours == found.last_hours


async def test_a_trend_is_told_again_for_two_minutes(sampler, store, clock, campus, client):
    first = await sampler.trend(campus, "CAS")
    await store.add_sample("bu", OccupancySample(at("09:55"), {"CAS": OccupancyCount(1, 3, 0)}))
    before = (await client.info("stats"))["total_reads_processed"]
    clock.forward(seconds=119)
    assert await sampler.trend(campus, "CAS") is first
    assert (await sampler.trend(campus)).at == first.at
    assert (await client.info("stats"))["total_reads_processed"] == before + 1
    clock.forward(seconds=1)
    found = await sampler.trend(campus, "CAS")
    assert found.sampled_since == at("09:55")
    clock.set(at("09:00"))
    assert (await sampler.trend(campus, "CAS")).at == at("09:00"), "the clock was set back"


async def test_many_who_ask_at_once_cost_one_question(sampler, campus, client):
    await sampler.trend(campus)
    sampler._cached.clear()
    before = (await client.info("stats"))["total_reads_processed"]
    await asyncio.gather(*(sampler.trend(campus, code) for code in ["CAS", "CGS", None] * 10))
    assert (await client.info("stats"))["total_reads_processed"] == before + 2


async def test_the_first_trend_of_a_new_bot_goes_by_the_bookings(campus, client, clock, source):
    store = Store(client, now=clock)
    policy = make_policy(days_ahead=30)
    coordinator = CampusCoordinator(campus, source, store, policy, now=clock)
    source.bookings["101"] = [
        between("10:00", "11:00", TUESDAY + 7 * DAY * week) for week in (0, 1, 2)
    ]
    await coordinator.refresh(manual=False)
    sampler = OccupancySampler({campus.id: coordinator}, store, now=clock)
    trend = await sampler.trend(campus, "CAS")
    assert trend.current == OccupancyCount(2, 3, 0)
    assert trend.baseline == Baseline(2.5, 2, 3, is_planned=True)
    assert (trend.last_hours, trend.sampled_since) == ((), None)
    assert [each.starts_at for each in trend.today][:2] == [at("07:00"), at("08:00")]
    await coordinator.close()
