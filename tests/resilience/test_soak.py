"""Minutes of faults in random order and combination; run by `pytest -m soak`.

`CHAOS_SEED` and `CHAOS_ROUNDS` choose which and how many; a failure names its seed.
"""

import os
import random
from contextlib import AsyncExitStack

import pytest

from tests.resilience.faults import DISCORD_FAULTS, SOURCE_FAULTS, STORE_FAULTS
from tests.resilience.outage_environment import TEN
from tests.resilience.recovery import NewLines, is_healed

pytestmark = [pytest.mark.soak, pytest.mark.timeout(1800)]

SEED = int(os.environ.get("CHAOS_SEED", "20241105"))
ROUNDS = int(os.environ.get("CHAOS_ROUNDS", "12"))
MOST_LINES = 40
"""What may be logged of one round, in which hundreds of questions meet up to three faults."""


async def test_whatever_breaks_together_is_told_truly_and_heals(chaos_at):
    dice = random.Random(SEED)  # noqa: S311 - repeatable, not secret
    async with chaos_at(TEN) as chaos:
        bot = await chaos.start_bot()
        for number in range(ROUNDS):
            kinds = (STORE_FAULTS, SOURCE_FAULTS, DISCORD_FAULTS)
            chosen = [dice.choice(kind) for kind in dice.sample(kinds, dice.randint(1, 3))]
            about = f"seed {SEED}, round {number}: {[each.__qualname__ for each in chosen]}"
            lines = NewLines(bot)
            await broken_and_healed(chaos, chosen, about)
            assert len(lines.all()) <= MOST_LINES, f"{about}\n" + "\n".join(lines.all())
            await chaos.assert_secrets_kept()
        assert await bot.stop() == 0


async def broken_and_healed(chaos, chosen, about):
    """Break things together, refresh, mend them in the opposite order."""
    async with AsyncExitStack() as broken:
        await broken.enter_async_context(chaos.traffic.flowing())
        for breaks in chosen:
            await broken.enter_async_context(breaks(chaos))
        if not set(chosen) & set(DISCORD_FAULTS):
            await chaos.refreshed()
        await chaos.traffic.goes_on()
    if set(chosen) & set(DISCORD_FAULTS):
        chaos.traffic.forgive()
    assert chaos.traffic.failed == [], about
    assert chaos.traffic.untrue == [], f"{about}\n" + "\n".join(chaos.traffic.untrue)
    await is_healed(chaos)
