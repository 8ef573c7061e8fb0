"""`python -m benchmarks [NAME ...] [--json FILE] [--quick]`: measures and prints."""

import argparse
import json
import multiprocessing
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from benchmarks.harness import Comparison, run_benchmark
from benchmarks.report import as_json, machine, table

NAMES = (
    "reply",
    "refresh",
    "refresh_ems",
    "multi_campus",
    "decode",
    "gaps",
    "plan",
    "store",
    "digest",
    "memory",
    "start",
    "http",
    "image",
)


def main(arguments: Sequence[str]) -> int:
    """Run what is named, or everything; return 1 where a goal is missed."""
    asked = _parse_arguments(arguments)
    print("  ".join(f"{name}: {value}" for name, value in machine().items()))  # noqa: T201 - its output
    results: dict[str, list[Comparison]] = {}
    # A process each: what one leaves in memory must not slow the next.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context, max_tasks_per_child=1) as pool:
        for name in asked.names or NAMES:
            began = time.monotonic()
            sys.stderr.write(f"{name} ...\n")
            results[name] = pool.submit(run_benchmark, name, is_quick=asked.quick).result()
            sys.stderr.write(f"{name}: {time.monotonic() - began:.0f} s\n")
            print("\n" + table(name, results[name]), flush=True)  # noqa: T201 - its output
    if asked.json:
        asked.json.write_text(json.dumps(as_json(results), indent=1), encoding="utf-8")
    return 0 if all(each.is_met for some in results.values() for each in some) else 1


def _parse_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", choices=(*NAMES, []), metavar="NAME")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    parser.add_argument("--quick", action="store_true", help="only see that everything runs")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
