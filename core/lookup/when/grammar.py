"""The grammar as a whole: a text is a phrase if its parts, in any order, use up every word."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Literal

from core.lookup.when.canonical import canonical_text
from core.lookup.when.clocks import (
    clock_phrases,
    is_likely_duration,
    now_phrases,
    part_phrases,
    range_phrases,
    until_phrases,
)
from core.lookup.when.days import bare_day_phrases, day_phrases
from core.lookup.when.durations import (
    bare_duration_phrases,
    bare_offset_phrases,
    duration_phrases,
    offset_phrases,
)
from core.lookup.when.phrase import Phrase

Slot = Literal["time", "day", "duration"]
"""Where a text was typed: it decides what a bare number is."""

_Part = Callable[[str, int], Iterator[tuple[Phrase, int]]]


@dataclass(frozen=True, slots=True)
class Calendar:
    """What the grammar has to know of the place: the date, and how dates are written."""

    today: date
    month_first: bool


def phrases(typed: str, slot: Slot, calendar: Calendar) -> Iterator[Phrase]:
    """Yield the readings of a text, the likeliest for that slot first; none for nonsense."""
    text = canonical_text(typed)
    if not text or "?" in text:
        return
    seen = set()
    for phrase in _parse(text, 0, Phrase(), _parts(text, slot, calendar)):
        if phrase not in seen:
            seen.add(phrase)
            yield phrase


def _parse(text: str, at: int, before: Phrase, parts: list[_Part]) -> Iterator[Phrase]:
    """Yield the phrases that use up the text from a place on, after the parts before it."""
    if at == len(text):
        if before.is_consistent:
            yield before
        return
    for part in parts:
        for found, end in part(text, at):
            merged = before.merge(found)
            if merged and end > at:
                yield from _parse(text, end, merged, parts)


def _parts(text: str, slot: Slot, calendar: Calendar) -> list[_Part]:
    """Return the parts in the order in which they are tried."""
    today = calendar.today
    days = partial(day_phrases, today=today, month_first=calendar.month_first)
    bare_days = partial(bare_day_phrases, today=today)
    offsets = partial(offset_phrases, today=today)
    bare_offsets = partial(bare_offset_phrases, today=today)
    always: list[_Part] = [now_phrases, offsets, part_phrases]
    clocks: list[_Part] = [range_phrases, clock_phrases]
    if slot == "duration" and text.strip().isdigit():
        return [bare_duration_phrases]
    if slot == "duration":
        first: list[_Part] = [duration_phrases, bare_duration_phrases, until_phrases]
        return [*first, *always, *clocks, days]
    durations: list[_Part] = [until_phrases, duration_phrases]
    if slot == "day":
        return [bare_days, days, *always, *clocks, bare_offsets, *durations]
    if is_likely_duration(text):
        return [*always, bare_offsets, *clocks, days, *durations]
    return [*always, *clocks, days, bare_offsets, *durations]
