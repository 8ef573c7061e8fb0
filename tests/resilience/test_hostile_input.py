"""Members type, choose and press what nobody expects: all is answered, harmlessly and truly."""

import random
import secrets
from pathlib import Path

import pytest

from tests.bot_commands import leaf_commands
from tests.e2e.environment import BotEnvironment
from tests.resilience import reply_invariants
from tests.resilience.input_environment import assert_answers_truly, open_members_stage
from tests.resilience.input_fuzzer import KNOWN
from tests.resilience.random_interactions import Crowd


async def assert_all_is_well(
    folder: Path, seed: int, *, troubles: int, wild: int, at_once: int
) -> None:
    """Let a crowd ask; everybody is answered harmlessly, and the bot is as well as before."""
    async with open_members_stage(folder) as stage:
        (bot,) = stage.bots
        values = random.Random(seed)  # noqa: S311 - a seed gives the same values again
        crowd = Crowd(stage, values, at_once)
        await crowd.gather()
        since = len(bot.log)
        asked = await crowd.ask_known(troubles) + await crowd.ask_wildly(wild)
        faults = [*crowd.failed, *_faults(stage), *reply_invariants.faults_of_log(bot, since=since)]
        told = "\n".join(each[:1000] for each in faults[:20])
        assert not faults, f"seed {seed}, {len(faults)} faults, such as\n{told}"
        assert set(crowd.answered) == {"COMMAND", "AUTOCOMPLETE", "COMPONENT"}
        assert crowd.answered.total() == asked
        assert crowd.understood >= leaf_commands().keys()
        for seat in (stage.member, stage.ana.direct_messages(), stage.moderator):
            await assert_answers_truly(seat)
        assert await bot.stop() == 0


def _faults(stage: BotEnvironment) -> list[str]:
    """Return what was wrong with anything that the bot said, in any place."""
    said = [
        message
        for channel in stage.discord.state.channels.values()
        for message in channel.messages_by_id.values()
    ]
    return reply_invariants.faults_of_requests(stage.discord) + reply_invariants.faults_of_messages(
        said
    )


async def test_some_troubles_and_wild_values_are_answered_harmlessly(tmp_path):
    await assert_all_is_well(tmp_path, 2026, troubles=60, wild=700, at_once=10)


@pytest.mark.soak
@pytest.mark.timeout(900)
async def test_all_troubles_and_ten_thousand_new_values_are_answered_harmlessly(tmp_path):
    seed = secrets.randbelow(2**32)
    await assert_all_is_well(tmp_path, seed, troubles=len(KNOWN), wild=10_000, at_once=50)
