"""What `/room` answers: what a room is now, what comes next, and its week."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from discord import ui

from cogs.ui.custom_ids import BuildingQueryId, RoomWeekId
from cogs.ui.formatting import (
    clock_text,
    escape_name,
    join_dots,
    join_limited,
    plural,
    short_day_name,
    subtext,
    timestamp_relative,
    timestamp_until,
)
from cogs.ui.image_attachment import ImageAttachment
from cogs.ui.layout import (
    GREEN,
    GREY,
    MAX_LABEL,
    MAX_TEXT,
    button,
    container_view,
    image_gallery,
    separator,
    text_cost,
)
from cogs.ui.replies.data_footer import BOOKINGS_ONLY_NOTE, staleness_warning
from cogs.ui.replies.room_day import (
    LOCKED_NOTE,
    access_text,
    closed_span,
    closed_text,
    gap_span,
    unknown_span,
    without_gap,
)
from cogs.ui.replies.understood import NOTHING_TO_SAY, Understanding
from core.availability.states import RoomState
from core.availability.timeline import StateSpan
from core.availability.week import RoomWeek, WeekDay
from core.data.status import DataAge
from core.model.calendar import WEEK, days_of_week
from core.model.campus import Campus, Room

_MAX_GAPS = 20
_MAX_FEATURES = 6
_MAX_FEATURE_LENGTH = 40

_UNTIL = {
    RoomState.FREE: "free until",
    RoomState.BOOKED: "booked until",
    RoomState.CLOSED: "closed until",
}


@dataclass(frozen=True, slots=True)
class RoomReplyData:
    """All that an answer of `/room` shows; `known` are the days of which something is known."""

    campus: Campus
    query: RoomWeekId
    week: RoomWeek
    known_days: Collection[date]
    age: DataAge
    now: datetime
    can_share: bool
    image: ImageAttachment | None = None
    understood: Understanding = NOTHING_TO_SAY


def room_reply(reply: RoomReplyData) -> ui.LayoutView:
    """Lay out a room's week."""
    week, warning = reply.week, staleness_warning(reply.age)
    head = "\n".join(
        [
            f"## {escape_name(week.room.label)} · {_state_text(week.now, reply.now)}",
            *_reason_lines(week.now),
            _next_change(week, reply.now),
            subtext(escape_name(week.building.name)),
            subtext(_room_details(week.room)),
            *_note_lines(reply),
        ]
    )
    scope, read = (
        subtext(_week_line(reply)),
        subtext(join_dots([_read_text(reply.age), BOOKINGS_ONLY_NOTE])),
    )
    understood = reply.understood.text
    texts = (warning, head, understood, scope, read)
    space = MAX_TEXT - sum(text_cost(each) for each in texts if each)
    return container_view(
        image_gallery(reply.image),
        warning,
        head,
        understood,
        separator(),
        "\n".join([scope, *_lines_that_fit(reply, space)]),
        _buttons(reply),
        read,
        colour=GREEN if week.now.state is RoomState.FREE else GREY,
    )


def room_choice(room: Room, span: StateSpan, now: datetime, campus: Campus) -> str:
    """Return `CAS 211 · free until 14:30`, cut to what a choice may hold."""
    state = span.state.value
    if span.state in _UNTIL:
        state = f"{_UNTIL[span.state]} {_choice_time(span.until, now, campus)}"
    space = MAX_LABEL - len(f" · {state}")
    label = room.label
    return f"{label if len(label) <= space else label[: space - 1] + '…'} · {state}"


def _choice_time(until: datetime, now: datetime, campus: Campus) -> str:
    """Return the time on campus, with its weekday and date where it is another day's."""
    date_ = campus.local_date(until)
    day = "" if date_ == campus.local_date(now) else f"{short_day_name(date_)} "
    return f"{day}{clock_text(until, campus)}"


def _state_text(span: StateSpan, now: datetime) -> str:
    if span.state is RoomState.UNKNOWN:
        return "unknown"
    return f"{_UNTIL[span.state]} {timestamp_until(span.until, now)}"


def _reason_lines(span: StateSpan) -> list[str]:
    return [f"Closed: {escape_name(span.reason)}"] if span.reason else []


def _next_change(week: RoomWeek, now: datetime) -> str:
    span, following = week.now, week.next
    comes = following.state.value
    if following.state in _UNTIL:
        comes = f"{_UNTIL[following.state]} {timestamp_until(following.until, span.until)}"
    at = f"{timestamp_until(span.until, now)} ({timestamp_relative(span.until)})"
    if span.state is RoomState.UNKNOWN:
        return f"The booking site told nothing of it until {at}; then {comes}"
    return f"Next change {at}: {comes}"


def _note_lines(reply: RoomReplyData) -> list[str]:
    """Say what it takes to get in, and whether the door may be locked today."""
    week = reply.week
    today = next((each for each in week.days if each.day == week.today), None)
    is_unbooked = reply.campus.warns_if_unbooked and today is not None and today.is_unbooked
    words = [access_text(week.room), escape_name(week.room.note)]
    lines = [join_dots(words), LOCKED_NOTE if is_unbooked else ""]
    return [subtext(line[:1].upper() + line[1:]) for line in lines if line]


def _room_details(room: Room) -> str:
    """Tell seats and features, and which of them nobody told."""
    if room.capacity is None and not room.features:
        return "Its seats and features are not known"
    features = join_limited([_feature(each) for each in room.features], limit=_MAX_FEATURES)
    return join_dots(
        [
            plural(room.capacity, "seat") if room.capacity else "How many seats is not known",
            features or "features are not known",
        ]
    )


def _feature(name: str) -> str:
    return escape_name(
        name if len(name) <= _MAX_FEATURE_LENGTH else name[: _MAX_FEATURE_LENGTH - 1] + "…"
    )


def _week_line(reply: RoomReplyData) -> str:
    first, zone = reply.week.days[0].day, reply.campus.timezone
    # Two where the clocks change within the week.
    names = dict.fromkeys(f"{day.window.start.astimezone(zone):%Z}" for day in reply.week.days)
    return join_dots([f"Free times, week of {first.day} {first:%B}", "/".join(names)])


def _lines_that_fit(reply: RoomReplyData, space: int) -> list[str]:
    """Return the lines of the days, with as many gaps each as there is space for."""
    for most in range(_MAX_GAPS, 1, -1):
        lines = list(_day_lines(reply, most))
        if sum(map(text_cost, lines)) <= space:
            return lines
    return list(_day_lines(reply, 1))


def _day_lines(reply: RoomReplyData, max_gaps: int) -> Iterator[str]:
    today = reply.week.today
    for is_over, days in groupby(reply.week.days, lambda day: not day.has_data and day.day < today):
        if is_over:
            yield f"**{_day_range([each.day for each in days])}** over"
        else:
            yield from (_day_line(each, reply, max_gaps) for each in days)


def _day_range(days: Sequence[date]) -> str:
    first, last = short_day_name(days[0]), short_day_name(days[-1])
    return first if first == last else f"{first} – {last}"


def _day_line(day: WeekDay, reply: RoomReplyData, max_gaps: int) -> str:
    today = " (today)" if day.day == reply.week.today else ""
    return f"**{short_day_name(day.day)}{today}** {_day_text(day, reply, max_gaps)}"


def _day_text(day: WeekDay, reply: RoomReplyData, max_gaps: int) -> str:
    if day.is_closed:
        return closed_text(day.reason)
    if not day.has_data:
        is_beyond = day.day > max(reply.known_days, default=day.day)
        return "unknown: not read so far ahead" if is_beyond else "unknown: nothing was read"
    if day.is_unknown:
        return "unknown: the booking site told nothing about this room"
    gaps = [gap_span(gap, reply.now) for gap in day.gaps]
    gaps = gaps or [without_gap(day.booked, day.unknown)]
    closed = [closed_span(part, day.window) for part in day.closures]
    unknown = [unknown_span(part, day.window) for part in day.unknown]
    read = f"read {timestamp_relative(day.carried_over_from)}" if day.carried_over_from else ""
    return join_dots(
        [
            join_limited(gaps, limit=max_gaps),
            join_limited(closed, limit=max_gaps),
            join_limited(unknown, limit=max_gaps),
            read,
        ]
    )


def _buttons(reply: RoomReplyData) -> ui.ActionRow[ui.LayoutView]:
    row: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
    query, monday = reply.query, reply.week.days[0].day
    if _week_has_data(reply, monday - WEEK):
        row.add_item(button("Previous week", query.for_week(monday - WEEK).encode("previous")))
    if _week_has_data(reply, monday + WEEK):
        row.add_item(button("Next week", query.for_week(monday + WEEK).encode("next")))
    row.add_item(button("Update", query.encode("update")))
    if reply.can_share:
        row.add_item(button("Share", query.encode("share")))
    code = reply.week.building.code
    today = BuildingQueryId(query.campus, code, None)
    row.add_item(button(f"{code} today", today.encode("open")))
    return row


def _week_has_data(reply: RoomReplyData, monday: date) -> bool:
    return any(day in reply.known_days for day in days_of_week(monday))


def _read_text(age: DataAge) -> str:
    return f"Read {timestamp_relative(age.read_at)}" if age.read_at else "Never read"
