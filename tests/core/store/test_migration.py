"""Keys of before a scope are taken along once, by every bot that finds them."""

import base64

import pytest

from core.model.digest import DigestSettings
from core.store import KeyScope, Store, migrate_keys
from core.store.keys import digest_settings_key, hinted_guilds_key
from tests.core.store.test_digests import SENT, SET
from tests.core.store.test_keys import use_all_of
from tests.fakes import TUESDAY

BOT, OTHER = KeyScope(bot_id="42"), KeyScope(bot_id="43")


@pytest.fixture
async def old(store, clock):
    """Store everything as an earlier version did."""
    await use_all_of(store, clock)
    return store


async def migrate(client, scope=BOT):
    await migrate_keys(client, scope, ["bu"], TUESDAY, days_ahead=30)


def scoped(client, clock, scope=BOT):
    return Store(client, now=clock, scope=scope)


async def test_all_of_it_is_taken_along(old, client, clock):
    await migrate(client)
    new = scoped(client, clock)
    assert await new.all_settings() == await old.all_settings() == (SET,)
    assert await new.deliveries("bu", TUESDAY) == {10: SENT}
    assert await new.all_preferences() == await old.all_preferences()
    assert (await new.refresh_state("bu")).last_attempt
    days = [TUESDAY]
    assert await new.snapshots("bu", days) == await old.snapshots("bu", days) != {}
    copied, kept = (
        await client.hgetall("ec:1:42:{bu}:day:2026-03-03"),
        await client.hgetall("ec:1:{bu}:day:2026-03-03"),
    )
    assert copied == kept != {}


async def test_what_a_server_removes_afterwards_does_not_come_back(old, client, clock):
    await migrate(client)
    assert await scoped(client, clock).delete_settings(SET.guild_id)
    await migrate(client)
    assert await scoped(client, clock).all_settings() == ()


async def test_two_bots_take_it_along_and_are_apart_from_then_on(old, client, clock):
    await migrate(client)
    await migrate(client, OTHER)
    await scoped(client, clock).delete_settings(SET.guild_id)
    assert await scoped(client, clock, OTHER).all_settings() == (SET,)


async def test_what_was_kept_for_ever_ends(old, client):
    before = await client.ttl("ec:1:{bu}:attempt")
    await migrate(client)
    assert 0 < await client.ttl(digest_settings_key()) <= 30 * 24 * 3600
    assert await client.ttl("ec:1:{bu}:attempt") == before
    assert await client.ttl(f"ec:1:42:{hinted_guilds_key().removeprefix('ec:1:')}") <= -1
    assert await client.ttl("ec:1:42:digests") == -1


async def test_nothing_is_taken_along_into_a_prefix_or_without_a_bot(old, client, clock):
    for scope in (KeyScope("staging:", "42"), KeyScope()):
        before = sorted(await client.keys())
        await migrate(client, scope)
        assert sorted(await client.keys()) == before


def token(bot_id: str) -> str:
    return f"{base64.b64encode(bot_id.encode()).decode().rstrip('=')}.GhIjKl.{'m' * 38}"


@pytest.mark.parametrize("bot_id", ["80351110224678912", "1112345678901234567"])
def test_a_token_says_whose_it_is(bot_id):
    assert KeyScope.of_token(token(bot_id), "p:") == KeyScope("p:", bot_id)


@pytest.mark.parametrize("text", ["a.b.c", "x" * 43, "bm8tZGlnaXRz.a.b", "", "\xff.a"])
def test_another_token_has_no_scope(text):
    assert KeyScope.of_token(text, "") == KeyScope()


def test_a_scope_names_its_keys():
    assert KeyScope("p:", "42").key("ec:1:{bu}:day:2026-03-03") == "p:ec:1:42:{bu}:day:2026-03-03"
    assert KeyScope().key("ec:1:digests") == "ec:1:digests"


async def test_bots_of_one_redis_see_nothing_of_each_other(client, clock):
    one, other = scoped(client, clock), scoped(client, clock, OTHER)
    await one.save_settings(SET)
    assert isinstance(SET, DigestSettings)
    assert await other.all_settings() == ()
    assert await other.get_settings(SET.guild_id) is None
