"""One room's week, held against what the oracle finds minute by minute."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.availability.states import RoomState
from core.availability.timeline import state_span_at
from core.availability.week import room_week
from core.model.calendar import days_of_week, monday_of
from core.model.interval import Interval
from tests import oracle
from tests.core.availability.test_queries import (
    DAY,
    at,
    campus_of,
    campuses,
    days_of,
    known,
    moments,
    small,
    spans,
)

MONDAY = date(2026, 3, 2)


def week_of(campus, days, clock="10:00", monday=MONDAY, room=0):
    building = campus.buildings[0]
    return room_week(days, building, building.rooms[room], monday=monday, now=at(clock))


@settings(max_examples=150)
@given(data=st.data())
def test_every_day_is_what_the_oracle_says(data):
    asked, day = data.draw(campuses())
    campus = campus_of(asked)
    days = days_of(asked, campus)
    moment = data.draw(moments(asked.zone, day))
    for building in campus.buildings:
        for room in building.rooms:
            week = room_week(days, building, room, monday=monday_of(day), now=moment)
            for each in week.days:
                hours = asked.hours(building.code, each.day)
                facts = asked.knowledge.get(each.day, {}).get(room.id)
                minutes = oracle.verdicts(hours, facts, min_gap=asked.min_gap)
                assert (each.window.start, each.window.end) == hours
                assert spans(each.gaps) == oracle.runs(hours, minutes, oracle.What.FREE)
                assert spans(each.unknown) == oracle.runs(hours, minutes, oracle.What.UNKNOWN)
                assert each.has_data == (each.day in asked.knowledge)


@settings(max_examples=150)
@given(data=st.data())
def test_now_is_what_the_oracle_says_until_it_says_something_else(data):
    asked, day = data.draw(campuses())
    campus = campus_of(asked)
    days = days_of(asked, campus)
    moment = data.draw(moments(asked.zone, day))
    for building in campus.buildings:
        for room in building.rooms:
            stretch = state_span_at(days, building, room, moment)
            assert stretch.until > moment
            state, until = expected(asked, building.code, room.id, moment)
            assert (stretch.state.value, stretch.until) == (state, until)


def expected(asked, code, room, moment):
    """Find the state of the minute and the end of its stretch, minute by minute."""
    state, until = stretch_at(asked, code, room, moment)
    last = max(asked.knowledge, default=date.min)
    while state is not oracle.What.UNKNOWN or asked.day_of(code, until) <= last:
        following, end = stretch_at(asked, code, room, until)
        if following is not state:
            break
        until = end
    return state.value, until


def stretch_at(asked, code, room, moment):
    """The state of the minute and the end of its stretch in the day of the building."""
    day = asked.day_of(code, moment)
    start, end = asked.hours(code, day)
    if not start <= moment < end:
        opens = [asked.hours(code, day + timedelta(days=each))[0] for each in (0, 1)]
        return oracle.What.CLOSED, min(each for each in opens if each > moment)
    facts = asked.knowledge.get(day, {}).get(room)
    minutes = oracle.verdicts((start, end), facts, min_gap=asked.min_gap)
    place = oracle.minute_number(moment) - oracle.minute_number(start)
    last = place
    while last < len(minutes) and minutes[last] is minutes[place]:
        last += 1
    return minutes[place], start + last * oracle.MINUTE


@pytest.mark.parametrize(
    ("clock", "now", "then"),
    [
        ("06:00", (RoomState.CLOSED, "07:00"), (RoomState.FREE, "09:00")),
        ("07:00", (RoomState.FREE, "09:00"), (RoomState.BOOKED, "12:00")),
        ("09:00", (RoomState.BOOKED, "12:00"), (RoomState.FREE, "20:00")),
        ("11:55", (RoomState.BOOKED, "12:00"), (RoomState.FREE, "20:00")),
        ("19:59", (RoomState.FREE, "20:00"), (RoomState.UNKNOWN, "23:00")),
        ("20:00", (RoomState.UNKNOWN, "23:00"), (RoomState.CLOSED, "31:00")),
        ("23:00", (RoomState.CLOSED, "31:00"), (RoomState.UNKNOWN, "47:00")),
    ],
)
def test_now_and_what_comes_then(clock, now, then):
    bookings = [("09:00", "11:00"), ("11:10", "12:00")]
    window = (at("00:00"), at("20:00"))
    campus, days = small({"116": known(*bookings, window=window)})
    week = week_of(campus, days, clock)
    assert (week.now.state, week.now.until) == (now[0], at(now[1]))
    assert (week.next.state, week.next.until) == (then[0], at(then[1]))


def test_after_closing_it_is_the_next_days_opening_that_counts():
    campus, days = small({"116": known()})
    days |= {DAY + timedelta(days=1): days[DAY]}
    week = week_of(campus, {DAY: days[DAY]}, "23:30")
    assert week.next.state is RoomState.UNKNOWN


def test_building_open_past_midnight_is_still_in_its_day():
    campus, days = small({"116": known(("20:00", "25:00"))}, closes="02:00")
    week = week_of(campus, days, "24:30")
    assert week.today == DAY
    assert (week.now.state, week.now.until) == (RoomState.BOOKED, at("25:00"))
    assert (week.next.state, week.next.until) == (RoomState.FREE, at("26:00"))


def test_building_open_round_the_clock_is_cut_where_its_day_ends():
    facts = known(window=(at("00:00"), at("31:00")))
    campus, days = small({"116": facts}, closes="07:00")
    week = week_of(campus, days, "30:00")
    assert (week.now.state, week.now.until) == (RoomState.FREE, at("31:00"))
    assert week.next.state is RoomState.UNKNOWN


def test_week_tells_a_room_that_is_unknown_from_a_day_that_was_not_read():
    campus, days = small({"116": None, "117": known()})
    week = week_of(campus, days)
    monday, tuesday = week.days[:2]
    assert (monday.has_data, monday.is_unknown) == (False, True)
    assert (tuesday.has_data, tuesday.is_unknown) == (True, True)
    assert (week.now.state, week.now.until) == (RoomState.UNKNOWN, at("23:00"))


def test_closures_and_the_time_of_a_kept_reading_are_told():
    facts = known(closures=[("09:00", "10:00")])
    campus, days = small({"116": facts})
    day = week_of(campus, days).days[1]
    assert day.closures == (Interval(at("09:00"), at("10:00")),)
    assert day.carried_over_from is None
    asked = oracle.Oracle(
        "America/New_York",
        [oracle.Hours("CAS", "07:00", "23:00", (oracle.RoomName("116", "116"),))],
        {DAY: {"116": facts}},
    )
    kept = days_of(asked, campus, attempted_at=at("12:00"))
    assert week_of(campus, kept).days[1].carried_over_from == kept[DAY].read_at


@pytest.mark.parametrize(
    ("clocks_change", "hours"), [(date(2026, 3, 8), 23), (date(2026, 11, 1), 25), (DAY, 24)]
)
def test_week_of_the_clocks_change_has_a_day_of_another_length(clocks_change, hours):
    campus, days = small({"116": known()}, opens="00:00", closes="24:00")
    week = week_of(campus, days, monday=monday_of(clocks_change))
    lengths = {each.day: each.window.duration for each in week.days}
    assert lengths[clocks_change] == timedelta(hours=hours)
    assert sum(each == timedelta(hours=24) for each in lengths.values()) >= 6


@given(day=st.dates())
def test_week_holds_its_day_and_begins_on_monday(day):
    if day < date(1, 1, 8) or day > date(9999, 12, 20):
        return
    week = days_of_week(monday_of(day))
    assert day in week
    assert [each.weekday() for each in week] == list(range(7))
