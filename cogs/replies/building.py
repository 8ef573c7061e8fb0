"""What `/building` answers: every room's gaps of one day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from discord import ui

from cogs.pictures import Picture
from cogs.questions import BuildingQuestion
from cogs.replies.busy import busy_line
from cogs.replies.data_line import data_line, trouble
from cogs.replies.panel import (
    FREE,
    NONE,
    building_select,
    gallery,
    line,
    page_buttons,
    paged,
    panel,
)
from cogs.replies.words import clock, day_name, dotted, plain, plural, relative, small
from core.availability import BuildingDay, Count, RoomLine
from core.model import Campus, Interval
from core.standing import DataAge
from core.trends import Trend

_ROOMS_A_PAGE = 20
_MOST_TEXT = 3000
_GAPS_A_LINE = 50
"""No room has more on one day, unless a gap of a few minutes counts."""


@dataclass(frozen=True, slots=True)
class BuildingReply:
    """All that an answer of `/building` shows; `counts` are of every building."""

    campus: Campus
    asked: BuildingQuestion
    answer: BuildingDay
    counts: Sequence[tuple[str, str, Count]]
    age: DataAge
    now: datetime
    can_share: bool
    trend: Trend | None = None


@dataclass(frozen=True, slots=True)
class BuildingPage:
    """One page of a building's day: its lines, and the rooms that they are about."""

    lines: Sequence[str]
    rooms: tuple[RoomLine, ...]
    number: int
    pages: int


def building_page(reply: BuildingReply) -> BuildingPage:
    """Return the page that is asked for; one that there is not becomes the last one."""
    told = [(each, line) for each in reply.answer.rooms for line in _room_lines(each, reply)]
    pages = paged([line for _, line in told], most_lines=_ROOMS_A_PAGE, most_text=_MOST_TEXT)
    number = min(reply.asked.page, len(pages) - 1)
    first = sum(map(len, pages[:number]))
    rooms = dict.fromkeys(each for each, _ in told[first : first + len(pages[number])])
    return BuildingPage(pages[number], tuple(rooms), number, len(pages))


def building_reply(
    reply: BuildingReply, page: BuildingPage, picture: Picture | None = None
) -> ui.LayoutView:
    """Lay out one page of a building's day."""
    answer = reply.answer
    asked = reply.asked.turned(page.number - reply.asked.page)
    building = answer.building
    return panel(
        gallery(picture),
        trouble(reply.age),
        f"## {plain(building.code)} · {plain(building.name)}\n"
        f"{small(_hours(reply, page.number, page.pages))}{_busy(reply)}",
        "\n".join(page.lines),
        line(),
        building_select(
            asked.custom_id("pick"), reply.counts, chosen=[building.code], all_buildings=False
        ),
        page_buttons(asked, page.pages, can_share=reply.can_share),
        data_line(reply.age, unknown=answer.unknown, rooms=len(answer.rooms)),
        colour=FREE if any(each.gaps for each in answer.rooms) else NONE,
    )


def _hours(reply: BuildingReply, page: int, pages: int) -> str:
    answer = reply.answer
    hours = answer.open_hours
    free = f"{answer.now.free} of {plural(answer.now.rooms, 'room')} free now" if answer.now else ""
    return dotted(
        [
            f"Open {clock(hours.start)}–{clock(hours.end)}",
            f"{day_name(answer.day)} ({_zone(reply)})",
            free or _when_open(reply),
            f"page {page + 1} of {pages}" if pages > 1 else "",
        ]
    )


def _busy(reply: BuildingReply) -> str:
    trend = reply.trend
    return f"\n{small(busy_line(trend, reply.campus.timezone))}" if trend and trend.since else ""


def _zone(reply: BuildingReply) -> str:
    return f"{reply.answer.open_hours.start.astimezone(reply.campus.timezone):%Z}"


def _when_open(reply: BuildingReply) -> str:
    hours = reply.answer.open_hours
    if reply.now >= hours.end:
        return "closed by now"
    return f"opens {relative(hours.start)}"


def _room_lines(each: RoomLine, reply: BuildingReply) -> list[str]:
    """Return the line of a room; more than one only where it has very many gaps."""
    name = f"**{plain(each.room.name)}**"
    hours = reply.answer.open_hours
    if each.unknown == (hours,):
        return [f"{name} unknown: the booking site told nothing about this room"]
    gaps = [gap_span(gap, reply.now) for gap in each.gaps] or ["no gap"]
    *full, last = [
        ", ".join(gaps[start : start + _GAPS_A_LINE]) for start in range(0, len(gaps), _GAPS_A_LINE)
    ]
    parts = [last]
    parts += [unknown_span(part, hours) for part in each.unknown]
    if each.kept_from:
        parts.append(f"read {relative(each.kept_from)}")
    return [f"{name} {text}" for text in [*full, dotted(parts)]]


def gap_span(gap: Interval, now: datetime) -> str:
    """Show a gap from its start to its end, bold while it holds."""
    text = f"{clock(gap.start)}–{clock(gap.end)}"
    return f"**{text}**" if now in gap else text


def unknown_span(part: Interval, hours: Interval) -> str:
    """Show which part of the opening hours is unknown."""
    if part.start == hours.start:
        return f"unknown before {clock(part.end)}"
    if part.end == hours.end:
        return f"unknown from {clock(part.start)}"
    return f"unknown from {clock(part.start)} to {clock(part.end)}"
