from datetime import date, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings

from core.availability.heatmap import build_heatmap, full_hours, hour_slots
from core.model.interval import Interval
from tests import oracle
from tests.core.availability.test_queries import campus_of, campuses, days_of

NEW_YORK, LORD_HOWE = "America/New_York", "Australia/Lord_Howe"


def counted(asked, building, day, slot):
    """Count the open minutes of a building's rooms in an hour: all, the known and the free."""
    hours = asked.hours(building.code, day)
    first = oracle.minute_number(hours[0])
    a, b = (max(oracle.minute_number(each) - first, 0) for each in (slot.start, slot.end))
    found = [
        each for minutes in asked._minutes(building.code, day).values() for each in minutes[a:b]
    ]
    whole = len(found) - found.count(oracle.What.CLOSED)
    return whole, whole - found.count(oracle.What.UNKNOWN), found.count(oracle.What.FREE)


@given(campuses(days_missing=False))
@settings(max_examples=150, deadline=None)
def test_shares_are_what_the_oracle_counts(made):
    asked, day = made
    campus = campus_of(asked)
    seen = build_heatmap(days_of(asked, campus)[day])
    slots = {each.start: each for each in hour_slots(seen.hours, campus.timezone)}
    assert [each.building for each in seen.rows] == list(campus.buildings)
    for each in seen.rows:
        for start, slot in slots.items():
            whole, known, free = counted(asked, each.building, day, slot)
            if not whole:
                assert start not in each.free_shares
                continue
            assert each.free_shares[start] == (pytest.approx(free / known) if known else None)
            assert each.unknown_shares.get(start, 0) == pytest.approx(1 - known / whole)
        assert set(each.free_shares) <= set(slots)
        assert set(each.unknown_shares) <= set(each.free_shares)


def hours_of(zone, day, opens="00:00", closes="24:00"):
    made = oracle.Oracle(zone, [oracle.Hours("A", opens, closes, ())], {})
    return Interval(*made.hours("A", day))


@pytest.mark.parametrize(
    ("zone", "day", "number"),
    [
        (NEW_YORK, date(2026, 3, 3), 24),
        (NEW_YORK, date(2026, 3, 8), 23),
        (NEW_YORK, date(2026, 11, 1), 25),
        ("Asia/Kolkata", date(2026, 3, 3), 24),
        # From one o'clock on an hour and a half pass until it is two o'clock.
        (LORD_HOWE, date(2026, 4, 5), 24),
        # From one o'clock on the clock never shows two, and three after an hour and a half.
        (LORD_HOWE, date(2026, 10, 4), 23),
    ],
)
def test_hours_are_divided_as_the_clock_shows_them(zone, day, number):
    hours = hours_of(zone, day)
    slots = hour_slots(hours, ZoneInfo(zone))
    assert len(slots) == number
    assert (slots[0].start, slots[-1].end) == (hours.start, hours.end)
    assert all(each.end == later.start for each, later in pairwise(slots))
    assert all(each.start.astimezone(ZoneInfo(zone)).minute == 0 for each in slots)


def test_first_and_last_hour_may_be_shorter():
    hours = hours_of(NEW_YORK, date(2026, 3, 3), "06:30", "09:10")
    lengths = [each.duration for each in hour_slots(hours, ZoneInfo(NEW_YORK))]
    assert lengths == [timedelta(minutes=each) for each in (30, 60, 60, 10)]


def test_full_hours_include_both_ends():
    hours = hours_of(NEW_YORK, date(2026, 3, 3), "07:00", "09:00")
    assert len(list(full_hours(hours, ZoneInfo(NEW_YORK)))) == 3
