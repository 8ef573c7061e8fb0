"""What a grid answer means for a day: the hours shown, and what reaches in from other days."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.errors import SourceError, SourceFormatError
from core.model.bookings import RoomDay
from core.model.interval import Interval
from core.sources.base import AmbiguousTimeError
from core.sources.live25.local_time import MAX_DISTINCT_TIMES, LocalTimeConverter
from tests.core.sources.live25.grid_answers import (
    AFTER,
    ALL_DAY,
    DAY,
    Item,
    at,
    item,
    outcome_by_day,
    room_day,
    subject,
)
from tests.core.sources.source_fixtures import BUSY, FREE, clock, minutes_of_day


@pytest.mark.parametrize(
    ("start", "end"), [(22, 26), (22, 2), ("22.000000", "2.000000"), (22, "26.000000")]
)
def test_an_item_past_midnight_takes_the_next_day_too(start: object, end: object):
    answer = {"subjects": [subject([item(start, end)]), subject([], AFTER)], "headers": ALL_DAY}
    whole = Interval(clock(DAY, 22), clock(AFTER, 2))
    for day in (DAY, AFTER):
        assert room_day(answer, day).bookings == (whole,)


def test_an_item_from_before_midnight_takes_the_day_before_too():
    answer = {"subjects": [subject([]), subject([item(-2, 8)], AFTER)]}
    for day in (DAY, AFTER):
        assert room_day(answer, day).bookings == (Interval(clock(DAY, 22), clock(AFTER, 8)),)


def test_a_block_of_many_days_takes_each():
    days = tuple(DAY + timedelta(n) for n in range(5))
    subjects = [subject([], day) for day in days]
    subjects[1]["items"] = [item(9, 24 * 3 + 8, type_id=2)]
    found = outcome_by_day({"subjects": subjects}, days=days)
    closures = [each.closures for each in found.values() if isinstance(each, RoomDay)]
    whole = (Interval(clock(days[1], 9), clock(days[4], 8)),)
    assert closures == [(), whole, whole, whole, whole]


def test_an_item_past_a_midnight_that_the_clocks_skip_takes_its_own_day():
    """23:30 to 02:00 of a night that has no time between 00:00 and 01:00."""
    zone, day = "America/Sao_Paulo", date(2018, 11, 3)
    subjects = [subject([item(23.5, 26)], day), subject([], day + timedelta(1))]
    days = (day, day + timedelta(1))
    found = outcome_by_day({"subjects": subjects, "headers": ALL_DAY}, days=days, zone=zone)
    whole = (Interval(clock(day, 23.5, zone), clock(day, 26, zone)),)
    assert [each.bookings for each in found.values() if isinstance(each, RoomDay)] == [whole] * 2


def test_an_item_after_midnight_only_takes_the_next_day():
    answer = {"subjects": [subject([item(24, 25)]), subject([], AFTER)], "headers": ALL_DAY}
    assert room_day(answer, DAY).bookings == ()
    assert room_day(answer, AFTER).bookings == (at(0, 1, AFTER),)


@pytest.mark.parametrize(
    ("headers", "known"),
    [
        (range(7, 23), (7, 23)),
        (range(24), (0, 24)),
        (range(8, 12), (8, 12)),
        ([9], (9, 10)),
        (["7", "8.000000", 9], (7, 10)),
        (range(6, 26), (6, 26)),
    ],
)
def test_only_the_hours_shown_are_known(headers: list[object], known: tuple[int, int]):
    data = {"data": [{"header_id": hour} for hour in headers]}
    room = room_day({"subjects": [subject([item(6, 24)])], "headers": data})
    assert room.known == (at(*known),)
    assert room.bookings == (at(6, 24),)


@pytest.mark.parametrize("headers", [None, {}, {"data": None}, {"data": []}])
def test_without_headers_the_usual_hours_are_known(headers: object):
    room = room_day({"subjects": [subject([item(10, 11)])], "headers": headers})
    assert room.known == (at(7, 23),)


@pytest.mark.parametrize(
    ("items", "known"),
    [
        ([item(6, 9)], (6, 23)),
        ([item(22, 24)], (7, 24)),
        ([item("5.500000", 6, type_id=3), item(22, "23.500000")], (5.5, 23.5)),
        ([item(-3, 25)], (7, 23)),
        ([item(22, 2)], (7, 23)),
        ([item(6, 9, cur_event_state=99)], (6, 23)),
    ],
)
def test_without_headers_items_prove_more_hours(items: list[Item], known: tuple[float, float]):
    answer = {"subjects": [subject(items), subject([], AFTER)]}
    assert room_day(answer, DAY).known == (at(*known),)
    assert room_day(answer, AFTER).known == (at(*known, AFTER),)


@pytest.mark.parametrize(
    "hours", [[9, 8], [7, 7], ["NaN"], [-1, 0], [7, 48], [1e300], [22, 23, 0, 1]]
)
def test_senseless_headers_are_not_understood(hours: list[object]):
    headers = {"data": [{"header_id": hour} for hour in hours]}
    with pytest.raises(SourceFormatError, match="not understood"):
        outcome_by_day({"subjects": [subject([])], "headers": headers})


@pytest.mark.parametrize("room", [1, "1", 1.0])
def test_ids_are_numbers_or_text(room: object):
    assert room_day({"subjects": [subject([item(8, 9)], room=room)]}).bookings


@pytest.mark.parametrize("room", [2, "2", "01", "", -1])
def test_another_rooms_day_is_not_taken(room: object):
    answer = {"subjects": [subject([], room=room), subject([], AFTER)]}
    assert isinstance(outcome_by_day(answer)[DAY], SourceError)


@pytest.mark.parametrize(
    "day", ["2024-11-04T00:00:00", "", "11/05/2024", "2024-11-05T09:00:00", "2024-11-05Z", "2024"]
)
def test_another_day_is_not_taken(day: str):
    found = outcome_by_day({"subjects": [{**subject([]), "item_date": day}]})[DAY]
    assert isinstance(found, SourceFormatError)
    assert found.kind == "not in the answer"


@pytest.mark.parametrize("day", ["2024-11-05", "2024-11-05T00:00:00"])
def test_a_day_is_named_with_or_without_midnight(day: str):
    assert room_day({"subjects": [{**subject([item(8, 9)]), "item_date": day}]}).bookings


def test_a_day_told_twice_holds_both():
    answer = {"subjects": [subject([item(8, 9)]), subject([item(10, 11)])]}
    assert sorted(room_day(answer).bookings) == [at(8, 9), at(10, 11)]


def test_of_two_answers_only_the_hours_of_both_are_known():
    early = {"subjects": [subject([item(6, 9)])]}
    late = {"subjects": [subject([item(22, 24)])]}
    found = outcome_by_day(early, late)[DAY]
    assert isinstance(found, RoomDay)
    assert found.known == (at(7, 23),)
    assert sorted(found.bookings) == [at(6, 9), at(22, 24)]


def test_a_room_with_more_on_than_a_day_can_hold_is_unknown():
    items = [item(8, 9)] * 150
    assert isinstance(outcome_by_day({"subjects": [subject(items)]})[DAY], RoomDay)
    for answer in ([subject(items * 2)], [subject(items)] * 3, [subject([item(8, 26)] * 300)]):
        assert isinstance(outcome_by_day({"subjects": answer})[DAY], SourceFormatError)


def test_a_day_with_more_different_times_than_a_campus_has_is_unknown():
    """Else an answer of nonsense could fill the memory with intervals."""
    wall_time = LocalTimeConverter(ZoneInfo("America/New_York"))
    for end in range(1, MAX_DISTINCT_TIMES + 1):
        wall_time.widest_interval(DAY, 0, end)
    with pytest.raises(AmbiguousTimeError):
        wall_time.widest_interval(DAY, 1, 2)
    assert wall_time.widest_interval(AFTER, 0, 1)


def test_opening_hours_past_midnight_hold_the_next_days_first_items_only():
    answer = {
        "subjects": [subject([]), subject([item(0.5, 1), item(9, 10), item(1, 3)], AFTER)],
        "headers": ALL_DAY,
    }
    room = room_day(answer, hours=(7, 26))
    assert sorted(room.bookings) == [at(0.5, 1, AFTER), at(1, 3, AFTER)]
    assert room.known == (Interval(clock(DAY, 0), clock(AFTER, 2)),)


def test_hours_past_midnight_outside_the_window_are_unknown():
    answer = {"subjects": [subject([]), subject([], AFTER)]}
    assert room_day(answer, hours=(7, 26)).known == (at(7, 23),)


def test_hours_round_the_clock_have_a_hole_where_nothing_is_shown():
    answer = {"subjects": [subject([]), subject([], AFTER)]}
    room = room_day(answer, hours=(7, 31.5))
    assert room.known == (at(7, 23), at(7, 7.5, AFTER))


def test_hours_past_midnight_are_unknown_where_the_next_day_is_unclear():
    answer = {
        "subjects": [subject([item(8, 9)]), subject([item("NaN", 1)], AFTER)],
        "headers": ALL_DAY,
    }
    room = room_day(answer, hours=(7, 26))
    assert room.known == (at(0, 24),)


def test_shown_hours_past_midnight_are_unknown_too_where_the_next_day_is_unclear():
    answer = {
        "subjects": [subject([item(8, 9)]), subject([item("NaN", 1)], AFTER)],
        "headers": {"data": [{"header_id": hour} for hour in range(7, 26)]},
    }
    room = room_day(answer, hours=(7, 26))
    assert room.known == (at(7, 24),)


def test_an_item_past_midnight_takes_the_next_day_also_beside_one_that_is_unclear():
    subjects = [subject([item("NaN", 1), item(22, 26)]), subject([], AFTER)]
    found = outcome_by_day({"subjects": subjects, "headers": ALL_DAY})
    assert isinstance(found[DAY], SourceError)
    after = found[AFTER]
    assert isinstance(after, RoomDay)
    assert after.bookings == (Interval(clock(DAY, 22), clock(AFTER, 2)),)


@pytest.mark.parametrize(("start", "end"), [(10 + 1 / 6, 10.166666), ("10.1666667", "10.166666")])
def test_one_minute_cut_and_not_cut_is_of_no_length(start: object, end: object):
    """Not a booking of a whole day, as an end before its start would be."""
    found = outcome_by_day({"subjects": [subject([item(start, end)])]})
    assert isinstance(found[DAY], SourceFormatError)


def test_an_item_over_midnight_is_in_the_late_hours_once_per_day_it_reaches():
    answer = {"subjects": [subject([item(23, 25)]), subject([], AFTER)], "headers": ALL_DAY}
    room = room_day(answer, hours=(7, 26))
    assert set(room.bookings) == {Interval(clock(DAY, 23), clock(AFTER, 1))}
    minutes = minutes_of_day(room, Interval(clock(DAY, 7), clock(AFTER, 2)))
    assert minutes == bytearray([FREE] * 16 * 60 + [BUSY] * 120 + [FREE] * 60)


def test_equal_times_are_one_object():
    answer = {"subjects": [subject([item(8, 9), item("8.000000", 9)])]}
    first, second = room_day(answer).bookings
    assert first is second
