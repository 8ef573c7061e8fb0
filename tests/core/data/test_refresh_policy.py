"""When data is due: mornings, every so often while a building is open, days of 23 and 25 hours."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.data.refresh_policy import snapshot_expiry
from core.model.calendar import DAY
from tests.fakes import TUESDAY, at, make_campus, make_policy

CAMPUS = make_campus()
YESTERDAY = TUESDAY - DAY


@pytest.mark.parametrize(
    ("read_at", "due"),
    [
        (at("06:30"), at("08:30")),
        (at("10:00"), at("12:00")),
        # Two hours after the reading all is closed: the morning comes first.
        (at("22:00", YESTERDAY), at("06:30")),
        (at("20:59", YESTERDAY), at("22:59", YESTERDAY)),
        (at("21:00", YESTERDAY), at("06:30")),
        # Read by night: the morning's refresh is still to come.
        (at("03:00"), at("06:30")),
        # Two hours later the first building has just opened.
        (at("05:30"), at("06:30")),
    ],
)
def test_data_is_due_in_the_morning_and_while_a_building_is_open(read_at, due):
    assert make_policy().due_at(CAMPUS, read_at) == due


def test_mornings_only():
    policy = make_policy(refresh_every=None)
    assert policy.due_at(CAMPUS, at("06:30")) == at("06:30", TUESDAY + DAY)
    assert policy.due_at(CAMPUS, at("06:29")) == at("06:30")


def test_no_data_is_due_at_once():
    assert make_policy().is_due(CAMPUS, at("03:00"), None)


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 8), 23), (date(2026, 11, 1), 25), (date(2026, 3, 3), 24)]
)
def test_the_morning_keeps_its_wall_clock_when_the_clocks_change(day, hours):
    policy = make_policy(refresh_every=None)
    before = policy.morning_refresh_at(CAMPUS, day - DAY)
    assert policy.due_at(CAMPUS, before) == at("06:30", day)
    assert at("06:30", day) - before == timedelta(hours=hours)


def test_days_to_read_begin_with_the_campus_day_and_not_with_the_utc_day():
    # 20:00 in New York is 01:00 of the next day in UTC.
    assert make_policy().days_to_read(CAMPUS, at("20:00"))[0] == TUESDAY


def test_the_first_day_is_yesterday_while_a_building_is_still_in_its_hours():
    late = replace(
        CAMPUS,
        buildings=(*CAMPUS.buildings, replace(CAMPUS.buildings[0], closes=timedelta(hours=26))),
    )
    policy = make_policy(days_ahead=1)
    assert policy.days_to_read(late, at("01:59")) == (YESTERDAY, TUESDAY, TUESDAY + DAY)
    assert policy.days_to_read(late, at("02:00")) == (TUESDAY, TUESDAY + DAY)


def test_a_snapshot_is_kept_24_hours_past_its_day():
    assert snapshot_expiry(CAMPUS, TUESDAY) == at("00:00", TUESDAY + 2 * DAY)
