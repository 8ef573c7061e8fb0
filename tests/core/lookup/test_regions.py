"""How dates are written where a campus is."""

from zoneinfo import ZoneInfo

import pytest

from core.lookup.regions import country_of, writes_month_first


@pytest.mark.parametrize(
    ("zone", "country", "month_first"),
    [
        ("America/New_York", "US", True),
        ("US/Eastern", "US", True),
        ("Pacific/Honolulu", "US", True),
        ("Asia/Manila", "PH", True),
        ("Europe/Berlin", "DE", False),
        ("Europe/London", "GB", False),
        ("America/Mexico_City", "MX", False),
        ("UTC", None, False),
    ],
)
def test_country_of_a_time_zone_decides_the_order(zone, country, month_first):
    assert country_of(ZoneInfo(zone)) == country
    assert writes_month_first(ZoneInfo(zone)) is month_first
