"""A campus read from feeds over real sockets."""

import logging
from collections.abc import Callable
from datetime import timedelta

import pytest

from core.errors import (
    SourceError,
    SourceFormatError,
    SourceRefusedError,
    SourceUnavailableError,
)
from core.model.bookings import RoomDay
from core.model.interval import Interval
from core.sources.base import BookingSource
from core.sources.ical.config import IcalSettings
from fakes.ical.server import calendar, event
from tests.core.sources.ical.ical_campus import (
    DAYS,
    NOW,
    TEN,
    TEN_TO_ELEVEN,
    TODAY,
    Reader,
    campus_of,
    full_day,
    kinds,
)
from tests.fakes import at


async def test_a_day_of_a_feed_is_known_from_midnight_to_midnight(reader: Reader):
    reader.server.feeds["r1.ics"] = calendar(TEN)
    result = await reader.read(reader.per_room())
    assert result.days == {
        DAYS[0]: {"r1": RoomDay((full_day(DAYS[0]),), (TEN_TO_ELEVEN,), (), NOW)},
        DAYS[1]: {"r1": RoomDay((full_day(DAYS[1]),), (), (), NOW)},
    }
    assert not result.failures[TODAY]
    assert result.latency
    assert reader.progress[-1] == (1, 1)


async def test_a_day_is_known_until_the_building_closes(reader: Reader):
    night = event("20260304T060000Z", "20260304T063000Z")
    reader.server.feeds["r1.ics"] = calendar(night)
    settings = IcalSettings(feeds={"r1": reader.server.url("r1.ics")})
    source = reader.open(campus_of(settings, closes=26))
    room = (await reader.read(source, [TODAY])).days[TODAY]["r1"]
    assert room.known == (full_day(TODAY, 26),)
    assert room.bookings == (Interval(NOW + timedelta(hours=18), NOW + timedelta(hours=18.5)),)


async def test_an_event_over_midnight_is_in_both_days(reader: Reader):
    reader.server.feeds["r1.ics"] = calendar(event("20260304T040000Z", "20260304T070000Z"))
    result = await reader.read(reader.per_room())
    assert [len(result.days[day]["r1"].bookings) for day in DAYS] == [1, 1]


async def test_time_in_doubt_is_not_known(reader: Reader):
    reader.server.feeds["r1.ics"] = calendar(event("20260303T150000Z"))
    result = await reader.read(reader.per_room())
    assert result.days[TODAY]["r1"].known == (Interval(at("00:00"), at("10:00")),)
    assert result.days[DAYS[1]]["r1"].known == (full_day(DAYS[1]),)


async def test_a_day_wholly_in_doubt_is_a_failure(reader: Reader):
    reader.server.feeds |= {
        "r1.ics": calendar(TEN),
        "r2.ics": calendar(TEN, event("when", "20260303T160000Z", uid="2")),
    }
    result = await reader.read(reader.per_room(2))
    assert kinds(result) == {"r2": "not understood"}


async def test_a_feed_that_fails_fails_its_room_alone(reader: Reader):
    reader.server.feeds |= {f"r{n}.ics": calendar(TEN) for n in range(1, 5)}
    reader.server.feeds["r3.ics"] = b"<html>Log in</html>"
    reader.server.feeds["r4.ics"] = calendar(TEN)[:-30]
    reader.server.status |= {"r2.ics": 404}
    result = await reader.read(reader.per_room(4))
    assert result.days[TODAY].keys() == {"r1"}
    assert kinds(result) == {"r2": "not found", "r3": "login page", "r4": "cut off"}
    assert reader.server.requested == {"r1.ics": 1, "r2.ics": 1, "r3.ics": 1, "r4.ics": 4}
    for err in result.failures[TODAY].values():
        assert (err.__traceback__, err.__cause__, err.__context__) == (None, None, None)


async def test_rooms_of_one_feed_ask_once(reader: Reader):
    reader.server.feeds["hall.ics"] = calendar(TEN)
    feeds = dict.fromkeys(("r1", "r2"), reader.server.url("hall.ics"))
    source = reader.open(campus_of(IcalSettings(feeds=feeds), 2))
    result = await reader.read(source)
    assert [result.days[TODAY][room].bookings for room in ("r1", "r2")] == [(TEN_TO_ELEVEN,)] * 2
    assert reader.server.requested == {"hall.ics": 1}


async def test_one_feed_for_all_is_asked_once(reader: Reader, caplog: pytest.LogCaptureFixture):
    reader.server.feeds["all.ics"] = calendar(
        event("20260303T150000Z", "20260303T160000Z", "LOCATION:CAS 101", "SUMMARY:Secret"),
        event("20200303T150000Z", "20200303T160000Z", "LOCATION:CAS 102", uid="2"),
        event("20260303T150000Z", "20260303T160000Z", "LOCATION:Secret", uid="3"),
    )
    with caplog.at_level(logging.DEBUG):
        result = await reader.read(reader.shared(3))
    assert reader.server.requested == {"all.ics": 1}
    assert {room: day.bookings for room, day in result.days[TODAY].items()} == {
        "r1": (TEN_TO_ELEVEN,),
        "r2": (),
    }
    assert kinds(result) == {"r3": "not in the answer"}
    assert "1 of 3 events name no room of test" in caplog.text
    assert "Secret" not in caplog.text


async def test_a_feed_that_names_no_room_shows_none_free(reader: Reader):
    reader.server.feeds["all.ics"] = calendar(TEN)
    with pytest.raises(SourceFormatError, match="not in the answer"):
        await reader.read(reader.shared())


@pytest.mark.parametrize("shared", [False, True])
async def test_rooms_without_any_event_ever_are_refused(reader: Reader, *, shared: bool):
    reader.server.feeds |= {f"r{n}.ics": calendar() for n in range(1, 6)} | {"all.ics": calendar()}
    source = reader.shared(5) if shared else reader.per_room(5)
    with pytest.raises(SourceRefusedError, match="empty for everybody"):
        await reader.read(source)


async def test_a_room_whose_feed_has_no_event_is_unknown_beside_full_ones(reader: Reader):
    """So answers a revoked address, or a room that is not shared."""
    busy_of_nothing = (
        "BEGIN:VFREEBUSY\r\nDTSTART:20260101T000000Z\r\nDTEND:20270101T000000Z\r\nEND:VFREEBUSY"
    )
    reader.server.feeds |= {f"r{n}.ics": calendar(TEN) for n in range(1, 6)}
    reader.server.feeds |= {"r6.ics": calendar(), "r7.ics": calendar(busy_of_nothing)}
    result = await reader.read(reader.per_room(7))
    assert result.days[TODAY].keys() == {f"r{n}" for n in range(1, 6)}
    assert kinds(result) == {"r6": "no events", "r7": "no events"}


async def test_a_single_room_whose_feed_has_no_event_is_unknown(reader: Reader):
    reader.server.feeds["r1.ics"] = calendar()
    with pytest.raises(SourceFormatError, match="no events"):
        await reader.read(reader.per_room())


@pytest.mark.parametrize(
    "stated",
    [
        "X-WR-CALDESC:Date limit 2026-03-03 - 2026-03-03",
        "X-WR-CALDESC:Datumbegränsning 2026-03-03 - 2026-03-03",
        "X-CLIPEND:20260304T050000Z",
        "X-CALEND:20260304T050000Z",
    ],
)
async def test_nothing_is_known_beyond_the_end_that_a_feed_states(reader: Reader, stated: str):
    reader.server.feeds["r1.ics"] = calendar(stated, TEN)
    result = await reader.read(reader.per_room())
    assert result.days[TODAY]["r1"].known == (full_day(TODAY),)
    assert kinds(result, DAYS[1]) == {"r1": "not understood"}


async def test_nothing_is_known_before_the_start_that_a_feed_states(reader: Reader):
    limit = "X-WR-CALDESC:Date limit 2026-03-04 - 2026-03-08"
    reader.server.feeds["r1.ics"] = calendar(limit, TEN)
    with pytest.raises(SourceFormatError, match="not understood"):
        await reader.read(reader.per_room())


async def test_nothing_is_known_beyond_the_reach_of_the_campus_file(reader: Reader):
    reader.server.feeds["r1.ics"] = calendar(TEN)
    settings = IcalSettings(feeds={"r1": reader.server.url("r1.ics")}, reaches=timedelta(days=1))
    result = await reader.read(reader.open(campus_of(settings)))
    known = result.days[DAYS[1]]["r1"].known
    assert known == (Interval(at("00:00", DAYS[1]), NOW + timedelta(days=1)),)


@pytest.mark.parametrize("end", ["%2B1", "+1", "20260304", "2026-03-04"])
async def test_nothing_is_known_beyond_the_end_that_the_address_requests(reader: Reader, end: str):
    reader.server.feeds["r1.ics"] = calendar(TEN)
    url = f"{reader.server.url('r1.ics')}?space_id=1&end_dt={end}"
    result = await reader.read(reader.open(campus_of(IcalSettings(feeds={"r1": url}))))
    assert result.days[TODAY]["r1"].known == (full_day(TODAY),)
    assert kinds(result, DAYS[1]) == {"r1": "not understood"}


async def test_a_feed_that_nobody_keeps_up_is_unknown(reader: Reader):
    old = event("20240303T150000Z", "20240303T160000Z", "LOCATION:CAS 101")
    reader.server.feeds |= {"r1.ics": calendar(old), "all.ics": calendar(old)}
    for source in (reader.per_room(), reader.shared()):
        with pytest.raises(SourceFormatError, match="out of date"):
            await reader.read(source)


@pytest.mark.parametrize("shared", [False, True])
async def test_a_feed_has_its_largest_size(reader: Reader, *, shared: bool):
    body = calendar(event("20260303T150000Z", "20260303T160000Z", "LOCATION:CAS 101"))
    reader.server.feeds |= {"r1.ics": body, "all.ics": body}
    open_: Callable[..., BookingSource] = reader.shared if shared else reader.per_room
    assert (await reader.read(open_(1, max_feed=len(body)))).days[TODAY]
    with pytest.raises(SourceFormatError, match="too large"):
        await reader.read(open_(1, max_feed=len(body) - 1))


async def test_a_reading_takes_no_longer_than_its_limit(reader: Reader):
    reader.server.feeds["r1.ics"] = calendar(TEN)
    reader.server.delay = 30
    with pytest.raises(SourceUnavailableError, match="timed out"):
        await reader.read(reader.per_room(read_timeout=timedelta(seconds=0.2)))
    assert reader.progress[-1] == (1, 1)


async def test_feeds_are_asked_for_as_calendars(reader: Reader):
    reader.server.feeds["r1.ics"] = calendar(TEN)
    await reader.read(reader.per_room())
    [headers] = reader.server.request_headers
    assert headers["Accept"] == "text/calendar"
    assert headers["User-Agent"].startswith("EmptyClassroom-Discord/")


async def test_what_failed_says_nothing_of_the_address(reader: Reader):
    """Who knows a feed's address may often read it."""
    settings = IcalSettings(feeds={"r1": "http://127.0.0.1:1/Secret.ics"})
    with pytest.raises(SourceError) as caught:
        await reader.read(reader.open(campus_of(settings)))
    assert "Secret" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


async def test_no_more_feeds_at_once_than_allowed(reader: Reader):
    reader.server.feeds |= {f"r{n}.ics": calendar(TEN) for n in range(1, 21)}
    reader.server.delay = 0.01
    await reader.read(reader.per_room(20))
    assert reader.server.max_in_flight == 6
