"""Closures that only the campus file knows: a holiday and an exam day in every month.

The university's 25Live has no word of them, so the campus file has to.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from demo.campus.bookings import DAY
from demo.campus.buildings import BUILDINGS

_WEDNESDAY, _THURSDAY = 2, 3
_THIRD_WEEK, _FOURTH_WEEK = range(15, 22), range(22, 29)
_EXAM_BUILDINGS = ("ALD", "BEC", "DUN")
_DAYS_BACK, _DAYS_AHEAD = 31, 100


@dataclass(frozen=True, slots=True)
class CampusClosure:
    """An entry of `[[closed]]`; `start` and `end` are days, or times of the campus's clock."""

    start: str
    end: str
    reason: str
    buildings: tuple[str, ...]


def is_holiday(day: date) -> bool:
    """Tell whether a day is the fourth Thursday of its month."""
    return day.weekday() == _THURSDAY and day.day in _FOURTH_WEEK


def is_exam_day(day: date) -> bool:
    """Tell whether a day is the third Wednesday of its month."""
    return day.weekday() == _WEDNESDAY and day.day in _THIRD_WEEK


def planned_closures(today: date) -> Iterator[CampusClosure]:
    """Yield the closures around `today`, in order."""
    for number in range(-_DAYS_BACK, _DAYS_AHEAD):
        day = today + number * DAY
        if is_holiday(day):
            closed = tuple(each.code for each in BUILDINGS if each.observes_blackouts)
            yield CampusClosure(str(day), str(day), "University holiday", closed)
        elif is_exam_day(day):
            yield CampusClosure(f"{day} 08:00", f"{day} 18:00", "Exams", _EXAM_BUILDINGS)
