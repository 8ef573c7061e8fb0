"""How a work is compared with its floor: in turns, on one machine, in one run."""

import asyncio
import gc
import math
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from statistics import median

Samples = Sequence[float]
"""What one round measured, in the comparison's unit: one figure or many."""

Measure = Callable[[], Awaitable[Samples]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunConfig:
    """How much is measured.

    `is_quick` asks for sizes with which everything still runs, but whose figures mean little.
    """

    rounds: int = 5
    is_quick: bool = False

    def report(self, text: str) -> None:
        """Tell on standard error what is being done."""
        sys.stderr.write(f"  {text}\n")
        sys.stderr.flush()


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """What a ratio is to be: at most this, or at least this; None where nothing is asked.

    `max_p99` is what the slowest hundredths of the work may be, in its unit: for what has no
    floor to speak of.
    """

    max_ratio: float | None = None
    max_ratio_p99: float | None = None
    min_ratio: float | None = None
    max_p99: float | None = None


@dataclass(frozen=True, slots=True)
class Round:
    """What one round measured of the work and of its floor."""

    candidate: Samples
    baseline: Samples


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A work beside its floor, round by round; `baseline_is` says in words what the floor does."""

    case: str
    unit: str
    baseline_is: str
    rounds: tuple[Round, ...]
    goal: Goal = Goal()

    @property
    def candidate(self) -> list[float]:
        """All figures of the work."""
        return [value for each in self.rounds for value in each.candidate]

    @property
    def baseline(self) -> list[float]:
        """All figures of the floor."""
        return [value for each in self.rounds for value in each.baseline]

    @property
    def ratio(self) -> float:
        """The median of the rounds' ratios: what slows a whole round slows both sides of it."""
        return median(median(each.candidate) / median(each.baseline) for each in self.rounds)

    @property
    def ratio_p99(self) -> float:
        """The ratio of the slowest hundredths."""
        return percentile(self.candidate, 99) / percentile(self.baseline, 99)

    @property
    def is_met(self) -> bool:
        """Tell whether every goal that is set is reached."""
        goal = self.goal
        return (
            (goal.max_ratio is None or self.ratio <= goal.max_ratio)
            and (goal.max_ratio_p99 is None or self.ratio_p99 <= goal.max_ratio_p99)
            and (goal.min_ratio is None or self.ratio >= goal.min_ratio)
            and (goal.max_p99 is None or percentile(self.candidate, 99) <= goal.max_p99)
        )


def run_benchmark(name: str, *, is_quick: bool) -> list[Comparison]:
    """Run one benchmark in this process."""
    plan = RunConfig(rounds=1, is_quick=True) if is_quick else RunConfig()
    module = import_module(f"benchmarks.{name}")
    comparisons: list[Comparison] = asyncio.run(module.measure(plan))
    return comparisons


def percentile(values: Samples, percent: float) -> float:
    """Return the smallest value that so many hundredths of them do not pass (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(math.ceil(len(ordered) * percent / 100) - 1, 0)]


async def run_rounds(config: RunConfig, candidate: Measure, baseline: Measure) -> tuple[Round, ...]:
    """Measure both in turns, first the one and then the other first, after a round to warm up."""
    await _run_round(candidate, baseline, candidate_first=True)
    return tuple(
        [
            await _run_round(candidate, baseline, candidate_first=number % 2 == 0)
            for number in range(config.rounds)
        ]
    )


async def _run_round(candidate: Measure, baseline: Measure, *, candidate_first: bool) -> Round:
    gc.collect()
    if candidate_first:
        return Round(await candidate(), await baseline())
    measured = await baseline()
    return Round(await candidate(), measured)
