"""What `/free` answers: the rooms that are free at a moment, and those that open soon."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from discord import ui

from cogs.ui.custom_ids import FreeQueryId
from cogs.ui.formatting import (
    day_name,
    escape_name,
    join_dots,
    plural,
    short_day_name,
    subtext,
    timestamp_relative,
    timestamp_time,
)
from cogs.ui.image_attachment import ImageAttachment
from cogs.ui.layout import (
    GREEN,
    GREY,
    building_select,
    container_view,
    image_gallery,
    page_buttons,
    separator,
)
from cogs.ui.replies.data_footer import data_footer, staleness_warning
from cogs.ui.replies.understood import NOTHING_TO_SAY, Understanding
from core.availability.counts import RoomCounts
from core.availability.gap_index import FreeRoom
from core.availability.queries import FreeRooms
from core.data.status import DataAge
from core.model.campus import Campus

ROOMS_PER_PAGE = 10
_SOON_PER_PAGE = 15
_MAX_PAGE_TEXT = 3000
_MAX_CODE_LENGTH = 17
_LINE_COST_WITHOUT_NAME = 96
_SOON_COST_WITHOUT_NAME = 26
"""What a line weighs beside the room's name, and a room that opens soon beside its own."""

_NEXT_OPENINGS = 3
_NOW_TOLERANCE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class FreeReplyData:
    """All that an answer of `/free` shows; `counts` are (code, name, count) of every building."""

    campus: Campus
    query: FreeQueryId
    result: FreeRooms
    counts: Sequence[tuple[str, str, RoomCounts]]
    age: DataAge
    now: datetime
    can_share: bool
    image: ImageAttachment | None = None
    understood: Understanding = NOTHING_TO_SAY


def free_reply(reply: FreeReplyData) -> ui.LayoutView:
    """Lay out one page of the answer; a page that there is not becomes the last one."""
    pages = _paginate(reply.result)
    page = min(reply.query.page, pages.count - 1)
    query = reply.query.with_page_offset(page - reply.query.page)
    result = reply.result
    return container_view(
        image_gallery(reply.image),
        staleness_warning(reply.age),
        f"## {_title(reply)}\n{subtext(_filters_line(reply, page, pages.count))}",
        reply.understood.text,
        reply.understood.row,
        "\n".join(_page_lines(reply, pages, page)) or None,
        separator(),
        building_select(
            query.encode("pick"), reply.counts, selected=query.query.buildings, include_all=True
        ),
        page_buttons(query, pages.count, can_share=reply.can_share),
        data_footer(reply.age, unknown=result.unknown_count, rooms=result.room_count),
        colour=GREEN if result.free else GREY,
    )


def _title(reply: FreeReplyData) -> str:
    number = len(reply.result.free)
    rooms = plural(number, "room") if number else "Nothing"
    moment, local = reply.result.query.moment, _local(reply)
    when = f"{short_day_name(local.date())} at {local:%H:%M}"
    if moment < reply.now - _NOW_TOLERANCE:
        return f"{rooms} {'was' if number < 2 else 'were'} free on {when}"  # noqa: PLR2004
    return f"{rooms} free now" if moment < reply.now + _NOW_TOLERANCE else f"{rooms} free on {when}"


def _filters_line(reply: FreeReplyData, page: int, pages: int) -> str:
    query, result = reply.result.query, reply.result
    is_past = query.moment < reply.now - _NOW_TOLERANCE
    left_out = [
        f"{plural(number, 'room')} {why} left out"
        for number, why in (
            (result.unknown_capacity, "of unknown size"),
            (result.unknown_features, "of unknown kind"),
        )
        if number
    ]
    return join_dots(
        [
            escape_name(reply.campus.name),
            escape_name(", ".join(query.buildings)),
            f"{day_name(_local(reply).date())} ({_local(reply):%Z})",
            "that time has passed" if is_past else "",
            f"for at least {query.at_least // timedelta(minutes=1)} min",
            f"{query.capacity} seats or more" if query.capacity else "",
            f"with {escape_name(', '.join(query.features))}" if query.features else "",
            *left_out,
            f"page {page + 1} of {pages}" if pages > 1 else "",
        ]
    )


def _local(reply: FreeReplyData) -> datetime:
    return reply.result.query.moment.astimezone(reply.campus.timezone)


@dataclass(frozen=True, slots=True)
class _Pagination:
    """How the rooms are cut into pages; of what a line may weigh, not of what it does.

    So only the lines of the page that is shown are written. First come the free rooms, then
    those that open soon; those begin on the last page of the others where they `share` it.
    """

    free_per_page: int
    soon_per_page: int
    free_pages: int
    soon_pages: int
    shares_page: bool

    @property
    def count(self) -> int:
        return self.free_pages + self.soon_pages - self.shares_page


def _paginate(result: FreeRooms) -> _Pagination:
    free_line = _max_name_cost(result.free) + _LINE_COST_WITHOUT_NAME
    soon_part = _max_name_cost(result.soon) + _SOON_COST_WITHOUT_NAME
    a_page = min(ROOMS_PER_PAGE, _MAX_PAGE_TEXT // free_line)
    soon_a_page = min(_SOON_PER_PAGE, _MAX_PAGE_TEXT // 2 // soon_part)
    of_free = max(-(-len(result.free) // a_page), 1)
    on_last = len(result.free) - a_page * (of_free - 1)
    first_soon = min(len(result.soon), soon_a_page)
    # Where nothing is free there are two lines that name four rooms.
    cost = (on_last or 4) * free_line + first_soon * soon_part
    return _Pagination(
        free_per_page=a_page,
        soon_per_page=soon_a_page,
        free_pages=of_free,
        soon_pages=-(-len(result.soon) // soon_a_page),
        shares_page=first_soon > 0 and cost <= _MAX_PAGE_TEXT,
    )


def _max_name_cost(rooms: Sequence[FreeRoom]) -> int:
    """Return what the longest name can weigh: `plain` at most doubles it."""
    longest = max((len(each.room.name) for each in rooms), default=0)
    return 2 * (_MAX_CODE_LENGTH + longest)


def _page_lines(reply: FreeReplyData, pages: _Pagination, page: int) -> list[str]:
    """Return the lines of one page."""
    result = reply.result
    start, soon = page * pages.free_per_page, page - pages.free_pages + pages.shares_page
    lines = [_free_line(each) for each in result.free[start : start + pages.free_per_page]]
    if page == 0 and not result.free:
        lines = [*_too_short_hint(result), *_next_opening_line(reply)]
    if 0 <= soon < pages.soon_pages:
        opening = result.soon[soon * pages.soon_per_page : (soon + 1) * pages.soon_per_page]
        parts = [f"{_room_label(each)} from {timestamp_time(each.gap.start)}" for each in opening]
        lines.append(f"**Soon**  {' · '.join(parts)}")
    return lines


def _free_line(each: FreeRoom) -> str:
    return join_dots(
        [
            f"**{_room_label(each)}** until {timestamp_time(each.gap.end)}",
            timestamp_relative(each.gap.end),
            plural(each.room.capacity, "seat") if each.room.capacity else "",
            f"read {timestamp_relative(each.carried_over_from)}" if each.carried_over_from else "",
        ]
    )


def _room_label(each: FreeRoom) -> str:
    return escape_name(each.room.label)


def _too_short_hint(result: FreeRooms) -> list[str]:
    """Say what shorter minutes would give."""
    if not result.too_short:
        return []
    best = result.too_short[0]
    left = (best.gap.end - result.query.moment) // timedelta(minutes=1)
    number = plural(len(result.too_short), "room is", "rooms are")
    ask = f"Ask with `minutes: {max(left, 1)}` to see."
    end = timestamp_time(best.gap.end)
    return [f"{number} free for less: **{_room_label(best)}** until {end}. {ask}"]


def _next_opening_line(reply: FreeReplyData) -> list[str]:
    """Name the rooms that open first, where none opens soon enough to be listed anyway."""
    if reply.result.soon or not reply.result.next_openings:
        return []
    first = [
        f"{_room_label(each)} from {timestamp_time(each.gap.start)}"
        for each in reply.result.next_openings[:_NEXT_OPENINGS]
    ]
    return [f"**Next**  {' · '.join(first)}"]
