"""`memory`: what each server that the bot is in takes up of its memory."""

import asyncio
from contextlib import AsyncExitStack

from benchmarks.campuses import SIZES, made_campus
from benchmarks.measuring import Comparison, Goal, Plan, Round
from benchmarks.processes import resident
from benchmarks.sides import Side, morning_zone, open_side, stored

_SERVERS, _FEW_SERVERS = 2_500, 25
_GOAL = Goal(most=0.25)
_ANSWERS = {"texts": {"free": "x"}, "pictures": {"free": 0}, "choices": []}

_SECONDS_UNTIL_SETTLED = 3.0
"""discord.py waits two seconds for more servers before it lets go of what it was told."""

_FLOOR = "a bare discord.py bot with the same intents, its caches of members and messages off"


async def measure(plan: Plan) -> list[Comparison]:
    """Compare what a server of 27 KiB adds to both bots."""
    servers = _FEW_SERVERS if plan.is_quick else _SERVERS
    rounds = [await _round(servers) for _ in range(min(plan.rounds, 2))]
    return [
        Comparison(
            case=f"{servers:,} servers of 27 KiB, each",
            unit="KiB",
            floor_is=_FLOOR,
            rounds=tuple(rounds),
            goal=_GOAL,
        )
    ]


async def _round(servers: int) -> Round:
    campus = made_campus(SIZES[0], zone=morning_zone())
    async with AsyncExitStack() as stack:
        settings = await stack.enter_async_context(stored(campus, days_ahead=1))
        few = await stack.enter_async_context(open_side())
        many = await stack.enter_async_context(open_side())
        for number in range(servers):
            many.discord.add_server(f"Server {number}", heavy=True).add_bot()
        async with few.real_bot(settings) as small, many.real_bot(settings) as large:
            await _check_answers(few, many)
            await asyncio.sleep(_SECONDS_UNTIL_SETTLED)
            work = (await resident(large) - await resident(small)) / servers
        await few.discord.gone()
        await many.discord.gone()
        async with few.floor_bot(_ANSWERS) as small, many.floor_bot(_ANSWERS) as large:
            await asyncio.gather(*(each.ask_after_all_servers() for each in (few, many)))
            await asyncio.sleep(_SECONDS_UNTIL_SETTLED)
            floor = (await resident(large) - await resident(small)) / servers
    return Round([work], [floor])


async def _check_answers(few: Side, many: Side) -> None:
    """See that the bot in many servers answers as the one in few, once it knows them all."""
    for _ in range(2):
        texts = [(await each.seat.slash("free")).text for each in (few, many)]
        if len(set(texts)) == 1:
            return
        # A minute may have ended between the two; hardly another one.
    raise RuntimeError("\n\n".join(texts))
