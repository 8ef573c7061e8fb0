"""Samples that are written once, whoever writes them, thinned to hours, and small."""

import asyncio
import logging
import random
from datetime import timedelta

import pytest

from core.errors import StoreUnavailableError
from core.model.calendar import DAY, HOUR
from core.model.interval import Interval
from core.model.occupancy import OccupancyCount, OccupancySample
from core.store import Store
from core.store.keys import hourly_samples_key, samples_key
from core.trends.samples import SAMPLE_INTERVAL
from tests.fakes import TUESDAY, Clock, at

TODAY = Interval(at("00:00"), at("00:00", TUESDAY + DAY))


def sample(moment, free=12.0, known=34.0, unknown=2.0):
    return OccupancySample(
        moment, {"CAS": OccupancyCount(free, known, unknown), "CGS": OccupancyCount(0, 0, 7)}
    )


async def all_of(store, hours=(TODAY,), samples=TODAY):
    return await store.history("bu", samples=samples, hours=hours)


async def test_a_sample_comes_back_as_it_was_written(store):
    assert await store.add_sample("bu", sample(at("10:00")))
    assert (await all_of(store)).samples == [sample(at("10:00"))]


async def test_means_are_kept_with_one_decimal(store):
    assert await store.add_hour("bu", sample(at("09:00"), 12.3456, 33.99, 1.04))
    assert (await all_of(store)).hours == [sample(at("09:00"), 12.3, 34, 1)]


async def test_a_moment_is_written_once_by_whoever_comes_first(client, clock, store):
    stores = [Store(client, now=clock) for _ in range(20)]
    written = await asyncio.gather(
        *(each.add_sample("bu", sample(at("10:00"), n)) for n, each in enumerate(stores))
    )
    assert sum(written) == 1
    assert len((await all_of(store)).samples) == 1
    assert not store.write_error


async def test_an_earlier_moment_is_not_written_any_more(store):
    assert await store.add_sample("bu", sample(at("10:05")))
    assert not await store.add_sample("bu", sample(at("10:00")))
    assert [each.at for each in (await all_of(store)).samples] == [at("10:05")]


async def test_campuses_have_their_own_samples(store):
    await store.add_sample("umd", sample(at("10:00")))
    assert (await all_of(store)).samples == []
    assert await store.add_sample("bu", sample(at("10:00")))


async def test_samples_are_kept_three_days_and_hours_eight_weeks(client):
    clock = Clock(at("10:00"))
    store = Store(client, now=clock)
    for _ in range(5):
        assert await store.add_sample("bu", sample(clock()))
        clock.forward(days=1)
    long = Interval(at("00:00"), at("00:00", TUESDAY + 100 * DAY))
    kept = (await all_of(store, samples=long)).samples
    assert [each.at for each in kept] == [at("10:00", TUESDAY + n * DAY) for n in (1, 2, 3, 4)]
    for week in range(10):
        clock.set(at("11:00", TUESDAY + 7 * week * DAY))
        assert await store.add_hour("bu", sample(clock() - HOUR))
    assert await client.xlen(hourly_samples_key("bu")) == 8
    assert 3 * 86400 - 60 < await client.ttl(samples_key("bu")) <= 3 * 86400
    assert 56 * 86400 - 60 < await client.ttl(hourly_samples_key("bu")) <= 56 * 86400


async def test_what_is_in_no_hour_yet_is_to_be_folded(store):
    moments = [at("08:55"), at("09:00"), at("09:55"), at("10:00"), at("10:55"), at("11:00")]
    for each in moments:
        await store.add_sample("bu", sample(each))
    assert [each.at for each in await store.samples_without_hour("bu", before=at("11:00"))] == (
        moments[:-1]
    )
    await store.add_hour("bu", sample(at("09:00")))
    left = await store.samples_without_hour("bu", before=at("11:00"))
    assert [each.at for each in left] == [at("10:00"), at("10:55")]


async def test_a_history_holds_what_is_asked_for_in_one_round_trip(store, client):
    week_ago = Interval(TODAY.start - 7 * DAY, TODAY.end - 7 * DAY)
    for each in (week_ago.start - HOUR, week_ago.start, week_ago.end - HOUR, week_ago.end):
        await store.add_hour("bu", sample(each))
    for each in (TODAY.start, TODAY.end - HOUR, TODAY.end):
        await store.add_hour("bu", sample(each))
    await store.add_sample("bu", sample(at("09:55")))
    await store.add_sample("bu", sample(at("10:00")))
    asked = {"hours": (TODAY, week_ago), "samples": Interval(at("09:55"), at("10:00"))}
    await all_of(store, **asked)
    before = (await client.info("stats"))["total_reads_processed"]
    found = await all_of(store, **asked)
    after = (await client.info("stats"))["total_reads_processed"]
    assert after - before == 2, "one, and the count itself"
    assert [each.at for each in found.samples] == [at("09:55")]
    assert [each.at for each in found.hours] == [
        TODAY.start,
        TODAY.end - HOUR,
        week_ago.start,
        week_ago.end - HOUR,
    ]
    assert found.earliest[0].at == at("09:55")
    assert found.earliest[1].at == week_ago.start - HOUR


async def test_what_is_no_tally_is_passed_over(store, client, caplog):
    values = {"A": "1/2/0", "B": "?", "C": "3/2/0", "D": "nan/2/0", "E": "1/2", "F": "1/inf/0"}
    garbage = [part for pair in values.items() for part in pair]
    await client.execute_command("XADD", samples_key("bu"), "1-0", *garbage, b"\xff", "1/2/0")
    with caplog.at_level(logging.WARNING):
        [first] = (await all_of(store)).earliest
    assert first.counts == {"A": OccupancyCount(1, 2, 0)}
    assert len(caplog.records) == 1


async def test_a_store_that_is_away_says_so(start_redis, clock):
    from core.store import connect  # noqa: PLC0415 - here alone

    server = start_redis()
    client = connect(server.url)
    store = Store(client, now=clock)
    server.kill()
    for call in (
        store.add_sample("bu", sample(at("10:00"))),
        store.add_hour("bu", sample(at("10:00"))),
        store.samples_without_hour("bu", before=at("10:00")),
        all_of(store),
    ):
        with pytest.raises(StoreUnavailableError):
            await call
    await client.aclose()


async def test_eight_weeks_of_ten_buildings_take_less_than_a_megabyte(client):
    """Of 20 such campuses less than 20."""
    clock, chance = Clock(at("00:00")), random.Random(1)  # noqa: S311 - made up numbers
    store = Store(client, now=clock)
    codes = [f"B{number:02}" for number in range(10)]
    start = at("00:00")

    def made(moment, digits):
        free = [round(chance.uniform(0, 120), digits) for _ in codes]
        tallies = {
            code: OccupancyCount(each, 120.5, 12.5) for code, each in zip(codes, free, strict=True)
        }
        return OccupancySample(moment, tallies)

    # Open round the clock, the most that there can be.
    hours = [start + HOUR * n for n in range(56 * 24)]
    slots = [start + timedelta(days=53) + SAMPLE_INTERVAL * n for n in range(3 * 288)]
    clock.set(start + timedelta(days=56))
    for each in hours:
        await store.add_hour("bu", made(each, 1))
    for each in slots:
        await store.add_sample("bu", made(each, 0))
    assert await client.xlen(samples_key("bu")) == 864
    used = [
        await client.memory_usage(key, samples=0)
        for key in (samples_key("bu"), hourly_samples_key("bu"))
    ]
    print("bytes of samples and of hours:", used)  # noqa: T201 - the figure that the goal is about
    assert await client.xlen(hourly_samples_key("bu")) == 1344
    assert sum(used) < 1024 * 1024
