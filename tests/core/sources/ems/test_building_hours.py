"""When a building is closed, by the rows that EMS states."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.model.interval import Interval
from core.sources.ems.building_hours import BuildingHours, ClosedTime
from core.sources.ems.schema import BuildingDate
from tests.core.sources.ems.ems_campus import DAY, TUESDAY, local

ZONE = ZoneInfo("America/New_York")
MONDAY = TUESDAY - DAY
SPRING, AUTUMN = date(2026, 3, 8), date(2026, 11, 1)


def span(start: float, end: float, day: date = TUESDAY) -> Interval:
    return Interval(local(day, start), local(day, end))


def face(clock: str) -> str:
    return f"1900-01-01T{clock}:00"


def row(
    opens: str, closes: str, day: date = TUESDAY, *, utc: tuple[str, str] | None = None
) -> BuildingDate:
    utc_opens, utc_closes = utc or (None, None)
    return BuildingDate(
        f"{day}T00:00:00",
        1,
        face(opens),
        face(closes),
        is_closed=False,
        utc_opens=utc_opens,
        utc_closes=utc_closes,
    )


def shut(day: date = TUESDAY) -> BuildingDate:
    return BuildingDate(f"{day}T00:00:00", 1, face("00:00"), face("00:00"), is_closed=True)


def closed(*rows: BuildingDate, holidays=(), day: date = TUESDAY) -> ClosedTime:
    stated = BuildingHours(ZONE, [day - DAY, day])
    stated.add_hours(rows, asked=day)
    stated.add_holidays(holidays, asked=day)
    return stated.closed_time("1", day)


def test_nothing_stated_closes_nothing():
    assert closed() == ClosedTime()
    assert closed(row("09:00", "17:00", MONDAY)) == ClosedTime()


def test_a_building_is_closed_outside_its_hours():
    assert closed(row("09:00", "21:00")) == ClosedTime((span(0, 9), span(21, 24)))


@pytest.mark.parametrize("closes", ["23:59", "00:00"])
def test_the_end_of_the_day_is_written_in_two_ways(closes):
    assert closed(row("09:00", closes)) == ClosedTime((span(0, 9),))


def test_hours_past_midnight_are_the_day_befores():
    assert closed(row("08:00", "02:00", MONDAY), row("08:00", "02:00")) == ClosedTime((span(2, 8),))
    assert closed(row("08:00", "02:00", MONDAY), row("09:00", "17:00")) == ClosedTime(
        (span(2, 9), span(17, 24))
    )


def test_closed_all_day_leaves_the_night_before_in_doubt():
    assert closed(shut()) == ClosedTime((span(0, 24),))
    assert closed(row("08:00", "02:00", MONDAY), shut()) == ClosedTime(
        (span(2, 24),), (span(0, 2),)
    )


def test_a_holiday_closes_its_date_whatever_the_hours_are():
    holiday = BuildingDate(f"{TUESDAY}T00:00:00", 1)
    assert closed(row("09:00", "17:00"), holidays=[holiday]) == ClosedTime((span(0, 24),))
    elsewhere = BuildingDate(f"{TUESDAY}T00:00:00", 2)
    assert closed(holidays=[elsewhere]) == ClosedTime()


def test_a_holiday_with_hours_or_declared_open_does_not_close():
    assert closed(holidays=[row("10:00", "14:00")]) == ClosedTime((span(0, 10), span(14, 24)))
    declared = BuildingDate(f"{TUESDAY}T00:00:00", 1, is_closed=False)
    assert closed(holidays=[declared]) == ClosedTime()


def test_two_rows_that_differ_leave_the_difference_in_doubt():
    assert closed(row("09:00", "17:00"), row("10:00", "20:00")) == ClosedTime(
        (span(0, 9), span(20, 24)), (span(9, 10), span(17, 20))
    )
    assert closed(row("09:00", "17:00"), shut()) == ClosedTime(
        (span(0, 9), span(17, 24)), (span(9, 17),)
    )


def test_a_time_in_utc_that_agrees_changes_nothing_and_one_that_does_not_is_a_doubt():
    utc = "2026-03-03T14:00:00", "2026-03-03T22:00:00"
    assert closed(row("09:00", "17:00", utc=utc)) == ClosedTime((span(0, 9), span(17, 24)))
    assert closed(row("10:00", "18:00", utc=utc)) == ClosedTime(
        (span(0, 9), span(18, 24)), (span(9, 10), span(17, 18))
    )


def test_the_last_minute_of_the_day_is_its_end_in_utc_as_well():
    utc = "2026-03-03T14:00:00", "2026-03-04T04:59:00"
    assert closed(row("09:00", "23:59", utc=utc)) == ClosedTime((span(0, 9),))


def test_equal_times_are_a_whole_day_only_where_utc_says_so():
    whole = "2026-03-03T05:00:00", "2026-03-04T05:00:00"
    assert closed(row("00:00", "00:00", utc=whole)) == ClosedTime()
    assert closed(row("00:00", "00:00")) == ClosedTime((), (span(0, 24),))


@pytest.mark.parametrize(
    "unclear",
    [
        BuildingDate(str(TUESDAY), 1),
        BuildingDate(str(TUESDAY), 1, "nine", "five"),
        BuildingDate(str(TUESDAY), 1, face("09:00"), face("17:00"), None, "x", "y"),
        BuildingDate("", 1, face("09:00"), face("17:00")),
        BuildingDate(str(TUESDAY), None, face("09:00"), face("17:00")),
    ],
)
def test_a_row_that_is_not_understood_makes_the_day_unknown(unclear):
    assert closed(unclear) == ClosedTime((), (span(0, 24),))
    assert closed(row("09:00", "17:00"), unclear) == ClosedTime((), (span(0, 24),))


def test_an_unclear_night_before_leaves_what_is_not_open_in_doubt():
    unclear = BuildingDate(str(MONDAY), 1, "nine", "five")
    assert closed(unclear, row("09:00", "17:00")) == ClosedTime((), (span(0, 9), span(17, 24)))


@pytest.mark.parametrize(("day", "length"), [(SPRING, 23), (AUTUMN, 25)])
def test_days_on_which_the_clocks_change_are_closed_from_midnight_to_midnight(day, length):
    (whole,) = closed(shut(day), day=day).closures
    assert whole.duration == timedelta(hours=length)
