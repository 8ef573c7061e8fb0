"""What a room is from a moment on: over closed weekends, holidays and days that are not at hand."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.availability.campus_day import build_campus_day
from core.availability.counts import count_rooms
from core.availability.heatmap import build_heatmap
from core.availability.queries import FreeRoomsQuery, building_day, free_rooms
from core.availability.states import RoomState
from core.availability.timeline import state_at, state_span_at, states_within
from core.model.bookings import RoomDay, Snapshot
from core.model.campus import Building, Campus, Room, RoomAccess
from core.model.hours import DayHours, PlannedClosure, WeeklyHours
from core.model.interval import Interval
from core.sources.live25.config import Live25Settings

NEW_YORK = ZoneInfo("America/New_York")
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
FRIDAY = date(2026, 3, 13)
SATURDAY, SUNDAY, MONDAY, TUESDAY = (FRIDAY + each * DAY for each in range(1, 5))
READ_AT = datetime(2026, 3, 13, 11, tzinfo=UTC)
WORKDAY = DayHours(7 * HOUR, 23 * HOUR)
WEEK = WeeklyHours((*(WORKDAY,) * 5, None, None))
ALWAYS = WeeklyHours.every_day(timedelta(), 24 * HOUR)
ROOM = Room("1", "116", "CAS")
FREE, BOOKED, CLOSED, UNKNOWN = RoomState


def at(day, hours):
    midnight = datetime.combine(day, datetime.min.time(), NEW_YORK)
    return (midnight + hours * HOUR).astimezone(UTC)


def part(day, start, end):
    return Interval(at(day, start), at(day, end))


def campus_of(hours=WEEK, *, closures=(), rooms=(ROOM,)):
    building = Building(
        "CAS", "Arts", NEW_YORK, hours.opens, hours.closes, rooms, week=hours, closures=closures
    )
    source = Live25Settings(url="http://localhost", strategy="rooms")
    return Campus("bu", "Boston University", NEW_YORK, source, (building,))


def day_of(campus, day, *bookings, closures=(), rooms=("1",)):
    known = RoomDay((part(day, 0, 24),), bookings, tuple(closures), READ_AT)
    snapshot = Snapshot("bu", day, READ_AT, dict.fromkeys(rooms, known))
    return build_campus_day(campus, snapshot, min_gap=timedelta(minutes=28))


def days_of(campus, *days):
    return {day: day_of(campus, day) for day in days}


def span(campus, days, moment):
    found = state_span_at(days, campus.buildings[0], ROOM, moment)
    return found.state, found.until


def test_closed_lasts_over_the_weekend():
    campus = campus_of()
    days = days_of(campus, FRIDAY, SATURDAY)
    monday = at(MONDAY, 7)
    assert span(campus, days, at(FRIDAY, 22)) == (FREE, at(FRIDAY, 23))
    for moment in (at(FRIDAY, 23), at(SATURDAY, 12), at(SUNDAY, 6), at(SUNDAY, 23.5)):
        assert span(campus, days, moment) == (CLOSED, monday)
    assert span(campus, days, monday) == (UNKNOWN, at(MONDAY, 23))


def test_bookings_of_a_closed_day_do_not_make_it_booked():
    campus = campus_of()
    days = {SATURDAY: day_of(campus, SATURDAY, part(SATURDAY, 9, 12))}
    assert span(campus, days, at(SATURDAY, 10)) == (CLOSED, at(MONDAY, 7))
    told = building_day(days[SATURDAY], campus.buildings[0], at(SATURDAY, 10))
    assert told.is_closed
    assert (told.rooms[0].gaps, told.rooms[0].booked, told.unknown_count) == ((), (), 0)
    assert told.counts_now
    assert (told.counts_now.closed, told.counts_now.is_closed) == (1, True)
    assert not build_heatmap(days[SATURDAY]).rows[0].free_shares


def test_closed_lasts_over_a_holiday_of_the_source_that_follows():
    campus = campus_of()
    holiday = day_of(campus, MONDAY, closures=[part(MONDAY, 0, 24)])
    days = {**days_of(campus, FRIDAY, TUESDAY), MONDAY: holiday}
    assert span(campus, days, at(SATURDAY, 12)) == (CLOSED, at(TUESDAY, 7))
    assert span(campus, days, at(MONDAY, 12)) == (CLOSED, at(TUESDAY, 7))


def test_holiday_of_the_campus_file_is_closed_with_its_reason_though_nothing_was_read():
    recess = PlannedClosure(Interval(at(FRIDAY, 12), at(TUESDAY, 0)), "Spring recess")
    campus = campus_of(closures=(recess,))
    days = days_of(campus, FRIDAY)
    assert span(campus, days, at(FRIDAY, 11)) == (FREE, at(FRIDAY, 12))
    found = state_span_at(days, campus.buildings[0], ROOM, at(FRIDAY, 13))
    assert (found.state, found.until, found.reason) == (CLOSED, at(TUESDAY, 7), "Spring recess")
    assert count_rooms(None, campus.buildings[0], at(MONDAY, 12)).is_closed
    assert state_at({}, campus.buildings[0], ROOM, at(MONDAY, 12)) is CLOSED


def test_closure_within_a_day_ends_with_it():
    graduation = PlannedClosure(part(FRIDAY, 12, 15))
    campus = campus_of(closures=(graduation,))
    days = {FRIDAY: day_of(campus, FRIDAY, part(FRIDAY, 15, 16))}
    found = states_within(days, campus.buildings[0], ROOM, part(FRIDAY, 6, 31))
    assert found == [
        (CLOSED, part(FRIDAY, 6, 7)),
        (FREE, part(FRIDAY, 7, 12)),
        (CLOSED, part(FRIDAY, 12, 15)),
        (BOOKED, part(FRIDAY, 15, 16)),
        (FREE, part(FRIDAY, 16, 23)),
        (CLOSED, part(FRIDAY, 23, 31)),
    ]


def test_booking_over_midnight_of_a_building_that_never_closes_is_one():
    campus = campus_of(ALWAYS)
    night = part(FRIDAY, 22, 30)
    days = {day: day_of(campus, day, night) for day in (FRIDAY, SATURDAY)}
    assert span(campus, days, at(FRIDAY, 23)) == (BOOKED, at(SATURDAY, 6))
    assert span(campus, days, at(SATURDAY, 7)) == (FREE, at(SUNDAY, 0))


def test_unknown_ends_where_nothing_is_at_hand_any_more():
    campus = campus_of(ALWAYS)
    assert span(campus, {}, at(FRIDAY, 10)) == (UNKNOWN, at(SATURDAY, 0))
    days = days_of(campus, SUNDAY)
    assert span(campus, days, at(FRIDAY, 10)) == (UNKNOWN, at(SUNDAY, 0))


def test_rooms_of_a_department_are_in_no_count_and_still_have_a_state():
    private = Room("2", "117", "CAS", access=RoomAccess.DEPARTMENT)
    campus = campus_of(rooms=(ROOM, private))
    day = day_of(campus, FRIDAY, rooms=("1", "2"))
    counts = count_rooms(day, campus.buildings[0], at(FRIDAY, 12))
    assert (counts.total, counts.free) == (1, 1)
    assert [each.room for each in day.overview().gap_index.free_at(at(FRIDAY, 12))] == [ROOM]
    assert day.state_at(private, at(FRIDAY, 12)) is FREE


@pytest.mark.parametrize("hours", [WEEK, ALWAYS])
def test_states_within_agree_with_the_state_at_every_quarter_of_an_hour(hours):
    campus = campus_of(hours, closures=(PlannedClosure(part(SUNDAY, 10, 40)),))
    days = days_of(campus, FRIDAY, SUNDAY, TUESDAY)
    building, within = campus.buildings[0], Interval(at(FRIDAY, 5), at(TUESDAY, 30))
    found = states_within(days, building, ROOM, within)
    assert (found[0][1].start, found[-1][1].end) == (within.start, within.end)
    for quarter in range(int(within.duration / (HOUR / 4))):
        moment = within.start + quarter * HOUR / 4
        [state] = [state for state, interval in found if moment in interval]
        assert state is state_at(days, building, ROOM, moment)
        assert state_span_at(days, building, ROOM, moment).state is state


def test_gap_of_a_building_that_never_closes_goes_on_over_midnight():
    campus = campus_of(ALWAYS)
    [building] = campus.buildings
    known = {
        FRIDAY: (part(FRIDAY, 20, 23.75),),
        SATURDAY: (part(SATURDAY, 0.5, 9), part(SATURDAY, 10, 23)),
        SUNDAY: (part(SUNDAY, 6, 9),),
    }
    snapshots = {day: day_of(campus, day, *known[day]).snapshot for day in known}
    days = {
        day: build_campus_day(
            campus,
            snapshot,
            min_gap=timedelta(minutes=28),
            neighbours=[each for other, each in snapshots.items() if abs(other - day) == DAY],
        )
        for day, snapshot in snapshots.items()
    }
    # A quarter of an hour before midnight and half an hour after it are one gap.
    assert days[FRIDAY].gaps["1"][-1] == part(FRIDAY, 23.75, 24.5)
    assert days[SATURDAY].gaps["1"] == (
        part(FRIDAY, 23.75, 24.5),
        part(SATURDAY, 9, 10),
        part(SATURDAY, 23, 30),
    )
    assert span(campus, days, at(FRIDAY, 23.8)) == (FREE, at(SATURDAY, 0.5))
    assert span(campus, days, at(SATURDAY, 23.5)) == (FREE, at(SUNDAY, 6))
    question = FreeRoomsQuery(at(SATURDAY, 23.5), 3 * HOUR)
    assert [each.gap.end for each in free_rooms(campus, days, question).free] == [at(SUNDAY, 6)]
    assert count_rooms(days[SATURDAY], building, at(SATURDAY, 0.25)).free == 1


def test_gap_ends_where_a_building_closes_or_the_next_day_is_not_at_hand():
    always, closing = campus_of(ALWAYS), campus_of(WEEK)
    for campus, end in ((always, at(TUESDAY, 0)), (closing, at(MONDAY, 23))):
        monday, wednesday = day_of(campus, MONDAY).snapshot, day_of(campus, TUESDAY + DAY).snapshot
        day = build_campus_day(
            campus, monday, min_gap=timedelta(minutes=28), neighbours=[wednesday]
        )
        assert day.gaps["1"][-1].end == end
    tuesday = day_of(closing, TUESDAY).snapshot
    day = build_campus_day(
        closing,
        day_of(closing, MONDAY).snapshot,
        min_gap=timedelta(minutes=28),
        neighbours=[tuesday],
    )
    assert day.gaps["1"] == (part(MONDAY, 7, 23),)
