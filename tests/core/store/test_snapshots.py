"""Snapshots in a real Redis: replaced as a whole, told apart by revision, never half read."""

import logging
from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.model.bookings import RoomDay, Snapshot
from core.model.calendar import DAY
from core.model.interval import Interval
from core.store import Store, snapshot_codec
from core.store.codec import InvalidRecordError
from core.store.keys import day_key
from core.store.micros import from_micros
from core.store.snapshot_codec import decode_snapshot, encode_snapshot
from core.store.snapshots import Changed, Missing, Unchanged
from tests.fakes import TUESDAY, at, between

KEY = day_key("bu", TUESDAY)
READ_AT = at("06:30")


def make_snapshot(read_at=READ_AT, *, day=TUESDAY, campus="bu"):
    busy = (between("09:00", "10:15"), between("10:15", "11:00"))
    kept = RoomDay((between("00:00", "23:59"),), busy[:1], (), read_at - timedelta(hours=3))
    fresh = RoomDay((between("00:00", "23:59"),), busy, (between("22:00", "23:00"),), read_at)
    return Snapshot(campus, day, read_at, {"342": fresh, "344": kept, "345": fresh})


def for_two_days(_):
    return at("10:00") + 2 * DAY


async def put(store, snapshot):
    assert await store.restore(snapshot.campus, [snapshot], for_two_days) == 1


moments = st.integers(0, 4 * 10**15).map(from_micros)
intervals = st.builds(
    lambda start, length: Interval(start, start + length),
    moments,
    st.timedeltas(timedelta(microseconds=1), timedelta(days=40)),
)
several = st.lists(intervals, max_size=4).map(tuple)
room_days = st.builds(RoomDay, several, several, several, moments)
snapshots = st.builds(
    Snapshot, st.text(), st.dates(), moments, st.dictionaries(st.text(), room_days, max_size=5)
)


@given(snapshots)
def test_what_is_decoded_is_what_was_encoded(snapshot):
    stored = encode_snapshot(snapshot)
    assert decode_snapshot(stored, snapshot.campus, snapshot.day) == snapshot


def test_intervals_that_rooms_share_are_stored_and_read_back_once():
    snapshot = make_snapshot()
    rooms = decode_snapshot(encode_snapshot(snapshot), "bu", TUESDAY).rooms
    assert rooms["342"].bookings is rooms["345"].bookings
    assert rooms["342"].bookings[0] is rooms["344"].bookings[0]


def test_equal_intervals_are_stored_once_though_they_are_different_objects():
    hour = between("09:00", "10:00")
    alike = {str(n): RoomDay((), (between("09:00", "10:00"),), (), READ_AT) for n in range(40)}
    same = {str(n): RoomDay((), (hour,), (), READ_AT) for n in range(40)}
    stored = encode_snapshot(Snapshot("bu", TUESDAY, READ_AT, alike))
    assert stored == encode_snapshot(Snapshot("bu", TUESDAY, READ_AT, same))


@settings(max_examples=1000)
@given(
    st.lists(st.tuples(st.integers(0, 150), st.integers(0, 255)), max_size=4), st.integers(0, 400)
)
def test_damaged_bytes_are_refused_or_read_but_never_crash(changes, length):
    damaged = bytearray(encode_snapshot(make_snapshot()))
    for position, value in changes:
        damaged[position % len(damaged)] = value
    with suppress(InvalidRecordError):
        decode_snapshot(bytes(damaged[: length or None]), "bu", TUESDAY)


@pytest.mark.parametrize("number", [-1, 1])
def test_a_number_beyond_the_table_is_refused(number):
    room = (0, (number,), (), ())
    body = snapshot_codec._Body("bu", TUESDAY, 0, [0], [0, 1], {"342": room})
    with pytest.raises(InvalidRecordError):
        decode_snapshot(snapshot_codec._encoder.encode(body), "bu", TUESDAY)


async def test_a_day_that_was_never_stored_is_absent(store):
    assert await store.snapshot("bu", TUESDAY) == Missing()
    assert await store.snapshot("bu", TUESDAY, cached=make_snapshot()) == Missing()


async def test_a_stored_snapshot_is_found_whole(store):
    await put(store, make_snapshot())
    assert await store.snapshot("bu", TUESDAY) == Changed(make_snapshot())


async def test_a_snapshot_that_the_reader_has_is_not_sent_again(store):
    await put(store, make_snapshot())
    assert await store.snapshot("bu", TUESDAY, cached=make_snapshot()) == Unchanged()
    older = make_snapshot(READ_AT - timedelta(microseconds=1))
    assert await store.snapshot("bu", TUESDAY, cached=older) == Changed(make_snapshot())


async def test_a_look_costs_one_round_trip(store, client):
    await put(store, make_snapshot())
    await store.snapshot("bu", TUESDAY)
    before = (await client.info("stats"))["total_commands_processed"]
    await store.snapshot("bu", TUESDAY, cached=make_snapshot())
    after = (await client.info("stats"))["total_commands_processed"]
    # INFO itself, the script, and the one command that the script runs.
    assert after - before <= 3


async def test_another_day_or_campus_is_another_snapshot(store):
    await put(store, make_snapshot())
    assert await store.snapshot("bu", TUESDAY + DAY) == Missing()
    assert await store.snapshot("umd", TUESDAY) == Missing()


@pytest.mark.parametrize(
    "wrong", [make_snapshot(day=TUESDAY - DAY), make_snapshot(campus="umd")], ids=["day", "campus"]
)
async def test_a_snapshot_of_another_day_or_campus_is_refused(store, client, wrong):
    body = encode_snapshot(wrong)
    await client.hset(KEY, mapping={"revision": b"1", "body": body})
    assert await store.snapshot("bu", TUESDAY) == Missing()


async def test_what_cannot_be_read_is_absent_and_logged_once(store, client, caplog):
    await client.hset(KEY, mapping={"revision": b"1", "body": b"\xc1 not ours"})
    with caplog.at_level(logging.WARNING):
        assert await store.snapshot("bu", TUESDAY) == Missing()
        assert await store.snapshots("bu", [TUESDAY]) == {}
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert KEY in caplog.text


async def test_what_cannot_be_read_is_replaced_by_what_can(store, client):
    await client.hset(KEY, mapping={"revision": b"soon", "body": b"?"})
    assert await store.revisions("bu", [TUESDAY]) == {}
    await put(store, make_snapshot())
    assert await store.snapshot("bu", TUESDAY) == Changed(make_snapshot())


async def test_a_snapshot_is_kept_until_it_is_told(store, client, clock):
    keep_until = clock() + timedelta(hours=38)
    await store.restore("bu", [make_snapshot()], lambda _: keep_until)
    left = timedelta(milliseconds=await client.pttl(KEY))
    assert timedelta(hours=38) - timedelta(seconds=5) < left <= timedelta(hours=38)


async def test_a_day_that_is_over_is_not_stored(store, client, clock):
    assert await store.restore("bu", [make_snapshot()], lambda _: clock()) == 0
    assert await client.dbsize() == 0


async def test_several_days_are_read_at_once_and_the_absent_are_left_out(store):
    tomorrow = make_snapshot(day=TUESDAY + DAY)
    await store.restore("bu", [make_snapshot(), tomorrow], for_two_days)
    days = [TUESDAY + DAY * n for n in range(-1, 3)]
    found = await store.snapshots("bu", days)
    assert found == {TUESDAY: make_snapshot(), TUESDAY + DAY: tomorrow}
    assert await store.revisions("bu", days) == {TUESDAY: READ_AT, TUESDAY + DAY: READ_AT}
    assert await store.snapshots("bu", []) == {}


async def test_restoring_fills_a_redis_that_was_emptied(store, client):
    await put(store, make_snapshot())
    await client.flushall()
    await put(store, make_snapshot())
    assert await store.snapshot("bu", TUESDAY) == Changed(make_snapshot())


async def test_restoring_replaces_an_older_snapshot_and_leaves_a_newer(store):
    older, newer = make_snapshot(), make_snapshot(READ_AT + timedelta(microseconds=1))
    await put(store, older)
    await put(store, newer)
    assert await store.restore("bu", [older, newer], for_two_days) == 0
    assert await store.snapshot("bu", TUESDAY) == Changed(newer)


async def test_restoring_loses_to_what_is_published_meanwhile(store, client, clock, monkeypatch):
    other = Store(client, now=clock)
    newer = make_snapshot(READ_AT + timedelta(hours=1))
    look = store.revisions

    async def look_then_be_overtaken(*args):
        seen = await look(*args)
        await put(other, newer)
        return seen

    monkeypatch.setattr(store, "revisions", look_then_be_overtaken)
    assert await store.restore("bu", [make_snapshot()], for_two_days) == 0
    assert await store.snapshot("bu", TUESDAY) == Changed(newer)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(room_days, moments)
async def test_any_room_survives_redis(store, room, read_at):
    snapshot = Snapshot("bu", TUESDAY, read_at, {"1": room})
    await store._client.flushall()
    await put(store, snapshot)
    assert await store.snapshot("bu", TUESDAY) == Changed(snapshot)
