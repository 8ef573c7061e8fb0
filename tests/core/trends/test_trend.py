"""Where the last three hours go, what is usual, and when there is too little to tell."""

from datetime import date, timedelta

import pytest

from core.model.calendar import DAY, HOUR
from core.model.occupancy import OccupancyCount, OccupancyHistory, OccupancySample
from core.trends.samples import SAMPLE_INTERVAL
from core.trends.trend import Baseline, Direction, build_trend, comparison_days, recent_interval
from tests.fakes import NEW_YORK, TUESDAY, at

NOW = at("14:02")
WEEK = 7 * DAY


def taken(*hours, rooms=50, unknown=0, code="CAS", until=NOW):
    """Return the samples of the last hours, each of so many free rooms; None for no samples."""
    start = until - len(hours) * HOUR
    first = start + SAMPLE_INTERVAL - timedelta(minutes=start.minute % 5)
    return [
        OccupancySample(
            first + number * HOUR + SAMPLE_INTERVAL * slot,
            {code: OccupancyCount(free, rooms, unknown)},
        )
        for number, free in enumerate(hours)
        if free is not None
        for slot in range(12)
    ]


def of(samples=(), hours=(), first=(), planned=(), building="CAS", now=NOW, current=None):
    return build_trend(
        OccupancyHistory(first, samples, hours, planned),
        OccupancySample(now, current or {}),
        building=building,
        zone=NEW_YORK,
    )


def hour(begins_at, free, *, rooms=50, unknown=0, code="CAS"):
    return OccupancySample(begins_at, {code: OccupancyCount(free, rooms, unknown)})


def weeks_ago(clock, *free, day=TUESDAY, **tally):
    """Return an hour in each of the weeks before, the last week first; None for none."""
    days = [day - WEEK * back for back in range(1, len(free) + 1)]
    return [
        hour(at(clock, d), f, **tally) for d, f in zip(days, free, strict=True) if f is not None
    ]


def test_the_last_three_hours_have_their_means_and_a_direction():
    found = of(taken(31, 24, 18))
    assert [each.free for each in found.last_hours] == [31, 24, 18]
    assert found.direction is Direction.FALLING


@pytest.mark.parametrize(
    ("free", "direction"),
    [
        ((53, 52, 50), Direction.STEADY),
        ((50, 50, 53), Direction.STEADY),
        ((50, 50, 53.5), Direction.RISING),
        ((53.5, 50, 50), Direction.FALLING),
    ],
)
def test_a_share_that_moves_by_three_points_is_steady(free, direction):
    assert of(taken(*free, rooms=100)).direction is direction


@pytest.mark.parametrize(
    ("free", "direction"),
    [
        ((53, 10, 50), Direction.RISING),
        ((50, 90, 53), Direction.FALLING),
        ((37, 47, 43), Direction.FALLING),
        ((37, 47, 45), Direction.STEADY),
        ((47, 37, 39), Direction.STEADY),
        ((37, 47, 47), Direction.RISING),
    ],
)
def test_the_direction_is_never_against_the_last_step(free, direction):
    assert of(taken(*free, rooms=100)).direction is direction


def test_the_direction_is_that_of_the_share_not_of_the_number():
    fewer_known = [*taken(20, 20, rooms=40, until=NOW - HOUR), *taken(18, rooms=20, unknown=20)]
    found = of(fewer_known)
    assert [each.free for each in found.last_hours] == [20, 20, 18]
    assert found.direction is Direction.RISING
    assert found.last_hours[-1].unknown == 20


@pytest.mark.parametrize("hours", [(None, 24, 18), (31, None, 18), (31, 24, None)])
def test_an_hour_without_samples_is_too_little(hours):
    found = of(taken(*hours))
    assert found.last_hours == ()
    assert found.direction is None


@pytest.mark.parametrize(("left", "is_enough"), [(5, False), (6, True)])
def test_half_of_an_hours_samples_are_enough(left, is_enough):
    samples = taken(31, 24, 18)
    assert bool(of([*samples[:24], *samples[24 : 24 + left]]).last_hours) is is_enough


def test_an_hour_without_a_known_room_is_too_little():
    unknown = [*taken(31, 24, until=NOW - HOUR), *taken(0, rooms=0, unknown=50)]
    assert of(unknown).last_hours == ()
    assert of(unknown).direction is None


def test_all_buildings_are_told_together():
    both = [
        OccupancySample(one.at, {**one.counts, **other.counts})
        for one, other in zip(taken(31, 24, 18), taken(9, 6, 2, code="CGS"), strict=True)
    ]
    assert [each.free for each in of(both, building=None).last_hours] == [40, 30, 20]


def test_usual_is_the_mean_of_that_weekday_and_hour():
    others = [*weeks_ago("13:00", 1, 1), *weeks_ago("14:00", 1, 1, day=TUESDAY - DAY)]
    found = of(hours=[*weeks_ago("14:00", 20, 24, 16, 28), *others])
    assert found.baseline == Baseline(22, 16, 28)


@pytest.mark.parametrize(
    ("free", "usual"),
    [((20,), None), ((20, 22), 21), ((None, None, 20, 22), 21), ((None, 20), None)],
)
def test_usual_needs_two_weeks(free, usual):
    found = of(hours=weeks_ago("14:00", *free)).baseline
    assert (found and found.mean) == usual


def test_a_fifth_week_and_hours_without_known_rooms_are_not_usual():
    assert of(hours=weeks_ago("14:00", 20, None, None, None, 22)).baseline is None
    unknown = weeks_ago("14:00", 0, rooms=0, unknown=50)
    assert of(hours=[*unknown, *weeks_ago("14:00", None, 20)]).baseline is None


def test_usual_goes_by_the_clock_on_campus_across_a_change():
    """On 8 March 2026 the clocks in New York went an hour ahead."""
    day = date(2026, 3, 10)
    found = of(hours=weeks_ago("14:00", 20, 22, day=day), now=at("14:02", day))
    assert found.baseline == Baseline(21, 20, 22)


def test_an_hour_that_the_clocks_skipped_is_no_usual_one():
    """At 02:00 on 8 March the clocks showed 03:00, which is another hour."""
    day = date(2026, 3, 15)
    hours = [*weeks_ago("03:00", 20, day=day), *weeks_ago("02:00", None, 22, 24, day=day)]
    assert of(hours=hours, now=at("02:30", day)).baseline == Baseline(23, 22, 24)


def weeks_ahead(clock, *free, day=TUESDAY, **tally):
    """Return the planned hour in each of the weeks to come; None for none."""
    days = [day + WEEK * ahead for ahead in range(1, len(free) + 1)]
    return [
        hour(at(clock, d), f, **tally) for d, f in zip(days, free, strict=True) if f is not None
    ]


def test_without_samples_the_bookings_of_the_weeks_to_come_are_usual():
    found = of(planned=weeks_ahead("14:00", 30, 34, None, 26), current=hour(NOW, 28).counts)
    assert found.baseline == Baseline(30, 26, 34, is_planned=True)
    assert found.current == OccupancyCount(28, 50, 0)
    assert [each.baseline and each.baseline.is_planned for each in found.today] == [True]


def test_samples_of_two_weeks_are_worth_more_than_bookings():
    planned = weeks_ahead("14:00", 30, 34, 26)
    assert of(hours=weeks_ago("14:00", 20), planned=planned).baseline == Baseline(30, 26, 34, True)  # noqa: FBT003
    assert of(hours=weeks_ago("14:00", 20, 22), planned=planned).baseline == Baseline(21, 20, 22)


def test_bookings_of_one_week_are_too_few():
    assert of(planned=weeks_ahead("14:00", 30)).baseline is None
    unknown = weeks_ahead("14:00", 0, 0, rooms=0, unknown=50)
    assert of(planned=unknown).baseline is None


def test_planned_hours_go_by_the_clock_on_campus_across_a_change():
    """On 8 March 2026 the clocks in New York went an hour ahead."""
    assert of(planned=weeks_ahead("14:00", 30, 34)).baseline == Baseline(32, 30, 34, True)  # noqa: FBT003


def test_today_has_its_hours_beside_what_is_usual():
    hours = [hour(at("09:00"), 40), *weeks_ago("10:00", 30, 32), *weeks_ago("12:00", 9, 9)]
    today = of(hours=hours).today
    assert [each.starts_at for each in today] == [at(f"{n:02}:00") for n in (9, 10, 11, 12)]
    assert [each.mean and each.mean.free for each in today] == [40, None, None, None]
    assert [each.baseline and each.baseline.mean for each in today] == [None, 31, None, 9]


def test_hours_that_are_not_noted_yet_come_from_their_samples():
    now = at("14:42")
    today = of(taken(31, 24, 18, until=now), now=now).today
    assert [each.starts_at for each in today] == [at("12:00"), at("13:00"), at("14:00")]
    assert today[-1].mean == OccupancyCount(18, 50, 0)


def test_an_hour_that_is_noted_stands():
    noted = of(taken(31, 24, 18), [hour(at("13:00"), 7)]).today
    assert {each.starts_at: each.mean.free for each in noted if each.mean}[at("13:00")] == 7


def test_since_when_there_is_history_is_told_by_building():
    first = [hour(at("09:00", TUESDAY - DAY), 3, code="CGS"), hour(at("10:00", TUESDAY - DAY), 3)]
    assert of(first=first).sampled_since == at("10:00", TUESDAY - DAY)
    assert of(first=first, building=None).sampled_since == at("09:00", TUESDAY - DAY)
    assert of().sampled_since is None


def test_a_run_of_samples_begins_after_the_last_break():
    broken = taken(31, None, 18)
    assert of(broken).continuous_since == at("13:05")
    assert of(taken(31, 24, 18)).continuous_since == at("11:05")
    assert of(taken(31, 24, None)).continuous_since is None


def test_what_is_read_are_the_last_hours_and_five_days_of_the_clock():
    assert recent_interval(NOW).duration == 3 * HOUR
    days = comparison_days(at("14:00", date(2026, 3, 8)), NEW_YORK)
    assert [each.duration / HOUR for each in days] == [23, 24, 24, 24, 24]
    assert days[0].start == at("00:00", date(2026, 3, 8))
    assert days[4].start == at("00:00", date(2026, 2, 8))
