from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InvalidDateError, InvalidTimeError
from core.lookup.times import complete_date, complete_time, parse_date, parse_moment, parse_time

ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 3, 3, 10, 7, 31, tzinfo=ZONE)
TUESDAY = NOW.date()


def read(at=None, on=None, now=NOW):
    return parse_moment(at, on, now=now, zone=ZONE)


def clock(at):
    return f"{read(at).astimezone(ZONE):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("14:30", "14:30"),
        ("14.30", "14:30"),
        ("14h30", "14:30"),
        ("2:30 pm", "14:30"),
        ("2:30pm", "14:30"),
        ("2:30 P.M.", "14:30"),
        ("2:30p", "14:30"),
        ("2pm", "14:00"),
        ("2 PM", "14:00"),
        ("  2pm ", "14:00"),
        ("9am", "09:00"),
        ("12pm", "12:00"),
        ("12am", "00:00"),
        ("12:05 am", "00:05"),
        ("12:59pm", "12:59"),
        ("0:00", "00:00"),
        ("7:05", "07:05"),
        ("07:05", "07:05"),
        ("23:59", "23:59"),
        ("١٤:٣٠", "14:30"),
    ],
)
def test_time_of_the_day(typed, meant):
    assert clock(typed) == f"2026-03-03 {meant}"


def test_24_00_is_the_midnight_that_ends_the_day():
    assert clock("24:00") == "2026-03-04 00:00"


@pytest.mark.parametrize(
    "typed",
    [
        "14",
        "2",
        "25:00",
        "24:01",
        "24:59",
        "12:60",
        "99:99",
        "13pm",
        "14:30 pm",
        "0am",
        "0:30 am",
        "half past",
        "noon",
        "2:3",
        "002:30",
        "14:30:00",
        "2:30 xm",
        "-5",
        "-1:00",
        "+",
        "+x",
        "+-5",
        "+1h",
        "+99999",
        "+4 5",
        "1e1:00",
        "14:30\n15:30",
        "²:00",
        "①:30",
        ":",
        ":30",
        "pm",
        "now now",
        "\0",
        "9" * 5000,
        "+" + "9" * 5000,
        "9" * 5000 + ":00",
    ],
)
def test_what_is_no_time_is_told_so(typed):
    """ApSpace validated nothing and rolled past midnight."""
    with pytest.raises(InvalidTimeError) as caught:
        read(typed)
    assert caught.value.typed == typed


@pytest.mark.parametrize("typed", [None, "", "  ", "now", "Now", " NOW "])
def test_no_time_is_now_to_the_second(typed):
    assert read(typed) == NOW


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [("+45", 45), ("+ 45", 45), ("+45m", 45), ("+45 min", 45), ("+0", 0), (" +120 minutes", 120)],
)
def test_plus_minutes_counts_from_now(typed, minutes):
    assert read(typed) == NOW.astimezone(UTC) + timedelta(minutes=minutes)


def test_moment_is_in_utc():
    for at in (None, "14:30", "+45"):
        for on in (None, "tomorrow"):
            assert read(at, on).tzinfo is UTC


def test_time_that_has_passed_is_of_today_all_the_same():
    assert clock("07:00") == "2026-03-03 07:00"


def test_time_of_another_day():
    assert read("14:30", "2026-03-09") == datetime(2026, 3, 9, 14, 30, tzinfo=ZONE)


def test_other_day_without_time_is_the_same_time_of_it():
    wanted = datetime(2026, 3, 9, 10, 7, 31, tzinfo=ZONE)
    assert read(None, "2026-03-09") == read("now", "2026-03-09") == wanted
    assert read("+45", "2026-03-09") == wanted + timedelta(minutes=45)


def test_no_date_is_today():
    assert read("14:30", None) == read("14:30", "") == read("14:30", "today")


def test_today_is_the_day_on_campus():
    """At 20:30 in New York it is tomorrow in UTC."""
    evening = datetime(2026, 3, 4, 1, 30, tzinfo=UTC)
    assert read("21:00", now=evening) == datetime(2026, 3, 3, 21, tzinfo=ZONE)
    assert read("09:00", "tomorrow", now=evening) == datetime(2026, 3, 4, 9, tzinfo=ZONE)


def test_plus_minutes_are_elapsed_over_a_change_of_the_clocks():
    before = datetime(2026, 3, 8, 1, 45, tzinfo=ZONE)
    assert read("+45", now=before) == datetime(2026, 3, 8, 3, 30, tzinfo=ZONE)
    before = datetime(2026, 11, 1, 1, 45, tzinfo=ZONE)
    assert read("+45", now=before) == datetime(2026, 11, 1, 1, 30, tzinfo=ZONE, fold=1).astimezone(
        UTC
    )


def test_now_in_the_hour_that_comes_twice_is_now():
    second = datetime(2026, 11, 1, 1, 30, tzinfo=ZONE, fold=1).astimezone(UTC)
    assert read(None, now=second.astimezone(ZONE)) == second
    assert read(None, now=second) == second


def test_time_that_the_clocks_skip_or_show_twice():
    assert read("02:30", "2026-03-08") == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)
    assert read("01:30", "2026-11-01") == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


@pytest.mark.parametrize("year", [1, 9999])
def test_date_at_the_ends_of_the_calendar_is_told_not_to_be_one(year):
    with pytest.raises(InvalidDateError):
        read("14:30", f"{year:04}-01-01")


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("today", 3),
        ("Today ", 3),
        ("tomorrow", 4),
        ("tuesday", 3),
        ("TUE", 3),
        ("tu", 3),
        ("wednesday", 4),
        ("we", 4),
        ("thu", 5),
        ("fri", 6),
        ("sat", 7),
        ("sunday", 8),
        ("Monday", 9),
        ("mo", 9),
        ("2026-03-03", 3),
        (" 2026-03-31 ", 31),
    ],
)
def test_date(typed, day):
    assert parse_date(typed, today=TUESDAY) == date(2026, 3, day)


def test_weekday_over_the_new_year():
    assert parse_date("fri", today=date(2026, 12, 31)) == date(2027, 1, 1)
    assert parse_date("tomorrow", today=date(2026, 12, 31)) == date(2027, 1, 1)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "t",
        "m",
        "yesterday",
        "tuesdays",
        "2026-02-30",
        "2026-13-01",
        "0000-01-01",
        "31.12.2026",
        "03/03/2026",
        "2026-3-3",
        "9999-12-31",
        "0001-01-01",
        "99999-01-01",
        "-2026-03-03",
        "2026-03-03T10:00",
        "٢٠٢٦-٠٣-٠٣",
        "\0",
        "9" * 5000,
    ],
)
def test_what_is_no_date_is_told_so(typed):
    with pytest.raises(InvalidDateError) as caught:
        parse_date(typed, today=TUESDAY)
    assert caught.value.typed == typed


# Text like that of members, and text like that of nobody.
near = st.text("0123456789٣२:.h+- apmAPM\n", max_size=12)
dates = st.text("0123456789-/.WtodaymrwTue ", max_size=14)
anything = st.text() | st.text(min_size=200, max_size=400) | near | dates
numbers = st.integers(-(10**30), 10**30).map(str)
clocks = st.builds(
    "{}{}{}{}".format,
    st.integers(0, 99),
    st.sampled_from([":", ".", "h", ""]),
    st.integers(0, 99),
    st.sampled_from(["", "am", " pm", "p.m.", "m"]),
)
typed_times = st.none() | anything | numbers | clocks | numbers.map(lambda each: f"+{each}")
typed_dates = (
    st.none() | anything | numbers | st.dates().map(str) | st.sampled_from(["tomorrow", "sun"])
)
nows = st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1)).map(  # noqa: DTZ001 - gets its zone here
    lambda naive: naive.replace(tzinfo=UTC)
)


@settings(max_examples=500, deadline=None)
@given(at=typed_times, on=typed_dates, now=nows)
def test_any_text_is_a_moment_or_one_of_two_errors(at, on, now):
    try:
        moment = read(at, on, now)
    except (InvalidTimeError, InvalidDateError) as err:
        blamed = {InvalidTimeError: at, InvalidDateError: on}[type(err)]
        is_verbatim = err.typed == blamed
    else:
        is_verbatim = True
        assert moment.tzinfo is UTC
        assert abs(moment - now) < timedelta(days=36_600)
    assert is_verbatim


@settings(max_examples=300, deadline=None)
@given(typed=anything | numbers | clocks)
def test_any_text_is_a_time_of_the_day_or_an_error(typed):
    try:
        since_midnight = parse_time(typed)
    except InvalidTimeError:
        return
    assert timedelta() <= since_midnight <= timedelta(days=1)


@pytest.mark.parametrize("typed", ["", "now", "+45", "7"])
def test_time_of_a_digest_is_a_time_on_the_clock(typed):
    with pytest.raises(InvalidTimeError):
        parse_time(typed)


@settings(max_examples=300, deadline=None)
@given(typed=st.just("") | anything | numbers | clocks, now=nows)
def test_completing_any_text_gives_times_that_can_be_read(typed, now):
    pairs = complete_time(typed, now=now, zone=ZONE)
    assert len(set(pairs)) == len(pairs)
    for shown, sent in pairs:
        assert 1 <= len(shown) <= 100
        assert read(sent, now=now).tzinfo is UTC


@settings(max_examples=300, deadline=None)
@given(typed=near | clocks, now=nows)
def test_time_that_can_be_read_is_among_its_completions(typed, now):
    try:
        moment = read(typed, now=now)
    except InvalidTimeError:
        return
    sent = [read(each, now=now) for _, each in complete_time(typed, now=now, zone=ZONE)]
    assert moment in sent


@pytest.mark.parametrize("typed", ["14:30", "2:30 pm", "2pm", "9:00", "+45", "+3", "+6", "now"])
def test_time_that_can_be_read_is_its_own_first_completion(typed):
    pairs = complete_time(typed, now=NOW, zone=ZONE)
    assert read(pairs[0][1]) == read(typed)


def test_nothing_typed_offers_now_soon_and_the_hours_to_come():
    pairs = complete_time("", now=NOW, zone=ZONE)
    assert pairs[:5] == [
        ("now", "now"),
        ("in 30 minutes", "+30"),
        ("in an hour", "+60"),
        ("11:00 · 11:00 AM", "11:00"),
        ("12:00 · 12:00 PM", "12:00"),
    ]


@pytest.mark.parametrize(
    ("typed", "among"),
    [
        ("2", "14:00"),
        ("2", "02:00"),
        ("2:3", "02:30"),
        ("2p", "14:00"),
        ("no", "now"),
        ("14", "14:00"),
    ],
)
def test_half_a_time_is_completed(typed, among):
    assert among in [sent for _, sent in complete_time(typed, now=NOW, zone=ZONE)]


def test_text_that_leads_nowhere_has_no_completion():
    assert complete_time("half past", now=NOW, zone=ZONE) == []


def days(*numbers):
    return [date(2026, 3, number) for number in numbers]


def test_days_that_are_known_are_offered_nearest_first():
    pairs = complete_date("", today=TUESDAY, known_days=days(9, 2, 4, 3))
    assert pairs == [
        ("Today · Tuesday · 2026-03-03", "2026-03-03"),
        ("Tomorrow · Wednesday · 2026-03-04", "2026-03-04"),
        ("Monday · 2026-03-09", "2026-03-09"),
    ]


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("to", days(3, 4)),
        ("TOM", days(4)),
        ("tue", days(3, 10)),
        ("2026-03-1", days(10)),
        ("x", []),
    ],
)
def test_half_a_date_is_completed(typed, offered):
    pairs = complete_date(typed, today=TUESDAY, known_days=days(3, 4, 9, 10))
    assert [sent for _, sent in pairs] == [str(each) for each in offered]


@settings(max_examples=150, deadline=None)
@given(typed=anything, known=st.lists(st.dates(), max_size=10), today=st.dates())
def test_completing_any_date_gives_dates_that_can_be_read(typed, known, today):
    for shown, sent in complete_date(typed, today=today, known_days=known):
        assert 1 <= len(shown) <= 100
        assert date.fromisoformat(sent) in known
