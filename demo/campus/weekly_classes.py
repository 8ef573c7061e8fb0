"""A term's classes: which meet in a room week after week, and when.

Classes of 50 minutes begin on the hour on Mondays, Wednesdays and Fridays, those of 80 every
ninety minutes on Tuesdays and Thursdays, so that ten minutes are left to change rooms.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from random import Random

from demo.campus.bookings import Booking, TimeRange, at
from demo.campus.buildings import DemoBuilding, DemoRoom, RoomUse

_FIRST_MONDAY = date(2024, 1, 1)
_WEEKS = 16

_MWF, _TUTH = (0, 2, 4), (1, 3)
_MWF_SLOTS = tuple(TimeRange(at(hour), at(hour, 50)) for hour in range(8, 17))
_TUTH_SLOTS = tuple(
    TimeRange(start, start + timedelta(minutes=80))
    for start in (at(8) + number * timedelta(minutes=90) for number in range(6))
)
_LAB_SLOTS = (TimeRange(at(9), at(11, 50)), TimeRange(at(13), at(15, 50)))
_EVENING = TimeRange(at(18), at(20, 50))

_FILLED_SHARE = {
    RoomUse.HALL: 0.72,
    RoomUse.CLASSROOM: 0.68,
    RoomUse.SEMINAR: 0.45,
    RoomUse.STUDIO: 0.35,
}
_LAB_SHARE = 0.55
_EVENING_SHARE = 0.3
_UNPOPULAR = {at(8): 0.5, at(15, 30): 0.7, at(16): 0.55}
_CROSS_LISTED_SHARE, _TRIPLE_LISTED_SHARE, _PRIVATE_SHARE = 0.12, 0.02, 0.06


@dataclass(frozen=True, slots=True)
class Course:
    """Meets on each of its weekdays, Monday is 0."""

    weekdays: tuple[int, ...]
    booking: Booking


def classes_on(seed: str, building: DemoBuilding, room: DemoRoom, day: date) -> Iterator[Booking]:
    """Return the classes that meet in a room on `day`."""
    term = (day - _FIRST_MONDAY).days // (7 * _WEEKS)
    hours = building.hours(day)
    for course in _courses(seed, building, room, term):
        if day.weekday() in course.weekdays and hours and hours.contains(course.booking.occupied):
            yield course.booking


@lru_cache(maxsize=512)
def _courses(seed: str, building: DemoBuilding, room: DemoRoom, term: int) -> tuple[Course, ...]:
    """Return what meets in a room in a term; terms follow each other without a break."""
    if not building.subjects:
        return ()
    random = Random(f"{seed}/term {term}/{room.id}")  # noqa: S311 - the same for everybody
    return tuple(
        Course(weekdays, _class(random, building, slot))
        for weekdays, slot, chance in _weekly_slots(room.use)
        if random.random() < chance
    )


def _weekly_slots(use: RoomUse) -> Iterator[tuple[tuple[int, ...], TimeRange, float]]:
    """Return the slots of a week with the chance of each to be filled."""
    if use is RoomUse.LAB:
        for weekday in range(5):
            yield from (((weekday,), slot, _LAB_SHARE) for slot in _LAB_SLOTS)
        return
    for weekdays, slots in ((_MWF, _MWF_SLOTS), (_TUTH, _TUTH_SLOTS)):
        for slot in slots:
            yield weekdays, slot, _FILLED_SHARE[use] * _UNPOPULAR.get(slot.start, 1.0)
    if use is RoomUse.CLASSROOM:
        yield from (((weekday,), _EVENING, _EVENING_SHARE) for weekday in range(4))


def _class(random: Random, building: DemoBuilding, slot: TimeRange) -> Booking:
    luck = random.random()
    sections = 3 if luck < _TRIPLE_LISTED_SHARE else 2 if luck < _CROSS_LISTED_SHARE else 1
    subjects = random.sample(building.subjects, sections)
    number, group = random.randint(100, 499), random.randint(1, 4)
    names = tuple(f"{subject} {number} {group:02}" for subject in subjects)
    return Booking(names, slot, slot, is_private=random.random() < _PRIVATE_SHARE)
