from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.model.campus import Building
from core.model.hours import DayHours, PlannedClosure, WeeklyHours, closure_interval
from core.model.interval import Interval, merge, uncovered

NEW_YORK = ZoneInfo("America/New_York")
HOUR = timedelta(hours=1)
FRIDAY = date(2026, 3, 13)
SATURDAY, SUNDAY, MONDAY = (FRIDAY + timedelta(days=each) for each in (1, 2, 3))
WORKDAY, NIGHT, SHORT = (DayHours(a * HOUR, b * HOUR) for a, b in ((7, 23), (8, 26), (10, 20)))


def week(*days):
    return WeeklyHours(days)


def building(hours, *closures):
    return Building(
        "CAS", "Arts", NEW_YORK, hours.opens, hours.closes, (), week=hours, closures=closures
    )


def local(day, hours):
    return datetime.combine(day, datetime.min.time(), NEW_YORK) + hours * HOUR


def instant(day, hours):
    return local(day, hours).astimezone(UTC)


CLOSED_WEEKENDS = week(*(WORKDAY,) * 5, None, None)
LIBRARY = week(*(NIGHT,) * 5, None, SHORT)
ALWAYS = WeeklyHours.every_day(timedelta(), 24 * HOUR)


def test_a_day_without_hours_is_closed_in_the_time_of_other_days():
    shut = building(CLOSED_WEEKENDS)
    window = Interval(local(SATURDAY, 7), local(SATURDAY, 23))
    assert shut.window_on(SATURDAY) == window
    assert shut.closed_intervals_on(SATURDAY) == (window,)
    assert shut.open_intervals_on(SATURDAY) == ()
    assert shut.open_intervals_on(FRIDAY) == (Interval(local(FRIDAY, 7), local(FRIDAY, 23)),)


def test_closed_day_begins_when_the_night_before_it_has_ended():
    assert building(week(*(DayHours(timedelta(), 26 * HOUR),) * 5, None, None)).window_on(
        SATURDAY
    ).start == local(SATURDAY, 2)


@pytest.mark.parametrize(
    ("hours", "day", "clock", "opens"),
    [
        (CLOSED_WEEKENDS, FRIDAY, 22, (FRIDAY, 22)),
        (CLOSED_WEEKENDS, FRIDAY, 23, (MONDAY, 7)),
        (CLOSED_WEEKENDS, SATURDAY, 12, (MONDAY, 7)),
        (CLOSED_WEEKENDS, MONDAY, 6, (MONDAY, 7)),
        (LIBRARY, SATURDAY, 1, (SATURDAY, 1)),
        (LIBRARY, SATURDAY, 2, (SUNDAY, 10)),
        (ALWAYS, SUNDAY, 0, (SUNDAY, 0)),
    ],
)
def test_next_opening_is_found_over_closed_days(hours, day, clock, opens):
    moment = instant(day, clock)
    found = building(hours).next_opening(moment)
    assert found == local(*opens)
    assert building(hours).is_open_at(moment) == (found == moment)


def test_night_of_an_open_day_belongs_to_it_and_a_closed_one_has_none():
    library = building(LIBRARY)
    assert library.business_day(instant(SATURDAY, 1)) == FRIDAY
    assert library.business_day(instant(SUNDAY, 1)) == SUNDAY


def test_planned_closure_is_closed_with_its_reason_and_to_its_end():
    holiday = PlannedClosure(closure_interval(LIBRARY, FRIDAY, SUNDAY, NEW_YORK), "Spring break")
    library = building(LIBRARY, holiday)
    # The night of Thursday ends as usual, and Sunday is not open.
    assert holiday.interval == Interval(local(FRIDAY, 2), local(MONDAY, 0))
    assert library.closed_reason_at(instant(FRIDAY, 12)) == "Spring break"
    assert library.closed_reason_at(instant(FRIDAY, 1)) == ""
    assert library.open_intervals_on(FRIDAY) == ()
    assert library.next_opening(instant(FRIDAY, 3)) == local(MONDAY, 8)


def test_closure_of_one_night_lasts_to_the_end_of_the_night():
    found = closure_interval(LIBRARY, MONDAY, MONDAY, NEW_YORK)
    assert found == Interval(local(MONDAY, 0), local(MONDAY, 26))


def test_closure_of_what_never_closes_lasts_from_midnight_to_midnight():
    cut_at_seven = WeeklyHours.every_day(7 * HOUR, 31 * HOUR)
    for hours in (ALWAYS, cut_at_seven):
        assert hours.is_round_the_clock
        found = closure_interval(hours, FRIDAY, FRIDAY, NEW_YORK)
        assert found == Interval(local(FRIDAY, 0), local(SATURDAY, 0))
    assert not LIBRARY.is_round_the_clock


def test_part_of_a_day_may_be_closed():
    afternoon = PlannedClosure(Interval(local(FRIDAY, 15), local(FRIDAY, 18)), "Graduation")
    campus = building(CLOSED_WEEKENDS, afternoon)
    assert campus.open_intervals_on(FRIDAY) == (
        Interval(local(FRIDAY, 7), local(FRIDAY, 15)),
        Interval(local(FRIDAY, 18), local(FRIDAY, 23)),
    )
    assert campus.next_opening(instant(FRIDAY, 16)) == local(FRIDAY, 18)


_HOURS = st.builds(
    lambda opens, lasts: DayHours(opens * HOUR, (opens + lasts) * HOUR),
    st.integers(4, 12),
    st.integers(3, 16),
)


@st.composite
def weeks(draw):
    """Seven days of which at least one is open; none closes after the next has opened."""
    days = [draw(st.none() | _HOURS) for _ in range(7)]
    return week(draw(_HOURS), *days[1:])


@given(weeks(), st.integers(0, 24 * 7 * 4), st.lists(st.integers(0, 24 * 7), max_size=4))
@settings(max_examples=300)
def test_next_opening_is_the_first_open_quarter_of_an_hour(hours, quarters, closed_hours):
    closures = [
        PlannedClosure(Interval(local(MONDAY, each), local(MONDAY, each + 5)))
        for each in sorted(closed_hours)
    ]
    campus = building(hours, *closures)
    moment = instant(MONDAY, 0) + quarters * HOUR / 4
    opens = campus.next_opening(moment)
    assert campus.is_open_at(opens)
    while moment < opens:
        assert not campus.is_open_at(moment)
        moment += HOUR / 4


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 9)), max_size=6))
def test_merged_and_uncovered_parts_share_out_the_hours(pairs):
    def at(hours):
        return datetime(2026, 3, 3, tzinfo=UTC) + hours * HOUR

    intervals = [Interval(at(start), at(start + length)) for start, length in pairs]
    within = Interval(at(5), at(35))
    merged, rest = merge(intervals), uncovered(within, intervals)
    assert all(a.end < b.start for a, b in pairwise(merged))
    for hour in range(60):
        assert any(at(hour) in each for each in intervals) == any(at(hour) in x for x in merged)
        is_uncovered = any(at(hour) in each for each in rest)
        assert is_uncovered == (at(hour) in within and not any(at(hour) in x for x in merged))
