"""What one process keeps of a campus, beside what Redis and other processes hold."""

import asyncio
from datetime import timedelta

import pytest

from core.data.cache import SnapshotCache
from core.model.bookings import RoomDay, Snapshot
from core.model.calendar import DAY
from core.store import Store, connect
from tests.fakes import TUESDAY, at, between, make_campus

WHOLE_DAY = between("00:00", "23:59")


def snapshot_read(clock, day=TUESDAY, bookings=()):
    """Return a snapshot in which the first room was read at a time of the day."""
    read_at = at(clock)
    room = RoomDay((WHOLE_DAY,), tuple(bookings), (), read_at)
    return Snapshot("bu", day, read_at, {"101": room})


@pytest.fixture
def make_cache(store, clock):
    def make(with_store=store):
        return SnapshotCache(make_campus(), with_store, min_gap=timedelta(minutes=28), now=clock)

    return make


async def stored_by_another(store, snapshot, clock):
    await store.restore("bu", [snapshot], lambda _: clock() + 2 * DAY)


async def test_older_snapshot_in_redis_does_not_replace_a_newer_one(make_cache, store, clock):
    cache, newer, older = make_cache(), snapshot_read("10:00"), snapshot_read("09:00")
    await stored_by_another(store, older, clock)
    cache.put(newer)
    day = await cache.get_latest(TUESDAY)
    assert day
    assert day.snapshot is newer


async def test_newer_snapshot_in_redis_replaces_an_older_one(make_cache, store, clock):
    cache = make_cache()
    cache.put(snapshot_read("09:00"))
    await stored_by_another(store, snapshot_read("10:00"), clock)
    day = await cache.get_latest(TUESDAY)
    assert day
    assert day.read_at == at("10:00")


async def test_several_days_are_revalidated_like_one(make_cache, store, clock):
    cache = make_cache()
    await stored_by_another(store, snapshot_read("09:00"), clock)
    await stored_by_another(store, snapshot_read("09:00", TUESDAY + DAY), clock)
    found = await cache.get_latest_many([TUESDAY, TUESDAY + DAY, TUESDAY + 2 * DAY])
    assert list(found) == [TUESDAY, TUESDAY + DAY]


async def test_loading_keeps_what_is_newer_than_redis(make_cache, store, clock):
    cache, newer = make_cache(), snapshot_read("10:00")
    await stored_by_another(store, snapshot_read("09:00"), clock)
    cache.put(newer)
    await cache.load((TUESDAY,))
    assert cache.snapshots == {TUESDAY: newer}


async def test_loading_takes_what_is_newer_in_redis(make_cache, store, clock):
    cache = make_cache()
    cache.put(snapshot_read("09:00"))
    await stored_by_another(store, snapshot_read("10:00"), clock)
    await cache.load((TUESDAY,))
    assert cache.snapshots[TUESDAY].attempted_at == at("10:00")


async def test_redis_gets_back_what_it_has_lost(make_cache, store):
    cache, known = make_cache(), snapshot_read("09:00")
    cache.put(known)
    await cache.get_latest(TUESDAY)
    for _ in range(100):
        if found := await store.snapshots("bu", [TUESDAY]):
            break
        await asyncio.sleep(0.01)
    assert found == {TUESDAY: known}
    await cache.close()


async def test_without_redis_the_cache_answers_alone(make_cache, start_redis, clock):
    redis = start_redis()
    client = connect(redis.url)
    cache, known = make_cache(Store(client, now=clock)), snapshot_read("09:00")
    cache.put(known)
    redis.kill()
    day = await cache.get_latest(TUESDAY)
    assert day
    assert day.snapshot is known
    await cache.load((TUESDAY,))
    assert cache.dates == [TUESDAY]
    await cache.close()
    await client.aclose()


def test_days_that_are_over_are_forgotten(make_cache, clock):
    cache = make_cache()
    cache.put(snapshot_read("09:00"))
    assert cache.get(TUESDAY) is cache.get(TUESDAY)
    clock.set(at("00:00", TUESDAY + 2 * DAY))
    cache.put(snapshot_read("09:00", TUESDAY + 2 * DAY))
    assert cache.dates == [TUESDAY + 2 * DAY]
    assert cache.get(TUESDAY) is None
