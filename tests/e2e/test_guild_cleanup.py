"""What is stored for a server ends with the bot's stay there, noticed or not."""

import asyncio
from contextlib import asynccontextmanager
from datetime import time

import pytest

from core.model.calendar import DAY
from core.model.digest import DigestSettings
from core.preferences import guild_key
from core.store import Store, connect
from fakes.live25.bookings import Months
from fakes.live25.server import FakeLive25
from tests.e2e.environment import open_environment, write_campus
from tests.e2e.test_campuses import month
from tests.fakes import TUESDAY, at
from tests.oracle import Hours, RoomName

NOW = at("10:05")
HALL = Hours("ATL", "07:00", "23:00", (RoomName("110", "0"),))


@pytest.fixture
def opened(tmp_path, start_redis):
    """Give a way to open a stage of two servers with settings, a Redis and a store of it."""

    @asynccontextmanager
    async def open_stage():
        redis = start_redis()
        client = connect(redis.url)
        async with FakeLive25(Months({"110": month("110")})) as source:
            file = write_campus(tmp_path / "umd.toml", {"url": source.url, "read": "rooms"}, [HALL])
            async with open_environment(tmp_path, file, redis.url, start=NOW) as stage:
                other = stage.discord.add_guild("Others")
                other.add_bot()
                store = Store(client, now=stage.clock)
                for guild in (stage.server, other):
                    await store.save_settings(settings_of(guild))
                    await store.set_preference(guild_key(guild.id), "umd")
                yield stage, other, redis, store
        await client.aclose()

    return open_stage


def settings_of(guild):
    return DigestSettings(
        guild_id=guild.id,
        channel_id=1,
        campus_id="umd",
        time=time(18),
        set_at=at("12:00", TUESDAY - DAY),
    )


async def forgotten(store, gone, stays, *, within=20.0):
    """Wait until nothing is stored of one server; of the other all must be."""
    async with asyncio.timeout(within):
        while True:
            choices = (await store.all_preferences()).campuses
            known = {each.guild_id for each in await store.all_settings()}
            assert stays.id in known
            assert guild_key(stays.id) in choices
            if gone.id not in known and guild_key(gone.id) not in choices:
                return
            await asyncio.sleep(0.05)


async def test_a_server_that_removes_the_bot_is_forgotten(opened):
    async with opened() as (stage, other, _, store):
        await stage.start_bot()
        other.remove_bot()
        await forgotten(store, other, stage.server, within=5)


async def test_a_server_that_removed_the_bot_while_it_was_down_is_forgotten(opened):
    async with opened() as (stage, other, _, store):
        other.remove_bot()
        bot = await stage.start_bot()
        await forgotten(store, other, stage.server)
        assert not bot.logged("Traceback")


async def test_a_removal_while_redis_is_away_is_made_up_for(opened):
    async with opened() as (stage, other, redis, store):
        bot = await stage.start_bot()
        redis.pause()
        other.remove_bot()
        await bot.logs("cannot be removed yet")
        redis.resume()
        await forgotten(store, other, stage.server)


async def test_a_server_is_kept_until_discord_confirms_that_it_is_gone(opened):
    """A list that lacks it proves nothing: Discord itself is asked."""
    async with opened() as (stage, other, _, store):
        stage.discord.faults.respond_with("GET", r"/guilds/\d+", status=500, times=99)
        other.remove_bot()
        bot = await stage.start_bot(LOG_LEVEL="DEBUG")
        await bot.logs("whether a server is gone is not known", within=40)
        assert {each.guild_id for each in await store.all_settings()} == {
            stage.server.id,
            other.id,
        }
