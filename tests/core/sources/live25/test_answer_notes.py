"""What is noted of answers for whoever operates the bot."""

import json
from datetime import date

from core.errors import SourceUnavailableError
from core.model.interval import Interval
from core.sources.live25.decoding import decode_reservations
from core.sources.live25.reservations import ReservationReader
from core.sources.live25.room_days import Live25DayBuilder
from tests.core.sources.source_fixtures import AT, campus_of, clock

DAY = date(2024, 11, 5)
WHOLE_DAY = Interval(clock(DAY, 0), clock(DAY, 24))
REQUEST = "reservations of 2 rooms from 2024-11-05 to 2024-11-05"


def notes(*reservations, failing=None):
    campus = campus_of("http://campus.test", "reservations", ("1", "2"))
    builder = Live25DayBuilder(campus, (DAY,), AT)
    answer = {"space_reservations": {"space_reservation": list(reservations)}}
    ReservationReader(builder).add_reservations(
        decode_reservations(json.dumps(answer).encode()),
        rooms=("1", "2"),
        days=(DAY,),
        request=REQUEST,
    )
    if failing:
        builder.fail_rest(failing)
    reach, *others = builder._notes()
    assert not reach.room_ids
    return [(each.text, each.room_ids, each.interval) for each in others]


def reservation(**changed):
    return {
        "reservation_start_dt": "2024-11-05T10:00:00-05:00",
        "reservation_end_dt": "2024-11-05T11:00:00-05:00",
        "spaces": {"space_id": 1},
        **changed,
    }


def test_what_is_clear_has_no_note():
    assert notes(reservation()) == []


def test_unreadable_times_are_noted_with_their_rooms_and_day():
    broken = reservation(reservation_end_dt="soon", spaces=[{"space_id": 1}, {"space_id": 2}])
    assert notes(broken, broken) == [
        (f"{REQUEST}: a reservation without readable times", ("1", "2"), WHOLE_DAY)
    ]


def test_an_unreadable_state_is_noted():
    assert notes(reservation(reservation_state="soon")) == [
        (f"{REQUEST}: a reservation in an unreadable state", ("1",), WHOLE_DAY)
    ]


def test_a_missing_room_is_noted_with_its_hours():
    hours = Interval(clock(DAY, 10), clock(DAY, 11))
    assert notes(reservation(spaces="")) == [
        (f"{REQUEST}: a reservation without a readable room", ("1", "2"), hours)
    ]


def test_more_reservations_than_a_day_has_are_noted():
    assert [text for text, _, _ in notes(*[reservation()] * 201)] == [
        f"{REQUEST}: more bookings of a room than a day can have"
    ]


def test_a_read_that_ran_out_of_time_belongs_to_no_request():
    late = SourceUnavailableError("timed out", "the whole reading")
    assert notes(failing=late) == [("timed out: the whole reading", ("1", "2"), WHOLE_DAY)]


def test_no_name_is_in_a_note():
    named = reservation(reservation_state="Wilhelmina", event={"event_name": "Wilhelmina"})
    assert "Wilhelmina" not in repr(notes(named, reservation(reservation_start_dt="Wilhelmina")))
