"""What generated answers mean: of each room and day, what is known, booked and closed.

Worked out from what the generator set out to say, sharing no code with the bot. The rules:

- what a room's day is called by nobody, or has something on that nobody can place: unknown;
- hours that an answer does not show are unknown; it shows those that it says, else 07:00 to
  23:00 and what its own items prove;
- while the clocks change, what takes a room is read as wide as it can be, and what is known
  as narrow.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from tests import oracle
from tests.oracle import Hours, RoomFacts, Span
from tests.resilience.generated_days import (
    DAYS_A_QUESTION,
    GeneratedCampus,
    GeneratedResponses,
    GridAnswer,
    Subject,
    closing,
)
from tests.resilience.generated_items import DAY

_EVERYBODY = 5
_TOMORROW = timedelta(1)

Facts = Mapping[date, Mapping[str, RoomFacts]]
RoomDay = tuple[str, date]
Minutes = tuple[int, int]


@dataclass
class _Heard:
    """What one reading tells, before it is put together."""

    zone: str
    windows: dict[RoomDay, Minutes] = field(default_factory=dict)
    unclear: set[RoomDay] = field(default_factory=set)
    taken: defaultdict[RoomDay, list[tuple[Span, bool]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    anything_on: bool = False

    def is_known(self, room_day: RoomDay) -> bool:
        return room_day in self.windows and room_day not in self.unclear


def meant(campus: GeneratedCampus, told: GeneratedResponses) -> Facts | None:
    """Return what a reading tells of each room and day; None where it has to be refused."""
    heard = _Heard(campus.zone)
    if campus.way == "reservations":
        _hear_reservations(campus, told, heard)
    else:
        for rooms, days, answer in _grids(campus, told):
            _hear_grid(campus, rooms, days, answer, heard)
    facts: dict[date, dict[str, RoomFacts]] = {day: {} for day in campus.days}
    for building in campus.buildings:
        for room in building.rooms:
            for day in campus.days:
                if heard.is_known((room.id, day)):
                    facts[day][room.id] = _facts(building, room.id, day, heard)
    heard_of = {room for room, _ in heard.windows}
    if not facts[campus.days[0]] or (len(heard_of) >= _EVERYBODY and not heard.anything_on):
        return None
    return facts


def _grids(
    campus: GeneratedCampus, told: GeneratedResponses
) -> Iterator[tuple[tuple[str, ...], tuple[date, ...], GridAnswer]]:
    """Yield the answers that are understood, with the rooms and days that each is about."""
    fine = {key: each for key, each in told.grids.items() if not each.fault and each.subjects}
    if campus.way == "rooms":
        yield from (
            ((room,), campus.asked_days, fine[room, 1])
            for room in campus.rooms
            if (room, 1) in fine
        )
        return
    for day in campus.asked_days:
        pages = [page for name, page in told.grids if name == day.isoformat()]
        # How many there are is told on the first.
        if (day.isoformat(), 1) in fine:
            for page in pages:
                if (day.isoformat(), page) in fine:
                    yield campus.rooms, (day,), fine[day.isoformat(), page]


def _hear_grid(
    campus: GeneratedCampus,
    rooms: tuple[str, ...],
    days: tuple[date, ...],
    answer: GridAnswer,
    heard: _Heard,
) -> None:
    subjects = [each for each in answer.subjects if each.room in rooms]
    window = answer.window or _proven(subjects)
    for subject in subjects:
        if subject.day not in days:
            continue
        room_day = (subject.room, subject.day)
        heard.anything_on |= bool(subject.items)
        if any(item.minutes is None for item in subject.items):
            heard.unclear.add(room_day)
        else:
            first, last = heard.windows.get(room_day, window)
            heard.windows[room_day] = max(first, window[0]), min(last, window[1])
        _hear_items(campus, subject, heard)


def _hear_items(campus: GeneratedCampus, subject: Subject, heard: _Heard) -> None:
    for item in subject.items:
        if item.minutes and item.blocks:
            start, end = (oracle.readings(campus.zone, subject.day, each) for each in item.minutes)
            leaves = item.minutes[0] < 0 or item.minutes[1] > DAY
            for day in campus.asked_days if leaves else (subject.day,):
                heard.taken[subject.room, day].append(((start[0], end[1]), item.closure))


def _proven(subjects: Iterable[Subject]) -> Minutes:
    first, last = 7.0, 23.0
    for subject in subjects:
        for item in subject.items:
            if item.proves:
                start, end = item.proves
                first = start if 0 <= start < first else first
                last = end if last < end <= 24 else last
    return round(first * 60), round(last * 60)


def _hear_reservations(campus: GeneratedCampus, told: GeneratedResponses, heard: _Heard) -> None:
    asked = campus.asked_days
    for at in range(0, len(asked), DAYS_A_QUESTION):
        days = asked[at : at + DAYS_A_QUESTION]
        if told.faults and days[0] in told.faults:
            continue
        heard.windows |= {(room, day): (0, DAY) for room in campus.rooms for day in days}
        for each in told.reservations:
            if each.days.isdisjoint(days) or each.rooms.isdisjoint(campus.rooms):
                continue
            heard.anything_on = True
            for room in each.rooms.intersection(campus.rooms):
                if each.span is None:
                    heard.unclear |= {(room, day) for day in days}
                elif each.blocks:
                    for day in asked:
                        heard.taken[room, day].append((each.span, each.closure))


def _facts(building: Hours, room: str, day: date, heard: _Heard) -> RoomFacts:
    here, after = (room, day), (room, day + _TOMORROW)
    shown = [heard.windows[here]]
    taken = list(heard.taken[here])
    closes = closing(building)
    if closes > DAY and heard.is_known(after):
        first, last = heard.windows[after]
        shown.append((first + DAY, min(last + DAY, closes)))
        taken += heard.taken[after]
    elif closes > DAY:
        # Its small hours are the next day's, of which we know nothing.
        shown = [(shown[0][0], min(shown[0][1], DAY))]
    return RoomFacts(
        known=tuple(_narrow(heard.zone, day, shown)),
        bookings=tuple(span for span, is_closure in taken if not is_closure),
        closures=tuple(span for span, is_closure in taken if is_closure),
    )


def _narrow(zone: str, day: date, shown: list[Minutes]) -> Iterator[Span]:
    """Yield the hours shown, those that meet as one, as narrow as they may be."""
    first, *rest = shown
    for start, end in rest:
        if start <= first[1]:
            first = first[0], max(first[1], end)
        elif start < end:
            yield from _narrow(zone, day, [(start, end)])
    opens, closes = (oracle.readings(zone, day, each) for each in first)
    if opens[1] < closes[0]:
        yield opens[1], closes[0]
