"""How a question was understood where it was not typed literally, and buttons to choose from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from discord import ui

from cogs.ui.custom_ids import BuildingQueryId, FreeQueryId, RoomWeekId
from cogs.ui.formatting import (
    clock_text,
    duration_text,
    escape_name,
    near_day_name,
    short_day_name,
    subtext,
    timestamp_time,
)
from cogs.ui.layout import button
from cogs.ui.replies.errors import error_message
from core.errors import (
    AmbiguousBuildingError,
    AmbiguousRoomError,
    UnknownBuildingError,
    UnknownRoomError,
    UserError,
)
from core.lookup.names import is_same_text
from core.lookup.question import (
    FreeQuestion,
    Place,
    Reading,
    UnclearQuestionError,
    Understood,
)
from core.lookup.rooms import is_room_id
from core.lookup.when import ParsedWhen
from core.model.calendar import WEEK, monday_of
from core.model.campus import Building, Campus, Room

MAX_BUTTON_LABEL = 80
_MAX_BUTTONS = 5


@dataclass(frozen=True, slots=True)
class Understanding:
    """A line that says how a question was understood, and (label, custom id) of other readings."""

    line: str
    others: tuple[tuple[str, str], ...] = ()

    @property
    def text(self) -> str | None:
        """The line as a reply shows it, None where there is nothing to say."""
        return subtext(f"Understood as {self.line}") if self.line else None

    @property
    def row(self) -> ui.ActionRow[ui.LayoutView] | None:
        """The buttons of the other readings, None where there are none."""
        return button_row(self.others) if self.others else None


NOTHING_TO_SAY = Understanding("")


def free_understanding(question: FreeQuestion, campus: Campus, now: datetime) -> Understanding:
    """Return how a question of `/free` was understood: `tomorrow, 3:00 PM, for 2 h · ENG`."""
    others = [
        (f"Or {_when_label(when, campus, now)}", FreeQueryId(campus.id, query).encode("refine"))
        for when, query in question.others
    ]
    return Understanding(_line(question.understood, campus, now), tuple(others))


def place_understanding(place: Building | Room, typed: str) -> Understanding:
    """Return how the name of a place was understood: `CRN (Crane Science Center)`."""
    names = (place.label,) if isinstance(place, Room) else (place.code, place.name)
    if any(is_same_text(typed, name) for name in names) or is_room_id(typed):
        return NOTHING_TO_SAY
    return Understanding(_place_text(place if isinstance(place, Room) else (place,)))


def building_choices_of(error: UserError, query: BuildingQueryId) -> list[tuple[str, str]]:
    """Return a button for each building that a name may mean; `query` has the day asked about."""
    match error:
        case AmbiguousBuildingError():
            pairs = error.candidates
        case UnknownBuildingError():
            pairs = error.suggestions
        case AmbiguousRoomError():
            return [
                (label, RoomWeekId(query.campus, id_, None).encode("refine"))
                for id_, label in error.candidates
            ]
        case _:
            return []
    return [(f"{code} · {name}", query.for_building(code).encode("refine")) for code, name in pairs]


def room_choices_of(error: UserError, campus: Campus, monday: date | None) -> list[tuple[str, str]]:
    """Return a button for each room that a name may mean, in the week asked about."""
    match error:
        case AmbiguousRoomError():
            labels = [label for _, label in error.candidates]
        case UnknownRoomError():
            labels = list(error.suggestions)
        case _:
            return []
    rooms = [room for room in campus.rooms if room.label in labels]
    return [(each.label, RoomWeekId(campus.id, each.id, monday).encode("refine")) for each in rooms]


def _reading_label(reading: Reading, campus: Campus, now: datetime, *, is_offset: bool) -> str:
    """Return the label of a button that chooses a reading."""
    match reading:
        case ParsedWhen(start=datetime() as start) if is_offset:
            return f"in {duration_text(start - now)}, {_when_label(reading, campus, now)}"
        case ParsedWhen():
            return _when_label(reading, campus, now)
        case Building():
            return f"{reading.code} · {reading.name}"
        case Room():
            return reading.label
        case str():
            return reading


def room_week_id(question: FreeQuestion, campus: Campus, now: datetime) -> RoomWeekId:
    """Return the question of `/room` for the room and the time of a question of `/free`."""
    assert question.room is not None  # noqa: S101 - the callers have looked
    week = monday_of(question.day or campus.local_date(question.query.moment))
    is_this_week = week == monday_of(campus.local_date(now))
    return RoomWeekId(campus.id, question.room.id, None if is_this_week else week)


def unclear_question_view(
    error: UnclearQuestionError, campus: Campus, now: datetime
) -> ui.LayoutView:
    """Lay out the sentence for a question with several readings, and a button for each."""
    starts = {reading.start for reading, _ in error.choices if isinstance(reading, ParsedWhen)}
    is_offset = len(starts) > 1
    buttons = [
        (
            _reading_label(reading, campus, now, is_offset=is_offset),
            _question_custom_id(question, campus, now),
        )
        for reading, question in error.choices
    ]
    return choices_view(error_message(error) or "", buttons)


def _question_custom_id(question: FreeQuestion, campus: Campus, now: datetime) -> str:
    """Return the custom id of a button that asks a question."""
    if question.room:
        return room_week_id(question, campus, now).encode("refine")
    return FreeQueryId(campus.id, question.query, day=question.day).encode("refine")


def choices_view(sentence: str, buttons: Sequence[tuple[str, str]]) -> ui.LayoutView:
    """Lay out a sentence and the buttons to choose from."""
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.TextDisplay(sentence))
    view.add_item(button_row(buttons))
    view.stop()
    return view


def button_row(buttons: Sequence[tuple[str, str]]) -> ui.ActionRow[ui.LayoutView]:
    """Return a row of buttons from (label, custom id), each id once."""
    row: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
    labels = {custom_id: label for label, custom_id in buttons}
    for custom_id, label in list(labels.items())[:_MAX_BUTTONS]:
        is_short = len(label) <= MAX_BUTTON_LABEL
        row.add_item(button(label if is_short else label[: MAX_BUTTON_LABEL - 1] + "…", custom_id))
    return row


def time_choice(when: ParsedWhen, campus: Campus, now: datetime) -> str:
    """Return the label of a time in a completion: `Now`, `3:00 PM`, `3:00 PM, tomorrow`."""
    time = clock_text(when.start, campus) if when.start else "Now"
    today = campus.local_date(now)
    day = near_day_name(when.day, today) if when.day != today else ""
    length = f"for {duration_text(when.duration)}" if when.duration else ""
    return ", ".join(part for part in (time, day, length) if part)


def day_choice(day: date, today: date) -> str:
    """Return the label of a day in a completion: `Tomorrow · Wed 4 March`."""
    near, name = near_day_name(day, today), short_day_name(day)
    return name if near == name else f"{near.capitalize()} · {name}"


def week_choice(monday: date, today: date) -> str:
    """Return the label of a week in a completion: `Next week · 9 March`."""
    weeks = (monday - monday_of(today)) // WEEK
    near = {0: "This week", 1: "Next week"}.get(weeks, "Week of")
    mark = " " if near == "Week of" else " · "
    return f"{near}{mark}{monday.day} {monday:%B}"


def _line(understood: Understood, campus: Campus, now: datetime) -> str:
    parts = [
        _when_text(understood.when, campus, now) if understood.when else "",
        _place_text(understood.place) if understood.place is not None else "",
        escape_name(", ".join(understood.features)) if understood.features else "",
    ]
    return " · ".join(part for part in parts if part)


def _when_text(when: ParsedWhen, campus: Campus, now: datetime) -> str:
    """Return `tomorrow, <t:1772553600:t>, for 2 h`: the time in the reader's own form."""
    time = timestamp_time(when.start) if when.start else ""
    return _join_when(when, time, campus.local_date(now))


def _when_label(when: ParsedWhen, campus: Campus, now: datetime) -> str:
    """Return `tomorrow, 3:00 PM, for 2 h`: the time in the form of the campus."""
    time = clock_text(when.start, campus) if when.start else ""
    return _join_when(when, time, campus.local_date(now))


def _join_when(when: ParsedWhen, time: str, today: date) -> str:
    is_today = when.day == today
    day = "" if when.kind == "now" or (is_today and time) else near_day_name(when.day, today)
    length = f"for {duration_text(when.duration)}" if when.duration else ""
    now = "now" if when.kind == "now" else ""
    return ", ".join(part for part in (now, day, time, length) if part)


def _place_text(place: Place) -> str:
    if isinstance(place, Room):
        return escape_name(place.label)
    if not place:
        return "the whole campus"
    return ", ".join(escape_name(f"{each.code} ({each.name})") for each in place)
