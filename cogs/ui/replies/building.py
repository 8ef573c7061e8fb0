"""What `/building` answers: every room's gaps of one day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from discord import ui

from cogs.ui.custom_ids import BuildingQueryId
from cogs.ui.formatting import (
    day_name,
    escape_name,
    join_dots,
    plural,
    subtext,
    timestamp_relative,
    timestamp_until,
)
from cogs.ui.image_attachment import ImageAttachment
from cogs.ui.layout import (
    GREEN,
    GREY,
    building_select,
    container_view,
    image_gallery,
    page_buttons,
    paginate,
    separator,
)
from cogs.ui.replies.data_footer import data_footer, staleness_warning
from cogs.ui.replies.occupancy import occupancy_line
from cogs.ui.replies.room_day import (
    access_text,
    closed_span,
    gap_span,
    span_text,
    unknown_span,
    without_gap,
)
from cogs.ui.replies.understood import NOTHING_TO_SAY, Understanding
from core.availability.counts import RoomCounts
from core.availability.queries import BuildingDay, RoomDaySummary
from core.data.status import DataAge
from core.model.campus import Campus
from core.model.interval import Interval
from core.trends.trend import Trend

_ROOMS_PER_PAGE = 20
_MAX_PAGE_TEXT = 3000
_GAPS_PER_LINE = 50
"""No room has more on one day, unless a gap of a few minutes counts."""


@dataclass(frozen=True, slots=True)
class BuildingReplyData:
    """All that an answer of `/building` shows; `counts` are of every building."""

    campus: Campus
    query: BuildingQueryId
    building_day: BuildingDay
    counts: Sequence[tuple[str, str, RoomCounts]]
    age: DataAge
    now: datetime
    can_share: bool
    trend: Trend | None = None
    understood: Understanding = NOTHING_TO_SAY


@dataclass(frozen=True, slots=True)
class BuildingPage:
    """One page of a building's day: its lines, and the rooms that they are about."""

    lines: Sequence[str]
    rooms: tuple[RoomDaySummary, ...]
    number: int
    pages: int


def building_page(reply: BuildingReplyData) -> BuildingPage:
    """Return the page that is asked for; one that there is not becomes the last one."""
    room_lines = [
        (each, line) for each in reply.building_day.rooms for line in _room_lines(each, reply)
    ]
    pages = paginate(
        [line for _, line in room_lines], max_lines=_ROOMS_PER_PAGE, max_cost=_MAX_PAGE_TEXT
    )
    number = min(reply.query.page, len(pages) - 1)
    first = sum(map(len, pages[:number]))
    rooms = dict.fromkeys(each for each, _ in room_lines[first : first + len(pages[number])])
    return BuildingPage(pages[number], tuple(rooms), number, len(pages))


def building_reply(
    reply: BuildingReplyData, page: BuildingPage, image: ImageAttachment | None = None
) -> ui.LayoutView:
    """Lay out one page of a building's day."""
    building_day = reply.building_day
    query = reply.query.with_page_offset(page.number - reply.query.page)
    building = building_day.building
    return container_view(
        image_gallery(image),
        staleness_warning(reply.age),
        f"## {escape_name(building.code)} · {escape_name(building.name)}\n"
        f"{subtext(_summary_line(reply, page.number, page.pages))}{_occupancy(reply)}",
        reply.understood.text,
        "\n".join(page.lines),
        separator(),
        building_select(
            query.encode("pick"), reply.counts, selected=[building.code], include_all=False
        ),
        page_buttons(query, page.pages, can_share=reply.can_share),
        data_footer(reply.age, unknown=building_day.unknown_count, rooms=len(building_day.rooms)),
        colour=GREEN if any(each.gaps for each in building_day.rooms) else GREY,
    )


def _summary_line(reply: BuildingReplyData, page: int, pages: int) -> str:
    building_day = reply.building_day
    return join_dots(
        [
            _hours_text(building_day),
            f"{day_name(building_day.day)} ({_zone(reply)})",
            _now_text(reply),
            f"page {page + 1} of {pages}" if pages > 1 else "",
        ]
    )


def _hours_text(building_day: BuildingDay) -> str:
    """Return when the building is open that day."""
    if not building_day.opening:
        return "Closed all day"
    if building_day.building.hours.is_round_the_clock and not building_day.is_partly_closed:
        return "Open round the clock"
    return f"Open {', '.join(map(span_text, building_day.opening))}"


def _now_text(reply: BuildingReplyData) -> str:
    """Return how many rooms are free now, or until when the building is closed and why."""
    building_day, closure = reply.building_day, reply.building_day.closure
    counts = building_day.counts_now
    if closure:
        reason = escape_name(closure.reason)
        return join_dots([reason, f"closed until {timestamp_until(closure.until, reply.now)}"])
    if counts is None:
        return ""
    closed = f"{counts.closed} closed" if counts.closed else ""
    return join_dots([f"{counts.free} of {plural(counts.total, 'room')} free now", closed])


def _occupancy(reply: BuildingReplyData) -> str:
    trend = reply.trend
    return (
        f"\n{subtext(occupancy_line(trend, reply.campus.timezone))}"
        if trend and trend.current and trend.baseline
        else ""
    )


def _zone(reply: BuildingReplyData) -> str:
    return f"{reply.building_day.window.start.astimezone(reply.campus.timezone):%Z}"


def _room_lines(each: RoomDaySummary, reply: BuildingReplyData) -> list[str]:
    """Return the line of a room; more than one only where it has very many gaps."""
    name = join_dots([f"**{escape_name(each.room.name)}**", access_text(each.room)])
    window = reply.building_day.window
    if each.is_closed:
        return [f"{name} closed"]
    if each.is_unknown:
        return [f"{name} unknown: the booking site told nothing about this room"]
    gaps = [gap_span(gap, reply.now) for gap in each.gaps]
    gaps = gaps or [without_gap(each.booked, each.unknown)]
    *full, last = [
        ", ".join(gaps[start : start + _GAPS_PER_LINE])
        for start in range(0, len(gaps), _GAPS_PER_LINE)
    ]
    parts = [last, *(closed_span(part, window) for part in _own_closures(each, reply.building_day))]
    parts += [unknown_span(part, window) for part in each.unknown]
    if each.carried_over_from:
        parts.append(f"read {timestamp_relative(each.carried_over_from)}")
    return [f"{name} {text}" for text in [*full, join_dots(parts)]]


def _own_closures(room: RoomDaySummary, building_day: BuildingDay) -> list[Interval]:
    """Return when the room alone is closed, though its building is open."""
    parts = (
        part.intersection(opening) for part in room.closures for opening in building_day.opening
    )
    return [part for part in parts if part]
