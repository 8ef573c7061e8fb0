"""Recorded reservations with one value that the source's converter wrote in another way.

A plain clone has none of them; `test_reservations` makes the same kinds itself.
"""

import json
from datetime import date

import pytest

from core.errors import SourceFormatError
from core.model.bookings import RoomDay
from core.model.interval import Interval
from core.sources.live25.decoding import decode_reservations
from core.sources.live25.reservations import ReservationReader
from core.sources.live25.room_days import Live25DayBuilder
from tests.core.sources.source_fixtures import AT, campus_of, clock
from tests.recordings import NO_SHARED, SHARED

CASES = SHARED / "live25" / "cases"
DAY = date(2023, 6, 26)
ROOM, OTHER_ROOM = "88", "89"
MORNING, AFTERNOON, EVENING = (
    Interval(clock(DAY, start), clock(DAY, end)) for start, end in ((10, 11.5), (13, 15), (18, 21))
)

pytestmark = [
    pytest.mark.recorded,
    pytest.mark.skipif(not CASES.is_dir(), reason=NO_SHARED),
]


@pytest.mark.parametrize(
    "name", ["empty_event", "empty_rstate", "empty_state", "event_list", "num_type"]
)
def test_a_value_beside_the_times_costs_no_booking(name):
    room, other = read(name)
    assert set(room.bookings) == {MORNING, AFTERNOON, EVENING}
    assert room.known == other.known == (Interval(clock(DAY, 0), clock(DAY, 24)),)
    assert not other.bookings


def test_a_reservation_without_rooms_puts_its_hours_in_doubt_and_no_others():
    room, _ = read("nospaces")
    assert set(room.bookings) == {MORNING, EVENING}
    assert room.known == (
        Interval(clock(DAY, 0), AFTERNOON.start),
        Interval(AFTERNOON.end, clock(DAY, 24)),
    )


def test_every_case_is_a_test():
    names = {each.stem.removeprefix("rm_reservations-") for each in CASES.glob("rm_*.json")}
    tested = {"empty_event", "empty_rstate", "empty_state", "event_list", "num_type", "nospaces"}
    assert names == tested


def test_a_recorded_answer_of_the_web_service_is_refused():
    """`reservations.json` has another shape: it must not pass for rooms without reservations."""
    body = (SHARED / "sources/25live/york.2023-06-26.reservations.json").read_bytes()
    with pytest.raises(SourceFormatError, match=r"^no data"):
        decode_reservations(body)


def test_a_recorded_day_is_read_from_the_reservations_in_it():
    """The cases are that day, in the shape of `rm_reservations.json`."""
    recorded = json.loads(
        (SHARED / "sources/25live/york.2023-06-26.reservations.json").read_bytes()
    )
    whole = recorded["reservations"]["reservation"]
    reshaped = [
        {**each, "spaces": each["space_reservation"], "event": {"state_name": "Confirmed"}}
        for each in whole
    ]
    room, _ = room_days({"space_reservations": {"space_reservation": reshaped}})
    assert set(room.bookings) >= {MORNING, AFTERNOON, EVENING}


def read(name):
    return room_days(json.loads((CASES / f"rm_reservations-{name}.json").read_bytes()))


def room_days(answer):
    campus = campus_of("http://campus.test", "reservations", (ROOM, OTHER_ROOM))
    builder = Live25DayBuilder(campus, (DAY,), AT)
    ReservationReader(builder).add_reservations(
        decode_reservations(json.dumps(answer).encode()), rooms=(ROOM, OTHER_ROOM), days=(DAY,)
    )
    days = [builder.room_day(campus.buildings[0], each, DAY) for each in (ROOM, OTHER_ROOM)]
    assert all(isinstance(each, RoomDay) for each in days)
    return days
