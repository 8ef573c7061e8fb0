"""The day ends while it runs, and it is told to end: nothing half done, nothing of yesterday."""

import asyncio
from datetime import time, timedelta

import pytest

from core.model.calendar import DAY as ONE_DAY
from core.model.digest import DigestSettings
from core.store import Store
from core.store.keys import refresh_lock_key
from tests import oracle
from tests.fakes import eventually
from tests.resilience.faults import REPLIES
from tests.resilience.outage_environment import DAY, TEN
from tests.resilience.recovery import is_healed
from tests.resilience.traffic import LATE

MIDNIGHT = oracle.clock(oracle.UMD_ZONE, DAY + ONE_DAY, 0)
DUE = oracle.clock(oracle.UMD_ZONE, DAY, 7 * 60 + 30)
POSTS = r"/channels/\d+/messages"
CHANNELS = 12


@pytest.fixture
async def shortly_before_midnight(chaos_at):
    """Give a stage on which the day ends soon, with a bot that knows of no day but this one."""
    async with chaos_at(MIDNIGHT - 9 * oracle.MINUTE / 60, DAYS_AHEAD="0") as chaos:
        await chaos.start_bot()
        yield chaos


async def test_yesterday_is_never_today(shortly_before_midnight):
    chaos = shortly_before_midnight
    chaos.tells(may_lack=True)
    await chaos.source.stop()
    async with chaos.traffic.flowing():
        await chaos.traffic.goes_on()
        await eventually(lambda: chaos.stage.clock() > MIDNIGHT + LATE, within=15)
        await chaos.traffic.goes_on()
    chaos.traffic.assert_well()
    await chaos.source.start()
    assert "Refreshed in" in await chaos.refreshed()
    free = (await chaos.stage.member.slash("building", building="ATL")).text
    assert chaos.traffic.truth.untrue_of_building(free, [MIDNIGHT]) is None


@pytest.mark.soak
async def test_the_next_day_is_told_from_what_was_read_before(chaos_at):
    async with chaos_at(MIDNIGHT - 8 * oracle.MINUTE / 60) as chaos:
        await chaos.start_bot()
        chaos.tells(may_lack=False)
        await chaos.source.stop()
        async with chaos.traffic.flowing():
            await eventually(lambda: chaos.stage.clock() > MIDNIGHT + LATE, within=15)
            await chaos.traffic.goes_on()
        chaos.traffic.assert_well()
        await chaos.source.start()
        await is_healed(chaos)


async def test_told_to_end_in_a_refresh_it_leaves_no_lock(chaos_at):
    async with chaos_at(TEN) as chaos:
        bot = await chaos.start_bot()
        chaos.source.latency = 1
        asked = asyncio.create_task(chaos.stage.moderator.slash("refresh"))
        await eventually(lambda: chaos.source.in_flight > 0)
        slow = chaos.discord.faults.delay("POST", REPLIES, seconds=1)
        question = asyncio.create_task(chaos.stage.member.slash("free"))
        await slow.wait_until_hit()
        async with chaos.redis.client() as client:
            assert await client.exists(refresh_lock_key("umd"))
        assert await bot.stop() == 0
        assert "free now" in (await question).text
        assert (await asked).text.startswith("Checking University of Maryland… ")
        async with chaos.redis.client() as client:
            assert not await client.exists(refresh_lock_key("umd"))
        chaos.source.latency = 0
        again = await chaos.start_bot()
        await is_healed(chaos)
        assert await again.stop() == 0


async def test_told_to_end_in_a_digest_the_next_process_goes_on(chaos_at):
    async with chaos_at(DUE) as chaos:
        channels = await add_digests(chaos)
        chaos.discord.faults.delay("POST", POSTS, seconds=0.5, times=CHANNELS // 2)
        held = chaos.discord.faults.hold("POST", POSTS, times=CHANNELS, after_processing=True)
        bot = await chaos.stage.launch_bot()
        await held.wait_until_hit(30)
        assert await bot.stop() == 0
        held.release()
        assert not all(each.messages for each in channels) or await states(chaos) != {"sent"}
        # So long what was begun may still be on its way, and is left alone.
        chaos.stage.clock.offset += timedelta(seconds=35)
        again = await chaos.start_bot()
        async with asyncio.timeout(30):
            while await states(chaos) != {"sent"}:  # noqa: ASYNC110 - another process brings it about
                await asyncio.sleep(0.05)
        assert [len(each.messages) for each in channels] == [1] * CHANNELS
        assert await again.stop() == 0


async def add_digests(chaos):
    """Set digests as moderators did the week before, and return their channels."""
    channels = []
    async with chaos.redis.client() as client:
        store = Store(client, now=chaos.stage.clock)
        for _ in range(CHANNELS):
            server = chaos.discord.add_guild("Terps")
            server.add_bot()
            channels.append(server.add_channel("daily"))
            settings = DigestSettings(
                guild_id=server.id,
                channel_id=channels[-1].id,
                campus_id="umd",
                time=time(7, 30),
                set_at=DUE - 7 * ONE_DAY,
            )
            await store.save_settings(settings)
    return channels


async def states(chaos):
    """Return how the digests of the day stand, once there is a record of each."""
    async with chaos.redis.client() as client:
        found = await Store(client, now=chaos.stage.clock).deliveries("umd", DAY)
    return {each.state for each in found.values()} if len(found) == CHANNELS else set()
