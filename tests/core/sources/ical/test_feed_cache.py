"""Feeds that did not change are not sent again; and where redirects lead."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec import structs

from core.errors import (
    SourceRefusedError,
)
from fakes.ical.server import calendar, event
from tests.core.sources.ical.ical_campus import DAYS, NOW, TEN, TEN_TO_ELEVEN, TODAY, Reader
from tests.fakes import between


@pytest.mark.parametrize("has_tags", [True, False], ids=["ETag", "Last-Modified"])
async def test_a_feed_that_did_not_change_is_not_sent_again(reader: Reader, *, has_tags: bool):
    server = reader.server
    server.has_etags, server.last_modified = has_tags, datetime(2026, 1, 1, tzinfo=UTC)
    server.feeds["r1.ics"] = calendar(TEN)
    source = reader.per_room()
    first = await reader.read(source)
    later = NOW + timedelta(hours=2)
    second = await reader.read(source, now=later)
    assert (server.requested["r1.ics"], server.full_responses["r1.ics"]) == (2, 1)
    assert second.days[TODAY]["r1"] == structs.replace(first.days[TODAY]["r1"], read_at=later)
    server.feeds["r1.ics"] = calendar(event("20260303T170000Z", "20260303T180000Z"))
    server.last_modified = datetime(2026, 1, 2, tzinfo=UTC)
    third = await reader.read(source)
    assert third.days[TODAY]["r1"].bookings == (between("12:00", "13:00"),)
    assert server.full_responses["r1.ics"] == 2


async def test_a_feed_is_read_again_for_days_that_were_not_asked_for(reader: Reader):
    reader.server.feeds["r1.ics"] = calendar(
        event("20260303T150000Z", "20260303T160000Z", "RRULE:FREQ=DAILY")
    )
    source = reader.per_room()
    for shift in (0, 1, 8, 9, 10):
        days = [day + timedelta(days=shift) for day in DAYS]
        result = await reader.read(source, days)
        assert [len(result.days[day]["r1"].bookings) for day in days] == [1, 1]
    assert (reader.server.requested["r1.ics"], reader.server.full_responses["r1.ics"]) == (5, 2)
    await reader.read(source, DAYS)
    assert reader.server.full_responses["r1.ics"] == 3


async def test_a_feed_that_was_just_changed_may_change_in_the_same_second(reader: Reader):
    reader.server.has_etags, reader.server.last_modified = False, datetime.now(UTC)
    reader.server.feeds["r1.ics"] = calendar(TEN)
    source = reader.per_room()
    for _ in range(2):
        await reader.read(source)
    assert reader.server.full_responses["r1.ics"] == 2


async def test_not_modified_unasked_is_no_answer(reader: Reader):
    reader.server.status["r1.ics"] = 304
    with pytest.raises(SourceRefusedError, match="redirected"):
        await reader.read(reader.per_room())


async def test_a_feed_that_failed_meanwhile_is_read_anew(reader: Reader):
    reader.server.feeds["r1.ics"] = calendar(TEN)
    source = reader.per_room()
    await reader.read(source)
    reader.server.feeds["r1.ics"] = b"<html>Log in</html>"
    with pytest.raises(SourceRefusedError):
        await reader.read(source)
    reader.server.feeds["r1.ics"] = calendar(TEN)
    assert (await reader.read(source)).days[TODAY]["r1"].bookings == (TEN_TO_ELEVEN,)


async def test_redirects_are_followed(reader: Reader):
    reader.server.feeds["there.ics"] = calendar(TEN)
    reader.server.redirects |= {"r1.ics": "/hop.ics", "hop.ics": reader.server.url("there.ics")}
    source = reader.per_room()
    for _ in range(2):
        assert (await reader.read(source)).days[TODAY]["r1"].bookings
    assert reader.server.full_responses == {"there.ics": 1}


async def test_not_modified_elsewhere_is_not_believed(reader: Reader):
    """A login page is as old as ever, and so "not modified" since the feed was."""
    server = reader.server
    server.has_etags, server.last_modified = False, datetime(2026, 1, 1, tzinfo=UTC)
    server.feeds |= {"there.ics": calendar(TEN), "login": b"<html>Log in</html>"}
    server.redirects["r1.ics"] = "/there.ics"
    source = reader.per_room()
    await reader.read(source)
    server.redirects["r1.ics"] = "/login"
    with pytest.raises(SourceRefusedError, match="login page"):
        await reader.read(source)


@pytest.mark.parametrize(
    "where", ["/r1.ics", "file:///etc/passwd", "ftp://127.0.0.1/x.ics", "http://[", "/missing"]
)
async def test_redirects_that_lead_nowhere_are_refused(reader: Reader, where: str):
    reader.server.redirects["r1.ics"] = where
    with pytest.raises(SourceRefusedError) as caught:
        await reader.read(reader.per_room())
    assert caught.value.kind == ("not found" if where == "/missing" else "redirected")
