"""Also makes the random campuses that its neighbours ask their own questions of."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.availability.campus_day import build_campus_day, campus_dates_at
from core.availability.counts import RoomCounts, count_rooms
from core.availability.queries import FreeRoomsQuery, building_day, free_rooms
from core.availability.states import RoomState
from core.model.bookings import RoomDay, Snapshot
from core.model.campus import Building, Campus, Room
from core.model.interval import Interval
from core.sources.live25.config import Live25Settings
from tests import oracle
from tests.recordings import Recording

READ_AT = datetime(2026, 3, 3, 11, 31, tzinfo=UTC)
LEAST = timedelta(minutes=28)
DAY = date(2026, 3, 3)
NEW_YORK = "America/New_York"

# Ordinary days, days on which the clocks change by an hour and by half of one, at night and
# at midnight, and a zone that is off by half an hour.
PLACES = [
    (NEW_YORK, DAY),
    (NEW_YORK, date(2026, 3, 8)),
    (NEW_YORK, date(2026, 11, 1)),
    ("Europe/London", date(2026, 3, 29)),
    ("Europe/London", date(2026, 10, 25)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("America/St_Johns", date(2026, 3, 8)),
    ("America/St_Johns", date(2026, 11, 1)),
    ("Africa/Cairo", date(2026, 4, 24)),
    ("Asia/Kolkata", DAY),
]


def campus_of(asked):
    """The product's campus for the oracle's."""
    zone = ZoneInfo(asked.zone)
    return Campus(
        id="bu",
        name="Boston University",
        timezone=zone,
        source=Live25Settings(url="http://localhost", strategy="rooms"),
        buildings=tuple(_building_of(each, zone) for each in asked.buildings.values()),
    )


def _building_of(hours, zone):
    opens, closes = (
        timedelta(hours=int(each[:2]), minutes=int(each[3:]))
        for each in (hours.opens, hours.closes)
    )
    rooms = tuple(Room(each.id, each.name, hours.code, each.capacity) for each in hours.rooms)
    if closes <= opens:
        closes += timedelta(days=1)
    return Building(hours.code, hours.code, zone, opens, closes, rooms)


def days_of(asked, campus, *, attempted_at=READ_AT):
    """The product's days for the oracle's knowledge, read at `READ_AT`."""
    return {
        day: build_campus_day(
            campus,
            Snapshot(
                campus.id,
                day,
                attempted_at,
                {id_: _room_day_of(facts) for id_, facts in rooms.items()},
            ),
            min_gap=timedelta(minutes=asked.min_gap),
        )
        for day, rooms in asked.knowledge.items()
    }


def _room_day_of(facts):
    known, bookings, closures = (
        tuple(Interval(*each) for each in spans)
        for spans in (facts.known, facts.bookings, facts.closures)
    )
    return RoomDay(known=known, bookings=bookings, closures=closures, read_at=READ_AT)


def spans(intervals):
    return [(each.start, each.end) for each in intervals]


@st.composite
def spans_around(draw, start, *, most=6):
    """A few spans from two hours before `start` on; they may overlap, nest and repeat."""
    found = []
    for _ in range(draw(st.integers(0, most))):
        # Mostly on the fives, as bookings are, so that they touch and repeat.
        begins = draw(st.integers(-24, 240)) * 5 + draw(st.sampled_from([0, 0, 0, 1, 3]))
        lasts = draw(st.sampled_from([1, 5, 50, 60, 75, 180, 600]))
        found.append((start + begins * oracle.MINUTE, start + (begins + lasts) * oracle.MINUTE))
    return tuple(found)


@st.composite
def facts_around(draw, start):
    """What is known of a room whose building opens at `start`."""
    cuts = sorted(draw(st.lists(st.integers(-2, 26), unique=True, max_size=4)))
    known = tuple(
        (start + a * 60 * oracle.MINUTE, start + b * 60 * oracle.MINUTE)
        for a, b in zip(cuts[::2], cuts[1::2], strict=False)
    )
    whole = ((start - timedelta(hours=3), start + timedelta(hours=30)),)
    return oracle.RoomFacts(
        known=draw(st.sampled_from([whole, whole, known])),
        bookings=draw(spans_around(start)),
        closures=draw(spans_around(start, most=1)),
    )


@st.composite
def hours_of(draw, code):
    """A building of up to four rooms; some of them close past midnight."""
    names = [f"{code}{at}" for at in range(draw(st.integers(1, 4)))]
    seats = st.sampled_from([None, 20, 40, 80])
    return oracle.Hours(
        code=code,
        opens=draw(st.sampled_from(["00:00", "06:30", "07:00", "18:00"])),
        closes=draw(st.sampled_from(["02:00", "02:30", "07:00", "21:30", "23:00", "24:00"])),
        rooms=tuple(oracle.RoomName(name, name, draw(seats)) for name in names),
    )


@st.composite
def knowledge_of(draw, zone, buildings, days, *, days_missing=True):
    """What is known on those days: some rooms are missing, sometimes whole days are."""
    outline = oracle.Oracle(zone, buildings, {})
    return {
        day: {
            room.id: draw(facts_around(outline.hours(each.code, day)[0]))
            for each in buildings
            for room in each.rooms
            if draw(st.integers(0, 4))
        }
        for day in days
        if not days_missing or draw(st.integers(0, 6))
    }


@st.composite
def campuses(draw, *, days_missing=True):
    """A random campus and what is known of it on a day and on the day before, with the day."""
    zone, day = draw(st.sampled_from(PLACES))
    buildings = [draw(hours_of(code)) for code in "ABC"[: draw(st.integers(1, 3))]]
    days = [day - timedelta(days=1), day]
    knowledge = draw(knowledge_of(zone, buildings, days, days_missing=days_missing))
    least = draw(st.sampled_from([1, 28, 28, 60]))
    return oracle.Oracle(zone, buildings, knowledge, min_gap=least), day


@st.composite
def moments(draw, zone, day, *, first=-60, last=1560):
    """A moment of the day, now and then not on a whole minute."""
    at = oracle.clock(zone, day, draw(st.integers(first, last)))
    return at + timedelta(seconds=draw(st.sampled_from([0, 0, 1, 59])))


# A small campus for the examples.


def at(clock, day=DAY, zone=NEW_YORK):
    hours, minutes = clock.split(":")
    return oracle.clock(zone, day, int(hours) * 60 + int(minutes))


def span(start, end):
    return at(start), at(end)


WHOLE_DAY = span("00:00", "30:00")


def known(*bookings, closures=(), window=WHOLE_DAY):
    return oracle.RoomFacts(
        (window,),
        tuple(span(*each) for each in bookings),
        tuple(span(*each) for each in closures),
    )


def small(facts, *, opens="07:00", closes="23:00", seats=None):
    """A campus of one building, CAS, on 2026-03-03; a room whose facts are None is missing."""
    rooms = tuple(oracle.RoomName(id_, id_, (seats or {}).get(id_)) for id_ in facts)
    hours = oracle.Hours("CAS", opens, closes, rooms)
    here = {id_: each for id_, each in facts.items() if each is not None}
    asked = oracle.Oracle(NEW_YORK, [hours], {DAY: here})
    campus = campus_of(asked)
    return campus, days_of(asked, campus)


def free(campus, days, clock, minutes=28, **asked):
    question = FreeRoomsQuery(at(clock), timedelta(minutes=minutes), **asked)
    return free_rooms(campus, days, question)


def ids(found):
    return [each.room.id for each in found]


def test_room_whose_meeting_starts_at_this_minute_is_not_free():
    campus, days = small({"116": known(("10:00", "11:00"))})
    assert ids(free(campus, days, "10:00").free) == []
    assert ids(free(campus, days, "09:30").free) == ["116"]


def test_room_whose_meeting_ends_at_this_minute_is_free():
    campus, days = small({"116": known(("10:00", "11:00"))})
    assert ids(free(campus, days, "11:00").free) == ["116"]
    assert ids(free(campus, days, "10:59").free) == []


def test_room_is_free_for_exactly_as_long_as_asked():
    campus, days = small({"116": known(("10:00", "11:00"))})
    answer = free(campus, days, "09:15", 45)
    assert (ids(answer.free), ids(answer.too_short)) == (["116"], [])
    answer = free(campus, days, "09:15", 46)
    assert (ids(answer.free), ids(answer.too_short)) == ([], ["116"])


def test_nested_booking_does_not_free_a_room():
    """BeachRooms at 10:30: a class 9-12 that holds one of 10-11 was "free from 11:00"."""
    campus, days = small({"116": known(("09:00", "12:00"), ("10:00", "11:00"))})
    answer = free(campus, days, "10:30")
    assert [each.gap.start for each in answer.next_openings] == [at("12:00")]


def test_ten_minutes_between_classes_are_not_free():
    campus, days = small({"116": known(("09:00", "09:50"), ("10:00", "10:50"))})
    answer = free(campus, days, "09:55", 5)
    assert ids(answer.free) == ids(answer.too_short) == []
    assert days[DAY].state_at(campus.buildings[0].rooms[0], at("09:55")) is RoomState.BOOKED


def test_room_booked_over_midnight_is_busy_on_both_sides_of_it():
    campus, days = small({"116": known(("20:00", "25:00"))}, closes="02:00")
    assert ids(free(campus, days, "23:59").free) == []
    assert ids(free(campus, days, "24:30").free) == []
    assert ids(free(campus, days, "25:00").free) == ["116"]


def test_room_booked_until_midnight_is_busy_all_day():
    campus, days = small({"116": known(("00:00", "24:00"))}, opens="00:00", closes="24:00")
    answer = free(campus, days, "12:00")
    assert (ids(answer.free), ids(answer.next_openings), answer.unknown_count) == ([], [], 0)


@pytest.mark.parametrize("clock", ["07:00", "12:00", "22:59"])
def test_room_without_data_is_unknown_and_never_free(clock):
    campus, days = small({"116": None, "201": known()})
    missing = campus.buildings[0].rooms[0]
    assert days[DAY].state_at(missing, at(clock)) is RoomState.UNKNOWN
    answer = free(campus, days, clock)
    named = [*answer.free, *answer.too_short, *answer.soon, *answer.next_openings]
    assert "116" not in ids(named)
    assert (answer.room_count, answer.unknown_count) == (2, 1)


@pytest.mark.parametrize("clock", ["06:59", "23:00"])
def test_room_without_data_is_closed_outside_the_opening_hours(clock):
    campus, days = small({"116": None, "201": known()})
    missing = campus.buildings[0].rooms[0]
    assert days[DAY].state_at(missing, at(clock)) is RoomState.CLOSED
    answer = free(campus, days, clock)
    assert (answer.room_count, answer.unknown_count, answer.closed_count) == (2, 0, 2)


def test_room_without_data_is_not_busy_either():
    campus, days = small({"116": None})
    line = building_day(days[DAY], campus.buildings[0], at("12:00")).rooms[0]
    assert line.gaps == ()
    assert spans(line.unknown) == [span("07:00", "23:00")]


def test_nothing_at_all_is_all_unknown_not_all_free():
    campus, days = small({"116": None, "201": None})
    assert count_rooms(days[DAY], campus.buildings[0], at("12:00")) == RoomCounts(
        2, free=0, unknown=2
    )
    assert count_rooms(None, campus.buildings[0], at("12:00")) == RoomCounts(2, free=0, unknown=2)
    for answer in (free(campus, days, "12:00"), free(campus, {}, "12:00")):
        assert (answer.free, answer.room_count, answer.unknown_count) == ((), 2, 2)


def test_room_that_the_source_does_not_have_is_unknown():
    campus, days = small({"116": known(), "TTC": None})
    assert ids(free(campus, days, "12:00").free) == ["116"]
    assert building_day(days[DAY], campus.buildings[0], at("12:00")).unknown_count == 1


def test_room_that_the_campus_no_longer_has_is_nowhere():
    campus, days = small({"116": known()})
    day = days[DAY]
    rooms = {**day.snapshot.rooms, "999": day.snapshot.rooms["116"]}
    day = build_campus_day(campus, Snapshot("bu", DAY, READ_AT, rooms), min_gap=LEAST)
    assert ids(free(campus, {DAY: day}, "12:00").free) == ["116"]
    assert count_rooms(day, campus.buildings[0], at("12:00")) == RoomCounts(1, free=1, unknown=0)


def test_data_of_yesterday_says_nothing_about_today():
    campus, days = small({"116": known(("10:00", "11:00"))})
    tomorrow = FreeRoomsQuery(at("36:00"), LEAST)
    answer = free_rooms(campus, days, tomorrow)
    assert (answer.free, answer.next_openings, answer.unknown_count) == ((), (), 1)


def test_evening_question_is_answered_from_the_campus_day():
    """At 20:30 in New York it is tomorrow in UTC."""
    campus, days = small({"116": known()})
    assert campus_dates_at(campus, at("20:30")) == {DAY}
    assert ids(free(campus, days, "20:30").free) == ["116"]


def test_question_at_night_needs_yesterday_too():
    rooms = (oracle.RoomName("116", "116"),)
    late, early = (
        oracle.Hours(code, "07:00", closes, rooms)
        for code, closes in [("LATE", "02:00"), ("CAS", "23:00")]
    )
    campus = campus_of(oracle.Oracle(NEW_YORK, [late, early], {}))
    assert campus_dates_at(campus, at("25:00")) == {DAY, DAY + timedelta(days=1)}
    assert campus_dates_at(campus, at("26:00")) == {DAY + timedelta(days=1)}


def test_outside_the_known_window_a_room_is_unknown_not_free():
    campus, days = small(
        {"116": known(window=span("07:00", "23:00"))}, opens="06:00", closes="24:00"
    )
    room = campus.buildings[0].rooms[0]
    wanted = {"05:59": "closed", "06:59": "unknown", "07:00": "free", "23:00": "unknown"}
    assert {clock: days[DAY].state_at(room, at(clock)).value for clock in wanted} == wanted
    assert free(campus, days, "06:40").unknown_count == 1
    assert ids(free(campus, days, "06:40").soon) == ["116"]


def test_blackout_makes_a_room_closed():
    campus, days = small({"116": known(closures=[("07:00", "22:00"), ("22:00", "23:00")])})
    assert days[DAY].state_at(campus.buildings[0].rooms[0], at("12:00")) is RoomState.CLOSED
    assert ids(free(campus, days, "12:00").free) == []


def test_longest_free_comes_first_and_equals_stay_in_order():
    campus, days = small(
        {
            "116": known(("20:00", "21:00")),
            "201": known(),
            "203": known(("20:00", "22:00")),
            "208": known(),
        }
    )
    assert ids(free(campus, days, "12:00").free) == ["201", "208", "116", "203"]


def test_room_free_until_closing_ends_at_closing():
    campus, days = small({"116": known()})
    assert [each.gap.end for each in free(campus, days, "12:00").free] == [at("23:00")]


@pytest.mark.parametrize(("clock", "soon"), [("09:29", False), ("09:30", True), ("09:59", True)])
def test_room_that_opens_within_thirty_minutes_opens_soon(clock, soon):
    campus, days = small({"116": known(("07:00", "10:00"))})
    answer = free(campus, days, clock)
    assert ids(answer.soon) == (["116"] if soon else [])
    assert ids(answer.next_openings) == ([] if soon else ["116"])


def test_room_that_opens_soon_opens_for_long_enough():
    campus, days = small({"116": known(("07:00", "10:00"), ("11:00", "12:00"))})
    assert ids(free(campus, days, "09:50", 60).soon) == ["116"]
    answer = free(campus, days, "09:50", 61)
    assert ids(answer.soon) == []
    assert [each.gap.start for each in answer.next_openings] == [at("12:00")]


def test_first_to_open_comes_first_and_of_those_the_longest():
    campus, days = small(
        {
            "116": known(("07:00", "10:10")),
            "201": known(("07:00", "10:00"), ("11:00", "12:00")),
            "203": known(("07:00", "10:00")),
        }
    )
    assert ids(free(campus, days, "09:50").soon) == ["203", "201", "116"]


def test_before_opening_rooms_open_soon():
    campus, days = small({"116": known()})
    answer = free(campus, days, "06:40")
    assert [(each.room.id, each.gap.start) for each in answer.soon] == [("116", at("07:00"))]
    assert answer.free == ()


def test_after_closing_nothing_is_free_and_nothing_unknown():
    campus, days = small({"116": known()})
    answer = free(campus, days, "23:00")
    assert (answer.free, answer.soon, answer.next_openings, answer.unknown_count) == ((), (), (), 0)


def test_room_of_unknown_size_is_told_apart_from_a_small_one():
    campus, days = small(
        {"116": known(), "201": known(), "203": known()}, seats={"116": 20, "201": 40}
    )
    answer = free(campus, days, "12:00", capacity=40)
    assert (ids(answer.free), answer.room_count, answer.unknown_capacity) == (["201"], 1, 1)


def test_question_for_one_building_counts_that_building():
    rooms = [oracle.RoomName("1", "116"), oracle.RoomName("2", "129")]
    buildings = [
        oracle.Hours(code, "07:00", "23:00", (room,))
        for code, room in zip(["CAS", "CGS"], rooms, strict=True)
    ]
    asked = oracle.Oracle(NEW_YORK, buildings, {DAY: {"1": known(), "2": known()}})
    campus = campus_of(asked)
    answer = free(campus, days_of(asked, campus), "12:00", buildings=("cgs",))
    assert (ids(answer.free), answer.room_count) == (["2"], 1)


def test_moment_in_the_campus_zone_is_answered_like_the_same_one_in_utc():
    """At 00:45 of the 25-hour day, three hours later the clocks show 02:45."""
    day = date(2026, 11, 1)
    hours = oracle.Hours("CAS", "00:00", "24:00", (oracle.RoomName("116", "116"),))
    whole = oracle.clock(NEW_YORK, day, 0), oracle.clock(NEW_YORK, day, 1440)
    busy = at("03:00", day), at("09:00", day)
    asked = oracle.Oracle(NEW_YORK, [hours], {day: {"116": oracle.RoomFacts((whole,), (busy,))}})
    campus = campus_of(asked)
    moment = at("00:45", day)
    for minutes in (120, 150, 180, 195, 196):
        least = timedelta(minutes=minutes)
        wanted, answer = (
            free_rooms(campus, days_of(asked, campus), FreeRoomsQuery(each, least))
            for each in (moment, moment.astimezone(ZoneInfo(NEW_YORK)))
        )
        assert (ids(answer.free), ids(answer.too_short)) == (
            ids(wanted.free),
            ids(wanted.too_short),
        )
        assert ids(wanted.free) == (["116"] if minutes <= 195 else [])


def test_age_is_that_of_the_reading_not_of_the_question():
    """Asked 59 minutes after the reading."""
    campus, days = small({"116": known()})
    asked_at = READ_AT + timedelta(minutes=59)
    assert days[DAY].read_at == READ_AT
    answer = free_rooms(campus, days, FreeRoomsQuery(asked_at, LEAST))
    assert (ids(answer.free), answer.free[0].carried_over_from) == (["116"], None)
    assert days[DAY].read_at == READ_AT


def test_failed_attempt_leaves_the_age_and_shows_that_data_is_kept():
    campus, days = small({"116": known(), "201": known(("12:30", "13:00"))})
    attempt = READ_AT + timedelta(hours=2)
    rooms = dict(days[DAY].snapshot.rooms)
    rooms["201"] = RoomDay(rooms["201"].known, rooms["201"].bookings, (), read_at=attempt)
    day = build_campus_day(campus, Snapshot("bu", DAY, attempt, rooms), min_gap=LEAST)
    kept, fresh = campus.buildings[0].rooms
    assert (day.carried_over_from(kept), day.carried_over_from(fresh)) == (READ_AT, None)
    assert [each.carried_over_from for each in free(campus, {DAY: day}, "12:00").free] == [
        READ_AT,
        None,
    ]
    assert day.read_at == attempt


def test_day_of_which_nothing_is_known_has_no_age():
    campus, days = small({"116": None})
    assert days[DAY].read_at is None
    assert days[DAY].carried_over_from(campus.buildings[0].rooms[0]) is None


def test_building_day_tells_hours_counts_and_every_room():
    campus, days = small({"116": known(("10:00", "11:00")), "201": known(("00:00", "24:00"))})
    told = building_day(days[DAY], campus.buildings[0], at("12:00"))
    assert (told.window.start, told.window.end) == span("07:00", "23:00")
    assert told.counts_now == RoomCounts(2, free=1, unknown=0)
    assert [spans(line.gaps) for line in told.rooms] == [
        [span("07:00", "10:00"), span("11:00", "23:00")],
        [],
    ]
    assert [line.unknown for line in told.rooms] == [(), ()]


@pytest.mark.parametrize(
    ("clock", "is_open"), [("06:59", False), ("07:00", True), ("23:00", False)]
)
def test_building_counts_what_is_free_now_only_while_it_is_open(clock, is_open):
    campus, days = small({"116": known()})
    told = building_day(days[DAY], campus.buildings[0], at(clock))
    assert (told.counts_now is not None) is is_open


def test_partly_unknown_room_is_not_counted_as_wholly_unknown():
    campus, days = small({"116": known(window=span("07:00", "12:00"))})
    told = building_day(days[DAY], campus.buildings[0], at("13:00"))
    assert told.unknown_count == 0
    assert told.counts_now == RoomCounts(1, free=0, unknown=1)
    assert spans(told.rooms[0].unknown) == [span("12:00", "23:00")]


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_free_rooms_are_what_the_minutes_say(data):
    asked, day = data.draw(campuses())
    campus = campus_of(asked)
    moment = data.draw(moments(asked.zone, day))
    minutes = data.draw(st.sampled_from([1, 5, 27, 28, 29, 60, 180, 900]))
    building = data.draw(st.sampled_from([None, None, *asked.buildings]))
    capacity = data.draw(st.sampled_from([None, None, 20, 21, 80, 81]))
    wanted = asked.free_now(moment, minutes, building=building, capacity=capacity)
    question = FreeRoomsQuery(
        moment, timedelta(minutes=minutes), (building,) if building else (), capacity
    )
    answer = free_rooms(campus, days_of(asked, campus), question)
    assert [(each.room.id, each.gap.end) for each in answer.free] == wanted.free
    assert [(each.room.id, each.gap.end) for each in answer.too_short] == wanted.brief
    opening = [
        [(each.room.id, each.gap.start, each.gap.end) for each in found]
        for found in (answer.soon, answer.next_openings)
    ]
    assert opening == [wanted.soon, wanted.later]
    assert (answer.room_count, answer.unknown_count, answer.unknown_capacity) == (
        wanted.rooms,
        wanted.unknown,
        wanted.unsized,
    )


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_state_and_counts_are_what_the_minutes_say(data):
    asked, day = data.draw(campuses())
    campus = campus_of(asked)
    days = days_of(asked, campus)
    for moment in data.draw(st.lists(moments(asked.zone, day), min_size=1, max_size=5)):
        for building in campus.buildings:
            assert building.business_day(moment) == asked.day_of(building.code, moment)
            if day not in days and building.business_day(moment) != day:
                continue
            told = count_rooms(days.get(day), building, moment)
            assert (told.total, told.free, told.unknown) == asked.count(building.code, day, moment)
            for room in building.rooms if day in days else ():
                wanted = asked.what(building.code, room.id, day, moment)
                assert days[day].state_at(room, moment).value == wanted.value


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_building_day_is_what_the_minutes_say(data):
    asked, day = data.draw(campuses())
    campus = campus_of(asked)
    days = days_of(asked, campus)
    moment = data.draw(moments(asked.zone, day))
    for building in campus.buildings if day in days else ():
        told = building_day(days[day], building, moment)
        wanted = asked.building(building.code, day)
        assert [(each.room.id, spans(each.gaps), spans(each.unknown)) for each in told.rooms] == [
            (each.id, each.gaps, each.unknown) for each in wanted
        ]
        hours = asked.hours(building.code, day)
        assert (told.window.start, told.window.end) == hours
        assert told.unknown_count == sum(each.unknown == [hours] for each in wanted)
        assert (told.counts_now is not None) == (hours[0] <= moment < hours[1])


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_zone_in_which_the_moment_is_given_changes_nothing(data):
    asked, day = data.draw(campuses())
    campus = campus_of(asked)
    days = days_of(asked, campus)
    moment = data.draw(moments(asked.zone, day))
    least = timedelta(minutes=data.draw(st.sampled_from([28, 60, 180])))
    wanted = free_rooms(campus, days, FreeRoomsQuery(moment, least))
    for zone in (asked.zone, "Asia/Tokyo"):
        answer = free_rooms(campus, days, FreeRoomsQuery(moment.astimezone(ZoneInfo(zone)), least))
        assert (answer.free, answer.too_short) == (wanted.free, wanted.too_short)
        assert (answer.soon, answer.next_openings) == (wanted.soon, wanted.next_openings)


def test_a_month_is_what_the_minutes_say_at_every_quarter_of_an_hour(recording: Recording):
    asked = recording.oracle()
    campus = campus_of(asked)
    days = days_of(asked, campus)
    for day in days:
        for quarter in range(96):
            moment = oracle.clock(asked.zone, day, quarter * 15)
            answer = free_rooms(campus, days, FreeRoomsQuery(moment, LEAST))
            wanted = asked.free_now(moment)
            assert [(each.room.id, each.gap.end) for each in answer.free] == wanted.free
            assert [(each.room.id, each.gap.start) for each in answer.soon] == [
                each[:2] for each in wanted.soon
            ]


@pytest.mark.parametrize(("opens", "closes"), [("07:00", "23:00"), ("06:00", "02:00")])
def test_buildings_of_a_month_are_what_the_minutes_say(recording: Recording, opens, closes):
    asked = recording.oracle(opens=opens, closes=closes)
    campus = campus_of(asked)
    for day, each in days_of(asked, campus).items():
        for building in campus.buildings:
            told = building_day(each, building, oracle.clock(asked.zone, day, 720))
            assert [
                (line.room.id, spans(line.gaps), spans(line.unknown)) for line in told.rooms
            ] == [(line.id, line.gaps, line.unknown) for line in asked.building(building.code, day)]


def test_with_a_third_of_the_rooms_missing_none_of_them_is_named(recording: Recording):
    asked = recording.oracle(is_missing=lambda room, _day: int(room) % 3 == 0)
    campus = campus_of(asked)
    missing = {room.id for room in campus.rooms if int(room.id) % 3 == 0}
    assert len(missing) > 10
    days = days_of(asked, campus)
    for day in days:
        for hour in range(24):
            moment = oracle.clock(asked.zone, day, hour * 60)
            answer = free_rooms(campus, days, FreeRoomsQuery(moment, LEAST))
            named = {
                *ids(answer.free),
                *ids(answer.too_short),
                *ids(answer.soon),
                *ids(answer.next_openings),
            }
            assert not named & missing
            in_open_buildings = [
                room
                for building in campus.buildings
                if moment in building.window_on(building.business_day(moment))
                for room in building.rooms
                if room.id in missing
            ]
            assert answer.unknown_count == len(in_open_buildings)


def test_a_holiday_has_no_free_room(recording: Recording):
    """In the buildings that are blacked out; the recorded one is Thanksgiving of 2024."""
    asked = recording.oracle()
    campus = campus_of(asked)
    day = recording.holiday()
    blacked = {
        room
        for room, days in recording.items().items()
        if any(i["type_id"] == 2 for i in days[day])
    }
    told = days_of(asked, campus)[day]
    assert len(blacked) > 10
    assert not any(told.gaps[room] for room in blacked)
