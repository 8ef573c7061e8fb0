"""Keys that a Redis Cluster keeps together, and a table of them that is true."""

import inspect
import re
from datetime import timedelta

import pytest
from redis.crc import key_slot

import core.store
from core.errors import StoreUnavailableError
from core.model.calendar import DAY
from core.model.interval import Interval
from core.model.occupancy import OccupancyCount, OccupancySample
from core.store import KeyScope, Store, connect, keys
from core.store.command_sync import SyncedCommands
from tests.core.store.test_digests import SENDING, SENT, SET
from tests.core.store.test_refreshes import make_attempt, make_snapshot
from tests.fakes import TUESDAY

LEASE = timedelta(seconds=30)


async def use_all_of(store, clock):
    """Call every method of a store, and see that each does what it is there for."""
    days = [TUESDAY + DAY * n for n in range(31)]
    snapshots = [make_snapshot(clock(), day) for day in days]
    later = {"expiry_of": lambda _: clock() + 40 * DAY}

    await store.ping()
    await store.acquire_lock("bu", "one", lease=LEASE, manual=True, skip_if_newer_than=clock())
    assert await store.report_progress("bu", "one", 1, 77, lease=LEASE)
    done = make_attempt(clock)
    assert await store.publish("bu", "one", snapshots, done, cooldown=LEASE, **later)
    await store.acquire_lock("bu", "two", lease=LEASE, manual=False)
    assert await store.release_lock("bu", "two", make_attempt(clock, "two", error="timeout"))
    assert (await store.refresh_state("bu")).allowed_at
    assert await store.snapshot("bu", TUESDAY, cached=snapshots[0])
    assert len(await store.snapshots("bu", days)) == len(await store.revisions("bu", days)) == 31
    newer = [make_snapshot(clock() + DAY, day) for day in days]
    assert await store.restore("bu", newer, **later) == 31

    await store.save_settings(SET)
    assert await store.compare_and_set_settings(expected=SET, new=SET)
    assert await store.get_settings(1) in await store.all_settings()
    await store.save_settings(SET)
    assert await store.compare_and_set_delivery("bu", TUESDAY, 10, expected=None, new=SENDING)
    assert await store.compare_and_set_delivery("bu", TUESDAY, 10, expected=SENDING, new=SENT)
    assert await store.deliveries("bu", TUESDAY)
    assert await store.delivery("bu", TUESDAY, 10)

    sample = OccupancySample(clock(), {"CAS": OccupancyCount(1, 2, 0)})
    assert await store.add_sample("bu", sample)
    assert await store.add_hour("bu", sample)
    assert not await store.samples_without_hour("bu", before=clock())
    today = Interval(clock(), clock() + DAY)
    assert (await store.history("bu", samples=today, hours=[today])).samples

    assert await store.claim_hint(1)
    await store.forget_hint(1)
    assert await store.claim_hint(1)

    assert await store.set_preference("1", "bu") == await store.preferences_revision() == 1
    assert not await store.restore_preferences(await store.all_preferences())

    assert await store.acquire_sync_lock(7, "one", lease=LEASE)
    assert await store.release_sync_lock(7, "one")
    assert await store.acquire_sync_lock(7, "one", lease=LEASE)
    assert await store.save_synced(7, "one", SyncedCommands("5f3a", {"free": 1}))
    assert await store.synced_commands(7)
    assert await store.acquire_sync_lock(7, "one", lease=LEASE)
    await store.acquire_lock("bu", "three", lease=LEASE, manual=False)


class Recording:
    """A client that notes which keys each command is given."""

    def __init__(self, client):
        self._client = client
        self.commands = []
        self._run = client.execute_command
        client.execute_command = self._note

    async def _note(self, *args, **options):
        self.commands.append(args)
        return await self._run(*args, **options)

    async def keys(self):
        """Ask the server which arguments of each command are keys."""
        return [
            await self._run("COMMAND GETKEYS", *args)
            for args in self.commands
            if args[0] not in ("PING", "SCRIPT LOAD")
        ]


async def test_keys_of_one_command_share_a_slot(store, client, clock):
    recording = Recording(client)
    await use_all_of(store, clock)
    used = await recording.keys()
    assert len(used) > 20
    for together in used:
        assert len({key_slot(key.encode()) for key in together}) == 1, together
    assert {len(together) for together in used} >= {1, 2, 3, 31, 34}


def test_all_methods_are_used_by_these_tests():
    methods = {
        name
        for name, _ in inspect.getmembers(Store, inspect.iscoroutinefunction)
        if not name.startswith("_")
    }
    text = inspect.getsource(use_all_of)
    assert {name for name in methods if f"store.{name}(" not in text} == {"delete_settings"}


async def test_a_cluster_takes_every_call(start_redis, free_port, clock):
    server = start_redis("--cluster-enabled", "yes", port=free_port)
    client = connect(server.url)
    await client.execute_command("CLUSTER", "ADDSLOTS", *range(16384))
    while b"cluster_state:ok" not in await client.execute_command("CLUSTER", "INFO"):
        pass
    store = Store(client, now=clock)
    await use_all_of(store, clock)
    with pytest.raises(StoreUnavailableError, match="slot"):
        await store._eval_write(
            "return 1", [keys.refresh_lock_key("bu"), keys.refresh_lock_key("umd")], []
        )
    await client.aclose()


async def test_the_table_of_keys_is_true(store, client, clock):
    await use_all_of(store, clock)
    table = dict(re.findall(r"^\| `(\S+)` +\| (\w+) +\|", core.store.__doc__ or "", re.MULTILINE))
    found = {}
    for key in await client.keys():
        shape = re.sub(r"\d{4}-\d\d-\d\d", "DATE", key.decode())
        shape = shape.replace("{bu}", "{CAMPUS}").replace("{app-7}", "{app-ID}")
        found[shape] = (await client.type(key)).decode()
    assert found == table


async def test_only_settings_and_commands_are_kept_without_end(store, client, clock):
    await use_all_of(store, clock)
    endless = {key.decode() for key in await client.keys() if await client.ttl(key) == -1}
    picks = {keys.preferences_key(), keys.preferences_revision_key()}
    settings = {keys.digest_settings_key(), keys.hinted_guilds_key()}
    assert endless == settings | {keys.synced_commands_key(7)} | picks


async def test_every_key_is_in_the_scope_of_its_bot(client, clock):
    scope = KeyScope("staging:", "42")
    await use_all_of(Store(client, now=clock, scope=scope), clock)
    found = [key.decode() for key in await client.keys()]
    assert len(found) > 10
    assert [key for key in found if not key.startswith("staging:ec:1:42:")] == []


def test_every_key_carries_the_schema():
    made = [
        keys.day_key("bu", TUESDAY),
        keys.refresh_lock_key("bu"),
        keys.last_attempt_key("bu"),
        keys.cooldown_key("bu"),
        keys.deliveries_key("bu", TUESDAY),
        keys.samples_key("bu"),
        keys.hourly_samples_key("bu"),
        keys.digest_settings_key(),
        keys.hinted_guilds_key(),
        keys.migrated_key(),
        keys.preferences_key(),
        keys.preferences_revision_key(),
        keys.synced_commands_key(7),
        keys.command_sync_lock_key(7),
    ]
    assert all(key.startswith("ec:1:") for key in made)
    assert len(set(made)) == len(inspect.getmembers(keys, inspect.isfunction))
