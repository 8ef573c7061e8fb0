"""When a building is shut: outside its hours, and on the day of the founders."""

from collections.abc import Iterator
from datetime import date, timedelta

from demo.campus.bookings import DAY, Booking, BookingKind, TimeRange, at
from demo.campus.buildings import DemoBuilding

_FRIDAY = 4
_SECOND_WEEK = range(8, 15)
_FOUNDERS_DAY = TimeRange(at(7), at(23))


def is_founders_day(day: date) -> bool:
    """Tell whether it is the second Friday of its month, when most buildings stay shut."""
    return day.weekday() == _FRIDAY and day.day in _SECOND_WEEK


def closures_on(building: DemoBuilding, day: date) -> Iterator[Booking]:
    """Return what closes a building on the calendar day `day`, in order and within it."""
    if building.observes_blackouts and is_founders_day(day):
        name = f"{day.year} Founders' Day: Campus Closed"
        yield Booking((name,), _FOUNDERS_DAY, _FOUNDERS_DAY, BookingKind.BLACKOUT)
    shut_from = timedelta()
    for stretch in _open_ranges(building, day):
        if shut_from < stretch.start:
            yield _closed(shut_from, stretch.start)
        shut_from = max(shut_from, stretch.end)
    if shut_from < DAY:
        yield _closed(shut_from, DAY)


def _open_ranges(building: DemoBuilding, day: date) -> Iterator[TimeRange]:
    """Return the rest of the night before, then the hours of the day."""
    before = building.hours(day - DAY)
    if before and before.end > DAY:
        yield TimeRange(timedelta(), before.end - DAY)
    if hours := building.hours(day):
        yield hours


def _closed(start: timedelta, end: timedelta) -> Booking:
    stretch = TimeRange(start, end)
    return Booking(("Closed",), stretch, stretch, BookingKind.CLOSED)
