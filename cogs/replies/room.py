"""What `/room` answers: what a room is now, what comes next, and its week."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from discord import ui

from cogs.pictures import Picture
from cogs.questions import BuildingQuestion, RoomQuestion
from cogs.replies.building import gap_span, unknown_span
from cogs.replies.data_line import CAVEAT, trouble
from cogs.replies.panel import (
    FREE,
    MOST_NAME,
    MOST_TEXT,
    NONE,
    button,
    gallery,
    line,
    panel,
    weight,
)
from cogs.replies.words import (
    clock,
    dotted,
    listed,
    plain,
    plural,
    relative,
    short_day_name,
    small,
)
from core.campus_day import State
from core.model import Campus, Room
from core.room_week import RoomWeek, Stretch, WeekDay
from core.standing import DataAge
from core.weeks import WEEK, days_of_week

_MOST_GAPS = 20
_MOST_FEATURES = 6
_LONGEST_FEATURE = 40

_UNTIL = {State.FREE: "free until", State.BUSY: "booked until", State.CLOSED: "closed until"}


@dataclass(frozen=True, slots=True)
class RoomReply:
    """All that an answer of `/room` shows; `known` are the days of which something is known."""

    campus: Campus
    asked: RoomQuestion
    week: RoomWeek
    known: Collection[date]
    age: DataAge
    now: datetime
    can_share: bool
    picture: Picture | None = None


def room_reply(reply: RoomReply) -> ui.LayoutView:
    """Lay out a room's week."""
    week, alarm = reply.week, trouble(reply.age)
    head = (
        f"## {plain(week.room.label)} · {_state(week.now)}\n{_next_change(week)}\n"
        f"{small(plain(week.building.name))}\n{small(_equipment(week.room))}"
    )
    scope, read = small(_scope(reply)), small(dotted([_read(reply.age), CAVEAT]))
    space = MOST_TEXT - sum(weight(each) for each in (alarm, head, scope, read) if each)
    return panel(
        gallery(reply.picture),
        alarm,
        head,
        line(),
        "\n".join([scope, *_fitting_lines(reply, space)]),
        _buttons(reply),
        read,
        colour=FREE if week.now.state is State.FREE else NONE,
    )


def room_choice(room: Room, now: Stretch, zone: ZoneInfo) -> str:
    """Return `CAS 211 · free until 14:30`, cut to what a choice may hold."""
    state = now.state.value
    if now.state in {State.FREE, State.BUSY}:
        state = f"{_UNTIL[now.state]} {now.until.astimezone(zone):%H:%M}"
    space = MOST_NAME - len(f" · {state}")
    label = room.label
    return f"{label if len(label) <= space else label[: space - 1] + '…'} · {state}"


def _state(now: Stretch) -> str:
    if now.state is State.UNKNOWN:
        return "unknown"
    return f"{_UNTIL[now.state]} {clock(now.until)}"


def _next_change(week: RoomWeek) -> str:
    now, then = week.now, week.then
    comes = then.state.value
    if then.state in {State.FREE, State.BUSY}:
        comes = f"{_UNTIL[then.state]} {clock(then.until)}"
    again = "again " if then.state is now.state else ""
    at = f"{clock(now.until)} ({relative(now.until)})"
    if now.state is State.UNKNOWN:
        return f"The booking site told nothing of it until {at}; then {again}{comes}"
    return f"Next change {at}: {again}{comes}"


def _equipment(room: Room) -> str:
    """Tell seats and features, and which of them nobody told."""
    if room.capacity is None and not room.features:
        return "Its seats and features are not known"
    features = listed([_feature(each) for each in room.features], most=_MOST_FEATURES)
    return dotted(
        [
            plural(room.capacity, "seat") if room.capacity else "How many seats is not known",
            features or "features are not known",
        ]
    )


def _feature(name: str) -> str:
    return plain(name if len(name) <= _LONGEST_FEATURE else name[: _LONGEST_FEATURE - 1] + "…")


def _scope(reply: RoomReply) -> str:
    first, zone = reply.week.days[0].day, reply.campus.timezone
    # Two where the clocks change within the week.
    names = dict.fromkeys(f"{day.hours.start.astimezone(zone):%Z}" for day in reply.week.days)
    return dotted([f"Free times, week of {first.day} {first:%B}", "/".join(names)])


def _fitting_lines(reply: RoomReply, space: int) -> list[str]:
    """Return the lines of the days, with as many gaps each as there is space for."""
    for most in range(_MOST_GAPS, 1, -1):
        lines = list(_lines(reply, most))
        if sum(map(weight, lines)) <= space:
            return lines
    return list(_lines(reply, 1))


def _lines(reply: RoomReply, most: int) -> Iterator[str]:
    today = reply.week.today
    for is_over, days in groupby(reply.week.days, lambda day: not day.is_read and day.day < today):
        if is_over:
            yield f"**{_from_to([each.day for each in days])}** over"
        else:
            yield from (_line(each, reply, most) for each in days)


def _from_to(days: Sequence[date]) -> str:
    first, last = short_day_name(days[0]), short_day_name(days[-1])
    return first if first == last else f"{first} – {last}"


def _line(day: WeekDay, reply: RoomReply, most: int) -> str:
    today = " (today)" if day.day == reply.week.today else ""
    return f"**{short_day_name(day.day)}{today}** {_day(day, reply, most)}"


def _day(day: WeekDay, reply: RoomReply, most: int) -> str:
    if not day.is_read:
        is_beyond = day.day > max(reply.known, default=day.day)
        return "unknown: not read so far ahead" if is_beyond else "unknown: nothing was read"
    if day.is_unknown:
        return "unknown: the booking site told nothing about this room"
    gaps = [gap_span(gap, reply.now) for gap in day.gaps] or ["no gap"]
    unknown = [unknown_span(part, day.hours) for part in day.unknown]
    read = f"read {relative(day.kept_from)}" if day.kept_from else ""
    return dotted([listed(gaps, most=most), listed(unknown, most=most), read])


def _buttons(reply: RoomReply) -> ui.ActionRow[ui.LayoutView]:
    row: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
    asked, monday = reply.asked, reply.week.days[0].day
    if _reaches(reply, monday - WEEK):
        row.add_item(button("Previous week", asked.of(monday - WEEK).custom_id("previous")))
    if _reaches(reply, monday + WEEK):
        row.add_item(button("Next week", asked.of(monday + WEEK).custom_id("next")))
    row.add_item(button("Update", asked.custom_id("update")))
    if reply.can_share:
        row.add_item(button("Share", asked.custom_id("share")))
    code = reply.week.building.code
    today = BuildingQuestion(asked.campus, code, None)
    row.add_item(button(f"{code} today", today.custom_id("open")))
    return row


def _reaches(reply: RoomReply, monday: date) -> bool:
    return any(day in reply.known for day in days_of_week(monday))


def _read(age: DataAge) -> str:
    return f"Read {relative(age.read_at)}" if age.read_at else "Never read"
