"""The small words that all replies share: times, numbers, lists, and what must be made safe."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache

import discord

_LONGEST_ECHO = 60
_MARKS = re.compile(r"[\\*_~|`<>\[\]#]|:(?=//)|^[-+]")
"""What Discord may take for markdown, a mention, a time stamp or a link."""


def clock(moment: datetime) -> str:
    """Show the time of the day, in the reader's own zone and form."""
    return f"<t:{int(moment.timestamp())}:t>"


def relative(moment: datetime) -> str:
    """Show how long ago or ahead a moment is, ticking."""
    return f"<t:{int(moment.timestamp())}:R>"


def full(moment: datetime) -> str:
    """Show the date and the time of a moment."""
    return f"<t:{int(moment.timestamp())}:f>"


def day_name(day: date) -> str:
    """Return a day as `Tuesday 3 March`."""
    return f"{day:%A} {day.day} {day:%B}"


def short_day_name(day: date) -> str:
    """Return a day as `Tue 3 March`."""
    return f"{day:%a} {day.day} {day:%B}"


def plural(number: int, one: str, many: str | None = None) -> str:
    """Return `1 room`, `2 rooms`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(words: Sequence[str], *, most: int) -> str:
    """Join words with commas, and say how many more there are beyond `most`."""
    shown = ", ".join(words[:most])
    return shown if len(words) <= most else f"{shown} and {len(words) - most:,} more"


def counted(kinds: Mapping[str, int]) -> str:
    """Return `2 timed out, 1 not found`, the commonest first."""
    commonest = sorted(kinds.items(), key=lambda each: -each[1])
    return ", ".join(f"{number:,} {kind}" for kind, number in commonest)


def dotted(parts: Iterable[str]) -> str:
    """Join the parts that are not empty with middle dots."""
    return " · ".join(part for part in parts if part)


def small(text: str) -> str:
    """Set a line in small, grey type."""
    return f"-# {text}"


@lru_cache(maxsize=8192)  # A large campus has some thousand names, and they stay the same.
def plain(text: str) -> str:
    """Return a name of the campus so that it reads as written, whatever it holds."""
    # Not discord.py's escape_markdown: it lets headings, mentions and nested marks through.
    marked = _MARKS.sub(r"\\\g<0>", " ".join(text.split()))
    return discord.utils.escape_mentions(marked)


def echo(typed: str) -> str:
    """Return what a member typed so that it can be shown back: short, on one line, no effect.

    Control, formatting and invisible characters are dropped: they can turn a line around.
    """
    seen = "".join(each if each.isprintable() else " " for each in typed)
    seen = "".join(each for each in seen if unicodedata.category(each) not in {"Cf", "Mn", "Me"})
    seen = " ".join(seen.split())
    if len(seen) > _LONGEST_ECHO:
        seen = seen[: _LONGEST_ECHO - 1] + "…"
    return plain(seen)
