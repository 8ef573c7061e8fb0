"""What reservations mean: states, rooms, timestamps, and their number of forms."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from core.errors import SourceError, SourceFormatError
from core.model.bookings import RoomDay
from core.model.interval import Interval
from core.sources.live25.decoding import decode_reservations
from core.sources.live25.reservations import ReservationReader
from core.sources.live25.room_days import Live25DayBuilder
from tests.core.sources.source_fixtures import AT, campus_of, clock

DAY = date(2024, 11, 5)
AFTER = DAY + timedelta(1)
ROOMS = ("1", "2", "3")
WHOLE = Interval(clock(DAY, 10), clock(DAY, 11))

Reservation = dict[str, Any]


def reservation(
    start: object = "2024-11-05T10:00:00-05:00",
    end: object = "2024-11-05T11:00:00-05:00",
    spaces: object = None,
    **rest: object,
) -> Reservation:
    """Return an ordinary reservation of room 1 as the source has it."""
    return {
        "reservation_id": 5,
        "reservation_start_dt": start,
        "reservation_end_dt": end,
        "reservation_state": 1,
        "spaces": {"space_id": 1, "space_name": "ATL 1"} if spaces is None else spaces,
        "event": {"event_name": "Topology", "event_type_name": "Class", "state_name": "Confirmed"},
        **rest,
    }


def found(
    answer: object,
    *,
    days: tuple[date, ...] = (DAY, AFTER),
    hours: tuple[float, float] = (7, 23),
    zone: str = "America/New_York",
) -> dict[str, dict[date, RoomDay | SourceError]]:
    """Return what an answer about three rooms amounts to, by room and day."""
    campus = campus_of("http://campus.test", "reservations", ROOMS, hours=hours, zone=zone)
    findings = Live25DayBuilder(campus, days, AT)
    ReservationReader(findings).add_reservations(
        decode_reservations(json.dumps(answer).encode()), rooms=ROOMS, days=findings.read_days
    )
    return {
        room: {day: findings.room_day(campus.buildings[0], room, day) for day in days}
        for room in ROOMS
    }


def around(whole: object) -> dict[str, Any]:
    return {"space_reservations": {"space_reservation": whole}}


def day_of(room: str, *reservations: Reservation, day: date = DAY, **rest: Any) -> RoomDay:
    """Return a room's day, which has to be known."""
    known = found(around(list(reservations)), **rest)[room][day]
    assert isinstance(known, RoomDay), known
    return known


@pytest.mark.parametrize(
    "answer",
    [
        {"space_reservations": {}},
        {"space_reservations": None},
        {"space_reservations": ""},
        around(None),
        around([]),
    ],
)
def test_nothing_reserved_leaves_whole_days_known_and_free(answer: object):
    for room in found(answer).values():
        for day, known in room.items():
            assert known == RoomDay((Interval(clock(day, 0), clock(day, 24)),), (), (), AT)


@pytest.mark.parametrize(
    "answer", [around(reservation()), around([reservation()]), around([reservation()] * 2)]
)
def test_one_comes_bare_and_more_in_a_list(answer: object):
    known = found(answer)["1"][DAY]
    assert isinstance(known, RoomDay)
    assert set(known.bookings) == {WHOLE}


@pytest.mark.parametrize("answer", [{}, [], {"results": {}}, {"space_reservations": "none"}])
def test_another_answer_is_not_nothing_reserved(answer: object):
    with pytest.raises(SourceFormatError):
        found(answer)


@pytest.mark.parametrize(
    ("spaces", "taken"),
    [
        ({"space_id": 1}, {"1"}),
        ({"space_id": "1"}, {"1"}),
        ([{"space_id": 1}], {"1"}),
        ([{"space_id": 1}, {"space_id": 3}], {"1", "3"}),
        ([{"space_id": 77}], set()),
        ([], set()),
    ],
)
def test_rooms_come_bare_or_in_a_list(spaces: object, taken: set[str]):
    known = found(around([reservation(spaces=spaces)]))
    rooms = {room: days[DAY] for room, days in known.items()}
    assert {
        room for room, day in rooms.items() if isinstance(day, RoomDay) and day.bookings
    } == taken


@pytest.mark.parametrize("state", [1, 2, 3, 4, None, "4", 17])
def test_reservation_states_block(state: object):
    assert day_of("1", reservation(reservation_state=state)).bookings == (WHOLE,)


@pytest.mark.parametrize("state", [99, "99", 98])
def test_cancelled_meetings_do_not_block(state: object):
    assert not day_of("1", reservation(reservation_state=state)).bookings


@pytest.mark.parametrize(
    ("event", "blocks"),
    [
        (None, True),
        ({}, True),
        ({"state": 1}, True),
        ({"state_name": "Tentative"}, True),
        ({"state_name": ""}, True),
        ({"state": 0}, False),
        ({"state": 4}, False),
        ({"state": "98"}, False),
        ({"state_name": "Draft"}, False),
        ({"state_name": "Denied"}, False),
        ({"state_name": " cancelled "}, False),
        ({"state_name": "Canceled"}, False),
    ],
)
def test_event_states(event: object, *, blocks: bool):
    assert bool(day_of("1", reservation(event=event)).bookings) is blocks


@pytest.mark.parametrize("name", ["closed", "Closed", "blackout", "Blackouts"])
@pytest.mark.parametrize("state", [0, None])
def test_closed_hours_and_blackouts_are_closures(name: str, state: object):
    room = day_of("1", reservation(event={"event_type_name": name, "state": state}))
    assert (room.bookings, room.closures) == ((), (WHOLE,))


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2024-11-05T10:00:00-05:00", "2024-11-05T11:00:00-05:00"),
        ("2024-11-05T15:00:00Z", "2024-11-05T16:00:00+00:00"),
        ("2024-11-05T10:00:00", "2024-11-05T11:00:00"),
        ("2024-11-05T10:00", "2024-11-05T11:00"),
        ("2024-11-05 10:00:00.000", "2024-11-05T11:00:00-0500"),
    ],
)
def test_timestamps_come_with_and_without_offset(start: str, end: str):
    assert day_of("1", reservation(start, end)).bookings == (WHOLE,)


@pytest.mark.parametrize(
    "text",
    ["", "2024-11-05", "soon", 20241105, None, "0001-01-01T00:00:00+10:00", "2024-13-05T10:00"],
)
@pytest.mark.parametrize("bound", ["reservation_start_dt", "reservation_end_dt"])
def test_a_reservation_without_sense_makes_its_rooms_unknown(text: object, bound: str):
    broken = reservation(spaces=[{"space_id": 1}, {"space_id": 2}]) | {bound: text}
    known = found(around([reservation(spaces={"space_id": 3}), broken]))
    for room in ("1", "2"):
        for failure in known[room].values():
            assert isinstance(failure, SourceFormatError)
            assert failure.kind == "not understood"
    assert isinstance(known["3"][DAY], RoomDay)


@pytest.mark.parametrize("end", ["2024-11-05T10:00:00-05:00", "2024-11-05T09:59:59-05:00"])
def test_a_reservation_that_ends_before_it_begins_makes_its_room_unknown(end: str):
    known = found(around([reservation(end=end)]))
    assert isinstance(known["1"][DAY], SourceFormatError)
    assert isinstance(known["2"][DAY], RoomDay)


def test_a_reservation_of_no_length_at_a_time_shown_twice_makes_its_room_unknown():
    night = date(2024, 11, 3)
    broken = reservation("2024-11-03T01:15:00", "2024-11-03T01:15:00")
    known = found(around([broken]), days=(night,))
    assert isinstance(known["1"][night], SourceFormatError)


NOTHING: list[object] = ["", None, [], {}, {"nil": True}, " ", [""]]


@pytest.mark.parametrize("spaces", [*NOTHING[1:3], *NOTHING[4:], {"space_name": "ATL 1"}, 7])
def test_a_reservation_without_readable_rooms_may_take_any_of_those_asked(spaces: object):
    nowhere = reservation() | {"spaces": spaces}
    taken = reservation("2024-11-05T13:00:00-05:00", "2024-11-05T14:00:00-05:00")
    known = found(around([taken, nowhere]))
    for room in ROOMS:
        day, after = known[room][DAY], known[room][AFTER]
        assert isinstance(day, RoomDay)
        assert day.known == (
            Interval(clock(DAY, 0), WHOLE.start),
            Interval(WHOLE.end, clock(DAY, 24)),
        )
        assert bool(day.bookings) is (room == "1")
        assert isinstance(after, RoomDay)
        assert after.known == (Interval(clock(AFTER, 0), clock(AFTER, 24)),)


def test_a_reservation_that_lacks_its_rooms_may_take_any_of_those_asked():
    nowhere = reservation()
    del nowhere["spaces"]
    for room in ROOMS:
        assert len(day_of(room, nowhere).known) == 2


def test_one_room_without_an_id_beside_one_with_an_id():
    spaces = [{"space_id": 2}, {"space_name": "ATL 1"}]
    assert day_of("2", reservation(spaces=spaces)).bookings == (WHOLE,)
    assert not day_of("1", reservation(spaces=spaces)).bookings
    assert len(day_of("1", reservation(spaces=spaces)).known) == 2


def test_a_cancelled_reservation_without_rooms_leaves_no_doubt():
    assert len(day_of("1", reservation(spaces=[], reservation_state=99)).known) == 1


@pytest.mark.parametrize(
    "spaces", [{"space_id": " 1 "}, {"space_id": 1.0}, {"space_id": [1]}, [[{"space_id": 1}]]]
)
def test_a_wrapped_id_is_an_id(spaces: object):
    assert day_of("1", reservation(spaces=spaces, event="")).bookings == (WHOLE,)
    assert not day_of("2", reservation(spaces=spaces, event="")).bookings


@pytest.mark.parametrize("nothing", NOTHING)
@pytest.mark.parametrize("field", ["event", "reservation_state", "reservation_state_name"])
def test_an_empty_value_beside_the_times_says_nothing(field: str, nothing: object):
    assert day_of("1", reservation(**{field: nothing})).bookings == (WHOLE,)


@pytest.mark.parametrize("nothing", NOTHING)
@pytest.mark.parametrize("field", ["state", "state_name", "event_type_name"])
def test_an_empty_value_of_an_event_says_nothing(field: str, nothing: object):
    assert day_of("1", reservation(event={field: nothing})).bookings == (WHOLE,)


@pytest.mark.parametrize(
    ("event", "blocks"),
    [
        ([{"state": 2}], True),
        ([{"state": 4}], False),
        ({"state": [4]}, False),
        ({"state": "4.000000"}, False),
        ({"state": 2, "event_type_name": 143}, True),
        ({"state_name": ["Cancelled"]}, False),
        ("Topology", True),
        (81132, True),
    ],
)
def test_a_wrapped_event_is_an_event(event: object, *, blocks: bool):
    # An empty state, so that no test depends on which reading is tried first.
    made = reservation(event=event, reservation_state="")
    assert bool(day_of("1", made).bookings) is blocks


def test_a_state_that_has_only_a_name_is_read():
    made = reservation(reservation_state="", reservation_state_name="Cancelled")
    assert not day_of("1", made).bookings


@pytest.mark.parametrize(
    "broken",
    [
        {"reservation_state": "soon"},
        {"event": {"state": "soon"}},
        {"event": {"state": 2.5}},
        {"event": [{"state": 2}, {"state": 4}]},
        {"event": {"event_type_name": {"id": 3}}},
    ],
)
def test_a_state_without_sense_makes_the_room_unknown_on_the_days_it_reaches(broken: Reservation):
    known = found(around([reservation(**broken), reservation(spaces={"space_id": 2})]))
    assert isinstance(known["1"][DAY], SourceFormatError)
    assert isinstance(known["1"][AFTER], RoomDay)
    assert isinstance(known["2"][DAY], RoomDay)


def test_one_bare_reservation_may_be_faulty_too():
    assert day_of("1", reservation(event="")).bookings == (WHOLE,)
    known = found(around(reservation(event="")))["1"][DAY]
    assert isinstance(known, RoomDay)
    assert known.bookings == (WHOLE,)


def test_a_campus_that_shows_no_events_at_all_is_read():
    answer = [reservation(event="") for _ in range(150)]
    assert set(day_of("1", *answer).bookings) == {WHOLE}


def test_many_unclear_reservations_are_another_kind_of_answer():
    with pytest.raises(SourceFormatError):
        found(around([reservation(reservation_state="soon") for _ in range(150)]))


def test_naive_timestamps_are_read_wide_when_the_clocks_change():
    night = date(2024, 11, 3)
    room = day_of(
        "1", reservation("2024-11-03T01:15:00", "2024-11-03T01:45:00"), day=night, days=(night,)
    )
    assert room.bookings == (
        Interval(
            datetime(2024, 11, 3, 5, 15, tzinfo=UTC), datetime(2024, 11, 3, 6, 45, tzinfo=UTC)
        ),
    )


def test_a_reservation_over_midnight_takes_both_days():
    late = reservation(end="2024-11-06T02:00:00-05:00")
    whole = (Interval(clock(DAY, 10), clock(AFTER, 2)),)
    for day in (DAY, AFTER):
        assert day_of("1", late, day=day).bookings == whole


def test_a_block_of_weeks_takes_each_day():
    weeks = reservation("2024-10-01T00:00:00-04:00", "2024-12-24T00:00:00-05:00")
    for day in (DAY, AFTER):
        assert len(day_of("1", weeks, day=day).bookings) == 1


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2024-11-04T10:00:00-05:00", "2024-11-05T00:00:00-05:00"),
        ("2024-11-07T00:00:00-05:00", "2024-11-07T10:00:00-05:00"),
    ],
)
def test_what_lies_outside_the_days_asked_is_nothing(start: str, end: str):
    for day in (DAY, AFTER):
        assert not day_of("1", reservation(start, end), day=day).bookings


def test_whole_days_join_past_midnight():
    room = day_of("1", reservation(), hours=(7, 26))
    assert room.known == (Interval(clock(DAY, 0), clock(AFTER, 2)),)


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2024, 3, 10), 23), (date(2024, 11, 3), 25), (DAY, 24)]
)
def test_a_whole_day_is_as_long_as_the_clocks_make_it(day: date, hours: int):
    (known,) = day_of("1", day=day, days=(day,)).known
    assert known.duration == timedelta(hours=hours)
