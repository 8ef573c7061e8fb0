"""The line that says how busy it gets."""

import pytest

from cogs.ui.replies.occupancy import hour_name, occupancy_line, occupancy_text
from core.model.occupancy import OccupancyCount
from core.trends.trend import Baseline, Direction, Trend
from tests.fakes import NEW_YORK, at


def trend(*free, direction=Direction.FALLING, usual=None, unknown=0.0, since=None, unbroken=None):
    return Trend(
        at=at("14:02"),
        last_hours=tuple(OccupancyCount(each, 50, unknown) for each in free),
        direction=direction if free else None,
        baseline=Baseline(usual, usual - 5, usual + 5) if usual else None,
        today=(),
        sampled_since=since,
        continuous_since=unbroken,
    )


def full(clock):
    return f"<t:{int(at(clock).timestamp())}:f>"


def test_reads_as_the_issue_has_it():
    line = occupancy_line(trend(31, 24, 18, usual=21), NEW_YORK)
    assert line == "31 → 24 → 18 free: getting busier · usual for Tuesday 2 PM: 21"


@pytest.mark.parametrize(
    ("direction", "words"),
    [
        (Direction.FALLING, "getting busier"),
        (Direction.RISING, "getting emptier"),
        (Direction.STEADY, "steady"),
    ],
)
def test_fewer_free_rooms_are_busier(direction, words):
    assert (
        occupancy_line(trend(3, 2, 1, direction=direction), NEW_YORK) == f"3 → 2 → 1 free: {words}"
    )


def test_means_are_rounded_and_unknown_rooms_counted():
    line = occupancy_line(trend(1234.4, 24.6, 18.4, unknown=2.6), NEW_YORK)
    assert line == "1,234 → 25 → 18 free: getting busier · 3 rooms unknown"


def test_with_too_few_samples_it_says_so_and_since_when_there_are_some():
    unbroken = trend(since=at("07:00"), unbroken=at("13:00"))
    assert occupancy_line(unbroken, NEW_YORK) == f"not enough history yet: since {full('13:00')}"
    broken = trend(since=at("07:00"))
    assert occupancy_line(broken, NEW_YORK) == f"not enough history yet: since {full('07:00')}"
    assert occupancy_line(trend(), NEW_YORK) == "not enough history yet: none so far"
    assert occupancy_text(unbroken, NEW_YORK) == "not enough history yet"


def test_what_is_usual_stands_without_a_direction():
    line = occupancy_line(trend(usual=21), NEW_YORK)
    assert line == "not enough history yet: none so far · usual for Tuesday 2 PM: 21"


@pytest.mark.parametrize(
    ("clock", "name"),
    [
        ("00:30", "12 AM"),
        ("09:00", "9 AM"),
        ("11:59", "11 AM"),
        ("12:00", "12 PM"),
        ("23:59", "11 PM"),
    ],
)
def test_an_hour_has_a_name(clock, name):
    assert hour_name(at(clock), NEW_YORK) == f"Tuesday {name}"
