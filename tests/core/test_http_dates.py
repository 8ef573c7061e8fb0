"""Dates in HTTP headers."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.http_dates import format_http_date, parse_http_date

MOMENT = datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 03:49:37 -0500",
        "Sun, 06 Nov 1994 08:49:37",
        "Sun, 06 Nov 1994 08:49:37 -0000",
        "06 Nov 1994 08:49:37 GMT",
    ],
)
def test_a_date_is_a_moment_in_utc_unless_it_has_a_zone(text):
    assert parse_http_date(text) == MOMENT


@pytest.mark.parametrize(
    "text", ["", "0", "yesterday", "Sun, 06 Nov 99999999999 08:49:37 GMT", "\xff", "Sun, 99 Nov"]
)
def test_anything_else_is_no_date(text):
    assert parse_http_date(text) is None


@given(st.text())
def test_no_text_raises(text):
    parse_http_date(text)


@given(st.datetimes(min_value=datetime(1900, 1, 2), timezones=st.just(UTC)))  # noqa: DTZ001 - hypothesis takes the zone apart
def test_a_formatted_moment_is_parsed_again_to_the_second(moment):
    assert parse_http_date(format_http_date(moment)) == moment.replace(microsecond=0)


def test_a_moment_of_any_zone_is_written_in_gmt():
    assert (
        format_http_date(MOMENT.astimezone(ZoneInfo("Europe/Paris")))
        == "Sun, 06 Nov 1994 08:49:37 GMT"
    )
