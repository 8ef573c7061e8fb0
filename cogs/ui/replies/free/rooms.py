"""The rooms of a reply of `/free`: a line each, by pages, and those that open soon."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from cogs.ui.formatting import (
    escape_name,
    join_dots,
    plural,
    timestamp_relative,
    timestamp_time,
    timestamp_until,
)
from cogs.ui.layout import join_within, text_cost
from cogs.ui.replies.free.data import FreeReplyData
from cogs.ui.replies.room_day import access_text
from core.availability.gap_index import FreeRoom, gap_start

BEST_ROOMS = 5
ROOMS_PER_PAGE = 10
_MAX_ROOMS_TEXT = 2000
_MAX_SOON_TEXT = 700
_MAX_BUILDINGS_TEXT = 700
_NAMES_PER_TIME = 12
_LINE_COST_WITHOUT_NAME = 90


@dataclass(frozen=True, slots=True)
class RoomPages:
    """How the free rooms are cut into pages; the first page of a campus holds the best few."""

    first: int
    per_page: int
    rooms: int

    @property
    def count(self) -> int:
        """The number of pages, at least one."""
        return 1 + max(-(-(self.rooms - self.first) // self.per_page), 0)

    def of(self, page: int) -> slice:
        """Return which rooms a page shows."""
        end = min(self.first + page * self.per_page, self.rooms)
        return slice(self.first + (page - 1) * self.per_page if page else 0, end)

    def range_text(self, page: int) -> str:
        """Return which rooms a page shows in words, nothing for a first page."""
        part = self.of(page)
        return f"rooms {part.start + 1:,}–{part.stop:,} of {self.rooms:,}" if page else ""


def room_pages(reply: FreeReplyData) -> RoomPages:
    """Return the pages of a reply, by what the longest name can take up."""
    longest = max((text_cost(_label(free)) for free in reply.rooms), default=0)
    per_page = min(ROOMS_PER_PAGE, _MAX_ROOMS_TEXT // (longest + _LINE_COST_WITHOUT_NAME))
    first = min(per_page, BEST_ROOMS) if is_overview(reply) else per_page
    return RoomPages(first, per_page, len(reply.rooms))


def is_overview(reply: FreeReplyData) -> bool:
    """Tell whether the whole campus was asked about."""
    return not reply.query.buildings


def room_lines(rooms: Sequence[FreeRoom], moment: datetime) -> str:
    """Return a line for each room that is free at a moment."""
    return "\n".join(_room_line(free, moment) for free in rooms)


def _room_line(free: FreeRoom, moment: datetime) -> str:
    checked_at = free.carried_over_from
    return join_dots(
        [
            f"**{_label(free)}**",
            f"till {timestamp_until(free.gap.end, moment)}",
            plural(free.room.capacity, "seat") if free.room.capacity else "",
            access_text(free.room),
            f"last checked {timestamp_relative(checked_at)}" if checked_at else "",
        ]
    )


def _label(free: FreeRoom) -> str:
    return escape_name(free.room.label)


def building_counts(reply: FreeReplyData) -> str | None:
    """Return how many rooms fit in each building that has some, most first."""
    fitting = sorted(
        ((counts.free, code) for code, _, counts in reply.counts if counts.free),
        key=lambda each: -each[0],
    )
    if not fitting:
        return None
    (most, first), *others = fitting
    parts = [
        f"**{escape_name(first)}** {most:,} free",
        *(f"**{escape_name(code)}** {count:,}" for count, code in others),
    ]
    return join_within(parts, " · ", max_cost=_MAX_BUILDINGS_TEXT)


def opening_soon(reply: FreeReplyData) -> str | None:
    """Return the rooms that open within half an hour, grouped by the time."""
    rooms = reply.result.soon
    return f"**Opening soon** {_by_time(reply, rooms)}" if rooms else None


def next_free(reply: FreeReplyData) -> str | None:
    """Return the rooms that are free first, where none is free and none opens soon."""
    rooms = reply.result.next_openings
    if reply.result.soon or not rooms:
        return None
    first = [free for free in rooms if free.gap.start == rooms[0].gap.start]
    return f"**Next free** {_by_time(reply, first)}"


def _by_time(reply: FreeReplyData, rooms: Sequence[FreeRoom]) -> str:
    is_one_building = len(reply.query.buildings) == 1
    groups = []
    for start, opening in groupby(rooms, key=gap_start):
        names = [
            escape_name(free.room.name if is_one_building else free.room.label) for free in opening
        ]
        groups.append(_time_group(start, names))
    return join_within(groups, " · ", max_cost=_MAX_SOON_TEXT)


def _time_group(start: datetime, names: Sequence[str]) -> str:
    shown, more = names[:_NAMES_PER_TIME], len(names) - _NAMES_PER_TIME
    listed = join_within(shown, ", ", max_cost=_MAX_SOON_TEXT // 2)
    return f"{timestamp_time(start)}: {listed}{f' and {more:,} more' if more > 0 else ''}"
