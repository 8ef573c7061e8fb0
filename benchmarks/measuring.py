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
class Plan:
    """How much is measured.

    `is_quick` asks for sizes with which everything still runs, but whose figures mean little.
    """

    rounds: int = 5
    is_quick: bool = False

    def say(self, text: str) -> None:
        """Tell on standard error what is being done."""
        sys.stderr.write(f"  {text}\n")
        sys.stderr.flush()


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """What a ratio is to be: at most this, or at least this; None where nothing is asked.

    `slowest` is what the slowest hundredths of the work may be, in its unit: for what has no
    floor to speak of.
    """

    most: float | None = None
    most_p99: float | None = None
    least: float | None = None
    slowest: float | None = None


@dataclass(frozen=True, slots=True)
class Round:
    """What one round measured of the work and of its floor."""

    work: Samples
    floor: Samples


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A work beside its floor, round by round; `floor_is` says in words what the floor does."""

    case: str
    unit: str
    floor_is: str
    rounds: tuple[Round, ...]
    goal: Goal = Goal()

    @property
    def work(self) -> list[float]:
        """All figures of the work."""
        return [value for each in self.rounds for value in each.work]

    @property
    def floor(self) -> list[float]:
        """All figures of the floor."""
        return [value for each in self.rounds for value in each.floor]

    @property
    def ratio(self) -> float:
        """The median of the rounds' ratios: what slows a whole round slows both sides of it."""
        return median(median(each.work) / median(each.floor) for each in self.rounds)

    @property
    def ratio_p99(self) -> float:
        """The ratio of the slowest hundredths."""
        return percentile(self.work, 99) / percentile(self.floor, 99)

    @property
    def is_kept(self) -> bool:
        """Tell whether every goal that is set is reached."""
        goal = self.goal
        return (
            (goal.most is None or self.ratio <= goal.most)
            and (goal.most_p99 is None or self.ratio_p99 <= goal.most_p99)
            and (goal.least is None or self.ratio >= goal.least)
            and (goal.slowest is None or percentile(self.work, 99) <= goal.slowest)
        )


def measured(name: str, *, is_quick: bool) -> list[Comparison]:
    """Run one benchmark in this process."""
    plan = Plan(rounds=1, is_quick=True) if is_quick else Plan()
    module = import_module(f"benchmarks.{name}")
    comparisons: list[Comparison] = asyncio.run(module.measure(plan))
    return comparisons


def percentile(values: Samples, of_hundred: float) -> float:
    """Return the smallest value that so many hundredths of them do not pass (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(math.ceil(len(ordered) * of_hundred / 100) - 1, 0)]


async def rounds_of(plan: Plan, work: Measure, floor: Measure) -> tuple[Round, ...]:
    """Measure both in turns, first the one and then the other first, after a round to warm up."""
    await _round(work, floor, work_first=True)
    return tuple(
        [await _round(work, floor, work_first=number % 2 == 0) for number in range(plan.rounds)]
    )


async def _round(work: Measure, floor: Measure, *, work_first: bool) -> Round:
    gc.collect()
    if work_first:
        return Round(await work(), await floor())
    measured = await floor()
    return Round(await work(), measured)
