"""Which campus was chosen where, in memory and in step with Redis."""

import pytest

from core.errors import StoreUnavailableError
from core.preferences import CampusPreferences, guild_key, user_key
from core.store import Store, connect

HERE, ANA = guild_key(1), user_key(1)


@pytest.fixture
async def mine(store):
    return CampusPreferences(store)


@pytest.fixture
async def theirs(client, clock):
    return CampusPreferences(Store(client, now=clock))


async def test_a_choice_counts_at_once_and_for_whom_it_was_made(mine):
    await mine.set(HERE, "bu")
    assert (mine.get(HERE), mine.get(ANA)) == ("bu", None)


async def test_a_choice_that_is_forgotten_is_none(mine):
    await mine.set(ANA, "bu")
    await mine.set(ANA, None)
    assert mine.get(ANA) is None


async def test_others_see_it_when_they_look(mine, theirs):
    await mine.set(HERE, "bu")
    assert theirs.get(HERE) is None
    await theirs.sync()
    assert theirs.get(HERE) == "bu"


async def test_what_others_changed_is_not_hidden_by_a_change_of_ones_own(mine, theirs):
    await theirs.set(HERE, "bu")
    await mine.set(ANA, "umd")
    await mine.sync()
    assert (mine.get(HERE), mine.get(ANA)) == ("bu", "umd")


async def test_what_is_stored_is_there_after_a_start(mine, theirs):
    await mine.set(HERE, "bu")
    await theirs.load()
    assert theirs.get(HERE) == "bu"


async def test_a_redis_that_lost_everything_gets_it_back(mine, theirs, client):
    await mine.set(HERE, "bu")
    await client.flushall()
    await mine.sync()
    await theirs.load()
    assert (mine.get(HERE), theirs.get(HERE)) == ("bu", "bu")


async def test_without_redis_memory_stands_and_nothing_new_is_believed(start_redis, clock):
    server = start_redis()
    client = connect(server.url)
    picks = CampusPreferences(Store(client, now=clock))
    await picks.set(HERE, "bu")
    server.stop()
    with pytest.raises(StoreUnavailableError):
        await picks.set(HERE, "umd")
    with pytest.raises(StoreUnavailableError):
        await picks.sync()
    await picks.load()
    assert picks.get(HERE) == "bu"
    await client.aclose()
