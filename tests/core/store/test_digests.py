"""Digest settings that last, and deliveries that exactly one process moves on."""

import asyncio
import json
import logging
import sys
from dataclasses import replace
from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.model.digest import Delivery, DigestSettings
from core.store import Store
from core.store.keys import deliveries_key, digest_settings_key
from tests.fakes import TUESDAY, at

SET = DigestSettings(
    guild_id=1, channel_id=10, campus_id="bu", time=time(7, 30), set_at=at("09:00")
)
SENDING = Delivery(state="sending", started_at=at("07:30"), attempts=1)
SENT = replace(SENDING, state="sent", message_id=2**63 - 1)

CLAIM_ALL = """
import asyncio, sys
from datetime import UTC, date, datetime
from core.model.digest import Delivery
from core.store import Store, connect

async def main():
    client = connect(sys.argv[1])
    moment = datetime(2026, 3, 3, 12, 30, tzinfo=UTC)
    store = Store(client, now=lambda: moment)
    sending = Delivery(state="sending", started_at=moment, attempts=1)
    claimed = 0
    for channel in range(300):
        claimed += await store.compare_and_set_delivery(
            "bu", date(2026, 3, 3), channel, expected=None, new=sending
        )
    await client.aclose()
    print(claimed)

asyncio.run(main())
"""


async def test_what_a_guild_has_set_is_kept_without_end(store, client):
    await store.save_settings(SET)
    assert await store.get_settings(1) == SET
    assert await client.ttl(digest_settings_key()) == -1


async def test_a_guild_that_has_set_nothing_has_no_digest(store):
    assert await store.get_settings(1) is None
    assert await store.all_settings() == ()


async def test_every_field_of_the_settings_is_kept(store):
    full = replace(
        SET,
        guild_id=2**63,
        building="CAS",
        failing_since=at("08:00"),
        disabled_since=at("08:01") + timedelta(microseconds=1),
        disabled_reason="Missing Access",
    )
    await store.save_settings(full)
    assert await store.get_settings(2**63) == full


async def test_all_guilds_settings_come_at_once(store):
    several = [replace(SET, guild_id=n) for n in range(20)]
    for each in several:
        await store.save_settings(each)
    assert sorted(await store.all_settings(), key=lambda each: each.guild_id) == several


async def test_setting_again_replaces(store):
    await store.save_settings(SET)
    await store.save_settings(replace(SET, channel_id=11))
    assert await store.all_settings() == (replace(SET, channel_id=11),)


async def test_a_removed_digest_is_gone(store):
    await store.save_settings(SET)
    assert await store.delete_settings(1)
    assert not await store.delete_settings(1)
    assert await store.get_settings(1) is None


async def test_a_note_of_failure_is_kept(store):
    await store.save_settings(SET)
    failing = replace(SET, failing_since=at("08:00"))
    assert await store.compare_and_set_settings(expected=SET, new=failing)
    assert await store.get_settings(1) == failing


@pytest.mark.parametrize("newer", [replace(SET, channel_id=11), None], ids=["set anew", "removed"])
async def test_a_note_of_failure_never_replaces_what_a_moderator_did(store, newer):
    await store.save_settings(SET)
    if newer:
        await store.save_settings(newer)
    else:
        await store.delete_settings(1)
    assert not await store.compare_and_set_settings(
        expected=SET, new=replace(SET, failing_since=at("08:00"))
    )
    assert await store.get_settings(1) == newer


async def test_a_moment_counts_whatever_zone_it_is_told_in(store):
    await store.save_settings(replace(SET, set_at=SET.set_at.astimezone(ZoneInfo("Asia/Tokyo"))))
    assert await store.compare_and_set_settings(expected=SET, new=replace(SET, channel_id=11))


async def test_settings_that_cannot_be_read_are_passed_over_and_logged_once(store, client, caplog):
    await store.save_settings(SET)
    stamp = b"0" * 16
    naive = b'{"guild":3,"channel":1,"campus":"bu","at":"07:30:00","set_at":"2026-03-03T09:00:00"}'
    garbage = {
        b"2": b"?",
        b"3": stamp + naive,
        b"many": (await client.hgetall(digest_settings_key()))[b"1"],
    }
    await client.hset(digest_settings_key(), mapping=garbage)
    with caplog.at_level(logging.WARNING):
        assert await store.all_settings() == (SET,)
        assert await store.all_settings() == (SET,)
        assert await store.get_settings(2) is None
    assert len(caplog.records) == 3


async def test_a_delivery_goes_its_way_and_is_forgotten_after_three_days(store, client):
    assert await store.compare_and_set_delivery("bu", TUESDAY, 10, expected=None, new=SENDING)
    assert await store.compare_and_set_delivery("bu", TUESDAY, 10, expected=SENDING, new=SENT)
    assert await store.deliveries("bu", TUESDAY) == {10: SENT}
    assert await store.delivery("bu", TUESDAY, 10) == SENT
    assert await store.delivery("bu", TUESDAY, 11) is None
    assert 3 * 86400 - 60 < await client.ttl(deliveries_key("bu", TUESDAY)) <= 3 * 86400


async def test_days_and_campuses_have_their_own_deliveries(store):
    await store.compare_and_set_delivery("bu", TUESDAY, 10, expected=None, new=SENDING)
    assert await store.deliveries("umd", TUESDAY) == {}
    assert await store.compare_and_set_delivery("umd", TUESDAY, 10, expected=None, new=SENDING)


@pytest.mark.parametrize(
    "seen",
    [None, replace(SENDING, attempts=2), replace(SENDING, started_at=at("07:31")), SENT],
    ids=["none", "attempts", "since", "state"],
)
async def test_a_delivery_that_is_not_as_seen_is_not_moved(store, seen):
    await store.compare_and_set_delivery("bu", TUESDAY, 10, expected=None, new=SENDING)
    failed = Delivery(state="failed", started_at=at("07:32"), reason="Missing Access")
    assert not await store.compare_and_set_delivery("bu", TUESDAY, 10, expected=seen, new=failed)
    assert await store.deliveries("bu", TUESDAY) == {10: SENDING}


async def test_a_delivery_that_is_gone_is_not_moved(store):
    assert not await store.compare_and_set_delivery("bu", TUESDAY, 10, expected=SENDING, new=SENT)
    assert await store.deliveries("bu", TUESDAY) == {}


async def test_exactly_one_of_many_moves_a_delivery_though_all_write_the_same(client, clock):
    stores = [Store(client, now=clock) for _ in range(20)]
    moved = await asyncio.gather(
        *(
            each.compare_and_set_delivery("bu", TUESDAY, 10, expected=None, new=SENDING)
            for each in stores
        )
    )
    assert sum(moved) == 1


async def test_two_processes_claim_each_delivery_once(store, redis_url):
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", CLAIM_ALL, redis_url, stdout=asyncio.subprocess.PIPE
        )
        for _ in range(2)
    ]
    claimed = [int((await each.communicate())[0]) for each in processes]
    assert sum(claimed) == 300
    assert len(await store.deliveries("bu", TUESDAY)) == 300


async def test_who_asks_again_after_a_lost_answer_is_told_that_it_was_the_one(store, client):
    """The client repeats a command whose answer was lost with the connection."""
    run = client.evalsha

    async def run_twice(*args):
        await run(*args)
        return await run(*args)

    client.evalsha = run_twice
    assert await store.compare_and_set_delivery("bu", TUESDAY, 10, expected=None, new=SENDING)
    assert not await store.compare_and_set_delivery("bu", TUESDAY, 10, expected=None, new=SENDING)


async def test_settings_and_deliveries_stay_readable_for_every_version(store, client):
    """The names in Redis are those that bots of every version write and read."""
    full = replace(SET, failing_since=SET.set_at, disabled_since=SET.set_at, disabled_reason="gone")
    await store.save_settings(replace(full, building="CAS", with_images=False))
    stored = json.loads((await client.hget(digest_settings_key(), "1"))[16:])
    assert stored == {
        "guild": 1,
        "channel": 10,
        "campus": "bu",
        "at": "07:30:00",
        "building": "CAS",
        "pictures": False,
        "set_at": "2026-03-03T14:00:00Z",
        "failing_since": "2026-03-03T14:00:00Z",
        "off_since": "2026-03-03T14:00:00Z",
        "off_why": "gone",
    }
    sent = replace(SENT, reason="late")
    await store.compare_and_set_delivery("bu", TUESDAY, 10, expected=None, new=sent)
    stored = json.loads((await client.hget(deliveries_key("bu", TUESDAY), "10"))[16:])
    assert stored == {
        "state": "sent",
        "since": "2026-03-03T12:30:00Z",
        "attempts": 1,
        "message": 2**63 - 1,
        "why": "late",
    }
