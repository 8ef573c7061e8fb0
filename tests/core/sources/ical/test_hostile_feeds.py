"""What is no calendar, or only a part of one, or more of one than there can be."""

import pytest

from core.errors import (
    SourceError,
    SourceFormatError,
    SourceRefusedError,
    SourceUnavailableError,
)
from core.sources.ical.lexer import split_components
from core.sources.ical.parser import parse_feed
from core.sources.ical.parser_protocol import RoomNames
from fakes.ical.server import calendar, event
from tests.core.sources.ical.parsing import (
    SPRING,
    booked_times,
    job,
    parse_single_room,
    uncertain_times,
)

EVENT = event("20260303T150000Z", "20260303T160000Z")
FEED = calendar(EVENT, event("20260304T150000Z", "20260304T160000Z", uid="2"))

OTHER = {
    "nothing": (b"", SourceFormatError, "no data"),
    "blank": (b" \r\n\r\n", SourceFormatError, "no data"),
    "html": (b"<!DOCTYPE html><html><body>Log in</body></html>", SourceRefusedError, "login page"),
    "xml": (b"<?xml version='1.0'?><error/>", SourceRefusedError, "error document"),
    "json": (b'{"error": "no"}', SourceFormatError, "not understood"),
    "text": (b"not found", SourceFormatError, "not understood"),
    "binary": (bytes(range(256)), SourceFormatError, "not understood"),
    "an event alone": (EVENT.encode(), SourceFormatError, "not understood"),
    "no end": (b"BEGIN:VCALENDAR\r\n", SourceUnavailableError, "cut off"),
    "an event ends the calendar": (
        FEED.replace(b"END:VEVENT", b"", 1),
        SourceFormatError,
        "not understood",
    ),
    "an event ends as something else": (
        FEED.replace(b"END:VEVENT", b"END:VTODO", 1),
        SourceFormatError,
        "not understood",
    ),
    "a second calendar that is cut": (FEED + FEED[:-40], SourceUnavailableError, "cut off"),
    "an event in an event": (
        calendar("BEGIN:VEVENT", EVENT, "END:VEVENT"),
        SourceFormatError,
        "not understood",
    ),
    "a calendar in a calendar": (
        calendar(FEED.decode().strip()),
        SourceFormatError,
        "not understood",
    ),
    "ends too often": (FEED + b"END:VCALENDAR\r\n", SourceFormatError, "not understood"),
    "deep": (
        calendar(*["BEGIN:X"] * 5000, *["END:X"] * 5000),
        SourceFormatError,
        "not understood",
    ),
    "another calendar": (calendar("CALSCALE:HEBREW", EVENT), SourceFormatError, "not understood"),
}


@pytest.mark.parametrize(("feed", "error", "kind"), OTHER.values(), ids=OTHER)
def test_what_is_no_calendar_is_told_apart(feed, error, kind):
    with pytest.raises(SourceError) as caught:
        parse_single_room(feed)
    assert (type(caught.value), caught.value.kind) == (error, kind)


def test_a_feed_cut_anywhere_is_never_a_feed_with_fewer_bookings():
    end = FEED.rindex(b"END:VCALENDAR") + len(b"END:VCALENDAR")
    for size in range(end):
        with pytest.raises(SourceError):
            parse_single_room(FEED[:size])
    assert len(booked_times(parse_single_room(FEED[:end]))) == 2


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_read(encoding):
    mark = "" if encoding == "utf-16" else "\ufeff"
    feed = (mark + FEED.decode()).encode(encoding)
    assert len(booked_times(parse_single_room(feed))) == 2
    with pytest.raises(SourceUnavailableError):
        parse_single_room(feed[: len(feed) // 2])


@pytest.mark.parametrize("newline", [b"\r\n", b"\n", b"\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_lines_may_end_as_they_do_anywhere(newline, mark):
    assert len(booked_times(parse_single_room(mark + FEED.replace(b"\r\n", newline)))) == 2


@pytest.mark.parametrize("space", [b" ", b"\t"])
@pytest.mark.parametrize("newline", [b"\r\n", b"\n", b"\r"])
def test_lines_may_be_folded_anywhere(space, newline):
    for at in range(1, 75):
        head, tail = FEED[: at + 60], FEED[at + 60 :]
        if not head.endswith(b"\r") and not head.endswith(b"\n"):
            folded = (head + b"\r\n" + space + tail).replace(b"\r\n", newline)
            assert len(booked_times(parse_single_room(folded))) == 2


def test_a_fold_may_part_the_bytes_of_a_letter():
    feed = calendar(event("20260303T150000Z", "20260303T160000Z", "LOCATION:Hörsaal"))
    [text] = split_components(feed.replace("ö".encode(), b"\xc3\r\n \xb6"))
    assert ":Hörsaal".encode() in {line for _, _, line in text.events[0]}


def test_only_times_and_places_are_taken_in():
    """Not even the calendar library sees what an event is called and who comes."""
    secrets = (
        "SUMMARY:Secret",
        "DESCRIPTION:Secret",
        "ATTENDEE;CN=Secret:mailto:s@x",
        "X-ALT:Secret",
        "ORGANIZER:mailto:Secret",
        "COMMENT:Secret",
        "BEGIN:VALARM",
        "DESCRIPTION:Secret",
        "END:VALARM",
        "CONTACT:Secret",
        "URL:http://Secret",
    )
    feed = calendar("X-WR-CALNAME:Secret", event("20260303T150000Z", "20260303T160000Z", *secrets))
    assert b"Secret" in feed
    assert "Secret" not in repr(split_components(feed))


@pytest.mark.parametrize(
    "line",
    [b"SUMMARY:\xff\xfe", b"SUMMARY", b"DESCRIPTION:a\nsecond line without a fold", b"X" * 200_000],
)
def test_what_is_wrong_with_the_rest_of_an_event_is_nothing_to_us(line):
    feed = FEED.replace(b"UID:1\r\n", b"UID:1\r\n" + line + b"\r\n")
    told = parse_single_room(feed)
    assert (len(booked_times(told)), uncertain_times(told)) == (2, [])


def test_many_events_are_too_many():
    one = event("20260303T150000Z", "20260303T160000Z")
    with pytest.raises(SourceFormatError, match="too large"):
        parse_single_room(calendar(*[one] * 100_001))


def test_many_times_are_too_many():
    """As many as a place that may be any room of a thousand makes in a few weeks."""
    rooms = [RoomNames(str(each), "CAS", "Arts", str(each)) for each in range(1000)]
    anywhere = "LOCATION:" + "word " * 300
    hourly = event("20260201T060000Z", "20260201T061000Z", "RRULE:FREQ=HOURLY", anywhere)
    with pytest.raises(SourceFormatError, match="too large"):
        parse_feed(job(SPRING, *rooms), calendar(hourly))


def test_ten_megabytes_of_notes_are_nothing():
    note = "DESCRIPTION:" + "x" * 10_000
    parts = [event("20260303T150000Z", "20260303T160000Z", note, uid=str(n)) for n in range(1000)]
    assert booked_times(parse_single_room(calendar(*parts))) == ["0303T1500/1600"]
