"""The booking site fails in every way: what is known stays true, what failed is unknown."""

import pytest

from tests.resilience import faults
from tests.resilience.outage_environment import TEN
from tests.resilience.recovery import NewLines, is_healed, logging_once

DOWN, UP = "cannot be read", "can be read again"


async def test_what_failed_from_the_start_is_unknown_until_it_answers(chaos_at):
    async with chaos_at(TEN) as chaos:
        half = chaos.grounds.without(list(faults.half_failing(list(chaos.grounds.answers))))
        async with faults.source_half_down(chaos):
            bot = await chaos.start_bot()
            chaos.tells(half)
            with logging_once(bot):
                async with chaos.traffic.flowing():
                    assert "Refreshed in" in await chaos.refreshed()
                    await chaos.traffic.goes_on()
        chaos.traffic.assert_well()
        chaos.tells(half, chaos.grounds.says)
        with logging_once(bot):
            async with chaos.traffic.flowing():
                assert "Refreshed in" in await chaos.refreshed()
            await is_healed(chaos)
        assert await bot.stop() == 0


async def test_members_are_told_the_truth_while_the_booking_site_fails(chaos_at):
    async with chaos_at(TEN) as chaos:
        bot = await chaos.start_bot()
        with logging_once(bot, DOWN, UP):
            await while_it_fails(chaos, faults.source_down, "does not answer")
        with logging_once(bot, DOWN, UP):
            await while_it_fails(chaos, faults.source_emptied, "nothing has changed")
        with logging_once(bot):
            await while_it_fails(chaos, faults.source_mostly_emptied, "suddenly empty")
            async with chaos.traffic.flowing():
                for breaks in (faults.source_half_down, faults.source_slow):
                    async with breaks(chaos):
                        assert "Refreshed in" in await chaos.refreshed()
                        await chaos.traffic.goes_on()
            await is_healed(chaos)
        assert await bot.stop() == 0


@pytest.mark.soak  # a site that is down and comes back is the short form, above
async def test_members_are_told_the_truth_while_the_booking_site_flaps(chaos_at):
    async with chaos_at(TEN) as chaos:
        bot = await chaos.start_bot()
        lines = NewLines(bot)
        async with chaos.traffic.flowing(), faults.source_flapping(chaos):
            await chaos.refreshed()
            await chaos.traffic.goes_on()
        await is_healed(chaos)
        # It was down, or only rooms of it: the reading met it as it came.
        assert len(lines.all()) in (0, 2), lines.all()
        assert await bot.stop() == 0


async def while_it_fails(chaos, breaks, told):
    """Let members ask while it is broken and refreshed; it says that something is told of it."""
    async with chaos.traffic.flowing(), breaks(chaos):
        assert told in (await chaos.refreshed()).lower()
        await chaos.traffic.goes_on()
    await is_healed(chaos)
