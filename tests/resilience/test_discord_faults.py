"""Discord itself breaks: what it lets through is answered, and all heals when it is back."""

import pytest

from tests.resilience import faults
from tests.resilience.outage_environment import TEN
from tests.resilience.recovery import is_healed, logging_once

MOST_LINES = 12
"""What may be logged of one fault, though dozens of questions meet it."""


@pytest.fixture
async def chaos(chaos_at):
    async with chaos_at(TEN) as chaos:
        yield chaos


@pytest.mark.soak  # tests/e2e/test_outages.py has the short form
async def test_members_are_answered_again_whenever_the_gateway_was_lost(chaos):
    bot = await chaos.start_bot()
    with logging_once(bot, most=MOST_LINES):
        await while_it_lasts(
            chaos,
            faults.gateway_dropped,
            faults.gateway_asks_to_reconnect,
            faults.session_invalidated,
        )
    assert await bot.stop() == 0


async def while_it_lasts(chaos, *all_breaks):
    """Let members ask while one thing after the other breaks; nothing untrue is said; it heals."""
    async with chaos.traffic.flowing():
        for breaks in all_breaks:
            async with breaks(chaos):
                await chaos.traffic.goes_on()
    chaos.traffic.forgive()
    await is_healed(chaos)


async def test_members_are_answered_although_replies_are_limited(chaos):
    bot = await chaos.start_bot()
    with logging_once(bot, most=MOST_LINES):
        async with chaos.traffic.flowing():
            for overall in (False, True):
                async with faults.replies_limited(overall=overall)(chaos):
                    await chaos.traffic.goes_on()
        chaos.traffic.assert_well()
        await is_healed(chaos)
    assert await bot.stop() == 0


async def test_it_outlives_replies_that_discord_refuses_or_breaks(chaos):
    bot = await chaos.start_bot()
    with logging_once(bot, "answers cannot be shown", most=1):
        await while_it_lasts(
            chaos,
            faults.replies_answered(500),
            faults.replies_answered(503),
            faults.replies_reset,
        )
    assert await bot.stop() == 0
