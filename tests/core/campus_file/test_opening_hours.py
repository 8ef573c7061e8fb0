"""Hours by weekday, closures and what a room says about its door, as campus files write them."""

from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from core.model.campus import ClockStyle, RoomAccess
from core.model.hours import DayHours
from core.model.interval import Interval
from tests.core.campus_file.test_loader import MISSING, changed, faults, load

HOUR = timedelta(hours=1)
NEW_YORK = ZoneInfo("America/New_York")
WORKDAYS = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "07:00-23:00")
WEEK = {**WORKDAYS, "sat": "10:00-20:00", "sun": "closed"}


def with_week(*changes):
    return changed(
        ("buildings.0.opens", MISSING),
        ("buildings.0.closes", MISSING),
        ("buildings.0.hours", dict(WEEK)),
        *changes,
    )


def local(text):
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


def test_hours_are_read_by_weekday(tmp_path):
    cas, cgs = load(tmp_path, with_week()).buildings
    assert cas.hours.at(0) == DayHours(7 * HOUR, 23 * HOUR)
    assert (cas.hours.at(5), cas.hours.at(6)) == (DayHours(10 * HOUR, 20 * HOUR), None)
    assert (cas.opens, cas.closes) == (7 * HOUR, 23 * HOUR)
    assert set(cgs.hours.days) == {DayHours(7 * HOUR, 21.5 * HOUR)}


def test_weekdays_go_before_the_daily_hours_of_a_building(tmp_path):
    cas = load(tmp_path, changed(("buildings.0.hours", {"sun": "closed"}))).buildings[0]
    assert cas.hours.at(6) is None
    assert cas.hours.at(5) == DayHours(7 * HOUR, 23 * HOUR)


def test_hours_of_the_campus_hold_where_a_building_has_none(tmp_path):
    raw = with_week(("hours", dict(WEEK)), ("buildings.0.hours", {"fri": "08:00–02:00"}))
    cas, cgs = load(tmp_path, raw).buildings
    assert cas.hours.at(4) == DayHours(8 * HOUR, 26 * HOUR)
    assert cas.hours.at(5) == DayHours(10 * HOUR, 20 * HOUR)
    assert cgs.hours.at(6) == DayHours(7 * HOUR, 21.5 * HOUR)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("00:00-24:00", (0, 24)),
        ("00:00-00:00", (0, 24)),
        ("07:00 - 02:00", (7, 26)),
        ("07:30–21:30", (7.5, 21.5)),
    ],
)
def test_forms_of_hours(tmp_path, text, hours):
    cas = load(tmp_path, with_week(("buildings.0.hours.wed", text))).buildings[0]
    assert cas.hours.at(2) == DayHours(hours[0] * HOUR, hours[1] * HOUR)


def test_open_round_the_clock_is_what_the_hours_say(tmp_path):
    raw = with_week(("buildings.0.hours", dict.fromkeys(WEEK, "00:00-24:00")))
    cas, cgs = load(tmp_path, raw).buildings
    assert cas.hours.is_round_the_clock
    assert not cgs.hours.is_round_the_clock


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (("buildings.0.hours.sun", MISSING), "buildings[0].hours.sun: is missing"),
        (("buildings.0.hours.sun", "shut"), "buildings[0].hours.sun: 'shut' is not"),
        (("buildings.0.hours.sun", 7), "buildings[0].hours.sun: 7 is not"),
        (("buildings.0.hours.sun", "7-23"), "buildings[0].hours.sun: '7-23' is not"),
        (("buildings.0.hours.sun", "24:00-26:00"), "buildings[0].hours.sun: '24:00-26:00' is not"),
        (("buildings.0.hours.mon", "07:00-09:00"), "buildings[0].hours.mon: '07:00-09:00' is not"),
        (("buildings.0.hours.fri", "12:00-11:00"), "buildings[0].hours.fri: ends after sat begins"),
        (("buildings.0.hours.monday", "closed"), "buildings[0].hours.monday: is not a key here"),
        (("buildings.0.hours", dict.fromkeys(WEEK, "closed")), "buildings[0].hours: no day"),
        (("buildings.0.hours", "07:00-23:00"), "buildings[0].hours: is not a table"),
        (("hours", {"mon": "x"}), "hours.mon: 'x' is not"),
    ],
)
def test_faulty_hours_are_named(tmp_path, change, fault):
    found = faults(tmp_path, with_week(change))
    assert [each for each in found if each.startswith(fault)], found


def test_closed_days_have_a_reason_and_hold_for_all_or_some_buildings(tmp_path):
    raw = changed(
        (
            "closed",
            [
                {"from": date(2026, 12, 24), "to": "2027-01-03", "why": "Winter recess"},
                {"from": "2026-11-26", "buildings": ["cgs"]},
            ],
        )
    )
    cas, cgs = load(tmp_path, raw).buildings
    [recess] = cas.closures
    assert recess.interval == Interval(local("2026-12-24 00:00"), local("2027-01-04 00:00"))
    assert recess.reason == "Winter recess"
    assert [each.reason for each in cgs.closures] == ["", "Winter recess"]
    assert cgs.closures[0].interval == Interval(
        local("2026-11-26 00:00"), local("2026-11-27 00:00")
    )


def test_closed_hours_of_a_day_are_read(tmp_path):
    entry = {"from": "2026-12-18 17:00", "to": "2026-12-19", "buildings": "all"}
    cas = load(tmp_path, changed(("closed", [entry]))).buildings[0]
    assert cas.closures[0].interval == Interval(
        local("2026-12-18 17:00"), local("2026-12-20 00:00")
    )


def test_closed_days_may_be_tables_with_dates_of_toml(tmp_path):
    text = """
        id = "bu"
        name = "Boston University"
        timezone = "America/New_York"
        [source]
        kind = "25live"
        url = "http://127.0.0.1:8080/run"
        read = "rooms"
        [[closed]]
        from = 2026-12-24
        to = 2026-12-26T12:00:00
        [[buildings]]
        code = "CAS"
        name = "Arts"
        rooms = [ { id = 342, name = "116" } ]
        [buildings.hours]
        mon = "07:00-23:00"
        tue = "07:00-23:00"
        wed = "07:00-23:00"
        thu = "07:00-23:00"
        fri = "07:00-23:00"
        sat = "closed"
        sun = "closed"
    """
    [cas] = load(tmp_path, text).buildings
    assert cas.closures[0].interval == Interval(
        local("2026-12-24 00:00"), local("2026-12-26 12:00")
    )
    assert cas.hours.at(6) is None


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ({}, "closed[0].from: is missing"),
        ({"from": "24 December"}, "closed[0].from: '24 December' is no day"),
        ({"from": 2026}, "closed[0].from: 2026 is no day"),
        ({"from": "2026-12-24", "to": "2026-12-23"}, "closed[0].to: is before from"),
        ({"from": "2026-12-24 10:00"}, "closed[0].to: is missing"),
        ({"from": "0001-01-01"}, "closed[0].from: '0001-01-01' is no day"),
        ({"from": "2026-12-24 10:00+01:00"}, "closed[0].from: "),
        ({"from": "2026-12-24", "buildings": ["ENG"]}, "closed[0].buildings: there is no"),
        ({"from": "2026-12-24", "buildings": "ENG"}, "closed[0].buildings: 'ENG' is not a list"),
        ({"from": "2026-12-24", "why": 1}, "closed[0].why: 1 is not a text"),
        ({"from": "2026-12-24", "until": "x"}, "closed[0].until: is not a key here"),
    ],
)
def test_faulty_closures_are_named(tmp_path, entry, fault):
    found = faults(tmp_path, changed(("closed", [entry])))
    assert [each for each in found if each.startswith(fault)], found


def test_rooms_say_what_it_takes_to_get_in(tmp_path):
    raw = changed(
        ("buildings.0.rooms.0.access", "card"),
        ("buildings.0.rooms.0.note", " Ask at the desk. "),
        ("buildings.0.rooms.1.access", "department"),
    )
    lower, upper = load(tmp_path, raw).buildings[0].rooms
    assert (upper.access, upper.note) == (RoomAccess.CARD, "Ask at the desk.")
    assert (lower.access, lower.is_offered, upper.is_offered) == (
        RoomAccess.DEPARTMENT,
        False,
        True,
    )


def test_unlisted_rooms_are_left_out_but_checked(tmp_path):
    cas = load(tmp_path, changed(("buildings.0.rooms.0.listed", False))).buildings[0]
    assert [room.id for room in cas.rooms] == ["344"]
    raw = changed(("buildings.0.rooms.0.listed", False), ("buildings.0.rooms.0.id", 344))
    assert "more than once" in faults(tmp_path, raw)[0]
    found = faults(tmp_path, changed(("buildings.1.rooms.0.listed", False)))
    assert found == ["buildings[1].rooms: none of them is listed"]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (("buildings.0.rooms.0.access", "free"), "buildings[0].rooms[0].access: 'free' is not one"),
        (("buildings.0.rooms.0.listed", "no"), "buildings[0].rooms[0].listed: 'no' is not true"),
        (("buildings.0.rooms.0.note", ""), "buildings[0].rooms[0].note: '' is not a text"),
        (("clock", "12"), "clock: '12' is not one of 12h, 24h"),
        (("unbooked_may_be_locked", 1), "unbooked_may_be_locked: 1 is not true or false"),
    ],
)
def test_other_faults_are_named(tmp_path, change, fault):
    found = faults(tmp_path, changed(change))
    assert [each for each in found if each.startswith(fault)], found


@pytest.mark.parametrize(
    ("zone", "style"),
    [
        ("America/New_York", ClockStyle.HOURS_12),
        ("US/Eastern", ClockStyle.HOURS_12),
        ("Asia/Kolkata", ClockStyle.HOURS_12),
        ("Europe/London", ClockStyle.HOURS_24),
        ("Europe/Berlin", ClockStyle.HOURS_24),
        ("UTC", ClockStyle.HOURS_24),
    ],
)
def test_clock_is_that_of_the_country_unless_the_file_says_otherwise(tmp_path, zone, style):
    assert load(tmp_path, changed(("timezone", zone))).clock is style
    assert load(tmp_path, changed(("timezone", zone), ("clock", "24h"))).clock is (
        ClockStyle.HOURS_24
    )


def test_remark_on_unbooked_rooms_is_off_unless_it_is_wanted(tmp_path):
    assert not load(tmp_path, changed()).warns_if_unbooked
    assert load(tmp_path, changed(("unbooked_may_be_locked", True))).warns_if_unbooked


def test_example_of_the_documentation_loads(tmp_path):
    document = Path(__file__).parents[3] / "docs" / "campus-file.md"
    example = document.read_text(encoding="utf-8").split("```")[1].removeprefix("toml")
    crane, library = load(tmp_path, example).buildings
    assert [room.name for room in crane.rooms] == ["100", "B01", "B02"]
    assert [each.reason for each in crane.closures] == ["Graduation", "Winter recess"]
    assert library.hours.at(5) == DayHours(10 * HOUR, 22 * HOUR)
    assert library.hours.at(6) == DayHours(8 * HOUR, 26 * HOUR)
