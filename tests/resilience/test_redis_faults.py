"""Redis dies, fills up, falls silent, is replaced: members notice nothing, and it heals."""

from tests.resilience.faults import redis_full, redis_killed, redis_replaced, redis_silent
from tests.resilience.outage_environment import TEN
from tests.resilience.recovery import is_healed, is_stored, logging_once

DOWN, UP = "Redis does not answer", "Redis answers again"
REFUSES, TAKES = "Redis refuses", "Redis takes changes again"


async def test_members_notice_no_fault_of_redis(chaos_at):
    async with chaos_at(TEN) as chaos:
        bot = await chaos.start_bot()
        await set_digest(chaos, "06:00")
        with logging_once(bot, DOWN, UP) as lines:
            await it_dies_and_comes_back(chaos, lines)
        with logging_once(bot, REFUSES, TAKES) as lines:
            await it_is_full(chaos, lines)
        with logging_once(bot, DOWN, UP) as lines:
            await it_falls_silent(chaos, lines)
        with logging_once(bot):  # It is back before it was missed.
            await it_is_replaced_by_an_empty_one(chaos)
        assert await bot.stop() == 0


async def set_digest(chaos, time):
    """Set a digest as a moderator does, and return what is said to that."""
    ask = chaos.stage.moderator.slash
    return (await ask("digest set", channel=chaos.stage.study, time=time)).text


async def show_digest(chaos):
    return (await chaos.stage.moderator.slash("digest show")).text


async def it_dies_and_comes_back(chaos, lines):
    async with chaos.traffic.flowing():
        async with redis_killed(chaos):
            await lines.hold(DOWN)
            assert "Database: not answering since" in await chaos.status()
            assert "Refreshed in" in await chaos.refreshed()
            assert (await show_digest(chaos)).startswith("I can't reach my store")
            await chaos.traffic.goes_on()
        await lines.hold(UP)
    await is_healed(chaos)
    assert "06:00" in await show_digest(chaos)


async def it_is_full(chaos, lines):
    async with chaos.traffic.flowing(), redis_full(chaos):
        assert "Refreshed in" in await chaos.refreshed()
        await lines.hold(REFUSES)
        assert "Database: answered" in (status := await chaos.status())
        assert "saves nothing" in status
        assert (await set_digest(chaos, "09:00")).startswith("I can't reach my store")
        assert "06:00" in await show_digest(chaos)
        await chaos.traffic.goes_on()
    await is_healed(chaos)
    assert "09:00" in await set_digest(chaos, "09:00")


async def it_falls_silent(chaos, lines):
    async with chaos.traffic.flowing(), redis_silent(chaos):
        await lines.hold(DOWN)
        await lines.hold(UP)
        await chaos.traffic.goes_on()
    await is_healed(chaos)


async def it_is_replaced_by_an_empty_one(chaos):
    chaos.source.reset_counts()
    async with chaos.traffic.flowing(), redis_replaced(chaos):
        await is_stored(chaos, chaos.today)
        await chaos.traffic.goes_on()
    assert chaos.source.request_count == 0
    await is_healed(chaos)
    assert (await show_digest(chaos)).startswith("No digest is set")
    assert "07:00" in await set_digest(chaos, "07:00")
