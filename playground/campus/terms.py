"""A term's classes: which meet in a room week after week, and when.

Classes of 50 minutes begin on the hour on Mondays, Wednesdays and Fridays, those of 80 every
ninety minutes on Tuesdays and Thursdays, so that ten minutes are left to change rooms.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from random import Random

from playground.campus.bookings import Booking, Stretch, at
from playground.campus.places import House, Place, Use

_FIRST_MONDAY = date(2024, 1, 1)
_WEEKS = 16

_MWF, _TUTH = (0, 2, 4), (1, 3)
_MWF_SLOTS = tuple(Stretch(at(hour), at(hour, 50)) for hour in range(8, 17))
_TUTH_SLOTS = tuple(
    Stretch(start, start + timedelta(minutes=80))
    for start in (at(8) + number * timedelta(minutes=90) for number in range(6))
)
_LAB_SLOTS = (Stretch(at(9), at(11, 50)), Stretch(at(13), at(15, 50)))
_EVENING = Stretch(at(18), at(20, 50))

_FILLED = {Use.HALL: 0.72, Use.CLASSROOM: 0.68, Use.SEMINAR: 0.45, Use.STUDIO: 0.35}
_LABS_HELD = 0.55
_EVENINGS_HELD = 0.3
_UNPOPULAR = {at(8): 0.5, at(15, 30): 0.7, at(16): 0.55}
_CROSS_LISTED, _THREEFOLD, _PRIVATE = 0.12, 0.02, 0.06


@dataclass(frozen=True, slots=True)
class Course:
    """Meets on each of its weekdays, Monday is 0."""

    weekdays: tuple[int, ...]
    booking: Booking


def classes_on(seed: str, house: House, place: Place, day: date) -> Iterator[Booking]:
    """Return the classes that meet in a room on `day`."""
    term = (day - _FIRST_MONDAY).days // (7 * _WEEKS)
    hours = house.hours(day)
    for course in _courses(seed, house, place, term):
        if day.weekday() in course.weekdays and hours and hours.holds(course.booking.taken):
            yield course.booking


@lru_cache(maxsize=512)
def _courses(seed: str, house: House, place: Place, term: int) -> tuple[Course, ...]:
    """Return what meets in a room in a term; terms follow each other without a break."""
    if not house.subjects:
        return ()
    random = Random(f"{seed}/term {term}/{place.id}")  # noqa: S311 - the same for everybody
    return tuple(
        Course(weekdays, _class(random, house, slot))
        for weekdays, slot, chance in _meetings(place.use)
        if random.random() < chance
    )


def _meetings(use: Use) -> Iterator[tuple[tuple[int, ...], Stretch, float]]:
    """Return the slots of a week with the chance of each to be filled."""
    if use is Use.LAB:
        for weekday in range(5):
            yield from (((weekday,), slot, _LABS_HELD) for slot in _LAB_SLOTS)
        return
    for weekdays, slots in ((_MWF, _MWF_SLOTS), (_TUTH, _TUTH_SLOTS)):
        for slot in slots:
            yield weekdays, slot, _FILLED[use] * _UNPOPULAR.get(slot.start, 1.0)
    if use is Use.CLASSROOM:
        yield from (((weekday,), _EVENING, _EVENINGS_HELD) for weekday in range(4))


def _class(random: Random, house: House, slot: Stretch) -> Booking:
    luck = random.random()
    sections = 3 if luck < _THREEFOLD else 2 if luck < _CROSS_LISTED else 1
    subjects = random.sample(house.subjects, sections)
    number, group = random.randint(100, 499), random.randint(1, 4)
    names = tuple(f"{subject} {number} {group:02}" for subject in subjects)
    return Booking(names, slot, slot, is_private=random.random() < _PRIVATE)
