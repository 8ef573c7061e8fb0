"""What Discord was told of the commands, and who tells it."""

import asyncio
import logging
from datetime import timedelta

import pytest

from core.errors import StoreUnavailableError
from core.store import Store
from core.store.command_sync import SyncedCommands
from core.store.keys import command_sync_lock_key, synced_commands_key

LEASE = timedelta(seconds=60)
SYNCED = SyncedCommands("5f3a", {"free": 1234567890123456789, "building": 2})


async def test_nothing_was_told_at_first(store):
    assert await store.synced_commands(7) is None


async def test_what_was_told_is_remembered_for_that_application(store, client):
    assert await store.acquire_sync_lock(7, "one", lease=LEASE)
    assert await store.save_synced(7, "one", SYNCED)
    assert await store.synced_commands(7) == SYNCED
    assert await store.synced_commands(8) is None
    assert await client.ttl(synced_commands_key(7)) == -1


async def test_one_of_many_processes_tells(client, clock):
    stores = [Store(client, now=clock) for _ in range(20)]
    begun = await asyncio.gather(
        *(each.acquire_sync_lock(7, str(n), lease=LEASE) for n, each in enumerate(stores))
    )
    assert sum(begun) == 1


async def test_the_holder_asked_again_is_told_the_same(store):
    assert await store.acquire_sync_lock(7, "one", lease=LEASE)
    assert await store.acquire_sync_lock(7, "one", lease=LEASE)
    assert not await store.acquire_sync_lock(7, "two", lease=LEASE)
    assert await store.acquire_sync_lock(8, "two", lease=LEASE)


async def test_the_lock_ends_with_its_lease_or_when_it_is_given_back(store, client):
    await store.acquire_sync_lock(7, "one", lease=LEASE)
    assert 59_000 < await client.pttl(command_sync_lock_key(7)) <= 60_000
    assert await store.release_sync_lock(7, "one")
    assert await store.synced_commands(7) is None
    assert await store.acquire_sync_lock(7, "two", lease=LEASE)


async def test_who_lost_the_lock_is_not_believed(store, client):
    await store.acquire_sync_lock(7, "one", lease=LEASE)
    await client.pexpire(command_sync_lock_key(7), 0)
    await store.acquire_sync_lock(7, "two", lease=LEASE)
    assert not await store.save_synced(7, "one", SYNCED)
    assert not await store.release_sync_lock(7, "one")
    assert await store.synced_commands(7) is None
    assert await store.save_synced(7, "two", SYNCED)


async def test_remembering_again_after_a_lost_answer_says_so(store):
    await store.acquire_sync_lock(7, "one", lease=LEASE)
    assert await store.save_synced(7, "one", SYNCED)
    assert await store.save_synced(7, "one", SYNCED)


async def test_what_cannot_be_read_was_never_told(store, client, caplog):
    await client.set(synced_commands_key(7), "{")
    with caplog.at_level(logging.WARNING):
        assert await store.synced_commands(7) is None
    assert synced_commands_key(7) in caplog.text


async def test_a_key_of_somebody_elses_is_an_error_of_ours(store, client):
    await client.lpush(synced_commands_key(7), "theirs")
    with pytest.raises(StoreUnavailableError, match="WRONGTYPE"):
        await store.synced_commands(7)
