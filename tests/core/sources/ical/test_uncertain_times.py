"""Events that do not say when they are: never free, and never forgotten."""

import pytest

from fakes.ical.server import calendar, event
from tests.core.sources.ical.parsing import (
    WHOLE,
    booked_times,
    job,
    parse_single_room,
    uncertain_times,
)

NY = "TZID=America/New_York:"

KATHMANDU = """BEGIN:VTIMEZONE
TZID:Our own
BEGIN:STANDARD
DTSTART:19700101T000000
TZOFFSETFROM:+0545
TZOFFSETTO:+0545
END:STANDARD
END:VTIMEZONE""".replace("\n", "\r\n")

UNCLEAR = {
    "no length: from then to the end of the day": (
        [event("20260303T150000Z")],
        ["0303T1500/0304T0500"],
    ),
    "ends when it begins": (
        [event("20260303T150000Z", "20260303T150000Z")],
        ["0303T1500/0304T0500"],
    ),
    "day that ends when it begins": (
        [event("VALUE=DATE:20260303", "VALUE=DATE:20260303")],
        ["0303T0500/0304T0500"],
    ),
    "no length, weekly": (
        [event("20260302T150000Z", "", "RRULE:FREQ=WEEKLY")],
        ["0302T1500/0303T0500", "0309T1500/0310T0400"],
    ),
    "ends before it begins": (
        [event("20260305T150000Z", "20260305T140000Z")],
        ["0303T1400/0307T1500"],
    ),
    "negative duration": (
        [event("20260303T150000Z", "", "DURATION:-PT1H")],
        ["0301T1500/0403T1500"],
    ),
    "no start": (
        ["BEGIN:VEVENT\r\nUID:1\r\nDTEND:20260303T150000Z\r\nEND:VEVENT"],
        ["0131T1500/0305T1500"],
    ),
    "nothing": (["BEGIN:VEVENT\r\nUID:1\r\nEND:VEVENT"], WHOLE),
    "start is garbage": ([event("yesterday", "20260303T150000Z")], ["0131T1500/0305T1500"]),
    "month 13": ([event("20261303T150000Z", "20260303T150000Z")], ["0131T1500/0305T1500"]),
    "end is garbage": ([event("20260303T150000Z", "later")], ["0301T1500/0403T1500"]),
    "two starts": (
        [event("20260303T150000Z", "20260303T160000Z", "DTSTART:20260304T150000Z")],
        ["0301T0100/0305T1600"],
    ),
    "zone that nobody knows": (
        [event("TZID=Atlantis:20260305T150000", "TZID=Atlantis:20260305T160000")],
        ["0305T0100/0306T0400"],
    ),
    "own zone that makes no sense": (
        [
            KATHMANDU.replace("TZOFFSETTO:+0545\r\n", ""),
            event("TZID=Our own:20260305T150000", "TZID=Our own:20260305T160000"),
        ],
        ["0305T0100/0306T0400"],
    ),
    "calendar's zone that nobody knows": (
        ["X-WR-TIMEZONE:Atlantis", event("20260305T150000", "20260305T160000")],
        ["0305T0100/0306T0400"],
    ),
    "every second": ([event("20200306T150000Z", "20200306T150001Z", "RRULE:FREQ=SECONDLY")], WHOLE),
    "every second of every day": (
        [
            event(
                "20260220T150000Z",
                "20260220T150001Z",
                "RRULE:FREQ=DAILY;BYHOUR=0,1,2,3,4,5,6,7,8,9,"
                "10,11,12,13,14,15,16,17,18,19,20,21,22,23;BYMINUTE="
                + ",".join(map(str, range(60)))
                + ";BYSECOND="
                + ",".join(map(str, range(60))),
            )
        ],
        WHOLE,
    ),
    "bad rule that ended long ago": (
        [
            event(
                "20200306T150000Z", "20200306T150001Z", "RRULE:FREQ=SECONDLY;UNTIL=20210101T000000Z"
            )
        ],
        [],
    ),
    "series with a change that makes no sense": (
        [
            event(f"{NY}20260310T100000", f"{NY}20260310T110000", "RRULE:FREQ=DAILY"),
            event("20260312T100000Z", "20260312T110000Z", "RECURRENCE-ID:then"),
        ],
        [
            "0310T1400/1500",
            "0311T1400/1500",
            "0312T1000/1100",
            "0312T1400/1500",
            "0313T1400/1500",
            "0314T1400/1500",
        ],
    ),
    "busy times beyond what they are about": (
        ["BEGIN:VFREEBUSY\r\nDTSTART:20260303T000000Z\r\nDTEND:20260310T000000Z\r\nEND:VFREEBUSY"],
        ["0301T0500/0303T0000", "0310T0000/0315T0400"],
    ),
    "busy times of nothing": (["BEGIN:VFREEBUSY\r\nEND:VFREEBUSY"], WHOLE),
}


@pytest.mark.parametrize(("parts", "expected"), UNCLEAR.values(), ids=UNCLEAR)
def test_what_is_not_clear_is_in_doubt_as_long_as_it_may_be(parts, expected):
    told = parse_single_room(calendar(*parts))
    assert uncertain_times(told) == expected
    assert booked_times(told) == []


@pytest.mark.parametrize(("parts", "_"), UNCLEAR.values(), ids=UNCLEAR)
def test_an_unclear_event_spoils_no_other(parts, _):
    other = event("20260313T150000Z", "20260313T160000Z", uid="other")
    assert booked_times(parse_single_room(calendar(*parts, other))) == ["0313T1500/1600"]


BROKEN_RULES = {
    "RRULE:FREQ=FORTNIGHTLY": 14,
    "RRULE:FREQ=WEEKLY;BYDAY": 14,
    "RRULE:INTERVAL=2": 14,
    "RRULE:FREQ=DAILY;INTERVAL=0": 14,
    "RRULE:FREQ=DAILY;INTERVAL=-1": 14,
    "RRULE:FREQ=WEEKLY;BYWEEKNO=10": 14,
    "RRULE:FREQ=DAILY;COUNT=0": 14,
    "RRULE:FREQ=DAILY;DAILY;UNTIL=20260309T150000Z": 11,
    "RRULE:FREQ=DAILY;BYDAY=XX;COUNT=1": 13,
}


@pytest.mark.parametrize(("rule", "last"), BROKEN_RULES.items(), ids=BROKEN_RULES)
def test_a_rule_that_makes_no_sense_puts_every_day_in_doubt_at_its_time(rule, last):
    """The day on which a series starts is one of its days, whatever the rule."""
    told = parse_single_room(calendar(event("20260306T150000Z", "20260306T160000Z", rule)))
    assert booked_times(told) == ["0306T1500/1600"]
    assert uncertain_times(told)[: last - 6] == [
        f"03{day:02}T1500/1600" for day in range(7, last + 1)
    ]
    assert all(each < "0317" for each in uncertain_times(told)[last - 6 :])


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        # Any day from the start on.
        ("soon", ["0306T0500/0315T0400"]),
        # The day that is legible, and as far as it may be by zone.
        ("20260310T99", ["0309T0400/0312T0400"]),
        ("20210310T99", []),
        ("", []),
        (",,", []),
    ],
)
def test_a_further_date_that_is_none_is_in_doubt_where_it_may_be(date, expected):
    one = event("20260306T150000Z", "20260306T160000Z", f"RDATE:{date}")
    told = parse_single_room(calendar(one))
    assert booked_times(told) == ["0306T1500/1600"]
    assert uncertain_times(told) == expected


def test_a_broken_series_of_endless_events_puts_the_whole_time_in_doubt():
    one = event("19000101T150000Z", "21990101T150000Z", "RRULE:FREQ=FORTNIGHTLY")
    told = parse_single_room(calendar(one))
    [start, end] = told.uncertain[""]
    assert start <= job().start < job().end <= end


def test_a_call_off_that_makes_no_sense_calls_nothing_off():
    feed = calendar(
        event(f"{NY}20260303T100000", f"{NY}20260303T110000", "RRULE:FREQ=DAILY;COUNT=2"),
        event("20260303T150000Z", "", "RECURRENCE-ID:then", "STATUS:CANCELLED"),
    )
    told = parse_single_room(feed)
    assert booked_times(told) == ["0303T1500/1600", "0304T1500/1600"]
    assert uncertain_times(told) == []
