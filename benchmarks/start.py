"""`start`: how long from the start of the process until it is logged in, with data stored."""

from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from time import perf_counter

from benchmarks.campuses import SIZES, made_campus
from benchmarks.measuring import Comparison, Goal, Plan, rounds_of
from benchmarks.processes import BOT, FLOOR_BOT, running
from benchmarks.sides import SECONDS_TO_LOG_IN, Side, morning_zone, open_side, stored

_GOAL = Goal(most=1.6)
_DAYS_AHEAD = 30
_STARTS = 4

_FLOOR = "a bare discord.py bot that logs in to the same Discord: the same intents, no commands"


async def measure(plan: Plan) -> list[Comparison]:
    """Compare with a Redis that runs already and with one that the bot starts itself."""
    return [
        await _compared(plan, "a Redis that is there", is_served=True),
        await _compared(plan, "a Redis of its own", is_served=False),
    ]


async def _compared(plan: Plan, case: str, *, is_served: bool) -> Comparison:
    campus = made_campus(SIZES[0], zone=morning_zone())
    days_ahead = 1 if plan.is_quick else _DAYS_AHEAD
    async with AsyncExitStack() as stack:
        settings = await stack.enter_async_context(
            stored(campus, days_ahead=days_ahead, is_served=is_served)
        )
        side = await stack.enter_async_context(open_side())
        async with side.real_bot({**settings, **_compiled(side.folder)}):
            """Let it register its commands, which it does once and not at every start."""
        starts = 1 if plan.is_quick else _STARTS
        return Comparison(
            case=f"exec to READY, {SIZES[0]} rooms stored in {case}",
            unit="ms",
            floor_is=_FLOOR,
            rounds=await rounds_of(
                plan,
                partial(_times, side, BOT, settings, starts),
                partial(_times, side, FLOOR_BOT, {}, starts),
            ),
            goal=_GOAL,
        )


def _compiled(folder: Path) -> dict[str, str]:
    """Return what lets a bot find its modules compiled, as at every start but the first.

    Where a machine forbids to keep what was compiled, only our modules would be without it.
    """
    return {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(folder / "compiled")}


async def _times(
    side: Side, script: Sequence[str], settings: Mapping[str, str], starts: int
) -> list[float]:
    return [await _time(side, script, settings) for _ in range(starts)]


async def _time(side: Side, script: Sequence[str], settings: Mapping[str, str]) -> float:
    """Return the milliseconds from the start of a bot until Discord has let it in."""
    discord, before = side.discord, side.discord.identifies
    env = {**discord.environment, **settings, **_compiled(side.folder)}
    began = perf_counter()
    async with running(script, env, side.folder, is_alone=True) as process:
        await discord.gateway.until(lambda: discord.identifies > before, SECONDS_TO_LOG_IN)
        took = 1000 * (perf_counter() - began)
        process.terminate()
    await discord.gone()
    return took
