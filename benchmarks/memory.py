"""`memory`: what each server that the bot is in takes up of its memory."""

import asyncio
from contextlib import AsyncExitStack

from benchmarks.environment import (
    BenchmarkEnvironment,
    morning_zone,
    open_environment,
    stored_campus,
)
from benchmarks.generated_campus import CAMPUS_SIZES, generate_campus
from benchmarks.harness import Comparison, Goal, Round, RunConfig
from benchmarks.processes import resident_kib

_GUILDS, _FEW_GUILDS = 2_500, 25
_GOAL = Goal(max_ratio=0.25)
_CONSTANT_ANSWERS = {"texts": {"free": "x"}, "pictures": {"free": 0}, "choices": []}

_SETTLE_SECONDS = 3.0
"""discord.py waits two seconds for more servers before it lets go of what it was told."""

_BASELINE = "a bare discord.py bot with the same intents, its caches of members and messages off"


async def measure(config: RunConfig) -> list[Comparison]:
    """Compare what a server of 27 KiB adds to both bots."""
    servers = _FEW_GUILDS if config.is_quick else _GUILDS
    rounds = [await _round(servers) for _ in range(min(config.rounds, 2))]
    return [
        Comparison(
            case=f"{servers:,} servers of 27 KiB, each",
            unit="KiB",
            baseline_is=_BASELINE,
            rounds=tuple(rounds),
            goal=_GOAL,
        )
    ]


async def _round(guilds: int) -> Round:
    campus = generate_campus(CAMPUS_SIZES[0], zone=morning_zone())
    async with AsyncExitStack() as stack:
        settings = await stack.enter_async_context(stored_campus(campus, days_ahead=1))
        few = await stack.enter_async_context(open_environment())
        many = await stack.enter_async_context(open_environment())
        for number in range(guilds):
            many.discord.add_guild(f"Server {number}", is_large=True).add_bot()
        async with few.run_candidate(settings) as small, many.run_candidate(settings) as large:
            await _check_answers(few, many)
            await asyncio.sleep(_SETTLE_SECONDS)
            work = (await resident_kib(large) - await resident_kib(small)) / guilds
        await few.discord.wait_until_disconnected()
        await many.discord.wait_until_disconnected()
        async with (
            few.run_baseline(_CONSTANT_ANSWERS) as small,
            many.run_baseline(_CONSTANT_ANSWERS) as large,
        ):
            await asyncio.gather(*(each.wait_until_guilds_loaded() for each in (few, many)))
            await asyncio.sleep(_SETTLE_SECONDS)
            floor = (await resident_kib(large) - await resident_kib(small)) / guilds
    return Round([work], [floor])


async def _check_answers(few: BenchmarkEnvironment, many: BenchmarkEnvironment) -> None:
    """See that the bot in many servers answers as the one in few, once it knows them all."""
    for _ in range(2):
        texts = [(await each.client.slash("free")).text for each in (few, many)]
        if len(set(texts)) == 1:
            return
        # A minute may have ended between the two; hardly another one.
    raise RuntimeError("\n\n".join(texts))
