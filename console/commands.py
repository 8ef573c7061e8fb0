"""The commands of an operator: what they take, and how they end.

0: done; 1: it did not work, and one sentence on standard error says why; 2: not understood.
Results go to standard output, everything else to standard error.
"""

import argparse
import asyncio
import re
import sys
from collections.abc import Callable, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from console.check import check
from console.discover import Wish, discover
from console.instance import instance_of
from core.discovery.listing import clean
from core.errors import ClassroomError

_INTERRUPTED = 130
_LONGEST_NAME = 100


def main(arguments: Sequence[str], *, now: Callable[[], datetime]) -> int:
    """Run the command that `arguments` name, and return the exit code."""
    try:
        asked = _parser().parse_args(arguments)
    except SystemExit as err:
        # Its usage is told; who called decides when the process ends.
        return int(err.code or 0)
    try:
        return _discover(asked, now()) if asked.command == "discover" else _check(asked, now())
    except ClassroomError as err:
        _say(str(err))
        return 1
    except KeyboardInterrupt:
        return _INTERRUPTED


def _discover(asked: argparse.Namespace, at: datetime) -> int:
    wish = Wish(
        instance=instance_of(asked.instance),
        timezone=asked.timezone,
        categories=asked.category,
        everything=asked.all,
        name=asked.name,
        id=asked.id,
        day=asked.day,
    )
    _write(asyncio.run(discover(wish, at=at, say=_say)))
    return 0


def _check(asked: argparse.Namespace, at: datetime) -> int:
    report = asyncio.run(check(asked.file, day=asked.date, code=asked.building, at=at))
    _write("".join(f"{line}\n" for line in report.lines))
    if report.fault:
        _say(report.fault)
    return 1 if report.fault else 0


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def _write(text: str) -> None:
    """Write to standard output in UTF-8, whatever the terminal's encoding: a file may follow."""
    sys.stdout.buffer.write(text.encode())
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python bot.py", allow_abbrev=False)
    commands = parser.add_subparsers(dest="command", required=True)
    _add_discover(commands.add_parser("discover", help="write a campus file", allow_abbrev=False))
    _add_check(commands.add_parser("check", help="read a day with one", allow_abbrev=False))
    return parser


def _add_discover(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Writes a campus file to standard output, from what an instance shows to strangers: "
        "python bot.py discover 25live umd > umd.toml"
    )
    parser.add_argument("kind", choices=["25live"], help="what publishes the bookings")
    parser.add_argument(
        "instance", help="umd, or https://25live.collegenet.com/25live/data/umd/run"
    )
    parser.add_argument(
        "--timezone", type=_zone, help="such as America/New_York; guessed from bookings if left out"
    )
    parser.add_argument(
        "--category",
        action="append",
        default=[],
        help="take rooms of this category, any part of its name; may be repeated",
    )
    parser.add_argument(
        "--all", action="store_true", help="take all rooms, also unused ones and those of no seats"
    )
    parser.add_argument("--name", type=_name, help="what members call the university")
    parser.add_argument("--id", type=_id, help="short name of the campus: a-z, 0-9 and -")
    parser.add_argument(
        "--day", type=_day, help="the day from which on bookings are looked at; today if left out"
    )


def _add_check(parser: argparse.ArgumentParser) -> None:
    parser.description = "Reads one day of a campus and tells what came, and what did not."
    parser.add_argument("file", help="the path of a campus file, or the id of one that is built in")
    parser.add_argument("--date", type=_day, help="the day to read; today on campus if left out")
    parser.add_argument("--building", metavar="CODE", help="only this building, room by room")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as err:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date like 2026-03-03") from err


def _zone(text: str) -> str:
    try:
        return ZoneInfo(text).key
    except (KeyError, ValueError, OSError) as err:
        raise argparse.ArgumentTypeError(f"{text!r} is no time zone") from err


def _id(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9-]{1,20}", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not 1 to 20 of a-z, 0-9 and -")
    return text


def _name(text: str) -> str:
    if not clean(text) or len(text) > _LONGEST_NAME:
        raise argparse.ArgumentTypeError(f"a name has 1 to {_LONGEST_NAME} characters")
    return clean(text)
