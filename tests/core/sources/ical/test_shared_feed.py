"""One feed for all rooms: whose each event is, also where one id or change names several."""

from core.sources.ical.parser import parse_feed
from core.sources.ical.parser_protocol import RoomNames
from fakes.ical.server import calendar, event
from tests.core.sources.ical.parsing import SPRING, booked_times, job, uncertain_times

ROOMS = (
    RoomNames("a", "CAS", "Arts", "116"),
    RoomNames("b", "CAS", "Arts", "118"),
    RoomNames("c", "CGS", "Studies", "116"),
)
TEN = ("20260303T150000Z", "20260303T160000Z")
NOON = ("20260303T170000Z", "20260303T180000Z")
DAILY = "RRULE:FREQ=DAILY;COUNT=2"


def told_of(*parts, match="exact"):
    return parse_feed(job(SPRING, *ROOMS, match=match), calendar(*parts))


def test_an_event_is_its_rooms():
    told = told_of(event(*TEN, "LOCATION:CAS 116"), event(*NOON, "LOCATION:CAS 118", uid="2"))
    assert (booked_times(told, "a"), booked_times(told, "b")) == (
        ["0303T1500/1600"],
        ["0303T1700/1800"],
    )
    assert (told.named_rooms, told.event_count, told.unmatched_count) == (("a", "b"), 2, 0)


def test_a_location_is_read_as_calendars_write_it():
    told = told_of(event(*TEN, "LOCATION;LANGUAGE=en:CAS 116\\, CAS 118\\nsecond line"))
    assert booked_times(told, "a") == booked_times(told, "b") == ["0303T1500/1600"]


def test_rooms_that_may_be_meant_are_in_doubt_at_that_time():
    told = told_of(event(*TEN, "LOCATION:116"))
    assert uncertain_times(told, "a") == uncertain_times(told, "c") == ["0303T1500/1600"]
    assert not told.bookings


def test_an_event_of_no_room_is_counted():
    told = told_of(event(*TEN, "LOCATION:Online"), event(*TEN, uid="2"))
    assert (told.event_count, told.unmatched_count, told.named_rooms) == (2, 2, ())
    assert not told.bookings
    assert not told.uncertain


def test_a_location_that_is_not_text_may_be_any_room():
    feed = calendar(event(*TEN, "LOCATION:CAS @")).replace(b"@", b"\xff\xfe")
    told = parse_feed(job(SPRING, *ROOMS), feed)
    assert [uncertain_times(told, room) for room in "abc"] == [["0303T1500/1600"]] * 3


def test_an_unclear_event_leaves_other_rooms_alone():
    told = told_of(event("when", TEN[1], "LOCATION:CAS 116"))
    assert list(told.uncertain) == ["a"]


def test_a_date_that_moves_to_another_room_frees_the_first():
    told = told_of(
        event(*TEN, DAILY, "LOCATION:CAS 116"),
        event(*NOON, "RECURRENCE-ID:20260303T150000Z", "LOCATION:CAS 118"),
    )
    assert (booked_times(told, "a"), booked_times(told, "b")) == (
        ["0304T1500/1600"],
        ["0303T1700/1800"],
    )


def test_a_change_that_names_no_place_is_in_the_series_room():
    told = told_of(
        event(*TEN, DAILY, "LOCATION:CAS 116"), event(*NOON, "RECURRENCE-ID:20260303T150000Z")
    )
    assert booked_times(told, "a") == ["0303T1700/1800", "0304T1500/1600"]


def test_a_call_off_that_names_no_place_frees_the_series_room():
    told = told_of(
        event(*TEN, DAILY, "LOCATION:CAS 116"),
        event(*TEN, "RECURRENCE-ID:20260303T150000Z", "STATUS:CANCELLED"),
    )
    assert booked_times(told, "a") == ["0304T1500/1600"]


def test_one_id_in_two_rooms_is_two_bookings_whatever_their_revisions():
    told = told_of(
        event(*TEN, "LOCATION:CAS 116", "SEQUENCE:1"), event(*TEN, "LOCATION:CAS 118", "SEQUENCE:4")
    )
    assert booked_times(told, "a") == booked_times(told, "b") == ["0303T1500/1600"]


def test_a_change_in_one_of_two_rooms_of_one_id_leaves_the_other():
    told = told_of(
        event(*TEN, DAILY, "LOCATION:CAS 116"),
        event(*TEN, DAILY, "LOCATION:CAS 118"),
        event(*TEN, "RECURRENCE-ID:20260303T150000Z", "STATUS:CANCELLED", "LOCATION:CAS 118"),
    )
    assert booked_times(told, "a") == ["0303T1500/1600", "0304T1500/1600"]
    assert booked_times(told, "b") == ["0304T1500/1600"]


def test_busy_times_are_no_rooms():
    busy = (
        "BEGIN:VFREEBUSY\r\nDTSTART:20260303T000000Z\r\nDTEND:20260310T000000Z\r\n"
        "FREEBUSY:20260303T150000Z/PT1H\r\nEND:VFREEBUSY"
    )
    told = told_of(busy)
    assert (told.unmatched_count, told.bookings, told.uncertain) == (1, {}, {})
