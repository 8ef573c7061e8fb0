"""In which time zone a campus is."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from cli.discovery.timezone_guess import guess_timezones


def at(month: int, offset: str) -> datetime:
    return datetime.fromisoformat(f"2026-{month:02}-12T10:00:00{offset}")


@pytest.mark.parametrize(
    ("moments", "zone"),
    [
        ([at(1, "-05:00"), at(7, "-04:00")], "America/New_York"),
        ([at(1, "-06:00"), at(7, "-05:00")], "America/Chicago"),
        ([at(1, "-07:00"), at(7, "-06:00")], "America/Denver"),
        ([at(1, "-07:00"), at(7, "-07:00")], "America/Phoenix"),
        ([at(1, "+00:00"), at(7, "+01:00")], "Europe/London"),
        ([at(1, "+11:00"), at(7, "+10:00")], "Australia/Sydney"),
    ],
)
def test_both_halves_of_a_year_tell_the_zone(moments, zone):
    assert guess_timezones(moments)[0] == zone


def test_one_half_of_a_year_may_leave_more_than_one():
    assert guess_timezones([at(7, "-07:00")]) == ("America/Los_Angeles", "America/Phoenix")


def test_no_zone_fits_no_booking_or_an_offset_of_nowhere():
    assert guess_timezones([]) == ()
    assert guess_timezones([at(1, "-05:00"), at(1, "+09:00")]) == ()
    assert guess_timezones([at(1, "+03:17")]) == ()


def test_every_zone_that_is_returned_agrees():
    moment = datetime(2026, 7, 1, 12, tzinfo=UTC).astimezone(ZoneInfo("America/Halifax"))
    zones = guess_timezones([moment])
    assert "America/Halifax" in zones
    assert all(
        moment.astimezone(ZoneInfo(each)).utcoffset() == moment.utcoffset() for each in zones
    )
