from datetime import datetime

import pytest

from core.clock_text import clock_text, hour_labels
from core.model.campus import ClockStyle

H12, H24 = ClockStyle.HOURS_12, ClockStyle.HOURS_24


def at(hour, minute=0):
    return datetime(2026, 3, 3, hour, minute)  # noqa: DTZ001 - the clock's face alone matters


@pytest.mark.parametrize(
    ("moment", "short", "long"),
    [
        (at(0), "12:00 AM", "00:00"),
        (at(7, 5), "7:05 AM", "07:05"),
        (at(12), "12:00 PM", "12:00"),
        (at(23, 59), "11:59 PM", "23:59"),
    ],
)
def test_times_are_in_the_form_of_the_campus(moment, short, long):
    assert (clock_text(moment, H12), clock_text(moment, H24)) == (short, long)


def test_halves_of_the_day_stand_where_they_change():
    hours = [at(each) for each in (10, 11, 12, 13, 23)]
    assert hour_labels(hours, H24) == ["10", "11", "12", "13", "23"]
    assert hour_labels(hours, H12) == ["10 AM", "11", "12 PM", "1", "11"]
    assert hour_labels(hours, H12, is_narrow=True) == ["10a", "11", "12p", "1", "11"]
