"""What is booked for one date: evenings, weekends, repairs, and groups that meet to study."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random

from demo.campus.bookings import Booking, TimeRange, at
from demo.campus.buildings import DemoBuilding, DemoRoom, RoomUse

_EVENTS = (
    "Open Mic Night",
    "Chess Club",
    "Debate Society Weekly Meeting",
    "Robotics Team",
    "A Cappella Rehearsal",
    "Guest Lecture: The Long History of Short Days",
    "Film Series",
    "Career Fair Preparation | Mock Interviews",
    "Blood Drive",
    "Alumni Reception",
    # A club that reads the novel: its name is a number by the time that it is JSON.
    "1984",
)
_STUDY_GROUPS = ("Study Group", "Peer Tutoring", "Thesis Writers", "Workshop: Citing Sources")
_REPAIR = Booking(
    ("Offline - Maintenance",), TimeRange(at(7), at(22)), TimeRange(at(7), at(22)), is_private=False
)

_EVENING_STARTS = (at(18), at(18, 30), at(19))
_WEEKEND_STARTS = (at(10), at(11, 30), at(13), at(14))
_LENGTHS = tuple(timedelta(minutes=minutes) for minutes in (60, 90, 120, 150))
_PAUSES = tuple(timedelta(minutes=minutes) for minutes in (0, 0, 30, 60, 90, 150))
_NIGHT_PAUSES = tuple(timedelta(minutes=minutes) for minutes in (120, 180, 240, 330))
_MORNING = at(8)
_SET_UP, _CLEAR_AWAY = timedelta(minutes=30), timedelta(minutes=15)
_FRIDAY = 4

_EVENING_SHARE, _WEEKEND_SHARE, _REPAIR_SHARE, _PRIVATE_SHARE, _TENTATIVE_SHARE = (
    0.16,
    0.22,
    0.006,
    0.15,
    0.1,
)


def one_off_bookings_on(
    seed: str, building: DemoBuilding, room: DemoRoom, day: date, classes: Sequence[Booking]
) -> Iterator[Booking]:
    """Return what is booked for `day` beside the room's `classes`, meeting none of them."""
    hours = building.hours(day)
    if hours is None:
        return
    random = Random(f"{seed}/{day.isoformat()}/{room.id}")  # noqa: S311 - the same for everybody
    if room.use is RoomUse.STUDY:
        yield from _study_groups(random, hours)
        return
    wanted = _REPAIR if random.random() < _REPAIR_SHARE else _event(random, day)
    meets = any(wanted.occupied.overlaps(each.occupied) for each in classes) if wanted else True
    if wanted and not meets and hours.contains(wanted.occupied):
        yield wanted


def _event(random: Random, day: date) -> Booking | None:
    weekend = day.weekday() > _FRIDAY
    if random.random() >= (_WEEKEND_SHARE if weekend else _EVENING_SHARE):
        return None
    start = random.choice(_WEEKEND_STARTS if weekend else _EVENING_STARTS)
    proper = TimeRange(start, start + random.choice(_LENGTHS))
    set_up = random.choice((timedelta(), _SET_UP))
    clear_away = random.choice((timedelta(), _CLEAR_AWAY))
    return Booking(
        names=(random.choice(_EVENTS),),
        occupied=TimeRange(proper.start - set_up, proper.end + clear_away),
        event_time=proper,
        is_private=random.random() < _PRIVATE_SHARE,
        is_tentative=random.random() < _TENTATIVE_SHARE,
    )


def _study_groups(random: Random, hours: TimeRange) -> Iterator[Booking]:
    """Return groups one after the other from opening to closing, midnight or not."""
    start = hours.start + _pause(random, hours.start)
    while (end := start + random.choice(_LENGTHS)) <= hours.end:
        stretch = TimeRange(start, end)
        name, is_private = random.choice(_STUDY_GROUPS), random.random() < _PRIVATE_SHARE
        yield Booking((name,), stretch, stretch, is_private=is_private)
        start = end + _pause(random, end)


def _pause(random: Random, after: timedelta) -> timedelta:
    """Return how long a room stays empty; at night few come."""
    return random.choice(_NIGHT_PAUSES if after < _MORNING else _PAUSES)
