"""The operator's commands `discover` and `check`, and their exit codes.

0: done; 1: it did not work, and one sentence on standard error says why.
Results go to standard output, everything else to standard error.
"""

import argparse
import asyncio
import sys
from datetime import datetime

from cli.check import check
from cli.discovery.wizard import DiscoverOptions, discover
from core.errors import ClassroomError

_INTERRUPTED = 130


def run(options: argparse.Namespace, *, at: datetime) -> int:
    """Run `discover` or `check` as parsed by `cli.command_line`; return the exit code."""
    try:
        return _discover(options, at) if options.command == "discover" else _check(options, at)
    except ClassroomError as err:
        _log(str(err))
        return 1
    except KeyboardInterrupt:
        return _INTERRUPTED


def _discover(options: argparse.Namespace, at: datetime) -> int:
    discover_options = DiscoverOptions(
        kind=options.kind,
        place=options.place,
        timezone=options.timezone,
        categories=options.category,
        include_all=options.all,
        name=options.name,
        id=options.id,
        first_day=options.day,
    )
    _print(asyncio.run(discover(discover_options, at=at, report=_log)))
    return 0


def _check(options: argparse.Namespace, at: datetime) -> int:
    report = asyncio.run(
        check(options.file, day=options.date, building_code=options.building, at=at)
    )
    _print("".join(f"{line}\n" for line in report.lines))
    if report.error:
        _log(report.error)
    return 1 if report.error else 0


def _log(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def _print(text: str) -> None:
    """Write to standard output in UTF-8, whatever the terminal's encoding: a file may follow."""
    sys.stdout.buffer.write(text.encode())
    sys.stdout.flush()
