"""Refreshes over several processes and several attempts: the lease, failures, the cooldown."""

import asyncio
from datetime import timedelta

import pytest

from core.data import refresher
from core.data.refresher import LEASE, Refresher
from core.errors import RefreshTooSoonError, SourceFormatError, SourceUnavailableError
from core.model.bookings import RoomDay, Snapshot
from core.model.refresh import LockHeld
from core.store import Store, connect
from tests.fakes import FakeSource, at, between, eventually, make_campus, make_policy


@pytest.fixture
def source():
    return FakeSource(make_campus())


@pytest.fixture
def make_refresher(store, source, clock):
    def make(with_store=store):
        return Refresher(make_campus(), source, with_store, make_policy(), now=clock)

    return make


async def refreshed(one, cached=None, *, manual=False):
    return await one.run(cached or {}, manual=manual, skip_if_newer_than=None)


async def test_second_failure_in_a_row_names_the_first_as_the_beginning(
    make_refresher, source, clock
):
    one = make_refresher()
    source.down = SourceUnavailableError("no answer")
    for minutes in (0, 30):
        clock.set(at("10:00") + timedelta(minutes=minutes))
        with pytest.raises(SourceUnavailableError):
            await refreshed(one)
    assert one.last_attempt.failing_since == at("10:00")
    assert one.last_attempt.began_at == at("10:30")
    source.down = None
    clock.set(at("11:00"))
    await refreshed(one)
    assert one.last_attempt.failing_since is None
    source.down = SourceUnavailableError("no answer")
    clock.set(at("12:00"))
    with pytest.raises(SourceUnavailableError):
        await refreshed(one)
    assert one.last_attempt.failing_since == at("12:00")
    assert one.last_attempt.success_at == at("11:00")


async def test_failed_room_keeps_the_newer_of_memory_and_redis(make_refresher, source, clock):
    one, other = make_refresher(), make_refresher()
    held = {snapshot.day: snapshot for snapshot in (await refreshed(one)).snapshots}
    clock.forward(hours=1)
    source.bookings["101"] = [between("15:00", "16:00")]
    await refreshed(other)
    clock.forward(hours=1)
    source.failing["101"] = SourceUnavailableError("no answer")
    outcome = await refreshed(one, held)
    room = outcome.snapshots[0].rooms["101"]
    assert room.bookings == (between("15:00", "16:00"),)
    assert room.read_at == at("11:00")


async def test_failed_room_keeps_memory_where_redis_is_older(make_refresher, source, clock):
    one = make_refresher()
    first = (await refreshed(one)).snapshots
    clock.forward(hours=1)
    newer = {
        snapshot.day: replace_rooms(snapshot, clock(), [between("15:00", "16:00", snapshot.day)])
        for snapshot in first
    }
    clock.forward(hours=1)
    source.failing["101"] = SourceUnavailableError("no answer")
    outcome = await refreshed(one, newer)
    assert outcome.snapshots[0].rooms["101"].bookings == (between("15:00", "16:00"),)


def replace_rooms(snapshot, read_at, bookings):
    """Return a later snapshot in which the first room has bookings."""
    rooms = {
        id_: RoomDay(room.known, tuple(bookings if id_ == "101" else ()), (), read_at)
        for id_, room in snapshot.rooms.items()
    }
    return Snapshot(snapshot.campus, snapshot.day, read_at, rooms)


async def test_reading_that_outlasts_the_lease_keeps_it(
    make_refresher, store, source, clock, monkeypatch
):
    monkeypatch.setattr(refresher, "LEASE", timedelta(milliseconds=300))
    monkeypatch.setattr(refresher, "_HEARTBEAT_SECONDS", 0.05)
    source.gate.clear()
    reading = asyncio.create_task(refreshed(make_refresher()))
    await eventually(lambda: source.readings == 1)
    await asyncio.sleep(0.6)
    answer = await store.acquire_lock(
        "bu", "other", lease=LEASE, manual=False, skip_if_newer_than=None
    )
    assert isinstance(answer, LockHeld)
    source.gate.set()
    assert len((await reading).snapshots) == 3


async def test_another_process_gets_the_outcome_and_the_kind_of_failure(
    make_refresher, source, monkeypatch
):
    monkeypatch.setattr(refresher, "_POLL_SECONDS", 0.01)
    for failure in (None, SourceFormatError("not understood")):
        source.down, source.readings = failure, 0
        source.gate.clear()
        one = asyncio.create_task(refreshed(make_refresher()))
        await eventually(lambda: source.readings == 1)
        other = asyncio.create_task(refreshed(make_refresher()))
        await asyncio.sleep(0.1)
        source.gate.set()
        await asyncio.wait([one, other])
        assert source.readings == 1
        if failure is None:
            assert one.result().attempt == other.result().attempt
            assert other.result().snapshots == ()
        else:
            assert isinstance(one.exception(), SourceFormatError)
            assert isinstance(other.exception(), SourceFormatError)


async def test_without_redis_a_process_keeps_its_own_cooldown(make_refresher, start_redis, clock):
    redis = start_redis()
    client = connect(redis.url)
    one = make_refresher(Store(client, now=clock))
    redis.kill()
    await refreshed(one, manual=True)
    clock.forward(minutes=29, seconds=59)
    with pytest.raises(RefreshTooSoonError) as caught:
        await refreshed(one, manual=True)
    assert caught.value.read_at == at("10:00")
    assert caught.value.allowed_at == at("10:30")
    assert len((await refreshed(one)).snapshots) == 3
    clock.forward(minutes=30)
    await refreshed(one, manual=True)
    await client.aclose()


async def test_progress_counts_rooms_from_nothing(make_refresher, source):
    one = make_refresher()
    source.gate.clear()
    reading = asyncio.create_task(refreshed(one))
    await eventually(lambda: source.readings == 1)
    assert one.progress == (3, 6)
    source.gate.set()
    await reading
