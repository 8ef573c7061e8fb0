"""Everything that takes a room on one calendar day, worked out from the seed and the date alone."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from demo.campus.bookings import DAY, Booking, TimeRange
from demo.campus.buildings import DemoBuilding, DemoRoom
from demo.campus.closures import closures_on
from demo.campus.one_off_bookings import one_off_bookings_on
from demo.campus.weekly_classes import classes_on

SEED = "larkspur"

_SHUFFLED_SHARE = 0.02


def bookings_on(
    building: DemoBuilding, room: DemoRoom, day: date, *, seed: str = SEED
) -> list[Booking]:
    """Return what begins in a room on `day`, in order; the last may end after midnight."""
    classes = list(classes_on(seed, building, room, day))
    found = [*classes, *one_off_bookings_on(seed, building, room, day, classes)]
    return sorted(found, key=lambda booking: booking.occupied.start)


def visible_bookings(
    building: DemoBuilding, room: DemoRoom, day: date, *, seed: str = SEED
) -> list[Booking]:
    """Return what takes a room between two midnights, clipped to them as 25Live clips it.

    What began the evening before comes first and the closures last; now and then the order
    is another, as it is in the real one.
    """
    night_before = bookings_on(building, room, day - DAY, seed=seed)
    late = (part for each in night_before if (part := _clipped(each, by=DAY)))
    today = (
        part for each in bookings_on(building, room, day, seed=seed) if (part := _clipped(each))
    )
    told = [*late, *today, *closures_on(building, day)]
    random = Random(f"{seed}/order/{day.isoformat()}/{room.id}")  # noqa: S311 - same for all
    if random.random() < _SHUFFLED_SHARE:
        random.shuffle(told)
    return told


def _clipped(booking: Booking, *, by: timedelta = timedelta()) -> Booking | None:
    """Return the part of a booking in the day that begins `by` after its own."""
    taken = _within_a_day(booking.occupied, by)
    proper = _within_a_day(booking.event_time, by)
    return replace(booking, occupied=taken, event_time=proper or taken) if taken else None


def _within_a_day(stretch: TimeRange, by: timedelta) -> TimeRange | None:
    start, end = max(stretch.start - by, timedelta()), min(stretch.end - by, DAY)
    return TimeRange(start, end) if start < end else None
