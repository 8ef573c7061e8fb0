from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.availability.gaps import free_gaps, room_gaps, unknown_intervals
from core.model.bookings import RoomDay
from core.model.interval import Interval
from tests import oracle

MIDNIGHT = datetime(2026, 3, 3, tzinfo=UTC)
LEAST = timedelta(minutes=28)


def interval(start, end):
    """An interval between two "HH:MM" of one day, or two minutes since midnight."""
    return Interval(moment(start), moment(end))


def moment(at):
    if isinstance(at, str):
        hours, minutes = at.split(":")
        at = int(hours) * 60 + int(minutes)
    return MIDNIGHT + timedelta(minutes=at)


def spans(intervals):
    return [(each.start, each.end) for each in intervals]


def gaps(*busy, within=("07:00", "23:00"), at_least=LEAST):
    found = free_gaps(interval(*within), [interval(*each) for each in busy], at_least=at_least)
    return [(f"{each.start:%H:%M}", f"{each.end:%H:%M}") for each in found]


bounds = st.integers(0, 400)
intervals = st.builds(
    lambda start, length: interval(start, start + length), bounds, st.integers(1, 150)
)
busy_lists = st.lists(intervals, max_size=10)
# Parts of a day that lie apart from each other, as `RoomDay.known` promises.
known_parts = st.lists(bounds, unique=True, max_size=8).map(
    lambda cuts: tuple(interval(*pair) for pair in zip(*[iter(sorted(cuts))] * 2, strict=False))
)


def test_nothing_busy_is_one_gap():
    assert gaps() == [("07:00", "23:00")]


def test_gap_ends_at_the_minute_a_booking_starts():
    [first, _] = free_gaps(interval("07:00", "23:00"), [interval("10:00", "11:00")], at_least=LEAST)
    assert moment("09:59") in first
    assert moment("10:00") not in first


def test_gap_starts_at_the_minute_a_booking_ends():
    [_, second] = free_gaps(
        interval("07:00", "23:00"), [interval("10:00", "11:00")], at_least=LEAST
    )
    assert moment("10:59") not in second
    assert moment("11:00") in second


@pytest.mark.parametrize(("length", "counts"), [(27, False), (28, True), (29, True)])
def test_gap_counts_from_exactly_the_least_length(length, counts):
    found = free_gaps(
        interval("07:00", "23:00"),
        [interval("07:00", "12:00"), interval(720 + length, 23 * 60)],
        at_least=LEAST,
    )
    assert spans(found) == ([(moment("12:00"), moment(720 + length))] if counts else [])


@pytest.mark.parametrize(("short_by", "counts"), [(0, True), (1, False)])
def test_least_length_holds_to_the_microsecond(short_by, counts):
    within = Interval(MIDNIGHT, MIDNIGHT + LEAST - timedelta(microseconds=short_by))
    assert bool(free_gaps(within, [], at_least=LEAST)) is counts


@pytest.mark.parametrize("at", ["start", "middle", "end"])
@pytest.mark.parametrize("length", [27, 28, 29])
def test_threshold_is_the_same_at_either_end_of_the_day_and_between(at, length):
    free = {"start": 420, "middle": 800, "end": 23 * 60 - length}[at]
    busy = [(start, end) for start, end in [(420, free), (free + length, 1380)] if start < end]
    found = free_gaps(
        interval("07:00", "23:00"), [interval(*each) for each in busy], at_least=LEAST
    )
    assert [each.duration for each in found] == [timedelta(minutes=length)] * (length >= 28)


def test_touching_bookings_leave_no_gap():
    least = timedelta.resolution
    assert gaps(("09:00", "10:00"), ("10:00", "11:00"), within=("09:00", "11:00")) == []
    assert (
        gaps(("09:00", "10:00"), ("10:00", "11:00"), within=("09:00", "11:00"), at_least=least)
        == []
    )


def test_change_of_class_is_no_gap():
    """The recorded pattern: 9:00-9:50, 10:00-10:50."""
    assert gaps(("09:00", "09:50"), ("10:00", "10:50")) == [("07:00", "09:00"), ("10:50", "23:00")]


def test_nested_booking_does_not_end_the_one_around_it():
    """BeachRooms at 10:30: a class 9-12 that holds one of 10-11."""
    assert gaps(("09:00", "12:00"), ("10:00", "11:00")) == [("07:00", "09:00"), ("12:00", "23:00")]


def test_several_nested_bookings_in_a_row():
    assert gaps(("08:00", "20:00"), ("09:00", "10:00"), ("12:00", "13:00")) == [
        ("07:00", "08:00"),
        ("20:00", "23:00"),
    ]


def test_overlapping_bookings_end_with_the_last():
    assert gaps(("09:00", "11:00"), ("10:00", "12:00")) == [("07:00", "09:00"), ("12:00", "23:00")]


def test_same_booking_three_times_is_one():
    """The recorded pattern: three identical "(Private)"."""
    assert gaps(*[("09:00", "11:00")] * 3) == [("07:00", "09:00"), ("11:00", "23:00")]


def test_unsorted_bookings():
    assert gaps(("14:00", "15:00"), ("07:00", "09:00"), ("10:00", "14:00")) == [
        ("09:00", "10:00"),
        ("15:00", "23:00"),
    ]


def test_booking_of_the_whole_day_and_more_leaves_nothing():
    assert gaps((-600, 48 * 60)) == []
    assert gaps(("07:00", "23:00")) == []
    assert gaps(("00:00", "24:00"), within=("00:00", "24:00")) == []


def test_booking_over_midnight_blocks_both_sides_of_it():
    assert gaps(("23:00", "25:00"), within=("20:00", "26:00")) == [
        ("20:00", "23:00"),
        ("01:00", "02:00"),
    ]


def test_bookings_outside_the_day_change_nothing():
    assert gaps(("05:00", "07:00"), ("23:00", "23:30"), ("24:00", "25:00")) == [("07:00", "23:00")]


def test_bookings_over_the_ends_of_the_day_cut_it():
    assert gaps(("05:00", "08:00"), ("22:00", "24:00")) == [("08:00", "22:00")]


@pytest.mark.parametrize("minute", range(60))
def test_every_minute_of_the_hour_is_kept_as_it_is(minute):
    start, end = moment(9 * 60 + minute), moment(11 * 60 + minute)
    found = free_gaps(interval("07:00", "23:00"), [Interval(start, end)], at_least=LEAST)
    assert spans(found) == [(moment("07:00"), start), (end, moment("23:00"))]


@settings(max_examples=300, deadline=None)
@given(within=intervals, busy=busy_lists, least=st.integers(1, 60))
def test_gaps_are_what_the_minutes_say(within, busy, least):
    found = free_gaps(within, busy, at_least=timedelta(minutes=least))
    day = (within.start, within.end)
    assert spans(found) == oracle.gaps_in(day, [day], spans(busy), min_gap=least)


@settings(max_examples=200, deadline=None)
@given(within=intervals, busy=busy_lists)
def test_gaps_and_bookings_cover_the_day_and_never_overlap(within, busy):
    found = free_gaps(within, busy, at_least=timedelta.resolution)
    assert not any(gap.intersection(each) for gap in found for each in busy)
    at = within.start
    while at < within.end:
        assert any(at in gap for gap in found) != any(at in each for each in busy)
        at += timedelta(minutes=1)
    assert all(gap.intersection(within) == gap for gap in found)
    assert all(one.end < other.start for one, other in pairwise(found))


@settings(max_examples=100, deadline=None)
@given(within=intervals, busy=busy_lists, data=st.data(), least=st.integers(1, 60))
def test_order_of_bookings_does_not_matter(within, busy, data, least):
    at_least = timedelta(minutes=least)
    shuffled = data.draw(st.permutations(busy))
    assert free_gaps(within, shuffled, at_least=at_least) == free_gaps(
        within, iter(busy), at_least=at_least
    )


def room_day(known, bookings=(), closures=()):
    return RoomDay(
        known=tuple(known), bookings=tuple(bookings), closures=tuple(closures), read_at=MIDNIGHT
    )


def test_blackout_and_closed_hours_are_not_free():
    """A blackout 7-23 with "Closed" 22-23 on top, as UMD had on a holiday."""
    day = room_day(
        [interval("07:00", "23:00")],
        closures=[interval("07:00", "23:00"), interval("22:00", "23:00")],
    )
    assert room_gaps(interval("07:00", "23:00"), day, at_least=LEAST) == ()


def test_event_inside_closed_hours_changes_nothing():
    """UMD CCC 1100 on 2026-05-18: an event 16-18 inside "Closed" 16-23."""
    day = room_day(
        [interval("07:00", "23:00")],
        bookings=[interval("16:00", "18:00")],
        closures=[interval("16:00", "23:00")],
    )
    assert room_gaps(interval("07:00", "23:00"), day, at_least=LEAST) == (
        interval("07:00", "16:00"),
    )


def test_hours_come_from_the_building_not_from_a_constant():
    day = room_day([interval("00:00", "24:00")], bookings=[interval("22:00", "23:00")])
    assert room_gaps(interval("20:00", "24:00"), day, at_least=LEAST) == (
        interval("20:00", "22:00"),
        interval("23:00", "24:00"),
    )


def test_room_of_which_nothing_is_known_has_no_gap_and_is_wholly_unknown():
    hours, day = interval("07:00", "23:00"), room_day([])
    assert room_gaps(hours, day, at_least=LEAST) == ()
    assert unknown_intervals(hours, day) == (hours,)


def test_time_outside_the_known_window_is_unknown_not_free():
    hours, day = interval("06:00", "24:00"), room_day([interval("07:00", "23:00")])
    assert room_gaps(hours, day, at_least=LEAST) == (interval("07:00", "23:00"),)
    assert unknown_intervals(hours, day) == (interval("06:00", "07:00"), interval("23:00", "24:00"))


def test_gap_never_bridges_an_unknown_part():
    hours = interval("07:00", "23:00")
    day = room_day([interval("07:00", "12:00"), interval("12:01", "23:00")])
    assert room_gaps(hours, day, at_least=LEAST) == day.known
    assert unknown_intervals(hours, day) == (interval("12:00", "12:01"),)


def test_gap_cut_short_by_the_unknown_counts_only_what_is_known():
    hours = interval("07:00", "23:00")
    day = room_day([interval(420, 447), interval(1380 - 28, 1500)])
    assert room_gaps(hours, day, at_least=LEAST) == (interval(1380 - 28, 1380),)


@settings(max_examples=300, deadline=None)
@given(
    hours=intervals,
    known=known_parts,
    bookings=busy_lists,
    closures=busy_lists,
    least=st.integers(1, 60),
)
@example(hours=interval(0, 60), known=(), bookings=[], closures=[], least=1)
def test_room_gaps_and_unknown_parts_are_what_the_minutes_say(
    hours, known, bookings, closures, least
):
    day = room_day(known, bookings, closures)
    facts = oracle.RoomFacts(*(tuple(spans(each)) for each in (known, bookings, closures)))
    open_hours = (hours.start, hours.end)
    minutes = oracle.verdicts(open_hours, facts, min_gap=least)
    found = room_gaps(hours, day, at_least=timedelta(minutes=least))
    assert spans(found) == oracle.runs(open_hours, minutes, oracle.What.FREE)
    unknown = unknown_intervals(hours, day)
    assert spans(unknown) == oracle.runs(open_hours, minutes, oracle.What.UNKNOWN)
