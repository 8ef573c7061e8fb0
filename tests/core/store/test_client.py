"""What a Redis that is gone, slow, full or another costs: freshness, not answers."""

import asyncio
import logging
from datetime import timedelta

import pytest

from core.errors import StoreUnavailableError
from core.model.refresh import LockAcquired
from core.store import Store, connect
from core.store.client import RETRY_AFTER
from core.store.command_sync import SyncedCommands
from core.store.snapshots import Missing, Unchanged
from tests.core.store.test_snapshots import for_two_days, make_snapshot
from tests.fakes import TUESDAY

LEASE = timedelta(seconds=30)
PATIENCE = timedelta(milliseconds=250)


@pytest.fixture
def server(start_redis):
    return start_redis("--appendonly", "yes", "--appendfsync", "always")


@pytest.fixture
async def store(server, clock):
    client = connect(server.url)
    yield Store(client, now=clock, read_timeout=PATIENCE)
    await client.aclose()


async def snapshot(store):
    await store.snapshot("bu", TUESDAY)


WAITED_FOR = {
    "a day": snapshot,
    "how refreshes stand": lambda store: store.refresh_state("bu"),
    "what a server set": lambda store: store.get_settings(1),
    "what became of a digest": lambda store: store.delivery("bu", TUESDAY, 10),
}
"""What members wait for."""


WAITED = "no answer in time"
"""The reason where the wait for an answer ended at `PATIENCE`; the client's own limit says
`Timeout`, and comes after five seconds."""
REFUSED = "Redis did not answer a moment ago"
"""The reason where Redis was not asked at all."""


async def fails(store, ask=snapshot):
    """Return why a read from a store that is down fails, after the wait that the reason names."""
    clock = asyncio.get_running_loop().time
    began = clock()
    with pytest.raises(StoreUnavailableError) as failed:
        await ask(store)
    reason = str(failed.value)
    if reason == WAITED:
        assert clock() - began >= PATIENCE.total_seconds() - 0.01
    return reason


def told(caplog):
    return [record.getMessage().partition(",")[0] for record in caplog.records]


async def test_a_redis_that_answers_is_up(store):
    assert (store.is_up, store.down_since, store.latency) == (True, None, None)
    await store.ping()
    assert timedelta() < store.latency < timedelta(seconds=1)


async def test_a_redis_that_was_killed_is_down_until_it_is_back(store, server, clock, caplog):
    caplog.set_level(logging.INFO, "core.store")
    await store.restore("bu", [make_snapshot()], for_two_days)
    down_at = clock()
    server.kill()
    for _ in range(3):
        await fails(store)
        clock.forward(seconds=3)
    assert (store.is_up, store.down_since) == (False, down_at)
    server.start()
    assert await store.snapshot("bu", TUESDAY, cached=make_snapshot()) == Unchanged()
    assert (store.is_up, store.down_since) == (True, None)
    assert told(caplog) == ["Redis does not answer", "Redis answers again"]


async def test_a_ping_heals_without_a_member(store, server):
    server.kill()
    await fails(store)
    server.start()
    await store.ping()
    assert store.is_up


async def test_a_ping_heals_though_connecting_takes_longer_than_an_answer_waits(
    store, server, caplog
):
    caplog.set_level(logging.INFO, "core.store")
    await store.ping()
    server.pause()
    await fails(store)
    ping = asyncio.create_task(store.ping())
    await asyncio.sleep(PATIENCE.total_seconds() + 0.05)
    server.resume()
    await ping
    assert store.is_up
    assert told(caplog) == ["Redis does not answer", "Redis answers again"]


async def test_a_slow_redis_costs_an_answer_its_patience_once(store, server, clock):
    await store.ping()
    server.pause()
    assert await fails(store) == WAITED
    assert await fails(store) == REFUSED
    clock.forward(seconds=2)
    assert await fails(store) == WAITED
    server.resume()
    clock.forward(seconds=2)
    await store.ping()


@pytest.mark.parametrize("ask", WAITED_FOR.values(), ids=WAITED_FOR)
async def test_nobody_waits_longer_for_anything(store, server, ask):
    await store.ping()
    server.pause()
    assert await fails(store, ask) == WAITED
    server.resume()


async def test_one_of_many_answers_tries_a_redis_that_is_down(store, server, clock):
    await store.ping()
    server.pause()
    await fails(store)
    clock.forward(seconds=2)
    waits = await asyncio.gather(*(fails(store) for _ in range(20)))
    assert sorted(waits) == [REFUSED] * 19 + [WAITED]
    server.resume()


async def test_a_clock_that_is_set_back_does_not_keep_redis_away(store, server, clock):
    server.kill()
    await fails(store)
    server.start()
    clock.forward(hours=-1)
    assert await store.snapshot("bu", TUESDAY) == Missing()


async def test_what_was_read_for_a_minute_is_stored_though_redis_was_slow_just_now(store, server):
    await store.ping()
    server.pause()
    await fails(store)
    begun = asyncio.create_task(store.acquire_lock("bu", "one", lease=LEASE, manual=True))
    await asyncio.sleep(0.1)
    server.resume()
    assert await begun == LockAcquired()


async def test_an_answer_that_comes_late_is_no_return(store, server, clock, caplog):
    caplog.set_level(logging.INFO, "core.store")
    await store.ping()
    server.pause()
    await fails(store)
    begun = asyncio.create_task(store.acquire_lock("bu", "one", lease=LEASE, manual=True))
    await asyncio.sleep(0.3)
    server.resume()
    await begun
    assert not store.is_up
    clock.forward(seconds=2)
    await store.ping()
    assert told(caplog) == ["Redis does not answer", "Redis answers again"]


async def test_a_redis_that_never_answers_fails_a_change_after_the_clients_time(server, clock):
    client = connect(server.url)
    client.connection_pool.connection_kwargs["socket_timeout"] = 0.1
    store = Store(client, now=clock)
    before = (await client.info("stats"))["total_connections_received"]
    server.pause()
    with pytest.raises(StoreUnavailableError, match="Timeout"):
        await store.acquire_lock("bu", "one", lease=LEASE, manual=True)
    server.resume()
    client.connection_pool.connection_kwargs["socket_timeout"] = 10
    await client.connection_pool.disconnect()
    # The wait ends once, not once for each retry, which would connect again: this is ours.
    assert (await client.info("stats"))["total_connections_received"] == before + 1
    await client.aclose()


async def test_a_burst_uses_a_bounded_number_of_connections(server, clock):
    client = connect(server.url)
    store = Store(client, now=clock, read_timeout=timedelta(seconds=30))
    await asyncio.gather(*(store.snapshot("bu", TUESDAY) for _ in range(500)))
    assert (await client.info("clients"))["connected_clients"] <= 32
    await client.aclose()


async def test_a_caller_that_gives_up_leaves_no_answer_to_another(store):
    await store.restore("bu", [make_snapshot()], for_two_days)
    for _ in range(100):
        look = asyncio.create_task(store.snapshot("bu", TUESDAY))
        await asyncio.sleep(0)
        look.cancel()
        assert await store.snapshot("bu", TUESDAY, cached=make_snapshot()) == Unchanged()
    assert store.is_up


async def test_a_redis_replaced_by_an_empty_one_is_used_and_filled(store, server, caplog):
    caplog.set_level(logging.INFO, "core.store")
    await store.restore("bu", [make_snapshot()], for_two_days)
    await store._client.flushall()
    await store._client.script_flush()
    assert await store.acquire_lock("bu", "one", lease=LEASE, manual=True) == LockAcquired()
    assert await store.restore("bu", [make_snapshot()], for_two_days) == 1
    assert told(caplog) == []


async def test_a_full_redis_is_up_answers_and_says_once_that_it_is_full(store, caplog):
    caplog.set_level(logging.INFO, "core.store")
    await store.restore("bu", [make_snapshot()], for_two_days)
    await store._client.config_set("maxmemory", 1)
    for _ in range(3):
        with pytest.raises(StoreUnavailableError):
            await store.acquire_lock("bu", "one", lease=LEASE, manual=True)
    assert await store.snapshot("bu", TUESDAY, cached=make_snapshot()) == Unchanged()
    assert store.is_up
    assert "maxmemory" in store.write_error
    await store._client.config_set("maxmemory", 0)
    await store.acquire_lock("bu", "one", lease=LEASE, manual=True)
    assert store.write_error is None
    assert told(caplog)[1:] == ["Redis takes changes again"]
    assert caplog.records[0].getMessage().startswith("Redis refuses: OutOfMemoryError")


async def test_nothing_acknowledged_is_lost_when_redis_is_killed(store, server):
    for n in range(200):
        await store.acquire_sync_lock(n, "one", lease=LEASE)
        assert await store.save_synced(n, "one", SyncedCommands(str(n), {}))
    server.kill()
    server.start()
    for n in range(200):
        assert (await store.synced_commands(n)).hash == str(n)


def test_the_pause_is_short_enough_for_a_tick():
    assert timedelta(0) < RETRY_AFTER < timedelta(seconds=10)
