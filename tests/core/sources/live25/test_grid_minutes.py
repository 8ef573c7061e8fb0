"""Generated grid answers against an oracle that goes through the day minute by minute.

The oracle looks at every minute's face on the campus's clock and asks the items about it; the
reader goes the other way, from the items' times to instants. On a day when the clocks change
an item may block more than the oracle says, by the hour that is shown twice or not at all,
never less; and less may be known, never more.
"""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from core.model.bookings import RoomDay
from core.model.interval import Interval
from core.sources.live25.decoding import decode_grid
from core.sources.live25.grid import GridReader, days_by_name, rooms_by_id
from core.sources.live25.room_days import Live25DayBuilder
from tests.core.sources.source_fixtures import AT, BUSY, FREE, UNKNOWN, campus_of, minutes_of_day

MINUTE = timedelta(minutes=1)
HOUR = 60

ORDINARY = [("America/New_York", date(2024, 11, 12)), ("Asia/Kolkata", date(2024, 3, 31))]
CHANGING = [
    ("America/New_York", date(2024, 3, 10)),
    ("America/New_York", date(2024, 11, 3)),
    ("Europe/London", date(2025, 3, 30)),
    ("Europe/London", date(2025, 10, 26)),
    ("Australia/Lord_Howe", date(2025, 4, 6)),
    ("Australia/Lord_Howe", date(2025, 10, 5)),
    ("America/Santiago", date(2025, 9, 7)),
    ("America/Havana", date(2025, 11, 2)),
    ("Africa/Cairo", date(2025, 4, 25)),
]
Drawn = tuple[dict[int, Any], list["Taken"], tuple[int, int] | None]
IDLE = {0, 4, 98, 99}


@dataclass(frozen=True)
class Taken:
    """An item as the oracle knows it: whole minutes since midnight of its day."""

    day: int
    start: int
    end: int
    blocks: bool


@st.composite
def hours(draw: st.DrawFn, minute: int) -> object:
    """Write a minute the way the source does: cut at six decimals, number or text."""
    sign, rest = ("-", -minute) if minute < 0 else ("", minute)
    text = f"{sign}{rest // 60}.{rest % 60 * 1_000_000 // 60:06d}"
    return draw(st.sampled_from([text, float(text)] + [minute // 60] * (minute % 60 == 0)))


@st.composite
def items(draw: st.DrawFn, day: int) -> tuple[dict[str, Any], Taken]:
    # Few of them, so that some items have the times of others.
    lecture = st.sampled_from([9 * HOUR, 9 * HOUR + 35, 10 * HOUR, 23 * HOUR])
    start = draw(lecture | st.integers(0, 24 * HOUR - 1) | st.integers(-3 * HOUR, 27 * HOUR))
    length = draw(st.just(50) | st.integers(1, 3 * HOUR) | st.integers(1, 40 * HOUR))
    item: dict[str, Any] = {
        "start": draw(hours(start)),
        "end": draw(hours(start + length)),
        "type_id": draw(st.sampled_from([1, 1, 1, 2, 3, 7, "1", None])),
        "itemId": 12,
    }
    state = draw(st.none() | st.sampled_from([1, 2, 3, 0, 4, 98, 99, "99"]))
    if state is not None:
        item["cur_event_state"] = state
    closure = item["type_id"] in {2, 3}
    blocks = closure or state is None or int(str(state)) not in IDLE
    return item, Taken(day, start, start + length, blocks)


@st.composite
def answers(draw: st.DrawFn) -> Drawn:
    """Three days of one room, each under its number: -1, 0 and 1."""
    window = draw(st.none() | st.tuples(st.integers(0, 12), st.integers(13, 24)) | st.just((0, 24)))
    days: dict[int, Any] = {}
    taken: list[Taken] = []
    for day in (-1, 0, 1):
        drawn = draw(st.lists(items(day), max_size=5))
        days[day] = [item for item, _ in drawn]
        taken += [each for _, each in drawn]
    return days, taken, window


def as_answer(days: dict[int, Any], middle: date, window: tuple[int, int] | None) -> bytes:
    subjects = [
        {"itemId": 1, "item_date": f"{middle + timedelta(n)}T00:00:00", "items": each}
        for n, each in days.items()
    ]
    answer: dict[str, Any] = {"subjects": subjects}
    if window:
        answer["headers"] = {"data": [{"header_id": hour} for hour in range(*window)]}
    return json.dumps(answer).encode()


def read(body: bytes, middle: date, zone: str, closes: float) -> tuple[RoomDay, Interval]:
    campus = campus_of("http://campus.test", "rooms", ["1"], zone=zone, hours=(5, closes))
    findings = Live25DayBuilder(campus, [middle + timedelta(n) for n in (-1, 0, 1)], AT)
    grids = GridReader(findings)
    grids.add_grid(
        decode_grid(body), rooms=rooms_by_id(["1"]), days=days_by_name(findings.read_days)
    )
    building = campus.buildings[0]
    room = findings.room_day(building, "1", middle)
    assert isinstance(room, RoomDay)
    return room, building.window_on(middle)


def shown_hours(taken: list[Taken], window: tuple[int, int] | None) -> tuple[int, int]:
    """Return the minutes of each day that an answer shows."""
    if window:
        return window[0] * HOUR, window[1] * HOUR
    starts = [each.start for each in taken if each.start >= 0]
    ends = [each.end for each in taken if each.end <= 24 * HOUR]
    return min([7 * HOUR, *starts]), max([23 * HOUR, *ends])


def expected(
    taken: list[Taken], shown: tuple[int, int], middle: date, zone: ZoneInfo, within: Interval
) -> bytearray:
    """Return for each minute what the items say about the face that the clock then shows."""
    midnight = datetime.combine(middle, datetime.min.time())
    minutes = bytearray()
    moment = within.start
    while moment < within.end:
        face = moment.astimezone(zone).replace(tzinfo=None)
        since = (face - midnight) // MINUTE
        known = shown[0] <= since % (24 * HOUR) < shown[1]
        busy = any(
            each.blocks
            and each.day * 24 * HOUR + each.start <= since < each.day * 24 * HOUR + each.end
            for each in taken
        )
        minutes.append(BUSY if busy else FREE if known else UNKNOWN)
        moment += MINUTE
    return minutes


@given(answers(), st.sampled_from(ORDINARY), st.sampled_from([22, 23, 24, 26, 29]))
@settings(max_examples=150, deadline=None)
def test_every_minute_of_an_ordinary_day(
    drawn: Drawn,
    where: tuple[str, date],
    closes: float,
):
    days, taken, window = drawn
    zone, middle = where
    room, within = read(as_answer(days, middle, window), middle, zone, closes)
    shown = shown_hours(taken, window)
    assert minutes_of_day(room, within) == expected(taken, shown, middle, ZoneInfo(zone), within)


@given(answers(), st.sampled_from(CHANGING), st.sampled_from([23, 24, 26, 29]))
@settings(max_examples=200, deadline=None)
def test_a_day_of_changing_clocks_errs_on_the_safe_side(
    drawn: Drawn,
    where: tuple[str, date],
    closes: float,
):
    days, taken, window = drawn
    zone, middle = where
    room, within = read(as_answer(days, middle, window), middle, zone, closes)
    shown = shown_hours(taken, window)
    found = minutes_of_day(room, within)
    truth = expected(taken, shown, middle, ZoneInfo(zone), within)
    wrong = 0
    for ours, right in zip(found, truth, strict=True):
        assert ours != FREE or right == FREE
        assert right != BUSY or ours != FREE
        wrong += ours != right
    # Each bound of an item or a window can be off by the length of the change.
    assert wrong <= 2 * HOUR * (2 + 2 * len(taken))


def test_the_widest_reading_of_a_time_shown_twice():
    """01:15 to 01:45 on the night of two 01:00s: from the first to the second of them."""
    zone, middle = "America/New_York", date(2024, 11, 3)
    days = {0: [{"start": 1.25, "end": 1.75, "type_id": 1}]}
    room, _ = read(as_answer(days, middle, (0, 24)), middle, zone, 23)
    assert room.bookings == (
        Interval(
            datetime(2024, 11, 3, 5, 15, tzinfo=UTC), datetime(2024, 11, 3, 6, 45, tzinfo=UTC)
        ),
    )


def test_the_widest_reading_of_a_time_never_shown():
    """02:15 to 02:45 on the night without a 02:00: whichever clock they were meant on."""
    zone, middle = "America/New_York", date(2024, 3, 10)
    days = {0: [{"start": 2.25, "end": 2.75, "type_id": 1}]}
    room, _ = read(as_answer(days, middle, (0, 24)), middle, zone, 23)
    assert room.bookings == (
        Interval(
            datetime(2024, 3, 10, 6, 15, tzinfo=UTC), datetime(2024, 3, 10, 7, 45, tzinfo=UTC)
        ),
    )


def test_the_narrowest_reading_of_what_is_known():
    zone, middle = "America/New_York", date(2024, 11, 3)
    room, _ = read(as_answer({0: []}, middle, (1, 24)), middle, zone, 23)
    assert [each.start for each in room.known] == [datetime(2024, 11, 3, 6, 0, tzinfo=UTC)]
