"""Rules against a calendar walked through day by day, over both changes of the clocks."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.sources.ical.parser import parse_feed
from fakes.ical.server import calendar, event
from tests.core.sources.ical.parsing import booked_times, job, times, uncertain_times

DAY = timedelta(days=1)
NAMES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
FIRST_DAYS = [date(2026, 3, 1), date(2026, 3, 22), date(2026, 10, 18), date(2026, 10, 25)]


def walked(start, length, zone, *, every, weekdays, last, count, without):
    """Return the instants of a rule: each day in turn, is it one of its days?"""
    found, number, day = [], 0, start.date()
    monday = day - DAY * day.weekday()
    while day <= last and (count is None or number < count):
        if weekdays is None:
            is_its = (day - start.date()).days % every == 0
        else:
            is_its = (day - monday).days // 7 % every == 0 and day.weekday() in weekdays
        if is_its:
            number += 1
            if day not in without:
                face = datetime.combine(day, start.time(), zone)
                found.append((face.astimezone(UTC), (face + length).astimezone(UTC)))
        day += DAY
    return found


@settings(max_examples=150, deadline=None)
@given(
    zone=st.sampled_from(["America/New_York", "Europe/Berlin"]),
    first=st.sampled_from(FIRST_DAYS),
    before=st.integers(0, 60),
    # Not in the hours in which the clocks change: those are tested one by one.
    hour=st.integers(4, 20),
    minute=st.sampled_from([0, 15, 59]),
    length=st.integers(1, 180),
    every=st.integers(1, 3),
    weekdays=st.none() | st.sets(st.integers(0, 6), min_size=1, max_size=4),
    ends=st.sampled_from(["never", "until a day", "until in utc", "count"]),
    lasts=st.integers(0, 80),
    left_out=st.sets(st.integers(0, 80), max_size=4),
    in_utc=st.booleans(),
)
def test_rules_are_as_walked_day_by_day(
    zone, first, before, hour, minute, length, every, weekdays, ends, lasts, left_out, in_utc
):
    clock = ZoneInfo(zone)
    begins = first - DAY * before
    if weekdays is not None:
        # The first date of a rule is one of its days.
        weekdays |= {begins.weekday()}
    start = datetime.combine(begins, time(hour, minute))
    last = begins + DAY * lasts if ends.startswith("until") else first + DAY * 20
    count = lasts + 1 if ends == "count" else None
    without = {begins + DAY * each for each in left_out}
    expected = walked(
        start,
        timedelta(minutes=length),
        clock,
        every=every,
        weekdays=weekdays,
        last=last,
        count=count,
        without=without,
    )
    rule = f"RRULE:FREQ={'DAILY' if weekdays is None else 'WEEKLY'};INTERVAL={every}"
    rule += f";BYDAY={','.join(NAMES[each] for each in sorted(weekdays))}" if weekdays else ""
    until = datetime.combine(last, start.time(), clock)
    rule += {
        "never": "",
        "until a day": f";UNTIL={last:%Y%m%d}",
        "until in utc": f";UNTIL={until.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        "count": f";COUNT={count}",
    }[ends]
    gone = [datetime.combine(each, start.time(), clock) for each in sorted(without)]
    exdates = [
        f"EXDATE:{each.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        if in_utc
        else f"EXDATE;TZID={zone}:{each:%Y%m%dT%H%M%S}"
        for each in gone
    ]
    feed = calendar(
        event(
            f"TZID={zone}:{start:%Y%m%dT%H%M%S}",
            f"TZID={zone}:{start + timedelta(minutes=length):%Y%m%dT%H%M%S}",
            rule,
            *exdates,
        )
    )
    asked = job(first, zone=zone)
    told = parse_feed(asked, feed)
    within = [
        (int(begin.timestamp()), int(end.timestamp()))
        for begin, end in expected
        if end.timestamp() > asked.start and begin.timestamp() < asked.end
    ]
    # Whether a series takes place on the day of its UNTIL is not clear; its start always does.
    unclear = [
        bounds
        for bounds in within
        if ends == "until a day"
        and begins < last == datetime.fromtimestamp(bounds[0], clock).date()
    ]
    certain = [bounds for bounds in within if bounds not in unclear]
    assert booked_times(told) == times([bound for bounds in certain for bound in bounds])
    assert uncertain_times(told) == times([bound for bounds in unclear for bound in bounds])


@pytest.mark.parametrize("zone", ["America/New_York", "Europe/Berlin"])
def test_nightly_events_cross_every_midnight(zone):
    clock = ZoneInfo(zone)
    first = date(2026, 6, 1)
    feed = calendar(
        event(f"TZID={zone}:20260601T220000", f"TZID={zone}:20260602T013000", "RRULE:FREQ=DAILY")
    )
    expected = []
    for number in range(14):
        day = first + DAY * number
        for each, hour, minute in ((day, 22, 0), (day + DAY, 1, 30)):
            face = datetime(each.year, each.month, each.day, hour, minute, tzinfo=clock)
            expected.append(int(face.timestamp()))
    assert booked_times(parse_feed(job(first, zone=zone), feed)) == times(expected)
