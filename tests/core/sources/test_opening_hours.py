"""When a building is open, by its rooms."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.model.bookings import RoomDay
from core.model.interval import Interval
from core.sources.opening_hours import (
    DEFAULT_HOURS,
    WHOLE_DAY,
    OpeningHours,
    default_hours,
    format_time,
    hours_by_room,
    open_hours,
    visible_hours,
    widest_hours,
)

ZONE = ZoneInfo("America/New_York")
DAY = date(2024, 11, 4)


def hours(opens: float, closes: float) -> OpeningHours:
    return OpeningHours(timedelta(hours=opens), timedelta(hours=closes))


def span(opens: float, closes: float, day: date = DAY) -> Interval:
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZONE)
    return Interval(midnight + timedelta(hours=opens), midnight + timedelta(hours=closes))


def room_day(*closed: Interval, shown: Interval | None = None) -> RoomDay:
    return RoomDay((shown or span(7, 23),), (), closed, datetime(2024, 11, 4, tzinfo=UTC))


def test_hours_are_what_is_not_closed():
    days = [(DAY, room_day(span(7, 8), span(21, 23)))]
    assert open_hours(days, ZONE) == hours(8, 21)


def test_the_widest_of_all_days_and_rooms_counts():
    days = [
        (DAY, room_day(span(22, 23))),
        (DAY, room_day(span(7, 8.5), span(16, 23))),
        (DAY, room_day(span(7, 23))),
    ]
    assert open_hours(days, ZONE) == hours(7, 22)


@pytest.mark.parametrize("closed", [(), (span(7, 23),), (span(12, 13),)])
def test_nothing_is_told_where_rooms_are_never_or_always_closed(closed):
    assert open_hours([(DAY, room_day(*closed))], ZONE) is None


def test_without_hours_those_count_that_are_shown_but_not_a_whole_day():
    days = [(DAY, room_day(shown=span(6, 22)))]
    assert default_hours(visible_hours(days, ZONE)) == hours(6, 22)
    assert default_hours(WHOLE_DAY) == default_hours(None) == DEFAULT_HOURS
    assert default_hours(hours(9, 10)) == DEFAULT_HOURS


def test_a_whole_day_ends_at_twenty_four():
    days = [(DAY, room_day(span(0, 6), shown=span(0, 24)))]
    found = open_hours(days, ZONE)
    assert found
    assert (format_time(found.opens), format_time(found.closes)) == ("06:00", "24:00")


def test_listed_hours_are_the_widest_of_the_week():
    told = {
        "1": [("07:00:00", "22:00:00"), ("08:00:00", "23:59:00"), ("00:00:00", "00:00:00")],
        "2": [("00:00:00", "00:00:00")],
        "3": [("soon", "later")],
        "4": [("09:00:00", "10:30:00")],
        "5": [("07:30:00", "00:00:00")],
    }
    rows = {room: [("", *pair) for pair in pairs] for room, pairs in told.items()}
    assert hours_by_room(rows) == {"1": hours(7, 24), "5": hours(7.5, 24)}


WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
LONG = [(name, "07:00:00", "22:00:00") for name in WEEKDAYS]
WEEKEND = [("Saturday", "09:00:00", "18:00:00"), ("Sunday", "00:00:00", "00:00:00")]


def test_hours_that_differ_by_weekday_are_a_week():
    found = hours_by_room({"1": [*LONG, *WEEKEND]})["1"]
    assert (found.opens, found.closes) == (timedelta(hours=7), timedelta(hours=22))
    assert found.week == (*[hours(7, 22)] * 5, hours(9, 18), None)


@pytest.mark.parametrize(
    "rows",
    [
        [*LONG, WEEKEND[0]],
        [*LONG, ("Saturday", "07:00:00", "22:00:00"), ("Sunday", "07:00:00", "22:00:00")],
        [*LONG, ("Saturday", "soon", "18:00:00"), WEEKEND[1]],
        [*LONG, ("Saturday", "09:00:00", "10:30:00"), WEEKEND[1]],
    ],
)
def test_without_all_weekdays_or_a_difference_there_is_no_week(rows):
    assert hours_by_room({"1": rows}) == {"1": hours(7, 22)}


def test_a_building_is_open_while_any_of_its_rooms_is():
    one = hours_by_room({"1": [*LONG, *WEEKEND]})["1"]
    other = hours_by_room({"1": [*LONG, WEEKEND[1], ("Saturday", "08:00:00", "17:00:00")]})["1"]
    found = widest_hours([one, other])
    assert found is not None
    assert found.week == (*[hours(7, 22)] * 5, hours(8, 18), None)
    daily = widest_hours([one, hours(8, 20)])
    assert daily is not None
    assert daily.week == (*[hours(7, 22)] * 5, hours(8, 20), hours(8, 20))
