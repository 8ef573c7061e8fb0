"""`start`: how long from the start of the process until it is logged in, with data stored."""

from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from time import perf_counter

from benchmarks.environment import (
    LOGIN_TIMEOUT,
    BenchmarkEnvironment,
    morning_zone,
    open_environment,
    stored_campus,
)
from benchmarks.generated_campus import CAMPUS_SIZES, generate_campus
from benchmarks.harness import Comparison, Goal, RunConfig, run_rounds
from benchmarks.processes import BASELINE_BOT, BOT, run_script

_GOAL = Goal(max_ratio=1.6)
_DAYS_AHEAD = 30
_STARTS = 4

_BASELINE = "a bare discord.py bot that logs in to the same Discord: the same intents, no commands"


async def measure(config: RunConfig) -> list[Comparison]:
    """Compare with a Redis that runs already and with one that the bot starts itself."""
    return [
        await _compare(config, "a Redis that is there", redis_runs=True),
        await _compare(config, "a Redis of its own", redis_runs=False),
    ]


async def _compare(config: RunConfig, case: str, *, redis_runs: bool) -> Comparison:
    campus = generate_campus(CAMPUS_SIZES[0], zone=morning_zone())
    days_ahead = 1 if config.is_quick else _DAYS_AHEAD
    async with AsyncExitStack() as stack:
        settings = await stack.enter_async_context(
            stored_campus(campus, days_ahead=days_ahead, redis_runs=redis_runs)
        )
        side = await stack.enter_async_context(open_environment())
        async with side.run_candidate({**settings, **_bytecode_settings(side.folder)}):
            """Let it register its commands, which it does once and not at every start."""
        starts = 1 if config.is_quick else _STARTS
        return Comparison(
            case=f"exec to READY, {CAMPUS_SIZES[0]} rooms stored in {case}",
            unit="ms",
            baseline_is=_BASELINE,
            rounds=await run_rounds(
                config,
                partial(_start_times, side, BOT, settings, starts),
                partial(_start_times, side, BASELINE_BOT, {}, starts),
            ),
            goal=_GOAL,
        )


def _bytecode_settings(folder: Path) -> dict[str, str]:
    """Return what lets a bot find its modules compiled, as at every start but the first.

    Where a machine forbids to keep what was compiled, only our modules would be without it.
    """
    return {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(folder / "compiled")}


async def _start_times(
    environment: BenchmarkEnvironment,
    script: Sequence[str],
    settings: Mapping[str, str],
    starts: int,
) -> list[float]:
    return [await _start_time(environment, script, settings) for _ in range(starts)]


async def _start_time(
    environment: BenchmarkEnvironment, script: Sequence[str], settings: Mapping[str, str]
) -> float:
    """Return the milliseconds from the start of a bot until Discord has let it in."""
    discord, before = environment.discord, environment.discord.identify_count
    env = {**discord.environment, **settings, **_bytecode_settings(environment.folder)}
    began = perf_counter()
    async with run_script(script, env, environment.folder, without_death_signal=True) as process:
        await discord.gateway.wait_until(lambda: discord.identify_count > before, LOGIN_TIMEOUT)
        took = 1000 * (perf_counter() - began)
        process.terminate()
    await discord.wait_until_disconnected()
    return took
