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
    paginate,
    separator,
)
from cogs.ui.replies.data_footer import data_footer, staleness_warning
from cogs.ui.replies.occupancy import occupancy_line
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
    hours = building_day.window
    free = (
        f"{building_day.counts_now.free} of "
        f"{plural(building_day.counts_now.total, 'room')} free now"
        if building_day.counts_now
        else ""
    )
    return join_dots(
        [
            f"Open {timestamp_time(hours.start)}–{timestamp_time(hours.end)}",
            f"{day_name(building_day.day)} ({_zone(reply)})",
            free or _closed_text(reply),
            f"page {page + 1} of {pages}" if pages > 1 else "",
        ]
    )


def _occupancy(reply: BuildingReplyData) -> str:
    trend = reply.trend
    return (
        f"\n{subtext(occupancy_line(trend, reply.campus.timezone))}"
        if trend and trend.current and trend.baseline
        else ""
    )


def _zone(reply: BuildingReplyData) -> str:
    return f"{reply.building_day.window.start.astimezone(reply.campus.timezone):%Z}"


def _closed_text(reply: BuildingReplyData) -> str:
    hours = reply.building_day.window
    if reply.now >= hours.end:
        return "closed by now"
    return f"opens {timestamp_relative(hours.start)}"


def _room_lines(each: RoomDaySummary, reply: BuildingReplyData) -> list[str]:
    """Return the line of a room; more than one only where it has very many gaps."""
    name = f"**{escape_name(each.room.name)}**"
    hours = reply.building_day.window
    if each.unknown == (hours,):
        return [f"{name} unknown: the booking site told nothing about this room"]
    gaps = [gap_span(gap, reply.now) for gap in each.gaps] or ["no gap"]
    *full, last = [
        ", ".join(gaps[start : start + _GAPS_PER_LINE])
        for start in range(0, len(gaps), _GAPS_PER_LINE)
    ]
    parts = [last]
    parts += [unknown_span(part, hours) for part in each.unknown]
    if each.carried_over_from:
        parts.append(f"read {timestamp_relative(each.carried_over_from)}")
    return [f"{name} {text}" for text in [*full, join_dots(parts)]]


def gap_span(gap: Interval, now: datetime) -> str:
    """Show a gap from its start to its end, bold while it holds."""
    text = f"{timestamp_time(gap.start)}–{timestamp_time(gap.end)}"
    return f"**{text}**" if now in gap else text


def unknown_span(part: Interval, hours: Interval) -> str:
    """Show which part of the opening hours is unknown."""
    if part.start == hours.start:
        return f"unknown before {timestamp_time(part.end)}"
    if part.end == hours.end:
        return f"unknown from {timestamp_time(part.start)}"
    return f"unknown from {timestamp_time(part.start)} to {timestamp_time(part.end)}"
