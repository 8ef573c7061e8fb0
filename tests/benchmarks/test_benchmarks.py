"""The benchmarks run, and what they print and write can be read; how fast all is, they tell."""

import asyncio
import json
import math
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.__main__ import NAMES
from benchmarks.harness import Comparison, Goal, Round, RunConfig, percentile, run_rounds
from benchmarks.report import table

ROOT = Path(__file__).parents[2]

THRICE = Comparison(
    case="digging",
    unit="ms",
    baseline_is="a hole that is there",
    rounds=(Round([3.0, 3.0], [1.0, 1.0]), Round([60.0], [20.0]), Round([5.0], [1.0])),
)


async def run_quickly(name, folder):
    """Run one benchmark as its own program; return its exit code, its table and its figures."""
    written = folder / f"{name}.json"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks", name, "--quick", "--json", str(written)),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    printed, told = await process.communicate()
    assert process.returncode in {0, 1}, told.decode()
    assert written.exists(), told.decode()
    return printed.decode(), json.loads(written.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """Run all benchmarks side by side: quick ones mostly wait."""

    async def run_all():
        folder = tmp_path_factory.mktemp("benchmarks")
        return await asyncio.gather(*(run_quickly(name, folder) for name in NAMES))

    return dict(zip(NAMES, asyncio.run(run_all()), strict=True))


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_benchmark_measures_both_sides_of_every_comparison(results, name):
    _, written = results[name]
    assert list(written["benchmarks"]) == [name]
    assert written["machine"]["cores"] >= 1
    comparisons = written["benchmarks"][name]
    assert comparisons
    for each in comparisons:
        figures = [value for one in each["rounds"] for value in one["candidate"] + one["baseline"]]
        assert figures, each["case"]
        assert all(math.isfinite(value) and value > 0 for value in figures), each["case"]
        assert each["ratio"] > 0


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_benchmark_prints_a_line_for_every_comparison_and_its_floor(results, name):
    printed, written = results[name]
    lines = printed.splitlines()
    assert lines[0].startswith("python: ")
    assert name in lines
    for each in written["benchmarks"][name]:
        (line,) = (line for line in lines if line.startswith(f"  {each['case']} "))
        assert f"{each['ratio']:.2f}x" in line
        assert f"  baseline: {each['baseline_is']}" in lines


@pytest.mark.slow
def test_digest_reaches_every_channel_and_is_never_refused(results):
    first, second, *_ = results["digest"][1]["benchmarks"]["digest"]
    assert first["case"] == "50 channels"
    assert second["median"] == 100


def test_ratio_is_the_median_of_the_rounds():
    assert THRICE.ratio == 3.0
    assert THRICE.ratio_p99 == 3.0


@pytest.mark.parametrize(
    ("goal", "kept"),
    [
        (Goal(), True),
        (Goal(max_ratio=3.0), True),
        (Goal(max_ratio=2.9), False),
        (Goal(min_ratio=3.0), True),
        (Goal(min_ratio=3.1), False),
        (Goal(max_ratio=3.0, max_ratio_p99=2.9), False),
        (Goal(max_p99=60), True),
        (Goal(max_p99=59), False),
    ],
)
def test_goal_is_kept_where_nothing_is_beyond_it(goal, kept):
    each = replace(THRICE, goal=goal)
    assert each.is_met is kept
    assert ("MISSED" in table("x", [each])) is not kept


def test_percentile_is_a_figure_that_was_measured():
    assert percentile([5, 4, 1, 3, 2], 50) == 3
    assert percentile(range(1, 101), 99) == 99
    assert percentile([7], 99) == 7


async def test_both_sides_take_turns_at_being_first():
    order = []

    async def work():
        order.append("work")
        return [1.0]

    async def floor():
        order.append("floor")
        return [1.0]

    rounds = await run_rounds(RunConfig(rounds=2), work, floor)
    assert len(rounds) == 2
    # The first of three is thrown away.
    assert order == ["work", "floor", "work", "floor", "floor", "work"]
