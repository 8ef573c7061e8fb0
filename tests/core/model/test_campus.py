import time
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.model.bookings import RoomDay, Snapshot
from core.model.calendar import local_to_utc
from core.model.campus import Building, Campus, Room
from core.model.interval import Interval
from core.sources.live25.config import Live25Settings
from tests import oracle

NEW_YORK = ZoneInfo("America/New_York")
SPRING, AUTUMN = date(2026, 3, 8), date(2026, 11, 1)
TEN = datetime(2026, 3, 3, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)

# Every kind of change: an hour and half an hour, at 02:00, at 01:00 and at midnight.
CHANGES = [
    ("America/New_York", SPRING),
    ("America/New_York", AUTUMN),
    ("Europe/London", date(2026, 3, 29)),
    ("Europe/London", date(2026, 10, 25)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("America/St_Johns", SPRING),
    ("America/St_Johns", AUTUMN),
    ("Africa/Cairo", date(2026, 4, 24)),
    ("Africa/Cairo", date(2026, 10, 29)),
    ("America/Havana", AUTUMN),
]


def building(opens, closes, zone=NEW_YORK, code="CAS"):
    return Building(code, code, zone, opens * HOUR, closes * HOUR, (Room("1", "116", code),))


def campus(*buildings):
    source = Live25Settings(url="http://localhost", strategy="rooms")
    return Campus("bu", "Boston University", NEW_YORK, source, buildings)


def local(text, *, fold=0):
    """The instant at which the clocks of New York show "2026-03-08 03:30"."""
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK, fold=fold).astimezone(UTC)


def test_interval_is_half_open():
    interval = Interval(TEN, TEN + HOUR)
    assert TEN in interval
    assert TEN + HOUR not in interval
    assert TEN - timedelta.resolution not in interval


@pytest.mark.parametrize("end", [TEN, TEN - HOUR])
def test_interval_refuses_to_end_before_it_has_begun(end):
    with pytest.raises(ValueError, match="ends after it starts"):
        Interval(TEN, end)


@pytest.mark.parametrize("naive", ["start", "end"])
def test_interval_refuses_a_moment_without_zone(naive):
    bounds = {"start": TEN, "end": TEN + HOUR}
    bounds[naive] = bounds[naive].replace(tzinfo=None)
    with pytest.raises(ValueError, match="time zone"):
        Interval(**bounds)


def test_interval_is_kept_in_utc():
    east = timezone(timedelta(hours=5, minutes=30))
    interval = Interval(TEN.astimezone(east), (TEN + HOUR).astimezone(NEW_YORK))
    assert (interval.start.tzinfo, interval.end.tzinfo) == (UTC, UTC)
    assert interval == Interval(TEN, TEN + HOUR)


def test_duration_is_elapsed_time_over_a_change_of_the_clocks():
    start = datetime(2026, 3, 8, 1, tzinfo=NEW_YORK)
    assert Interval(start, start.replace(hour=4)).duration == 2 * HOUR
    start = datetime(2026, 11, 1, 0, tzinfo=NEW_YORK)
    assert Interval(start, start.replace(hour=3)).duration == 4 * HOUR


def test_within_is_what_two_intervals_share():
    interval = Interval(TEN, TEN + 2 * HOUR)
    later = Interval(TEN + HOUR, TEN + 3 * HOUR)
    assert (
        interval.intersection(later)
        == later.intersection(interval)
        == Interval(TEN + HOUR, TEN + 2 * HOUR)
    )
    assert interval.intersection(interval) == interval


def test_intervals_that_touch_share_nothing():
    assert Interval(TEN, TEN + HOUR).intersection(Interval(TEN + HOUR, TEN + 2 * HOUR)) is None
    assert Interval(TEN, TEN + HOUR).intersection(Interval(TEN + 2 * HOUR, TEN + 3 * HOUR)) is None


def test_time_that_the_clocks_skip_moves_forward():
    assert local_to_utc(SPRING, 2.5 * HOUR, NEW_YORK) == local("2026-03-08 03:30")
    assert local_to_utc(SPRING, 2 * HOUR, NEW_YORK) == local_to_utc(SPRING, 3 * HOUR, NEW_YORK)


def test_time_that_the_clocks_show_twice_is_the_first_unless_asked():
    first = local_to_utc(AUTUMN, 1.5 * HOUR, NEW_YORK)
    assert first == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    assert local_to_utc(AUTUMN, 1.5 * HOUR, NEW_YORK, fold=1) == first + HOUR


def test_wall_clock_counts_past_midnight_and_before_it():
    assert local_to_utc(date(2026, 3, 3), 26 * HOUR, NEW_YORK) == local("2026-03-04 02:00")
    assert local_to_utc(date(2026, 3, 3), -1 * HOUR, NEW_YORK) == local("2026-03-02 23:00")


@settings(max_examples=300, deadline=None)
@given(change=st.sampled_from(CHANGES), minutes=st.integers(-1440, 2880))
@example(change=("Africa/Cairo", date(2026, 4, 24)), minutes=30)
@example(change=("Australia/Lord_Howe", date(2026, 10, 4)), minutes=135)
def test_wall_clock_is_when_a_clock_on_the_wall_shows_it(change, minutes):
    zone, day = change
    found = local_to_utc(day, timedelta(minutes=minutes), ZoneInfo(zone))
    assert found == oracle.clock(zone, day, minutes)
    assert found.tzinfo is UTC


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 23), (AUTUMN, 25), (date(2026, 3, 3), 24)])
def test_open_all_day_is_as_long_as_the_day(day, hours):
    assert building(0, 24).window_on(day).duration == hours * HOUR


def test_open_past_midnight_is_one_interval():
    hours = building(7, 26).window_on(date(2026, 3, 3))
    assert hours == Interval(local("2026-03-03 07:00"), local("2026-03-04 02:00"))


def test_night_belongs_to_the_day_whose_hours_hold_it():
    late = building(7, 26)
    assert late.business_day(local("2026-03-04 01:59")) == date(2026, 3, 3)
    assert late.business_day(local("2026-03-04 02:00")) == date(2026, 3, 4)
    assert late.business_day(local("2026-03-03 23:59")) == date(2026, 3, 3)


def test_night_belongs_to_the_calendar_where_the_building_closes_at_midnight():
    assert building(7, 24).business_day(local("2026-03-04 00:00")) == date(2026, 3, 4)
    assert building(7, 23).business_day(local("2026-03-04 01:00")) == date(2026, 3, 4)


def test_open_round_the_clock_belongs_to_one_day_at_a_time():
    always = building(7, 31)
    assert always.business_day(local("2026-03-04 06:59")) == date(2026, 3, 3)
    assert always.business_day(local("2026-03-04 07:00")) == date(2026, 3, 4)


def test_night_of_the_change_belongs_to_yesterday_until_closing():
    """On 2026-11-01 a building that closes at 01:30 does so the first time it is 01:30."""
    late = building(7, 25.5)
    assert late.business_day(local("2026-11-01 01:29")) == date(2026, 10, 31)
    assert late.business_day(local("2026-11-01 01:29", fold=1)) == AUTUMN


@settings(max_examples=200, deadline=None)
@given(
    change=st.sampled_from(CHANGES),
    opens=st.sampled_from(["00:00", "06:30", "07:00", "18:00"]),
    closes=st.sampled_from(["02:00", "02:30", "06:00", "23:00", "24:00"]),
    minutes=st.integers(-1440, 2880),
)
def test_hours_and_day_are_what_the_minutes_say(change, opens, closes, minutes):
    zone, day = change
    asked = oracle.Oracle(zone, [oracle.Hours("CAS", opens, closes, ())], {})
    opening, closing = (int(each[:2]) + int(each[3:]) / 60 for each in (opens, closes))
    house = building(opening, closing + 24 * (closing <= opening), ZoneInfo(zone))
    hours = house.window_on(day)
    assert (hours.start, hours.end) == asked.hours("CAS", day)
    moment = oracle.clock(zone, day, minutes)
    assert house.business_day(moment) == asked.day_of("CAS", moment)


def test_evening_is_still_today_where_utc_has_tomorrow():
    moment = datetime(2026, 3, 4, 1, 30, tzinfo=UTC)
    assert campus(building(7, 23)).local_date(moment) == date(2026, 3, 3)
    assert building(7, 23).business_day(moment) == date(2026, 3, 3)


def test_new_year_on_campus_is_not_that_of_utc():
    assert campus().local_date(datetime(2027, 1, 1, 4, 59, tzinfo=UTC)) == date(2026, 12, 31)
    assert campus().local_date(datetime(2027, 1, 1, 5, tzinfo=UTC)) == date(2027, 1, 1)


@pytest.mark.parametrize("server", ["Asia/Tokyo", "America/Los_Angeles", "UTC"])
def test_zone_of_the_server_changes_nothing(server, monkeypatch):
    monkeypatch.setenv("TZ", server)
    time.tzset()
    try:
        moment = datetime(2026, 3, 4, 1, 30, tzinfo=UTC)
        assert campus().local_date(moment) == date(2026, 3, 3)
        assert local_to_utc(date(2026, 3, 3), 7 * HOUR, NEW_YORK) == local("2026-03-03 07:00")
    finally:
        monkeypatch.undo()
        time.tzset()


def test_building_is_found_in_any_case_of_letters():
    cas, cgs = building(7, 23), building(7, 23, code="CGS")
    assert campus(cas, cgs).building(" cgs ") is cgs
    assert campus(cas, cgs).building("CA") is None


def test_rooms_come_building_by_building():
    cas, cgs = building(7, 23), building(7, 23, code="CGS")
    assert [room.label for room in campus(cas, cgs).rooms] == ["CAS 116", "CGS 116"]


def test_room_read_before_the_last_attempt_is_kept_from_an_earlier_one():
    snapshot = Snapshot("bu", SPRING, attempted_at=TEN, rooms={})
    assert not snapshot.is_carried_over(RoomDay((), (), (), read_at=TEN))
    assert snapshot.is_carried_over(RoomDay((), (), (), read_at=TEN - HOUR))
