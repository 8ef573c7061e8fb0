"""What the items of a grid answer mean: bookings, closures, or nothing."""

from datetime import timedelta

import pytest

from core.errors import SourceFormatError
from core.model.bookings import RoomDay
from core.model.interval import Interval
from tests.core.sources.live25.grid_answers import (
    AFTER,
    DAY,
    Item,
    at,
    bookings,
    item,
    outcome_by_day,
    room_day,
    subject,
)
from tests.core.sources.source_fixtures import clock


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (10.5, 11.5),
        ("10.500000", "11.500000"),
        ("10.500000", 11.5),
        (10.5, "11.5"),
        ("10.5e0", 115e-1),
    ],
)
def test_hours_come_as_text_or_number(start: object, end: object):
    assert bookings(item(start, end)) == (at(10.5, 11.5),)


@pytest.mark.parametrize("minute", range(60))
def test_hours_cut_at_six_decimals_name_every_minute(minute: int):
    cut = f"{10 + minute * 1_000_000 // 60 / 1_000_000:.6f}"
    for form in (cut, float(cut)):
        (found,) = bookings(item("9.000000", form)) if minute else bookings(item(9, "10.0"))
        assert found.end == clock(DAY, 10) + timedelta(minutes=minute)


@pytest.mark.parametrize("type_id", [1, 0, 4, 5, 17, -1, None, "1", 1e3])
def test_every_type_but_two_is_a_booking(type_id: object):
    assert bookings(item(10, 11, type_id=type_id)) == (at(10, 11),)


def test_an_item_without_type_is_a_booking():
    without = item(10, 11)
    del without["type_id"]
    assert bookings(without) == (at(10, 11),)


@pytest.mark.parametrize("type_id", [2, 3, "2", "3", 3.0])
@pytest.mark.parametrize("state", [None, 0, 2, 99])
def test_blackouts_and_closed_hours_are_closures_in_any_state(type_id: object, state: object):
    closed = item(10, 11, type_id=type_id, cur_event_state=state, itemId=0)
    room = room_day({"subjects": [subject([closed])]})
    assert (room.bookings, room.closures) == ((), (at(10, 11),))


@pytest.mark.parametrize("state", [0, 4, 98, 99, "0", "4", "98", "99"])
def test_idle_states_do_not_block(state: object):
    room = room_day({"subjects": [subject([item(10, 11, cur_event_state=state)])]})
    assert (room.bookings, room.closures) == ((), ())


def test_an_idle_event_at_the_time_of_another_does_not_block():
    room = room_day(
        {
            "subjects": [
                subject([item(12, 13), item(12, 13, cur_event_state=99)]),
                subject([item(12, 13, cur_event_state=4)]),
            ]
        }
    )
    assert room.bookings == (at(12, 13),)


@pytest.mark.parametrize("state", [1, 2, 3, 5, 100, -1, None, "2"])
def test_all_other_states_block(state: object):
    assert bookings(item(10, 11, cur_event_state=state)) == (at(10, 11),)


@pytest.mark.parametrize("state", [None, 0, 1, 2])
def test_private_events_block(state: object):
    masked = item(10, 11, itemName="(Private)", itemId=0, itemId2=0, cur_event_state=state)
    assert bookings(masked) == (at(10, 11),)


def test_an_idle_item_without_sense_is_no_matter():
    broken = item("NaN", 11, cur_event_state=99)
    assert bookings(broken, item(12, 13)) == (at(12, 13),)


def test_identical_nested_overlapping_and_unsorted_items_all_stay():
    items = [item(14, 15), item(10, 12), item(10, 12), item(10.5, 11), item(11, 13), item(13, 14)]
    assert sorted(bookings(*items)) == sorted(
        [at(14, 15), at(10, 12), at(10, 12), at(10.5, 11), at(11, 13), at(13, 14)]
    )


@pytest.mark.parametrize("items", [None, []])
def test_a_day_without_items_is_known(items: list[Item] | None):
    room = room_day({"subjects": [subject(items)]})
    assert (room.known, room.bookings) == ((at(7, 23),), ())


def test_a_day_whose_items_are_left_out_is_known():
    bare = {"itemId": 1, "item_date": f"{DAY}T00:00:00"}
    assert room_day({"subjects": [bare]}).known == (at(7, 23),)


@pytest.mark.parametrize("hour", ["NaN", "nan", "inf", "-Infinity", 1e9, -1e9, "769", -745])
@pytest.mark.parametrize("key", ["start", "end"])
def test_an_item_without_sense_makes_its_room_unknown_that_day(hour: object, key: str):
    """Whether it blocks the asked hour cannot be told, so the room is not free."""
    broken = item(10, 11) | {key: hour}
    answer = {"subjects": [subject([item(8, 9), broken]), subject([item(8, 9)], AFTER)]}
    found = outcome_by_day(answer)
    failure = found[DAY]
    assert isinstance(failure, SourceFormatError)
    assert failure.kind == "not understood"
    assert isinstance(found[AFTER], RoomDay)


@pytest.mark.parametrize("hour", [None, "", "ten", True, [], {}, "10:30", "1e999"])
@pytest.mark.parametrize("key", ["start", "end"])
def test_an_item_of_wrong_type_makes_its_room_unknown_that_day(hour: object, key: str):
    broken = item(10, 11) | {key: hour}
    found = outcome_by_day({"subjects": [subject([broken]), subject([item(8, 9)], AFTER)]})
    assert isinstance(found[DAY], SourceFormatError)
    assert isinstance(found[AFTER], RoomDay)


@pytest.mark.parametrize("key", ["start", "end"])
def test_an_item_without_times_makes_its_room_unknown_that_day(key: str):
    broken = item(10, 11)
    del broken[key]
    assert isinstance(outcome_by_day({"subjects": [subject([broken])]})[DAY], SourceFormatError)


@pytest.mark.parametrize("hour", [0, 10.25, 23, 24])
def test_an_item_of_no_length_makes_its_room_unknown_that_day(hour: float):
    assert isinstance(
        outcome_by_day({"subjects": [subject([item(hour, hour)])]})[DAY], SourceFormatError
    )


def test_an_item_shorter_than_a_minute_takes_one():
    assert bookings(item(10.0, 10.001)) == (Interval(clock(DAY, 10), clock(DAY, 10 + 1 / 60)),)


NOTHING: list[object] = ["", None, [], {}, {"nil": True}]


@pytest.mark.parametrize("nothing", NOTHING)
@pytest.mark.parametrize("field", ["type_id", "cur_event_state", "itemId"])
def test_an_empty_value_beside_the_hours_says_nothing(field: str, nothing: object):
    assert bookings(item(10, 11) | {field: nothing}) == (at(10, 11),)


@pytest.mark.parametrize("wrapped", [[99], "99.000000", [["99"]]])
def test_a_wrapped_state_is_a_state(wrapped: object):
    assert bookings(item(10, 11, cur_event_state=wrapped, itemId=[])) == ()


@pytest.mark.parametrize("hours", [(10, 11), ([10], ["11.000000"])])
def test_one_bare_item_is_an_item(hours: tuple[object, object]):
    answer = {"subjects": [subject([]) | {"items": item(*hours)}]}
    assert room_day(answer).bookings == (at(10, 11),)


@pytest.mark.parametrize("nothing", NOTHING)
def test_empty_items_are_no_items(nothing: object):
    other = subject([item(10, 11)])
    assert room_day({"subjects": [subject([]) | {"items": nothing}, other]}).bookings == (
        at(10, 11),
    )


@pytest.mark.parametrize("broken", [{"type_id": "lecture"}, {"cur_event_state": {"id": 2}}])
def test_a_state_without_sense_makes_its_day_alone_unknown(broken: Item):
    days = [subject([item(10, 11) | broken]), subject([item(12, 13)], AFTER)]
    found = outcome_by_day({"subjects": days})
    assert isinstance(found[DAY], SourceFormatError)
    assert isinstance(found[AFTER], RoomDay)


def test_a_campus_that_shows_no_states_at_all_is_read():
    subjects = [subject([item(10, 11, cur_event_state="")]) for _ in range(150)]
    assert set(room_day({"subjects": subjects}).bookings) == {at(10, 11)}
