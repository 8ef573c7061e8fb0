"""What time the demo pretends it to be."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from demo.campus.planned_closures import is_exam_day, is_holiday
from demo.clock import MOMENTS, REAL_TIME, DemoClock, moments

ZONE = ZoneInfo("America/New_York")
BY_ID = {each.id: each for each in MOMENTS}
SUNDAY_NIGHT = datetime(2026, 11, 29, 23, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("moment", "found"),
    [
        ("tuesday", datetime(2026, 12, 1, 10, 5, tzinfo=ZONE)),
        ("night", datetime(2026, 12, 1, 23, 30, tzinfo=ZONE)),
        ("saturday", datetime(2026, 12, 5, 14, tzinfo=ZONE)),
        ("exams", datetime(2026, 12, 16, 10, 5, tzinfo=ZONE)),
        ("holiday", datetime(2026, 12, 24, 11, tzinfo=ZONE)),
    ],
)
def test_a_moment_is_the_next_of_its_kind(moment, found):
    assert BY_ID[moment].after(SUNDAY_NIGHT, ZONE) == found


def test_a_moment_that_has_passed_today_is_next_weeks():
    later = datetime(2026, 12, 1, 10, 6, tzinfo=ZONE)
    assert BY_ID["tuesday"].after(later, ZONE) == datetime(2026, 12, 8, 10, 5, tzinfo=ZONE)


@pytest.mark.parametrize("number", range(0, 400, 7))
def test_there_is_always_a_next_one_within_the_closures_of_the_campus_file(number):
    start = SUNDAY_NIGHT + timedelta(days=number)
    for moment in MOMENTS:
        assert moment.after(start, ZONE) - start < timedelta(days=45)


def test_the_clock_runs_ahead_and_back():
    clock = DemoClock()
    clock.pretend("exams", ZONE)
    pretended = clock.now().astimezone(ZONE)
    assert is_exam_day(pretended.date())
    assert (pretended.hour, pretended.minute) == (10, 5)
    assert clock.pretended == "exams"
    clock.pretend(REAL_TIME, ZONE)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)
    with pytest.raises(LookupError):
        clock.pretend("doomsday", ZONE)


def test_only_the_demo_campus_has_a_holiday_and_exams():
    assert [each.id for each in moments(is_demo_campus=False)] == ["tuesday", "night", "saturday"]
    assert len(list(moments(is_demo_campus=True))) == len(MOMENTS)


def test_a_holiday_is_no_exam_day():
    days = [SUNDAY_NIGHT.date() + timedelta(days=number) for number in range(400)]
    assert not [day for day in days if is_holiday(day) and is_exam_day(day)]
