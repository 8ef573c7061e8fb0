"""Completion of times, days and weeks: nothing is offered that is read in another way."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InvalidDateError
from core.lookup.when import ParsedWhen, parse_when
from core.lookup.when.completion import complete_time, complete_week, literal_when
from core.lookup.when.weeks import parse_week
from tests.fakes import NEW_YORK, make_campus

CAMPUS = make_campus()
NOW = datetime(2026, 3, 3, 10, 5, 31, tzinfo=NEW_YORK)
MONDAY = date(2026, 3, 2)
KNOWN = [NOW.date() + timedelta(days=each) for each in range(-1, 14)]


@settings(max_examples=200, deadline=None)
@given(
    typed=st.text("0123456789:.h+-/ apmtouinr", max_size=8)
    | st.sampled_from(["", "3", "10:00", "tom", "fri 10", "3-5", "no"]),
    now=st.integers(1_700_000_000, 1_900_000_000).map(
        lambda each: datetime.fromtimestamp(each, NEW_YORK)
    ),
)
def test_completed_time_is_read_as_the_same_moment(typed, now):
    for each in complete_time(typed, None, now=now, campus=CAMPUS):
        found = parse_when(literal_when(each, CAMPUS), now=now, campus=CAMPUS)
        assert isinstance(found, ParsedWhen)
        assert (found.kind, found.start, found.duration) in {
            (each.kind, each.start, each.duration),
            ("now", None, each.duration),
        }


@pytest.mark.parametrize(
    ("typed", "monday"),
    [
        ("this week", MONDAY),
        (" This  WEEK", MONDAY),
        ("next", date(2026, 3, 9)),
        ("next week", date(2026, 3, 9)),
        ("last week", date(2026, 2, 23)),
        ("in 2 weeks", date(2026, 3, 16)),
        ("2026-03-15", date(2026, 3, 9)),
        ("monday", date(2026, 3, 9)),
    ],
)
def test_week_is_read_from_its_name_or_any_day_in_it(typed, monday):
    assert parse_week(typed, now=NOW, campus=CAMPUS) == monday


@pytest.mark.parametrize("typed", ["week", "2026-02-30", "some week"])
def test_what_names_no_week_is_unreadable(typed):
    with pytest.raises(InvalidDateError):
        parse_week(typed, now=NOW, campus=CAMPUS)


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("", [2, 9, 16]),
        ("next", [9]),
        ("THIS", [2]),
        ("16 m", [16]),
        ("2026-03-1", [9, 16]),
        ("2026-03-03", [2]),
        ("2026-04-20", []),
    ],
)
def test_weeks_that_are_known_are_offered(typed, days):
    found = complete_week(typed, now=NOW, campus=CAMPUS, known_days=KNOWN)
    assert found == [date(2026, 3, day) for day in days]


def test_this_week_is_offered_though_nothing_is_known():
    assert complete_week("", now=NOW, campus=CAMPUS, known_days=[]) == [MONDAY]
