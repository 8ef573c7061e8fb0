from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from core.images.axis import Axis
from core.model.interval import Interval
from tests import oracle

NEW_YORK, KOLKATA, LORD_HOWE = "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"
HOUR = timedelta(hours=1)


def axis(zone, day, opens="00:00", closes="24:00", *, long=2400):
    hours = oracle.Oracle(zone, [oracle.Hours("A", opens, closes, ())], {}).hours("A", day)
    return Axis(Interval(*hours), 100, 100 + long)


def named(made, zone, *, min_spacing=1):
    return [hour for _, hour in made.ticks(ZoneInfo(zone), min_spacing=min_spacing)]


ALL = [f"{hour:02}" for hour in range(24)]


@pytest.mark.parametrize(
    ("zone", "day", "opens", "closes", "expected"),
    [
        (NEW_YORK, date(2026, 3, 3), "07:00", "10:00", ["07", "08", "09", "10"]),
        (NEW_YORK, date(2026, 3, 3), "06:30", "08:30", ["07", "08"]),
        (NEW_YORK, date(2026, 3, 3), "22:00", "02:00", ["22", "23", "00", "01", "02"]),
        (NEW_YORK, date(2026, 3, 3), "00:00", "24:00", [*ALL, "00"]),
        # The clocks skip the hour from two to three, or show that from one to two twice.
        (NEW_YORK, date(2026, 3, 8), "00:00", "24:00", [*ALL[:2], *ALL[3:], "00"]),
        (NEW_YORK, date(2026, 11, 1), "00:00", "24:00", ["00", "01", *ALL[1:], "00"]),
        (
            NEW_YORK,
            date(2026, 10, 31),
            "22:00",
            "03:00",
            ["22", "23", "00", "01", "01", "02", "03"],
        ),
        (KOLKATA, date(2026, 3, 3), "07:00", "10:00", ["07", "08", "09", "10"]),
        # Half an hour is skipped, from two to half past two, or shown twice.
        (LORD_HOWE, date(2026, 10, 4), "00:00", "05:00", ["00", "01", "03", "04", "05"]),
        (LORD_HOWE, date(2026, 4, 5), "00:00", "05:00", ["00", "01", "02", "03", "04", "05"]),
    ],
)
def test_hours_are_named_as_the_clock_shows_them(zone, day, opens, closes, expected):
    assert named(axis(zone, day, opens, closes), zone) == expected


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        (NEW_YORK, date(2026, 3, 8)),
        (NEW_YORK, date(2026, 11, 1)),
        (LORD_HOWE, date(2026, 4, 5)),
        (KOLKATA, date(2026, 3, 3)),
    ],
)
def test_hours_are_named_where_the_clock_shows_them(zone, day):
    made = axis(zone, day)
    hours = made.hours.duration / HOUR
    for at, hour in made.ticks(ZoneInfo(zone), min_spacing=1):
        # The moment at which that pixel ends, on the campus's clock.
        moment = made.hours.start + (at + 1 - 100) / 2400 * made.hours.duration
        shown = moment.astimezone(ZoneInfo(zone))
        assert f"{shown.hour:02}" == hour
        assert shown.minute <= hours * 60 / 2400 + 1


def test_doubled_hour_is_named_twice_also_where_not_all_hours_are():
    made = axis(NEW_YORK, date(2026, 11, 1), long=650)
    ticks = made.ticks(ZoneInfo(NEW_YORK), min_spacing=40)
    assert [hour for _, hour in ticks] == [
        *("01", "01", "04", "06", "08", "10", "12", "14", "16", "18", "20", "22", "00")
    ]
    places = [at for at, _ in ticks]
    assert all(later - at >= 26 for at, later in pairwise(places))


def test_skipped_hour_is_never_named():
    for long in (200, 400, 650, 900, 2400):
        hours = named(axis(NEW_YORK, date(2026, 3, 8), long=long), NEW_YORK, min_spacing=40)
        assert "02" not in hours


@pytest.mark.parametrize("long", [200, 400, 650, 900, 2400])
def test_hours_keep_their_distance(long):
    ticks = axis(NEW_YORK, date(2026, 3, 3), long=long).ticks(ZoneInfo(NEW_YORK), min_spacing=40)
    assert len(ticks) >= 2
    assert all(later - at >= 40 for (at, _), (later, _) in pairwise(ticks))


def test_moments_outside_the_hours_are_at_the_ends():
    start = datetime(2026, 3, 3, tzinfo=UTC)
    made = Axis(Interval(start, start + 10 * HOUR), 10, 110)
    assert made.pixel_at(start - HOUR) == 10
    assert made.pixel_at(start + 99 * HOUR) == 110
    around = Interval(start - HOUR, start + 99 * HOUR)
    assert made.pixels_within(around) == made.pixels_touching(around) == (10, 110)


def test_inner_pixels_are_whole_and_outer_ones_touched():
    start = datetime(2026, 3, 3, tzinfo=UTC)
    made = Axis(Interval(start, start + 10 * HOUR), 0, 10)
    half = Interval(start + 1.5 * HOUR, start + 3.5 * HOUR)
    assert made.pixels_within(half) == (2, 3)
    assert made.pixels_touching(half) == (1, 4)
    whole = Interval(start + 1 * HOUR, start + 3 * HOUR)
    assert made.pixels_within(whole) == made.pixels_touching(whole) == (1, 3)
