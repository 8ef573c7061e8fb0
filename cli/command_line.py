"""The command line: every subcommand, its options and its help."""

import argparse
import re
from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from core.sources.discovery import clean_text

_MAX_NAME_LENGTH = 100
_HELP_FORMATTER = argparse.RawDescriptionHelpFormatter


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Return the options; `command` is the subcommand, and `run` where none is given.

    Raises:
        SystemExit: help was asked for (0), or the arguments are not understood (2).
    """
    return _parser().parse_args(arguments)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python bot.py",
        description="EmptyClassroom: a Discord bot that finds free classrooms.",
        epilog="Without a command: run. Help for a command: python bot.py COMMAND --help",
        allow_abbrev=False,
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    parser.set_defaults(
        command="run"
    )  # only after its action is there: it has a default of its own
    for name, summary, add_options in (
        ("run", "run the bot on Discord (the default)", _add_run),
        ("demo", "try the bot on this machine: no Discord account, no token", _add_demo),
        ("discover", "write a campus file from a university's booking site", _add_discover),
        ("check", "read one day with a campus file and report", _add_check),
        ("export", "write settings, choices and counts to a file", _add_export),
        ("import", "take them from such a file", _add_import),
    ):
        add_options(
            commands.add_parser(
                name, help=summary, allow_abbrev=False, formatter_class=_HELP_FORMATTER
            )
        )
    return parser


def _add_run(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Runs the bot on Discord. Settings come from the environment or from a file .env;\n"
        ".env.example lists them. Only DISCORD_TOKEN is required."
    )


def _add_demo(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Runs the real bot against a Discord, a booking site and a Redis of its own, all on this\n"
        "machine, and prints the address of a page to use it from. No account, no token.\n"
        "\n"
        "The settings of the bot apply here too, from the environment or from a file .env:\n"
        "  CAMPUS=bu      read the real booking site of a campus\n"
        "  DATA_DIR=PATH  keep the data there; two demos at once need two folders"
    )
    parser.add_argument(
        "--campus",
        choices=("25live", "ems"),
        default="25live",
        help="the kind of booking site that serves the demo's campus",
    )


def _add_discover(parser: argparse.ArgumentParser) -> None:
    # Imported late, so that importing this module stays cheap.
    from core.sources.registry import discoverable_kinds  # noqa: PLC0415

    kinds = discoverable_kinds()
    examples = "\n".join(
        f"python bot.py discover {name} {kind.example} > {kind.example}.toml"
        for name, kind in kinds.items()
    )
    parser.description = (
        "Writes a campus file to standard output, from the public lists of a booking site:\n"
        f"{examples}"
    )
    parser.add_argument("kind", choices=list(kinds), help="what publishes the bookings")
    parser.add_argument("place", help="; ".join(kind.place for kind in kinds.values()))
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
    parser.description = (
        "Reads one day of a campus and reports which rooms were read and which failed."
    )
    parser.add_argument("file", help="the path of a campus file, or the id of one that is built in")
    parser.add_argument("--date", type=_day, help="the day to read; today on campus if left out")
    parser.add_argument("--building", metavar="CODE", help="only this building, room by room")


def _add_export(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Writes what cannot be had again to a JSON file: settings of digests, choices of campuses\n"
        "and counts of free rooms. The settings of the bot say which Redis; one of the bot's own\n"
        "is free only while the bot does not run."
    )
    parser.add_argument("file", help="the file to write")


def _add_import(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Takes settings, choices and counts from a file that `export` wrote, in place of what is\n"
        "there. Importing twice changes nothing."
    )
    parser.add_argument("file", help="the file to read")


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
    if not clean_text(text) or len(text) > _MAX_NAME_LENGTH:
        raise argparse.ArgumentTypeError(f"a name has 1 to {_MAX_NAME_LENGTH} characters")
    return clean_text(text)
