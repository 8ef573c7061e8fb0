from dataclasses import replace
from datetime import date, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.digests.summary import build_summary
from core.model.bookings import RoomDay, Snapshot
from tests import oracle
from tests.core.availability.test_queries import (
    DAY,
    NEW_YORK,
    READ_AT,
    at,
    campus_of,
    campuses,
    days_of,
    known,
    moments,
    small,
    span,
    spans,
)


def told(facts, clock, **hours):
    """The morning of one small building at that time of 2026-03-03."""
    _, days = small(facts, **hours)
    return build_summary(days[DAY], at(clock))


def figures(facts, clock, **hours):
    [found] = told(facts, clock, **hours).buildings
    return found.counts.free, found.free_all_morning, found.free_all_afternoon


def two_buildings(first, second, knowledge):
    """A day of buildings A and B, each with hours ("07:00", "23:00") and one room of its name."""
    buildings = [
        oracle.Hours(code, opens, closes, (oracle.RoomName(code, code),))
        for code, (opens, closes) in [("A", first), ("B", second)]
    ]
    asked = oracle.Oracle(NEW_YORK, buildings, {DAY: knowledge})
    return days_of(asked, campus_of(asked))[DAY]


def first_opening(asked, code, day):
    """The first minute at which a room of a building is not closed; its hours where none is."""
    start, end = asked.hours(code, day)
    minutes = (start + number * oracle.MINUTE for number in range((end - start) // oracle.MINUTE))
    states = (
        (minute, asked.what(code, room.id, day, minute))
        for minute in minutes
        for room in asked.buildings[code].rooms
    )
    return next((minute for minute, state in states if state is not oracle.What.CLOSED), start)


FREE = known()


def test_before_opening_rooms_are_counted_as_of_the_opening():
    facts = {"116": known(("07:00", "08:00")), "201": FREE}
    [found] = told(facts, "06:31").buildings
    assert found.counted_at == at("07:00")
    assert (found.counts.free, found.free_all_morning, found.free_all_afternoon) == (1, 1, 2)


def test_after_opening_rooms_are_counted_now():
    facts = {"116": known(("07:00", "08:00")), "201": FREE}
    [found] = told(facts, "08:00").buildings
    assert found.counted_at == at("08:00")
    assert (found.counts.free, found.free_all_morning) == (2, 2)


def test_morning_ends_at_noon_and_afternoon_begins_there():
    assert figures({"116": known(("12:00", "13:00"))}, "07:30") == (1, 1, 0)
    assert figures({"116": known(("11:59", "12:00"))}, "07:30") == (1, 0, 1)


def test_afternoon_ends_at_six():
    assert figures({"116": known(("18:00", "23:00"))}, "07:30") == (1, 1, 1)
    assert figures({"116": known(("17:59", "18:00"))}, "07:30") == (1, 1, 0)


def test_afternoon_ends_with_the_building():
    assert figures({"116": FREE}, "07:30", closes="17:00") == (1, 1, 1)


def test_part_of_the_day_that_is_over_is_not_counted():
    assert figures({"116": FREE}, "11:59") == (1, 1, 1)
    assert figures({"116": FREE}, "12:00") == (1, None, 1)
    assert figures({"116": FREE}, "18:00") == (1, None, None)
    assert figures({"116": FREE}, "23:00") == (0, None, None)


def test_part_of_the_day_outside_the_hours_is_not_counted():
    assert figures({"116": FREE}, "07:30", opens="13:00") == (1, None, 1)
    assert figures({"116": FREE}, "07:30", opens="18:00", closes="02:00") == (1, None, None)
    assert figures({"116": FREE}, "07:30", closes="12:00") == (1, 1, None)


def test_unknown_room_is_in_no_figure_but_its_own():
    found = told({"116": None, "201": FREE}, "07:30")
    [house] = found.buildings
    assert (house.counts.total, house.counts.free, house.counts.unknown) == (2, 1, 1)
    assert (house.free_all_morning, house.free_all_afternoon) == (1, 1)
    assert (found.room_count, found.unknown_count) == (2, 1)
    assert [each.room.id for each in found.longest_free] == ["201"]


def test_room_that_is_unknown_in_the_afternoon_is_not_free_then():
    facts = {"116": known(window=span("07:00", "15:00"))}
    assert figures(facts, "07:30") == (1, 1, 0)


def test_three_longest_free_rooms_are_named_longest_first():
    facts = {
        "116": known(("10:00", "11:00")),
        "201": known(("12:00", "13:00")),
        "203": FREE,
        "208": known(("20:00", "21:00")),
        "211": known(("07:00", "08:00")),
    }
    longest = told(facts, "06:31").longest_free
    assert [(each.room.id, each.gap.end) for each in longest] == [
        ("203", at("23:00")),
        ("208", at("20:00")),
        ("201", at("12:00")),
    ]


def test_building_still_in_yesterdays_hours_is_not_unknown():
    """At 00:30 A is open since yesterday; its data of today is there all the same."""
    day = two_buildings(("07:00", "02:00"), ("00:00", "24:00"), {"A": FREE, "B": FREE})
    found = build_summary(day, at("00:30"))
    assert sum(each.counts.unknown for each in found.buildings) == 0
    assert found.unknown_count == 0


def test_unknown_rooms_of_the_whole_are_those_of_the_buildings():
    """B opens later; its figures and the sum must be of the same moment."""
    later = known(window=span("09:00", "23:00"))
    day = two_buildings(("07:00", "23:00"), ("08:00", "23:00"), {"A": FREE, "B": later})
    found = build_summary(day, at("06:31"))
    assert [each.counts.unknown for each in found.buildings] == [0, 1]
    assert found.unknown_count == 1


def test_longest_free_room_may_be_in_a_building_that_opens_later():
    day = two_buildings(("07:00", "17:00"), ("08:00", "23:00"), {"A": FREE, "B": FREE})
    assert [each.room.id for each in build_summary(day, at("06:31")).longest_free] == ["B", "A"]


def test_morning_of_one_building_is_of_that_building_alone():
    day = two_buildings(("07:00", "23:00"), ("07:00", "23:00"), {"A": FREE})
    found = build_summary(day, at("07:30"), "b")
    assert [each.building.code for each in found.buildings] == ["B"]
    assert (found.longest_free, found.room_count, found.unknown_count) == ((), 1, 1)


def test_building_closed_all_day_is_named_once_and_not_by_room():
    day = two_buildings(
        ("07:00", "23:00"),
        ("07:00", "23:00"),
        {"A": known(closures=[("07:00", "22:00"), ("22:00", "23:00")]), "B": FREE},
    )
    found = build_summary(day, at("07:30"))
    assert [each.code for each in found.closed_buildings] == ["A"]
    assert found.closures == ()


def test_room_closed_all_day_is_named_in_an_open_building():
    found = told({"116": known(closures=[("07:00", "23:00")]), "201": FREE}, "07:30")
    assert found.closed_buildings == ()
    assert [(each.room.id, each.interval) for each in found.closures] == [("116", None)]


def test_closure_of_half_the_day_is_named_with_its_hours():
    [found] = told({"116": known(closures=[("15:00", "23:00")]), "201": FREE}, "07:30").closures
    assert found.interval is not None
    assert spans([found.interval]) == [span("15:00", "23:00")]


def test_routine_closing_is_not_named():
    assert told({"116": known(closures=[("15:01", "23:00")])}, "07:30").closures == ()


def test_longest_of_two_closures_is_named():
    shut = known(closures=[("07:00", "08:00"), ("12:00", "22:00")])
    [found] = told({"116": shut, "201": FREE}, "07:30").closures
    assert found.interval is not None
    assert spans([found.interval]) == [span("12:00", "22:00")]


def test_building_without_data_is_unknown_not_closed():
    found = told({"116": None}, "07:30")
    assert (found.closed_buildings, found.closures, found.unknown_count) == ((), (), 1)


def test_booked_all_day_is_not_closed():
    found = told({"116": known(("07:00", "23:00"))}, "07:30")
    assert (found.closed_buildings, found.closures) == ((), ())


def test_age_is_that_of_the_data():
    _, days = small({"116": FREE, "201": FREE})
    rooms = dict(days[DAY].snapshot.rooms)
    earlier = READ_AT - timedelta(hours=1)
    rooms["116"] = RoomDay(rooms["116"].known, (), (), read_at=earlier)
    day = replace(days[DAY], snapshot=Snapshot("bu", DAY, READ_AT, rooms))
    found = build_summary(day, at("07:30"))
    assert found.read_at == READ_AT
    assert [each.carried_over_from for each in found.longest_free] == [earlier, None]


def test_nothing_known_has_no_age():
    assert told({"116": None}, "07:30").read_at is None


def test_noon_of_the_day_of_the_change_is_noon_on_the_clock():
    for day, hours in [(date(2026, 3, 8), 11), (date(2026, 11, 1), 13)]:
        house = oracle.Hours("CAS", "00:00", "24:00", (oracle.RoomName("116", "116"),))
        whole = oracle.clock(NEW_YORK, day, 0), oracle.clock(NEW_YORK, day, 1440)
        noon = oracle.clock(NEW_YORK, day, 720)
        assert noon - whole[0] == timedelta(hours=hours)
        facts = oracle.RoomFacts((whole,), ((noon, whole[1]),))
        asked = oracle.Oracle(NEW_YORK, [house], {day: {"116": facts}})
        [found] = build_summary(days_of(asked, campus_of(asked))[day], whole[0]).buildings
        assert (found.free_all_morning, found.free_all_afternoon) == (1, 0)


def opening_hull(asked, code, day):
    """When the first room of a building opens and the last one closes, of those that were read."""
    hours = asked.hours(code, day)
    opening = [
        span
        for line in asked.building(code, day)
        if line.id in asked.knowledge[day]
        for span in (*line.gaps, *line.booked, *line.unknown)
    ]
    if not opening:
        return hours
    return min(start for start, _ in opening), max(end for _, end in opening)


def free_rooms_throughout(asked, code, day, start, end):
    """How many rooms the oracle calls free in every minute, None where there is no minute."""
    if start >= end:
        return None
    rooms = asked.buildings[code].rooms
    return sum(asked.is_free_throughout(code, each.id, day, (start, end)) for each in rooms)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_figures_are_what_the_minutes_say(data):
    asked, day = data.draw(campuses(days_missing=False))
    moment = data.draw(moments(asked.zone, day))
    found = build_summary(days_of(asked, campus_of(asked))[day], moment)
    noon, six = (oracle.clock(asked.zone, day, hour * 60) for hour in (12, 18))
    for each in found.buildings:
        code = each.building.code
        opens, closes = opening_hull(asked, code, day)
        start = max(opens, moment)
        assert each.counted_at == start
        counted = asked.count(code, day, start)
        assert (each.counts.total, each.counts.free, each.counts.unknown) == counted
        assert each.free_all_morning == free_rooms_throughout(
            asked, code, day, start, min(noon, closes)
        )
        assert each.free_all_afternoon == free_rooms_throughout(
            asked, code, day, max(noon, start), min(six, closes)
        )


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_longest_are_what_the_minutes_say_once_all_buildings_are_open(data):
    asked, day = data.draw(campuses(days_missing=False))
    hours = [asked.hours(code, day) for code in asked.buildings]
    # A building whose rooms are all closed at first has its numbers from its first opening.
    start = max(first_opening(asked, code, day) for code in asked.buildings)
    end = min(each[1] for each in hours)
    assume(start < end)
    moment = start + data.draw(st.integers(0, (end - start) // oracle.MINUTE - 1)) * oracle.MINUTE
    found = build_summary(days_of(asked, campus_of(asked))[day], moment)
    wanted = asked.free_now(moment, 0)
    assert [(each.room.id, each.gap.end) for each in found.longest_free] == wanted.free[:3]
    assert (found.room_count, found.unknown_count) == (wanted.rooms, wanted.unknown)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_closures_are_what_the_minutes_say(data):
    asked, day = data.draw(campuses(days_missing=False))
    found = build_summary(days_of(asked, campus_of(asked))[day], oracle.clock(asked.zone, day, 0))
    named = {each.room.id: each.interval for each in found.closures}
    shut = {each.code for each in found.closed_buildings}
    for code, building in asked.buildings.items():
        hours, hull = asked.hours(code, day), opening_hull(asked, code, day)
        closed = {each.id: closed_spans(asked, day, each.id, hours) for each in building.rooms}
        shut_all_day = {id_ for id_, spans_ in closed.items() if spans_ == [hours]}
        all_shut = shut_all_day == set(closed)
        assert (code in shut) == all_shut
        for id_, parts in closed.items():
            longest = longest_within(parts, hull)
            is_named = longest is not None and 2 * (longest[1] - longest[0]) >= hull[1] - hull[0]
            assert (id_ in named) == (is_named and not all_shut)
            if id_ in named:
                during = named[id_]
                assert (during is None) == (id_ in shut_all_day)
                assert during is None or spans([during]) == [longest]


def closed_spans(asked, day, room, hours):
    """The times of a building's hours in which a room is known to be closed."""
    minutes = oracle.verdicts(hours, asked.knowledge[day].get(room), min_gap=1)
    return oracle.runs(hours, minutes, oracle.What.CLOSED)


def longest_within(parts, hull):
    """The longest of some times as far as they lie within others."""
    cut = [(max(start, hull[0]), min(end, hull[1])) for start, end in parts]
    real = [each for each in cut if each[0] < each[1]]
    return max(real, key=lambda each: each[1] - each[0], default=None)
