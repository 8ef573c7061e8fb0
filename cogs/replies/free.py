"""What `/free` answers: the rooms that are free at a moment, and those that open soon."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from discord import ui

from cogs.pictures import Picture
from cogs.questions import FreeQuestion
from cogs.replies.data_line import data_line, trouble
from cogs.replies.panel import (
    FREE,
    NONE,
    building_select,
    gallery,
    line,
    page_buttons,
    panel,
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
from core.standing import DataAge

ROOMS_A_PAGE = 10
_SOON_A_PAGE = 15
_MOST_TEXT = 3000
_LONGEST_CODE = 17
_MOST_BESIDE_NAME = 96
_MOST_BESIDE_SOON = 26
"""What a line weighs beside the room's name, and a room that opens soon beside its own."""

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
    picture: Picture | None = None


def free_reply(reply: FreeReply) -> ui.LayoutView:
    """Lay out one page of the answer; a page that there is not becomes the last one."""
    pages = _pages(reply.answer)
    page = min(reply.asked.page, pages.number - 1)
    asked = reply.asked.turned(page - reply.asked.page)
    answer = reply.answer
    return panel(
        gallery(reply.picture),
        trouble(reply.age),
        f"## {_title(reply)}\n{small(_scope(reply, page, pages.number))}",
        "\n".join(_lines(reply, pages, page)) or None,
        line(),
        building_select(
            asked.custom_id("pick"), reply.counts, chosen=asked.buildings, all_buildings=True
        ),
        page_buttons(asked, pages.number, can_share=reply.can_share),
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
    left_out = [
        f"{plural(number, 'room')} {why} left out"
        for number, why in ((answer.unsized, "of unknown size"), (answer.untold, "of unknown kind"))
        if number
    ]
    return dotted(
        [
            plain(reply.campus.name),
            plain(", ".join(question.buildings)),
            f"{day_name(_local(reply).date())} ({_local(reply):%Z})",
            "that time has passed" if is_past else "",
            f"for at least {question.at_least // timedelta(minutes=1)} min",
            f"{question.capacity} seats or more" if question.capacity else "",
            f"with {plain(question.feature)}" if question.feature else "",
            *left_out,
            f"page {page + 1} of {pages}" if pages > 1 else "",
        ]
    )


def _local(reply: FreeReply) -> datetime:
    return reply.answer.question.moment.astimezone(reply.campus.timezone)


@dataclass(frozen=True, slots=True)
class _Pages:
    """How the rooms are cut into pages; of what a line may weigh, not of what it does.

    So only the lines of the page that is shown are written. First come the free rooms, then
    those that open soon; those begin on the last page of the others where they `share` it.
    """

    a_page: int
    soon_a_page: int
    of_free: int
    of_soon: int
    share: bool

    @property
    def number(self) -> int:
        return self.of_free + self.of_soon - self.share


def _pages(answer: FreeRooms) -> _Pages:
    free_line = _most_name(answer.free) + _MOST_BESIDE_NAME
    soon_part = _most_name(answer.soon) + _MOST_BESIDE_SOON
    a_page = min(ROOMS_A_PAGE, _MOST_TEXT // free_line)
    soon_a_page = min(_SOON_A_PAGE, _MOST_TEXT // 2 // soon_part)
    of_free = max(-(-len(answer.free) // a_page), 1)
    on_last = len(answer.free) - a_page * (of_free - 1)
    first_soon = min(len(answer.soon), soon_a_page)
    # Where nothing is free there are two lines that name four rooms.
    weighs = (on_last or 4) * free_line + first_soon * soon_part
    return _Pages(
        a_page=a_page,
        soon_a_page=soon_a_page,
        of_free=of_free,
        of_soon=-(-len(answer.soon) // soon_a_page),
        share=first_soon > 0 and weighs <= _MOST_TEXT,
    )


def _most_name(rooms: Sequence[FreeRoom]) -> int:
    """Return what the longest name can weigh: `plain` at most doubles it."""
    longest = max((len(each.room.name) for each in rooms), default=0)
    return 2 * (_LONGEST_CODE + longest)


def _lines(reply: FreeReply, pages: _Pages, page: int) -> list[str]:
    """Return the lines of one page."""
    answer = reply.answer
    start, soon = page * pages.a_page, page - pages.of_free + pages.share
    lines = [_free_line(each) for each in answer.free[start : start + pages.a_page]]
    if page == 0 and not answer.free:
        lines = [*_brief_lines(answer), *_later_lines(reply)]
    if 0 <= soon < pages.of_soon:
        opening = answer.soon[soon * pages.soon_a_page : (soon + 1) * pages.soon_a_page]
        parts = [f"{_name(each)} from {clock(each.gap.start)}" for each in opening]
        lines.append(f"**Soon**  {' · '.join(parts)}")
    return lines


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
