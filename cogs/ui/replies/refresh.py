"""What `/refresh` shows while it runs and when it is done."""

from discord import ui

from cogs.ui.formatting import (
    escape_name,
    join_counts,
    join_dots,
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

_BAR_BLOCKS = 10
_MAX_NAMED_ROOMS = 8
_MAX_NAMES_TEXT = 1200


def refresh_progress(campus: Campus, read: int, total: int) -> ui.LayoutView:
    """Show how far a refresh is, with a bar of ten blocks."""
    done = _BAR_BLOCKS * read // total if total else 0
    bar = "▰" * done + "▱" * (_BAR_BLOCKS - done)
    return container_view(
        f"Reading {escape_name(campus.name)} … {read:,} of {total:,} rooms\n{bar}", colour=None
    )


def refresh_result(campus: Campus, result: RefreshResult) -> ui.LayoutView:
    """Show what a refresh brought."""
    attempt = result.attempt
    took = (attempt.ended_at - attempt.began_at).total_seconds()
    failed = attempt.rooms - attempt.rooms_read
    read, kinds = f"{plural(attempt.rooms_read, 'room')} read", join_counts(attempt.failures)
    return container_view(
        f"## Refreshed in {took:.1f} s",
        "\n".join(
            [
                f"{read} · {failed:,} failed{f' ({kinds})' if kinds else ''}",
                *_change_lines(result.diff),
            ]
        ),
        subtext(
            join_dots(
                [
                    escape_name(campus.name),
                    f"read {timestamp_relative(attempt.began_at)}",
                    f"{failed:,} of {attempt.rooms:,} rooms failed: they keep their last data of "
                    "the day, else they are unknown"
                    if failed
                    else "",
                ]
            )
        ),
        colour=GREEN,
    )


def _change_lines(diff: AvailabilityDiff) -> list[str]:
    free = [
        f"{escape_name(each.room.label)} until {timestamp_time(each.gap.end)}"
        for each in diff.newly_free
    ]
    busy = [
        f"{escape_name(each.room.label)} "
        f"{f'until {timestamp_time(each.next_free_at)}' if each.next_free_at else 'for today'}"
        for each in diff.newly_busy
    ]
    lines = [
        f"{len(free):,} newly free{_room_names(free)}",
        f"{len(busy):,} newly busy{_room_names(busy)}",
        f"{len(diff.newly_closed):,} newly closed" if diff.newly_closed else "",
        f"{len(diff.newly_known):,} known again" if diff.newly_known else "",
        f"{len(diff.newly_unknown):,} no longer known" if diff.newly_unknown else "",
    ]
    return [line for line in lines if line]


def _room_names(rooms: list[str]) -> str:
    shown = paginate(rooms, max_lines=_MAX_NAMED_ROOMS, max_cost=_MAX_NAMES_TEXT)[0]
    return f": {join_limited(rooms, limit=len(shown))}" if rooms else ""
