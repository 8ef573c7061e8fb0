"""One refresh at a time over all processes, published as a whole or not at all."""

import asyncio
import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from core.errors import StoreUnavailableError
from core.model.bookings import RoomDay, Snapshot
from core.model.calendar import DAY
from core.model.refresh import (
    AlreadyRefreshed,
    LockAcquired,
    LockHeld,
    OnCooldown,
    RefreshAttempt,
    RefreshState,
)
from core.store import Store
from core.store.keys import cooldown_key, day_key, last_attempt_key, refresh_lock_key
from core.store.snapshots import Changed, Missing
from tests.fakes import TUESDAY, at, between

LEASE = timedelta(seconds=30)
COOLDOWN = timedelta(minutes=30)


def make_snapshot(read_at, day=TUESDAY):
    room = RoomDay((between("00:00", "23:59"),), (between("09:00", "10:00"),), (), read_at)
    return Snapshot("bu", day, read_at, {"342": room})


def make_attempt(clock, name="one", **changes):
    good = RefreshAttempt(
        token=name,
        began_at=clock(),
        ended_at=clock() + timedelta(seconds=9),
        rooms=77,
        rooms_read=75,
        failures={"timeout": 2},
        latency=timedelta(milliseconds=120),
        success_at=clock(),
    )
    return replace(good, **changes)


@pytest.fixture
def begin(store):
    async def begin(name="one", *, by=store, manual=False, skip_if_newer_than=None):
        return await by.acquire_lock(
            "bu", name, lease=LEASE, manual=manual, skip_if_newer_than=skip_if_newer_than
        )

    return begin


@pytest.fixture
def publish(store, clock):
    async def publish(name="one", *snapshots, cooldown=COOLDOWN, **changes):
        return await store.publish(
            "bu",
            name,
            snapshots or [make_snapshot(clock())],
            make_attempt(clock, name, **changes),
            expiry_of=lambda _: clock() + 2 * DAY,
            cooldown=cooldown,
        )

    return publish


async def test_one_of_many_processes_begins(begin, client, clock):
    stores = [Store(client, now=clock) for _ in range(20)]
    answers = await asyncio.gather(
        *(begin(str(n), by=each, manual=True) for n, each in enumerate(stores))
    )
    winner = str(answers.index(LockAcquired()))
    assert sorted(map(str, answers)) == sorted([str(LockAcquired())] + 19 * [str(LockHeld(winner))])


async def test_campuses_are_refreshed_apart(store, begin):
    await begin()
    assert await store.acquire_lock("umd", "two", lease=LEASE, manual=True) == LockAcquired()


async def test_the_holder_asked_again_is_told_the_same(begin):
    """Its answer was lost with the connection, and the client asked again."""
    assert await begin() == LockAcquired()
    assert await begin() == LockAcquired()


async def test_a_lock_ends_with_its_lease(begin, client):
    await begin()
    assert 29_000 < await client.pttl(refresh_lock_key("bu")) <= 30_000
    await client.pexpire(refresh_lock_key("bu"), 0)
    assert await begin("two") == LockAcquired()


async def test_progress_is_seen_by_all_and_extends_the_lease(store, begin, client):
    await begin()
    await client.pexpire(refresh_lock_key("bu"), 5000)
    assert await store.report_progress("bu", "one", 12, 77, lease=LEASE)
    assert await client.pttl(refresh_lock_key("bu")) > 29_000
    assert await store.refresh_state("bu") == RefreshState("one", (12, 77), None, None)


async def test_who_lost_the_lock_can_neither_report_nor_extend(store, begin, client):
    await begin()
    await client.pexpire(refresh_lock_key("bu"), 0)
    assert not await store.report_progress("bu", "one", 12, 77, lease=LEASE)
    await begin("two")
    assert not await store.report_progress("bu", "one", 12, 77, lease=LEASE)
    assert await store.refresh_state("bu") == RefreshState("two", None, None, None)


async def test_publishing_stores_all_and_ends_the_refresh(store, begin, publish, clock, client):
    await begin()
    days = [make_snapshot(clock(), TUESDAY + DAY * n) for n in range(3)]
    assert await publish("one", *days)
    attempt = make_attempt(clock)
    state = await store.refresh_state("bu")
    assert state == RefreshState(None, None, attempt, attempt.ended_at + COOLDOWN)
    assert list((await store.snapshots("bu", [each.day for each in days])).values()) == days
    assert 47 * 3600 < await client.ttl(day_key("bu", TUESDAY)) <= 48 * 3600
    assert 29 * 86400 < await client.ttl(last_attempt_key("bu")) <= 30 * 86400
    assert 1800 < await client.ttl(cooldown_key("bu")) <= 1809


@pytest.mark.parametrize("taken", [False, True], ids=["free", "another's"])
async def test_who_lost_the_lock_publishes_nothing(store, begin, publish, client, taken):
    await begin()
    await client.pexpire(refresh_lock_key("bu"), 0)
    if taken:
        await begin("two")
    before = await client.keys()
    assert not await publish()
    assert await client.keys() == before
    assert await store.snapshot("bu", TUESDAY) == Missing()


async def test_publishing_again_after_a_lost_answer_says_so(begin, publish):
    await begin()
    assert await publish()
    assert await publish()


async def test_a_day_that_is_over_is_not_published(store, begin, clock):
    await begin()
    snapshots = [make_snapshot(clock(), TUESDAY + DAY * n) for n in range(2)]
    assert await store.publish(
        "bu",
        "one",
        snapshots,
        make_attempt(clock),
        expiry_of=lambda day: clock() + (day - TUESDAY),
        cooldown=COOLDOWN,
    )
    assert list(await store.snapshots("bu", [TUESDAY, TUESDAY + DAY])) == [TUESDAY + DAY]


async def test_a_moderator_waits_for_the_cooldown_and_the_bot_does_not(begin, publish, clock):
    await begin()
    await publish()
    read_at, possible_at = clock(), clock() + timedelta(seconds=9) + COOLDOWN
    clock.set(possible_at - timedelta(microseconds=1))
    assert await begin("two", manual=True) == OnCooldown(read_at, possible_at)
    assert await begin("two", manual=False) == LockAcquired()


async def test_the_cooldown_is_over_when_it_says(store, begin, publish, clock):
    await begin()
    await publish()
    clock.set(clock() + timedelta(seconds=9) + COOLDOWN)
    assert (await store.refresh_state("bu")).allowed_at is None
    assert await begin("two", manual=True) == LockAcquired()


async def test_a_refresh_under_way_is_told_before_the_cooldown(begin, publish):
    await begin()
    await publish()
    await begin("two")
    assert await begin("three", manual=True) == LockHeld("two")


async def test_without_a_cooldown_there_is_none(begin, publish, client, clock):
    await begin()
    await publish()
    await begin("two")
    await publish("two", cooldown=timedelta(), ended_at=clock())
    assert not await client.exists(cooldown_key("bu"))


async def test_what_another_process_has_just_read_is_not_read_again(store, begin, publish, clock):
    """Two processes find the same data due; the second asks when the first is done."""
    held = clock()
    clock.forward(hours=2)
    await begin()
    await publish()
    assert await begin("two", skip_if_newer_than=held) == AlreadyRefreshed(make_attempt(clock))
    assert (await store.refresh_state("bu")).token is None
    assert await begin("two", skip_if_newer_than=clock()) == LockAcquired()


async def test_a_failure_since_is_no_reason_not_to_read(store, begin, publish, clock):
    await begin()
    await publish()
    held = clock()
    clock.forward(hours=2)
    await begin("two")
    await store.release_lock("bu", "two", make_attempt(clock, "two", error="timeout"))
    assert await begin("three", skip_if_newer_than=held) == LockAcquired()


async def test_a_failed_refresh_touches_no_snapshot_and_no_cooldown(
    store, begin, publish, clock, client
):
    await begin()
    await publish()
    before = {key: await client.hgetall(key) for key in await client.keys("*:day:*")}
    cooldown = await client.hgetall(cooldown_key("bu"))
    clock.forward(hours=1)
    await begin("two")
    failed = make_attempt(clock, "two", error="timeout", rooms_read=0)
    assert await store.release_lock("bu", "two", failed)
    assert {key: await client.hgetall(key) for key in await client.keys("*:day:*")} == before
    assert await client.hgetall(cooldown_key("bu")) == cooldown
    assert (await store.refresh_state("bu")).last_attempt == failed


async def test_a_refresh_given_up_leaves_the_last_attempt(store, begin, publish, clock):
    await begin()
    await publish()
    await begin("two")
    assert await store.release_lock("bu", "two", None)
    assert (await store.refresh_state("bu")).last_attempt == make_attempt(clock)
    assert await begin("three") == LockAcquired()


async def test_who_lost_the_lock_ends_nobody_elses_refresh(store, begin, client, clock):
    await begin()
    await client.pexpire(refresh_lock_key("bu"), 0)
    await begin("two")
    assert not await store.release_lock("bu", "one", make_attempt(clock, error="timeout"))
    assert await store.refresh_state("bu") == RefreshState("two", None, None, None)


async def test_nothing_is_known_of_a_campus_never_read(store):
    assert await store.refresh_state("bu") == RefreshState(None, None, None, None)


async def test_what_cannot_be_read_stands_in_nobodys_way(store, begin, publish, client, clock):
    await begin()
    await publish()
    await client.hset(cooldown_key("bu"), "read_at", "gone")
    await client.hset(last_attempt_key("bu"), "record", b"{}")
    assert (await store.refresh_state("bu")).last_attempt is None
    assert await begin("two", manual=True) == LockAcquired()
    await store.release_lock("bu", "two", None)
    assert await begin("three", skip_if_newer_than=clock() - DAY) == LockAcquired()
    await client.hset(cooldown_key("bu"), "possible_at", "1e400")
    assert (await store.refresh_state("bu")).allowed_at is None


async def test_a_published_snapshot_is_found_whatever_was_there(store, begin, publish, clock):
    older = make_snapshot(clock() + timedelta(hours=1))
    await store.restore("bu", [older], lambda _: clock() + DAY)
    await begin()
    await publish()
    assert await store.snapshot("bu", TUESDAY) == Changed(make_snapshot(clock()))


async def test_a_full_redis_keeps_what_it_has_and_lets_go_of_the_lock(
    store, begin, publish, client, clock
):
    await begin()
    await publish()
    clock.forward(hours=1)
    await begin("two")
    days = [make_snapshot(clock(), TUESDAY + DAY * n) for n in range(31)]
    await client.config_set("maxmemory", 1)
    try:
        with pytest.raises(StoreUnavailableError, match="maxmemory"):
            await publish("two", *days)
        assert len(await store.revisions("bu", [each.day for each in days])) == 1
        failed = make_attempt(clock, "two", error="full")
        assert await store.release_lock("bu", "two", failed)
        assert (await store.refresh_state("bu")).last_attempt == failed
        with pytest.raises(StoreUnavailableError):
            await begin("three")
    finally:
        await client.config_set("maxmemory", 0)
    assert await begin("three") == LockAcquired()


async def test_a_reader_sees_all_days_of_a_publication_or_none(store, client, clock):
    days = [TUESDAY + DAY * n for n in range(8)]
    reader = Store(client, now=clock)
    seen: set[frozenset[datetime]] = set()

    async def read():
        while len(seen) < 20:
            seen.add(frozenset((await reader.revisions("bu", days)).values()))

    reading = asyncio.create_task(read())
    for n in range(200):
        moment = at("10:00") + timedelta(minutes=n)
        await store.acquire_lock("bu", str(n), lease=LEASE, manual=False)
        await store.publish(
            "bu",
            str(n),
            [make_snapshot(moment, day) for day in days],
            make_attempt(clock, str(n)),
            expiry_of=lambda _: clock() + 2 * DAY,
            cooldown=COOLDOWN,
        )
        if reading.done():
            break
    await reading
    assert {len(each) for each in seen} <= {0, 1}


async def test_an_attempt_stays_readable_for_every_version(store, begin, client, clock):
    """The names in Redis are those that bots of every version write and read."""
    await begin()
    failed = make_attempt(clock, error="timeout", error_class="unavailable", rooms_read=0)
    await store.release_lock("bu", "one", replace(failed, mass_deletion_suspected=True))
    stored = json.loads(await client.hget(last_attempt_key("bu"), "record"))
    assert {"read", "why", "doubted"} < stored.keys()
    assert (stored["read"], stored["why"], stored["doubted"]) == (0, "unavailable", True)
