"""The answer of `/free` to a day without a time: how many rooms are free at some hours of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from discord import ui

from cogs.ui.custom_ids import FreeQueryId
from cogs.ui.formatting import (
    clock_text,
    duration_text,
    escape_name,
    join_dots,
    near_day_name,
    plural,
    short_day_name,
    subtext,
    timestamp_time,
)
from cogs.ui.layout import GREEN, GREY, container_view, separator
from cogs.ui.replies.data_footer import data_footer, staleness_warning
from cogs.ui.replies.understood import Understanding, button_row
from core.availability.queries import FreeRooms
from core.data.status import DataAge
from core.model.campus import Campus


@dataclass(frozen=True, slots=True)
class FreeDayReplyData:
    """All that the overview of a day shows; `results` are the answers at its hours, in order.

    `min_gap` is the duration of questions that name none.
    """

    campus: Campus
    asked: FreeQueryId
    day: date
    results: Sequence[FreeRooms]
    min_gap: timedelta
    age: DataAge
    now: datetime
    can_share: bool
    understood: Understanding


def free_day_reply(reply: FreeDayReplyData) -> ui.LayoutView:
    """Lay out the overview: a line and a button for each hour.

    - ## Tomorrow · Wed 4 March
    - **9:00 AM** · 46 rooms free
    - **9:00 AM** · no information
    - No building is open at 9:00, 12:00, 15:00, 18:00 or 21:00.
    """
    results = reply.results
    lines = [_hour_line(each) for each in results]
    unknown = max((each.unknown_count for each in results), default=0)
    footer = (
        data_footer(reply.age, unknown=unknown, rooms=results[0].room_count) if results else None
    )
    return container_view(
        staleness_warning(reply.age),
        f"## {_title(reply)}",
        reply.understood.text,
        subtext(_filters_line(reply)),
        "\n".join(lines) or "No building is open on this day.",
        separator(),
        _hour_buttons(reply),
        _buttons(reply),
        footer,
        colour=GREEN if any(each.free for each in results) else GREY,
    )


def _title(reply: FreeDayReplyData) -> str:
    near = near_day_name(reply.day, reply.campus.local_date(reply.now)).capitalize()
    name = short_day_name(reply.day)
    return f"Free rooms {name}" if near == name else f"{near} · {name}"


def _filters_line(reply: FreeDayReplyData) -> str:
    query = reply.asked.query
    is_short = query.at_least == reply.min_gap
    return join_dots(
        [
            escape_name(reply.campus.name),
            escape_name(", ".join(query.buildings)),
            "" if is_short else f"for {duration_text(query.at_least)} or more",
            f"{plural(query.capacity, 'seat')} or more" if query.capacity else "",
            f"with {escape_name(', '.join(query.features))}" if query.features else "",
        ]
    )


def _hour_line(result: FreeRooms) -> str:
    time = timestamp_time(result.query.moment)
    if result.unknown_count == result.room_count:
        return f"**{time}** · no information"
    return f"**{time}** · {plural(len(result.free), 'room')} free"


def _buttons(reply: FreeDayReplyData) -> ui.ActionRow[ui.LayoutView]:
    buttons = [("Refresh", reply.asked.encode("update"))]
    buttons += [("Post here", reply.asked.encode("share"))] if reply.can_share else []
    return button_row(buttons)


def _hour_buttons(reply: FreeDayReplyData) -> ui.ActionRow[ui.LayoutView] | None:
    buttons = [
        (
            clock_text(each.query.moment, reply.campus),
            FreeQueryId(reply.campus.id, each.query).encode("refine"),
        )
        for each in reply.results
    ]
    return button_row(buttons) if buttons else None
