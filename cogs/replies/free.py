"""What `/free` answers: the rooms that are free at a moment, and those that open soon."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from discord import ui

from cogs.questions import FreeQuestion
from cogs.replies.data_line import data_line, trouble
from cogs.replies.panel import (
    FREE,
    NONE,
    building_select,
    line,
    page_buttons,
    paged,
    panel,
    weight,
)
from cogs.replies.words import (
    clock,
    day_name,
    dotted,
    plain,
    plural,
    relative,
    short_day_name,
    small,
)
from core.availability import Count, FreeRoom, FreeRooms
from core.model import Campus
from core.schedule import DataAge

ROOMS_A_PAGE = 10
_SOON_A_PAGE = 15
_MOST_TEXT = 3000
_LATER = 3
_NOW = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class FreeReply:
    """All that an answer of `/free` shows; `counts` are (code, name, count) of every building."""

    campus: Campus
    asked: FreeQuestion
    answer: FreeRooms
    counts: Sequence[tuple[str, str, Count]]
    age: DataAge
    now: datetime
    can_share: bool


def free_reply(reply: FreeReply) -> ui.LayoutView:
    """Lay out one page of the answer; a page that there is not becomes the last one."""
    pages = _pages(reply)
    page = min(reply.asked.page, len(pages) - 1)
    asked = reply.asked.turned(page - reply.asked.page)
    answer = reply.answer
    return panel(
        trouble(reply.age),
        f"## {_title(reply)}\n{small(_scope(reply, page, len(pages)))}",
        "\n".join(pages[page]) or None,
        line(),
        building_select(
            asked.custom_id("pick"), reply.counts, chosen=asked.building, all_buildings=True
        ),
        page_buttons(asked, len(pages), can_share=reply.can_share),
        data_line(reply.age, unknown=answer.unknown, rooms=answer.rooms),
        colour=FREE if answer.free else NONE,
    )


def _title(reply: FreeReply) -> str:
    number = len(reply.answer.free)
    rooms = plural(number, "room") if number else "Nothing"
    moment, local = reply.answer.question.moment, _local(reply)
    when = f"{short_day_name(local.date())} at {local:%H:%M}"
    if moment < reply.now - _NOW:
        return f"{rooms} {'was' if number < 2 else 'were'} free on {when}"  # noqa: PLR2004
    return f"{rooms} free now" if moment < reply.now + _NOW else f"{rooms} free on {when}"


def _scope(reply: FreeReply, page: int, pages: int) -> str:
    question, answer = reply.answer.question, reply.answer
    is_past = question.moment < reply.now - _NOW
    unsized = plural(answer.unsized, "room") + " of unknown size left out" if answer.unsized else ""
    return dotted(
        [
            plain(reply.campus.name),
            plain(question.building or ""),
            f"{day_name(_local(reply).date())} ({_local(reply):%Z})",
            "that time has passed" if is_past else "",
            f"for at least {question.at_least // timedelta(minutes=1)} min",
            f"{question.capacity} seats or more" if question.capacity else "",
            unsized,
            f"page {page + 1} of {pages}" if pages > 1 else "",
        ]
    )


def _local(reply: FreeReply) -> datetime:
    return reply.answer.question.moment.astimezone(reply.campus.timezone)


def _pages(reply: FreeReply) -> list[list[str]]:
    """Return the lines of each page: free rooms, then, behind the last of them, the others."""
    answer = reply.answer
    pages = paged(
        [_free_line(each) for each in answer.free], most_lines=ROOMS_A_PAGE, most_text=_MOST_TEXT
    )
    if not answer.free:
        pages = [[*_brief_lines(answer), *_later_lines(reply)]]
    soon = paged(
        [f"{_name(each)} from {clock(each.gap.start)}" for each in answer.soon],
        most_lines=_SOON_A_PAGE,
        most_text=_MOST_TEXT // 2,
    )
    lines = [f"**Soon**  {' · '.join(each)}" for each in soon if each]
    if lines and sum(map(weight, [*pages[-1], lines[0]])) <= _MOST_TEXT:
        pages[-1] = [*pages[-1], lines.pop(0)]
    return pages + [[each] for each in lines]


def _free_line(each: FreeRoom) -> str:
    return dotted(
        [
            f"**{_name(each)}** until {clock(each.gap.end)}",
            relative(each.gap.end),
            plural(each.room.capacity, "seat") if each.room.capacity else "",
            f"read {relative(each.kept_from)}" if each.kept_from else "",
        ]
    )


def _name(each: FreeRoom) -> str:
    return plain(each.room.label)


def _brief_lines(answer: FreeRooms) -> list[str]:
    """Say what shorter minutes would give."""
    if not answer.brief:
        return []
    best = answer.brief[0]
    left = (best.gap.end - answer.question.moment) // timedelta(minutes=1)
    number = plural(len(answer.brief), "room is", "rooms are")
    ask = f"Ask with `minutes: {max(left, 1)}` to see."
    return [f"{number} free for less: **{_name(best)}** until {clock(best.gap.end)}. {ask}"]


def _later_lines(reply: FreeReply) -> list[str]:
    """Name the rooms that open first, where none opens soon enough to be listed anyway."""
    if reply.answer.soon or not reply.answer.later:
        return []
    first = [f"{_name(each)} from {clock(each.gap.start)}" for each in reply.answer.later[:_LATER]]
    return [f"**Next**  {' · '.join(first)}"]
