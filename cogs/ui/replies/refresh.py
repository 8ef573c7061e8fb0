"""What `/refresh` shows while it runs and when it is done."""

from discord import ui

from cogs.ui.formatting import (
    escape_name,
    join_counts,
    join_limited,
    plural,
    subtext,
    timestamp_relative,
    timestamp_time,
)
from cogs.ui.layout import GREEN, container_view, paginate
from core.availability.diff import AvailabilityDiff
from core.data.status import RefreshResult
from core.model.campus import Campus
from core.model.refresh import RefreshAttempt

_BAR_BLOCKS = 10
_MAX_NAMED_ROOMS = 8
_MAX_NAMES_TEXT = 1200


def refresh_progress(campus: Campus, read: int, total: int) -> ui.LayoutView:
    """Show how far a refresh is, with a bar of ten blocks."""
    done = _BAR_BLOCKS * read // total if total else 0
    bar = "▰" * done + "▱" * (_BAR_BLOCKS - done)
    return container_view(
        f"Checking {escape_name(campus.name)}… {read:,} of {total:,} rooms\n{bar}", colour=None
    )


def refresh_result(campus: Campus, result: RefreshResult) -> ui.LayoutView:
    """Show what a refresh brought."""
    attempt = result.attempt
    took = (attempt.ended_at - attempt.began_at).total_seconds()
    checked_at = timestamp_relative(attempt.began_at)
    return container_view(
        f"## Refreshed in {took:.1f} s",
        "\n".join([*_room_lines(attempt), *_change_lines(result.diff)]),
        subtext(f"{escape_name(campus.name)} · Checked {checked_at}"),
        colour=GREEN,
    )


def _room_lines(attempt: RefreshAttempt) -> list[str]:
    checked = f"{plural(attempt.rooms_read, 'room')} checked"
    failed = attempt.rooms - attempt.rooms_read
    if not failed:
        return [checked]
    kinds = join_counts(attempt.failures)
    return [
        f"{checked} · {failed:,} couldn't be checked{f' ({kinds})' if kinds else ''}",
        "For those I use what I knew before, if anything.",
    ]


def _change_lines(diff: AvailabilityDiff) -> list[str]:
    free = [
        f"{escape_name(each.room.label)} till {timestamp_time(each.gap.end)}"
        for each in diff.newly_free
    ]
    busy = [
        f"{escape_name(each.room.label)} "
        f"{f'till {timestamp_time(each.next_free_at)}' if each.next_free_at else 'for today'}"
        for each in diff.newly_busy
    ]
    known, unknown = len(diff.newly_known), len(diff.newly_unknown)
    lines = [
        f"{len(free):,} newly free{_room_names(free)}" if free else "",
        f"{len(busy):,} newly busy{_room_names(busy)}" if busy else "",
        f"Information is back for {plural(known, 'room')}" if known else "",
        f"No information any more for {plural(unknown, 'room')}" if unknown else "",
    ]
    return [line for line in lines if line] or ["Nothing changed"]


def _room_names(rooms: list[str]) -> str:
    shown = paginate(rooms, max_lines=_MAX_NAMED_ROOMS, max_cost=_MAX_NAMES_TEXT)[0]
    return f": {join_limited(rooms, limit=len(shown))}" if rooms else ""
