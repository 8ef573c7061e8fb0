"""The line that says how busy it is."""

from dataclasses import replace

import pytest

from cogs.ui.replies.occupancy import occupancy_line, occupancy_text
from core.model.occupancy import OccupancyCount
from core.trends.trend import Baseline, Direction, Trend
from tests.fakes import NEW_YORK, at


def trend(free, usual=None, *, known=50, direction=None, is_planned=False):
    baseline = (
        None if usual is None else Baseline(usual, usual - 5, usual + 5, is_planned=is_planned)
    )
    return Trend(
        at=at("14:02"),
        last_hours=(),
        direction=direction,
        baseline=baseline,
        today=(),
        current=None if free is None else OccupancyCount(free, known, 0),
        sampled_since=None,
        continuous_since=None,
    )


@pytest.mark.parametrize(
    ("free", "words"),
    [
        (30, "Quieter than usual"),
        (24, "Quieter than usual"),
        (23, "About as busy as usual"),
        (21, "About as busy as usual"),
        (19, "About as busy as usual"),
        (18, "Busier than usual"),
    ],
)
def test_more_free_rooms_than_usual_are_quieter(free, words):
    line = occupancy_line(trend(free, 21), NEW_YORK)
    rooms = f"{free:.0f} rooms free"
    assert line == f"**{words}** · {rooms}, usually 21 at this hour on Tuesdays"


def test_numbers_that_look_alike_are_alike():
    line = occupancy_text(trend(2, 1.5, known=4), NEW_YORK)
    assert line.startswith("About as busy as usual · 2 rooms free, usually 2 ")


@pytest.mark.parametrize(
    ("direction", "words"),
    [
        (Direction.FALLING, " · getting busier"),
        (Direction.RISING, " · getting emptier"),
        (Direction.STEADY, ""),
        (None, ""),
    ],
)
def test_the_direction_is_in_words(direction, words):
    assert occupancy_line(trend(1, direction=direction), NEW_YORK) == f"1 room free{words}"


def test_a_usual_number_by_the_bookings_says_so():
    line = occupancy_text(trend(21, 21.4, is_planned=True), NEW_YORK)
    assert line == (
        "About as busy as usual · 21 rooms free, "
        "usually 21 at this hour on Tuesdays by the bookings"
    )


@pytest.mark.parametrize(("known", "is_compared"), [(118, False), (55, True), (30, False)])
def test_a_day_with_other_buildings_open_is_not_compared(known, is_compared):
    usual = replace(Baseline(33, 30, 40), known=known)
    line = occupancy_line(replace(trend(7, 33), baseline=usual), NEW_YORK)
    assert ("Busier than usual" in line) is is_compared
    assert line.endswith("7 rooms free, usually 33 at this hour on Tuesdays")


def test_large_numbers_are_grouped():
    assert occupancy_text(trend(1234, known=5000), NEW_YORK) == "1,234 rooms free"


@pytest.mark.parametrize(("free", "known"), [(None, 50), (0, 0)])
def test_nothing_is_compared_that_is_not_known(free, known):
    line = occupancy_line(trend(free, 21, known=known), NEW_YORK)
    assert line == "No information about this hour"
