"""The small words that all replies share: times, numbers, lists, and what must be made safe."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache

import discord

import core.clock_text
from core.model.calendar import DAY
from core.model.campus import Campus

_MAX_QUOTED = 60
_NEAR = timedelta(hours=18)
"""A time of the day that is less far away is understood without its date."""

_MARKDOWN = re.compile(r"[\\*_~|`<>\[\]#]|:(?=//)|^[-+]")
"""What Discord may take for markdown, a mention, a time stamp or a link."""


def timestamp_time(moment: datetime) -> str:
    """Show the time of the day, in the reader's own zone and form."""
    return f"<t:{int(moment.timestamp())}:t>"


def timestamp_until(moment: datetime, now: datetime) -> str:
    """Show the time of the day, with its date where that is not within some hours of `now`."""
    is_near = abs(moment - now) < _NEAR
    return timestamp_time(moment) if is_near else timestamp_datetime(moment)


def timestamp_relative(moment: datetime) -> str:
    """Show how long ago or ahead a moment is, ticking."""
    return f"<t:{int(moment.timestamp())}:R>"


def timestamp_datetime(moment: datetime) -> str:
    """Show the date and the time of a moment."""
    return f"<t:{int(moment.timestamp())}:f>"


def timestamp_date(moment: datetime) -> str:
    """Show the date of a moment."""
    return f"<t:{int(moment.timestamp())}:D>"


def day_name(day: date) -> str:
    """Return a day as `Tuesday 3 March`."""
    return f"{day:%A} {day.day} {day:%B}"


def short_day_name(day: date) -> str:
    """Return a day as `Tue 3 March`."""
    return f"{day:%a} {day.day} {day:%B}"


def near_day_name(day: date, today: date) -> str:
    """Return a day as `today`, `tomorrow` or `Fri 6 March`."""
    return {0: "today", 1: "tomorrow"}.get((day - today).days) or short_day_name(day)


def clock_text(moment: datetime, campus: Campus) -> str:
    """Return a time of the day on the campus, where Discord cannot write it: `2:30 PM`."""
    return core.clock_text.clock_text(moment.astimezone(campus.timezone), campus.clock)


def duration_text(length: timedelta) -> str:
    """Return a duration as `45 min`, `2 h`, `1 h 30 min`."""
    hours, minutes = divmod(length // timedelta(minutes=1), 60)
    parts = (f"{hours} h" if hours else "", f"{minutes} min" if minutes or not hours else "")
    return " ".join(part for part in parts if part)


def on_day_name(day: date, today: date) -> str:
    """Return `tomorrow`, `yesterday` or `on Wed, Mar 4`; nothing for today."""
    if day == today:
        return ""
    if abs(day - today) == DAY:
        return "tomorrow" if day > today else "yesterday"
    return f"on {day:%a}, {day:%b} {day.day}"


def join_and(words: Sequence[str]) -> str:
    """Return `A`, `A and B` or `A, B and C`."""
    *most, last = words or ("",)
    return f"{', '.join(most)} and {last}" if most else last


def plural(number: int, one: str, many: str | None = None) -> str:
    """Return `1 room`, `2 rooms`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def join_limited(words: Sequence[str], *, limit: int) -> str:
    """Join words with commas, and say how many more there are beyond `most`."""
    shown = ", ".join(words[:limit])
    return shown if len(words) <= limit else f"{shown} and {len(words) - limit:,} more"


def join_counts(kinds: Mapping[str, int]) -> str:
    """Return `2 timed out, 1 not found`, the commonest first."""
    commonest = sorted(kinds.items(), key=lambda each: -each[1])
    return ", ".join(f"{number:,} {kind}" for kind, number in commonest)


def join_dots(parts: Iterable[str]) -> str:
    """Join the parts that are not empty with middle dots."""
    return " · ".join(part for part in parts if part)


def subtext(text: str) -> str:
    """Set a line in small, grey type."""
    return f"-# {text}"


@lru_cache(maxsize=8192)  # A large campus has some thousand names, and they stay the same.
def escape_name(text: str) -> str:
    """Return a name of the campus so that it reads as written, whatever it holds."""
    # Not discord.py's escape_markdown: it lets headings, mentions and nested marks through.
    marked = _MARKDOWN.sub(r"\\\g<0>", " ".join(text.split()))
    return discord.utils.escape_mentions(marked)


def quote_input(typed: str) -> str:
    """Return what a member typed so that it can be shown back: short, on one line, no effect.

    Control, formatting and invisible characters are dropped: they can turn a line around.
    """
    visible = "".join(each if each.isprintable() else " " for each in typed)
    visible = "".join(
        each for each in visible if unicodedata.category(each) not in {"Cf", "Mn", "Me"}
    )
    visible = " ".join(visible.split())
    if len(visible) > _MAX_QUOTED:
        visible = visible[: _MAX_QUOTED - 1] + "…"
    return escape_name(visible)
