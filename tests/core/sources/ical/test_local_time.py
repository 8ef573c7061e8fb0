"""Each way in which a calendar says when: the instants are worked out by hand.

New York is five hours behind UTC until 8 March 2026 at 02:00, then four, and from
1 November at 02:00 five again.
"""

import time

import pytest

from fakes.ical.server import calendar, event
from tests.core.sources.ical.parsing import (
    AUTUMN,
    SPRING,
    booked_times,
    parse_single_room,
    uncertain_times,
)

NY = "TZID=America/New_York:"

CUSTOM = """BEGIN:VTIMEZONE
TZID:Our own
BEGIN:STANDARD
DTSTART:16011104T020000
RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010311T020000
RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
END:DAYLIGHT
END:VTIMEZONE""".replace("\n", "\r\n")

KATHMANDU = """BEGIN:VTIMEZONE
TZID:Our own
BEGIN:STANDARD
DTSTART:19700101T000000
TZOFFSETFROM:+0545
TZOFFSETTO:+0545
END:STANDARD
END:VTIMEZONE""".replace("\n", "\r\n")

WEEKLY = [f"{NY}20260105T100000", f"{NY}20260105T113000", "RRULE:FREQ=WEEKLY;BYDAY=MO,TU"]

CASES = {
    "utc": ([event("20260303T150000Z", "20260303T160000Z")], ["0303T1500/1600"]),
    "zone": ([event(f"{NY}20260303T100000", f"{NY}20260303T110000")], ["0303T1500/1600"]),
    "zone in summer": ([event(f"{NY}20260310T100000", f"{NY}20260310T110000")], ["0310T1400/1500"]),
    "another zone": (
        [event("TZID=Europe/Berlin:20260303T160000", "TZID=Europe/Berlin:20260303T170000")],
        ["0303T1500/1600"],
    ),
    "two zones": (
        [event(f"{NY}20260303T100000", "TZID=Europe/Berlin:20260303T170000")],
        ["0303T1500/1600"],
    ),
    "floating": ([event("20260303T100000", "20260303T110000")], ["0303T1500/1600"]),
    "windows zone": (
        [event("TZID=Eastern Standard Time:20260310T100000", "20260310T150000Z")],
        ["0310T1400/1500"],
    ),
    "quoted windows zone": (
        [event('TZID="W. Europe Standard Time":20260303T160000', "20260303T160000Z")],
        ["0303T1500/1600"],
    ),
    "own zone in winter": (
        [CUSTOM, event("TZID=Our own:20260303T100000", "TZID=Our own:20260303T110000")],
        ["0303T1500/1600"],
    ),
    "own zone in summer": (
        [CUSTOM, event("TZID=Our own:20260310T100000", "TZID=Our own:20260310T110000")],
        ["0310T1400/1500"],
    ),
    "own zone that is told after": (
        [event("TZID=Our own:20260310T100000", "TZID=Our own:20260310T110000"), CUSTOM],
        ["0310T1400/1500"],
    ),
    "weekly in an own zone across the change": (
        [
            CUSTOM,
            event(
                "TZID=Our own:20260302T100000",
                "TZID=Our own:20260302T110000",
                "RRULE:FREQ=WEEKLY",
            ),
        ],
        ["0302T1500/1600", "0309T1400/1500"],
    ),
    "calendar's zone, once in utc": (
        ["X-WR-TIMEZONE:Europe/Berlin", event("20260303T150000Z", "20260303T160000Z")],
        ["0303T1500/1600"],
    ),
    "weekly in utc": (
        [event("20260302T150000Z", "20260302T160000Z", "RRULE:FREQ=WEEKLY")],
        ["0302T1500/1600", "0309T1500/1600"],
    ),
    "calendar's zone does not move an event with its own": (
        ["X-WR-TIMEZONE:Asia/Tokyo", event(f"{NY}20260303T100000", f"{NY}20260303T110000")],
        ["0303T1500/1600"],
    ),
    "whole day": ([event("VALUE=DATE:20260303", "VALUE=DATE:20260304")], ["0303T0500/0304T0500"]),
    "whole day without its kind": ([event("20260303", "20260304")], ["0303T0500/0304T0500"]),
    "whole day without an end": ([event("VALUE=DATE:20260303")], ["0303T0500/0304T0500"]),
    "day of 23 hours": ([event("VALUE=DATE:20260308")], ["0308T0500/0309T0400"]),
    "three days": ([event("VALUE=DATE:20260303", "", "DURATION:P3D")], ["0303T0500/0306T0500"]),
    "whole day in a calendar of another zone": (
        ["X-WR-TIMEZONE:Asia/Tokyo", event("VALUE=DATE:20260303")],
        ["0303T0500/0304T0500"],
    ),
    "duration": ([event(f"{NY}20260303T100000", "", "DURATION:PT1H30M")], ["0303T1500/1630"]),
    "over midnight": (
        [event(f"{NY}20260303T230000", f"{NY}20260304T013000")],
        ["0304T0400/0630"],
    ),
    "began before": ([event("20260101T000000Z", "20260302T000000Z")], ["0101T0000/0302T0000"]),
    "weekly across the change": (
        [event(*WEEKLY)],
        ["0302T1500/1630", "0303T1500/1630", "0309T1400/1530", "0310T1400/1530"],
    ),
    "until in utc, to the last": (
        [
            event(
                f"{NY}20260302T100000",
                f"{NY}20260302T110000",
                "RRULE:FREQ=DAILY;UNTIL=20260304T150000Z",
            )
        ],
        ["0302T1500/1600", "0303T1500/1600", "0304T1500/1600"],
    ),
    "count": (
        [event(f"{NY}20260302T100000", f"{NY}20260302T110000", "RRULE:FREQ=DAILY;COUNT=2")],
        ["0302T1500/1600", "0303T1500/1600"],
    ),
    "every second week": (
        [event(f"{NY}20260224T100000", f"{NY}20260224T110000", "RRULE:FREQ=WEEKLY;INTERVAL=2")],
        ["0310T1400/1500"],
    ),
    "second tuesday": (
        [event(f"{NY}20260113T100000", f"{NY}20260113T110000", "RRULE:FREQ=MONTHLY;BYDAY=2TU")],
        ["0310T1400/1500"],
    ),
    "last day but one": (
        [event("VALUE=DATE:20260130", "", "RRULE:FREQ=MONTHLY;BYMONTHDAY=-25")],
        ["0307T0500/0308T0500"],
    ),
    "rule that ends with a semicolon": (
        [event(f"{NY}20260302T100000", f"{NY}20260302T110000", "RRULE:FREQ=DAILY;COUNT=2;")],
        ["0302T1500/1600", "0303T1500/1600"],
    ),
    "dates besides": (
        [
            event(
                f"{NY}20260302T100000",
                f"{NY}20260302T110000",
                "RDATE;TZID=America/New_York:20260304T120000,20260309T120000",
            )
        ],
        ["0302T1500/1600", "0304T1700/1800", "0309T1600/1700"],
    ),
    "periods besides": (
        [
            event(
                f"{NY}20260302T100000",
                f"{NY}20260302T110000",
                "RDATE;VALUE=PERIOD:20260304T170000Z/PT3H,20260305T170000Z/20260305T190000Z",
            )
        ],
        ["0302T1500/1600", "0304T1700/2000", "0305T1700/1900"],
    ),
    "dates left out": (
        [
            event(
                f"{NY}20260302T100000",
                f"{NY}20260302T110000",
                "RRULE:FREQ=DAILY;COUNT=4",
                "EXDATE;TZID=America/New_York:20260303T100000",
                "EXDATE:20260304T150000Z",
            )
        ],
        ["0302T1500/1600", "0305T1500/1600"],
    ),
    "date left out is not that of the same hour in utc": (
        [
            event(
                f"{NY}20260302T100000",
                f"{NY}20260302T110000",
                "RRULE:FREQ=DAILY;COUNT=4;BYHOUR=10,15",
                "EXDATE;TZID=America/New_York:20260303T100000",
            )
        ],
        ["0302T1500/1600", "0302T2000/2100", "0303T2000/2100"],
    ),
    "whole days, one left out": (
        [
            event(
                "VALUE=DATE:20260302", "", "RRULE:FREQ=DAILY;COUNT=3", "EXDATE;VALUE=DATE:20260303"
            )
        ],
        ["0302T0500/0303T0500", "0304T0500/0305T0500"],
    ),
    "date moved": (
        [
            event(*WEEKLY),
            event(
                f"{NY}20260303T140000",
                f"{NY}20260303T150000",
                "RECURRENCE-ID;TZID=America/New_York:20260303T100000",
            ),
        ],
        ["0302T1500/1630", "0303T1900/2000", "0309T1400/1530", "0310T1400/1530"],
    ),
    "date moved, named in utc": (
        [
            event(*WEEKLY),
            event("20260303T190000Z", "20260303T200000Z", "RECURRENCE-ID:20260303T150000Z"),
        ],
        ["0302T1500/1630", "0303T1900/2000", "0309T1400/1530", "0310T1400/1530"],
    ),
    "date moved into the span": (
        [
            event(f"{NY}20260403T100000", f"{NY}20260403T110000", "RRULE:FREQ=DAILY;COUNT=2"),
            event("20260303T190000Z", "20260303T200000Z", "RECURRENCE-ID:20260403T140000Z"),
        ],
        ["0303T1900/2000"],
    ),
    "date moved, told before its series": (
        [
            event("20260303T190000Z", "20260303T200000Z", "RECURRENCE-ID:20260303T150000Z"),
            event(f"{NY}20260303T100000", f"{NY}20260303T110000", "RRULE:FREQ=DAILY;COUNT=2"),
        ],
        ["0303T1900/2000", "0304T1500/1600"],
    ),
    "date called off": (
        [
            event(*WEEKLY),
            event(
                f"{NY}20260303T100000",
                f"{NY}20260303T113000",
                "STATUS:CANCELLED",
                "RECURRENCE-ID;TZID=America/New_York:20260303T100000",
            ),
        ],
        ["0302T1500/1630", "0309T1400/1530", "0310T1400/1530"],
    ),
    "all dates from one on moved": (
        [
            event(f"{NY}20260302T100000", f"{NY}20260302T110000", "RRULE:FREQ=DAILY;COUNT=4"),
            event(
                f"{NY}20260304T120000",
                f"{NY}20260304T130000",
                "RECURRENCE-ID;TZID=America/New_York;RANGE=THISANDFUTURE:20260304T100000",
            ),
        ],
        ["0302T1500/1600", "0303T1500/1600", "0304T1700/1800", "0305T1700/1800"],
    ),
    "change of a series that is not there": (
        [event("20260303T190000Z", "20260303T200000Z", "RECURRENCE-ID:20260303T150000Z")],
        ["0303T1900/2000"],
    ),
    "cancelled": ([event("20260303T150000Z", "20260303T160000Z", "STATUS:CANCELLED")], []),
    "canceled, as Americans write": (
        [event("20260303T150000Z", "20260303T160000Z", "STATUS:canceled")],
        [],
    ),
    "opaque": (
        [event("20260303T150000Z", "20260303T160000Z", "TRANSP:OPAQUE")],
        ["0303T1500/1600"],
    ),
    "tentative": (
        [event("20260303T150000Z", "20260303T160000Z", "STATUS:TENTATIVE")],
        ["0303T1500/1600"],
    ),
    "two of one id": (
        [
            event("20260303T150000Z", "20260303T160000Z"),
            event("20260303T180000Z", "20260303T190000Z"),
        ],
        ["0303T1500/1600", "0303T1800/1900"],
    ),
    "revised": (
        [
            event("20260303T150000Z", "20260303T160000Z", "SEQUENCE:1"),
            event("20260303T180000Z", "20260303T190000Z", "SEQUENCE:2"),
        ],
        ["0303T1800/1900"],
    ),
    "overlapping and touching": (
        [
            event("20260303T150000Z", "20260303T160000Z", uid="1"),
            event("20260303T153000Z", "20260303T170000Z", uid="2"),
            event("20260303T170000Z", "20260303T180000Z", uid="3"),
        ],
        ["0303T1500/1800"],
    ),
    "an alarm's times are not the event's": (
        [
            event(
                "20260303T150000Z",
                "20260303T160000Z",
                "BEGIN:VALARM",
                "TRIGGER:-PT15M",
                "DURATION:PT9H",
                "END:VALARM",
            )
        ],
        ["0303T1500/1600"],
    ),
    "tasks and journals are not bookings": (
        ["BEGIN:VTODO\r\nUID:9\r\nDTSTART:20260303T150000Z\r\nDUE:20260303T160000Z\r\nEND:VTODO"],
        [],
    ),
    "exclusion rules of old do not free": (
        [
            event(
                f"{NY}20260302T100000",
                f"{NY}20260302T110000",
                "RRULE:FREQ=DAILY;COUNT=2",
                "EXRULE:FREQ=DAILY",
            )
        ],
        ["0302T1500/1600", "0303T1500/1600"],
    ),
    "busy times": (
        [
            (
                "BEGIN:VFREEBUSY\r\nDTSTART:20260101T000000Z\r\nDTEND:20270101T000000Z\r\n"
                "FREEBUSY:20260303T150000Z/PT1H,20260304T150000Z/20260304T160000Z\r\n"
                "FREEBUSY;FBTYPE=FREE:20260305T150000Z/PT1H\r\n"
                "FREEBUSY;FBTYPE=BUSY-TENTATIVE:20260306T150000Z/PT1H\r\nEND:VFREEBUSY"
            )
        ],
        ["0303T1500/1600", "0304T1500/1600", "0306T1500/1600"],
    ),
}


@pytest.mark.parametrize(("parts", "expected"), CASES.values(), ids=CASES)
def test_times_are_those_worked_out_by_hand(parts, expected):
    told = parse_single_room(calendar(*parts))
    assert booked_times(told) == expected
    assert uncertain_times(told) == []


TWO_READINGS = {
    "calendar's zone or the campus's, floating": (
        ["X-WR-TIMEZONE:Europe/Berlin", event("20260303T160000", "20260303T170000")],
        [],
        ["0303T1500/1600", "0303T2100/2200"],
    ),
    "calendar's zone that is the campus's, floating": (
        ["X-WR-TIMEZONE:US/Eastern", event("20260303T160000", "20260303T170000")],
        ["0303T2100/2200"],
        [],
    ),
    "calendar's zone, weekly in utc": (
        [
            "X-WR-TIMEZONE:America/New_York",
            event("20260302T150000Z", "20260302T160000Z", "RRULE:FREQ=WEEKLY"),
        ],
        ["0302T1500/1600"],
        ["0309T1400/1600"],
    ),
    "until a day": (
        [event(f"{NY}20260302T100000", f"{NY}20260302T110000", "RRULE:FREQ=DAILY;UNTIL=20260303")],
        ["0302T1500/1600"],
        ["0303T1500/1600"],
    ),
    "until a day's first second": (
        [
            event(
                f"{NY}20260302T100000",
                f"{NY}20260302T110000",
                "RRULE:FREQ=DAILY;UNTIL=20260304T000000Z",
            )
        ],
        ["0302T1500/1600", "0303T1500/1600"],
        ["0304T1500/1600"],
    ),
    "until without a zone": (
        [
            event(
                f"{NY}20260302T100000",
                f"{NY}20260302T110000",
                "RRULE:FREQ=DAILY;UNTIL=20260303T100000",
            )
        ],
        ["0302T1500/1600"],
        ["0303T1500/1600"],
    ),
    "whole days until an hour": (
        [event("VALUE=DATE:20260302", "", "RRULE:FREQ=DAILY;UNTIL=20260304T000000Z")],
        ["0302T0500/0304T0500"],
        ["0304T0500/0305T0500"],
    ),
    "until and count": (
        [
            event(
                f"{NY}20260302T100000",
                f"{NY}20260302T110000",
                "RRULE:FREQ=DAILY;COUNT=2;UNTIL=20260304T150000Z",
            )
        ],
        ["0302T1500/1600", "0303T1500/1600"],
        ["0304T1500/1600"],
    ),
    "day left out": (
        [
            event(
                f"{NY}20260302T100000",
                f"{NY}20260302T110000",
                "RRULE:FREQ=DAILY;COUNT=3",
                "EXDATE;VALUE=DATE:20260303",
            )
        ],
        ["0302T1500/1600", "0304T1500/1600"],
        ["0303T1500/1600"],
    ),
    "zone beside Z": (
        [event(f"{NY}20260303T100000Z", f"{NY}20260303T110000Z")],
        [],
        ["0303T1000/1100", "0303T1500/1600"],
    ),
    "zone beside Z that is UTC": (
        [event("TZID=Etc/UTC:20260303T100000Z", "TZID=Etc/UTC:20260303T110000Z")],
        ["0303T1000/1100"],
        [],
    ),
    "own zone under a known name": (
        [
            KATHMANDU.replace("Our own", "America/New_York"),
            event(f"{NY}20260303T100000", f"{NY}20260303T110000"),
        ],
        [],
        ["0303T0415/0515", "0303T1500/1600"],
    ),
    "own zone under a known name that agrees with it": (
        [
            CUSTOM.replace("Our own", "America/New_York"),
            event(f"{NY}20260303T100000", f"{NY}20260303T110000"),
        ],
        ["0303T1500/1600"],
        [],
    ),
    "abbreviation without a summer": (
        [event("TZID=EST:20260310T100000", "TZID=EST:20260310T110000")],
        [],
        ["0310T1400/1600"],
    ),
    "weekday counted in utc or on campus": (
        # A Monday evening in New York is a Tuesday in UTC.
        [event("20260303T010000Z", "20260303T020000Z", "RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=2")],
        [],
        ["0303T0100/0200", "0309T0100/0200", "0310T0100/0200"],
    ),
    "weekday counted in utc and on campus": (
        [event("20260303T150000Z", "20260303T160000Z", "RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=1")],
        ["0303T1500/1600"],
        [],
    ),
    "date left out and changed": (
        [
            event(
                f"{NY}20260303T100000",
                f"{NY}20260303T110000",
                "RRULE:FREQ=DAILY;COUNT=2",
                "EXDATE;TZID=America/New_York:20260304T100000",
            ),
            event("20260304T190000Z", "20260304T200000Z", "RECURRENCE-ID:20260304T150000Z"),
        ],
        ["0303T1500/1600"],
        ["0304T1900/2000"],
    ),
    "date left out, and changed later": (
        [
            event(
                f"{NY}20260303T100000",
                f"{NY}20260303T110000",
                "RRULE:FREQ=DAILY;COUNT=2",
                "EXDATE;TZID=America/New_York:20260304T100000",
            ),
            event(
                "20260304T190000Z",
                "20260304T200000Z",
                "RECURRENCE-ID:20260304T150000Z",
                "SEQUENCE:1",
            ),
        ],
        ["0303T1500/1600", "0304T1900/2000"],
        [],
    ),
    "start that its rule does not have": (
        [
            event(
                f"{NY}20260303T100000", f"{NY}20260303T110000", "RRULE:FREQ=WEEKLY;BYDAY=WE;COUNT=2"
            )
        ],
        ["0304T1500/1600"],
        ["0303T1500/1600", "0311T1400/1500"],
    ),
    "busy times without a zone": (
        [
            (
                "BEGIN:VFREEBUSY\r\nDTSTART:20260101T000000Z\r\nDTEND:20270101T000000Z\r\n"
                "FREEBUSY:20260303T150000/PT1H\r\nEND:VFREEBUSY"
            )
        ],
        [],
        ["0303T1500/1600", "0303T2000/2100"],
    ),
    "end that is a day": (
        [event(f"{NY}20260303T100000", "VALUE=DATE:20260303")],
        [],
        ["0303T1500/0304T0500"],
    ),
    "end that is the next day": (
        [event(f"{NY}20260303T100000", "VALUE=DATE:20260304")],
        ["0303T1500/0304T0500"],
        ["0304T0500/0305T0500"],
    ),
}


@pytest.mark.parametrize(("parts", "booked", "uncertain"), TWO_READINGS.values(), ids=TWO_READINGS)
def test_times_that_can_be_read_in_two_ways_are_in_doubt(parts, booked, uncertain):
    told = parse_single_room(calendar(*parts))
    assert booked_times(told) == booked
    assert uncertain_times(told) == uncertain


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/Los_Angeles"])
def test_times_never_depend_on_the_zone_of_the_machine(zone, monkeypatch):
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        for parts, booked, uncertain in TWO_READINGS.values():
            told = parse_single_room(calendar(*parts))
            assert (booked_times(told), uncertain_times(told)) == (booked, uncertain)
    finally:
        monkeypatch.undo()
        time.tzset()


WRITTEN_OTHERWISE = {
    "blank before the value": [event(" 20260303T150000Z", " 20260303T160000Z")],
    "blank after the name": [
        "BEGIN:VEVENT\r\nDTSTART :20260303T150000Z\r\nDURATION:PT1H\r\nEND:VEVENT"
    ],
    "byte order mark before the value": [event("\ufeff20260303T150000Z", "20260303T160000Z")],
    "quotes around the value": [
        'BEGIN:VEVENT\r\nDTSTART:"20260303T150000Z"\r\nDTEND:20260303T160000Z\r\nEND:VEVENT'
    ],
    "separators": [
        event("VALUE=DATE-TIME:2026-03-03T15:00:00Z", "VALUE=DATE-TIME:2026-03-03T16:00:00.000Z")
    ],
    "offset at the end": [event("VALUE=DATE-TIME:2026-03-03T10:00:00-05:00", "20260303T160000Z")],
    "small letters": [event("20260303t150000z", "20260303t160000z")],
    "zone in quotes": [event('TZID="America/New_York":20260303T100000', "20260303T160000Z")],
    "zone without its quotes": [
        event("TZID=GMT+05:30:20260303T203000", "TZID=GMT+05:30:20260303T213000")
    ],
    "offset as a zone": [event("TZID=UTC-5:20260303T100000", "TZID=-0500:20260303T110000")],
    "Exchange's name of a zone": [
        event('TZID="(UTC-05:00) Eastern Time (US & Canada)":20260303T100000', "20260303T160000Z")
    ],
    "Exchange's old name of a zone": [
        event('TZID="(GMT-05:00) Eastern Time (US & Canada)":20260303T100000', "20260303T160000Z")
    ],
    "zone without its offset before": [
        CUSTOM.replace("TZOFFSETFROM:-0400\r\n", "").replace("TZOFFSETFROM:-0500\r\n", ""),
        event("TZID=Our own:20260303T100000", "TZID=Our own:20260303T110000"),
    ],
    "nothing left out": [
        event("20260303T150000Z", "20260303T160000Z", "EXDATE:", "RDATE:", "RRULE:")
    ],
    "nothing changed": [event("20260303T150000Z", "20260303T160000Z", "RECURRENCE-ID:")],
    "start twice the same": [
        event("20260303T150000Z", "20260303T160000Z", "DTSTART:20260303T150000Z")
    ],
    "no seconds": [event("20260303T1500Z", "20260303T1600Z")],
}


@pytest.mark.parametrize("parts", WRITTEN_OTHERWISE.values(), ids=WRITTEN_OTHERWISE)
def test_times_are_read_however_they_are_written(parts):
    told = parse_single_room(calendar(*parts))
    assert (booked_times(told), uncertain_times(told)) == (["0303T1500/1600"], [])


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        # 01:30 is shown at 05:30Z and at 06:30Z.
        (f"{NY}20261101T003000", f"{NY}20261101T013000", ["1101T0430/0630"]),
        (f"{NY}20261101T013000", f"{NY}20261101T030000", ["1101T0530/0800"]),
        ("20261101T013000", "20261101T014500", ["1101T0530/0645"]),
        ("20261101T063000Z", "20261101T064500Z", ["1101T0630/0645"]),
        ("VALUE=DATE:20261101", "VALUE=DATE:20261102", ["1101T0400/1102T0500"]),
    ],
)
def test_in_the_hour_shown_twice_both_are_taken(start, end, expected):
    assert booked_times(parse_single_room(calendar(event(start, end)), AUTUMN)) == expected


@pytest.mark.parametrize(
    ("start", "end", "more", "expected"),
    [
        # 02:30 is never shown: 06:30Z or 07:30Z, depending on who reads it.
        ("20260308T023000", "20260308T040000", (), ["0308T0630/0800"]),
        ("20260308T010000", "20260308T040000", (), ["0308T0600/0800"]),
        # Three hours are until 04:00 on the clock, and until 05:00 in truth.
        ("20260308T010000", "", ("DURATION:PT3H",), ["0308T0600/0900"]),
        (
            "20260301T010000",
            "20260301T040000",
            ("RRULE:FREQ=WEEKLY;COUNT=2",),
            ["0301T0600/0900", "0308T0600/0900"],
        ),
    ],
)
def test_where_the_clocks_skip_it_is_as_wide_as_it_may_be(start, end, more, expected):
    feed = calendar(event(NY + start, NY + end if end else "", *more))
    assert booked_times(parse_single_room(feed)) == expected


def test_zones_of_one_feed_mean_nothing_in_the_next():
    parts = event("TZID=Our own:20260303T100000", "TZID=Our own:20260303T110000")
    assert booked_times(parse_single_room(calendar(CUSTOM, parts))) == ["0303T1500/1600"]
    assert booked_times(parse_single_room(calendar(KATHMANDU, parts))) == ["0303T0415/0515"]
    # Anywhere on earth.
    assert uncertain_times(parse_single_room(calendar(parts))) == ["0302T2000/0303T2300"]


@pytest.mark.filterwarnings("ignore:Timezone .* is a globally unique TZID")
def test_zones_of_linux_programs_are_known_by_their_ends():
    zone = "TZID=/freeassociation.sourceforge.net/America/New_York:"
    feed = calendar(event(f"{zone}20260310T100000", f"{zone}20260310T110000"))
    assert booked_times(parse_single_room(feed)) == ["0310T1400/1500"]


def test_two_calendars_in_one_feed_each_have_their_clock():
    berlin = calendar("X-WR-TIMEZONE:Europe/Berlin", event("20260303T160000", "20260303T170000"))
    tokyo = calendar("X-WR-TIMEZONE:Asia/Tokyo", event("20260305T000000", "20260305T010000"))
    told = parse_single_room(berlin + tokyo)
    # And each may mean the campus's clock.
    assert uncertain_times(told) == [
        "0303T1500/1600",
        "0303T2100/2200",
        "0304T1500/1600",
        "0305T0500/0600",
    ]


def test_an_event_in_utc_is_sure_whatever_the_calendars_zone_shows():
    one = event("20261101T053000Z", "20261101T063000Z")
    told = parse_single_room(calendar("X-WR-TIMEZONE:America/New_York", one), AUTUMN)
    assert (booked_times(told), uncertain_times(told)) == (["1101T0530/0630"], [])


@pytest.mark.parametrize(
    ("parts", "stale"),
    [
        ([event("20240303T150000Z", "20240303T160000Z")], True),
        ([event("20240303T150000Z", "20240303T160000Z", "RRULE:FREQ=DAILY;COUNT=20")], True),
        ([event("20250303T150000Z", "20250303T160000Z")], False),
        ([event("20240303T150000Z", "20240303T160000Z", "RRULE:FREQ=WEEKLY")], False),
        ([event("20261003T150000Z", "20261003T160000Z")], False),
        ([event("20250303T150000Z", "20250303T160000Z", "STATUS:CANCELLED")], False),
        ([event("when", "20200303T160000Z")], False),
        ([], False),
    ],
)
def test_a_feed_without_anything_in_a_year_is_stale(parts, stale):
    assert parse_single_room(calendar(*parts), SPRING).is_stale is stale
