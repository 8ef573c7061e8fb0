"""What `/refresh` shows while it runs and when it is done."""

from discord import ui

from cogs.replies.panel import FREE, paged, panel
from cogs.replies.words import clock, counted, dotted, listed, plain, plural, relative, small
from core.changes import Changes
from core.model import Campus
from core.standing import Refreshed

_BLOCKS = 10
_MOST_NAMED = 8
_MOST_TEXT = 1200


def refreshing(campus: Campus, read: int, total: int) -> ui.LayoutView:
    """Show how far a refresh is, with a bar of ten blocks."""
    done = _BLOCKS * read // total if total else 0
    bar = "▰" * done + "▱" * (_BLOCKS - done)
    return panel(f"Reading {plain(campus.name)} … {read:,} of {total:,} rooms\n{bar}", colour=None)


def refreshed(campus: Campus, done: Refreshed) -> ui.LayoutView:
    """Show what a refresh brought."""
    attempt = done.attempt
    took = (attempt.ended_at - attempt.began_at).total_seconds()
    failed = attempt.rooms - attempt.read
    read, kinds = f"{plural(attempt.read, 'room')} read", counted(attempt.failures)
    return panel(
        f"## Refreshed in {took:.1f} s",
        "\n".join(
            [
                f"{read} · {failed:,} failed{f' ({kinds})' if kinds else ''}",
                *_change_lines(done.changes),
            ]
        ),
        small(
            dotted(
                [
                    plain(campus.name),
                    f"read {relative(attempt.began_at)}",
                    f"{failed:,} of {attempt.rooms:,} rooms failed: they keep their last data of "
                    "the day, else they are unknown"
                    if failed
                    else "",
                ]
            )
        ),
        colour=FREE,
    )


def _change_lines(moved: Changes) -> list[str]:
    free = [f"{plain(each.room.label)} until {clock(each.gap.end)}" for each in moved.newly_free]
    busy = [
        f"{plain(each.room.label)} {f'until {clock(each.until)}' if each.until else 'for today'}"
        for each in moved.newly_busy
    ]
    lines = [
        f"{len(free):,} newly free{_named(free)}",
        f"{len(busy):,} newly busy{_named(busy)}",
        f"{len(moved.newly_known):,} known again" if moved.newly_known else "",
        f"{len(moved.newly_unknown):,} no longer known" if moved.newly_unknown else "",
    ]
    return [line for line in lines if line]


def _named(rooms: list[str]) -> str:
    shown = paged(rooms, most_lines=_MOST_NAMED, most_text=_MOST_TEXT)[0]
    return f": {listed(rooms, most=len(shown))}" if rooms else ""
