"""How comparisons are shown: a table for people, JSON for programs."""

import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.harness import Comparison, percentile

_HEADINGS = ("", "median", "p99", "baseline", "its p99", "ratio", "p99 ratio", "goal")


def machine() -> dict[str, str | int]:
    """Return what the figures depend on beside the code."""
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()}",
        "processor": _processor(),
        "cores": os.cpu_count() or 0,
        **{name: version(name) for name in ("discord.py", "aiohttp", "redis", "msgspec")},
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def table(name: str, comparisons: Iterable[Comparison]) -> str:
    """Return the comparisons of one benchmark, a line each, in aligned columns."""
    comparisons = list(comparisons)
    rows = [_HEADINGS, *map(_row, comparisons)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [_aligned(row, widths) for row in rows]
    floors = dict.fromkeys(each.baseline_is for each in comparisons)
    return "\n".join([name, *lines, *(f"  baseline: {each}" for each in floors)])


def _row(each: Comparison) -> tuple[str, ...]:
    goal = each.goal
    wanted = [
        f"{sign} {value:g}x{of}"
        for sign, value, of in (
            ("<=", goal.max_ratio, ""),
            (">=", goal.min_ratio, ""),
            ("<=", goal.max_ratio_p99, " p99"),
        )
        if value is not None
    ]
    if goal.max_p99 is not None:
        wanted.append(f"p99 <= {goal.max_p99:g} {each.unit}")
    verdict = "" if not wanted else " kept" if each.is_met else " MISSED"
    return (
        each.case,
        _figure(median(each.candidate), each.unit),
        _figure(percentile(each.candidate, 99), each.unit),
        _figure(median(each.baseline), each.unit),
        _figure(percentile(each.baseline, 99), each.unit),
        f"{each.ratio:.2f}x",
        f"{each.ratio_p99:.2f}x",
        ", ".join(wanted) + verdict,
    )


def _figure(value: float, unit: str) -> str:
    return f"{value:.3g} {unit}" if value < 1000 else f"{value:,.0f} {unit}"  # noqa: PLR2004 - where digits get many


def _aligned(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *others, last = row
    cells = [cell.rjust(width) for cell, width in zip(others, widths[1:-1], strict=True)]
    return "  ".join(["  " + first.ljust(widths[0]), *cells, last]).rstrip()


def as_json(results: Mapping[str, Sequence[Comparison]]) -> dict[str, Any]:
    """Return everything that was measured, and what was measured on."""
    return {
        "machine": machine(),
        "benchmarks": {
            name: [
                {
                    **asdict(each),
                    "median": median(each.candidate),
                    "baseline_median": median(each.baseline),
                    "ratio": each.ratio,
                    "ratio_p99": each.ratio_p99,
                    "met": each.is_met,
                }
                for each in comparisons
            ]
            for name, comparisons in results.items()
        },
    }
