"""A generated campus on EMS, and what is true of each of its minutes.

The truth shares no code with the bot: minutes since the first of January, an array a room.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from random import Random
from zoneinfo import ZoneInfo

from fakes.ems.answers import Json
from fakes.ems.campus import EmsBooking, EmsBuilding, EmsCampus, EmsHours, EmsRoom

ZONE = ZoneInfo("America/New_York")
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)

UNKNOWN, FREE, BUSY = 0, 1, 2

_BUILDINGS = (
    EmsBuilding(1, "A", "Alpha", tuple(EmsRoom(n, str(n)) for n in (11, 12, 13, 14, 19))),
    EmsBuilding(2, "B", "Beta", tuple(EmsRoom(n, str(n)) for n in (21, 22))),
    EmsBuilding(3, "N", "Night", (EmsRoom(31, "31"),)),
)
_WHOLE, _PARTS = 19, (11, 12)
_HOURS = {1: (7, 23), 2: (8, 20), 3: (9, 26)}
_EPOCH = datetime(2025, 12, 31, 5, tzinfo=UTC)
"""Midnight of the day before the year."""


def midnight(day: date) -> datetime:
    """Return when a day begins, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=ZONE).astimezone(UTC)


def number(moment: datetime) -> int:
    """Return how many minutes after the epoch a moment is."""
    return (moment - _EPOCH) // MINUTE


@dataclass(frozen=True)
class Stated:
    """A booking, and how EMS spoils what it says of it."""

    booking: EmsBooking
    spoiled: str = ""


@dataclass
class RandomEms(EmsCampus):
    """Classes, late events, closed days and nights, and bookings that EMS garbles."""

    seed: int
    buildings: tuple[EmsBuilding, ...] = _BUILDINGS
    failed_days: set[date] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.combined = {_WHOLE: _PARTS}
        self._random = Random(self.seed)  # noqa: S311 - a test's generator
        count = (LAST - FIRST).days + 5
        self.days = [FIRST - DAY + DAY * each for each in range(count)]
        self._hours = {
            (building, day): self._random_hours(*hours)
            for building, hours in _HOURS.items()
            for day in [FIRST - 2 * DAY, *self.days]
        }
        self.stated = {day: list(self._random_day(day)) for day in self.days}
        self.failed_days |= {day for day in self.days if self._random.random() < 0.02}

    def bookings_on(self, day: date) -> Iterable[EmsBooking]:
        return [each.booking for each in self.stated.get(day, ())]

    def hours_on(self, building_id: int, day: date) -> EmsHours | None:
        return self._hours.get((building_id, day))

    def spoil(self, answer: Json) -> Json:
        """Change the rows of an answer as their bookings say."""
        spoiled = {each.booking.id: each.spoiled for day in self.stated.values() for each in day}
        for row in answer["Bookings"]:
            fault = spoiled[row["Id"]]
            if fault == "no utc":
                del row["BookingGMTStart"], row["BookingGMTEnd"]
            elif fault == "an hour off":
                for key in ("BookingGMTStart", "BookingGMTEnd"):
                    moment = datetime.fromisoformat(row[key]) + timedelta(hours=1)
                    row[key] = moment.isoformat()
        return answer

    def _random_hours(self, opens: int, closes: int) -> EmsHours | None:
        if self._random.random() < 0.1:
            return None
        later = self._random.choice((0, 0, 0, 1, 2))
        return EmsHours(timedelta(hours=opens + later), timedelta(hours=closes - later))

    def _random_day(self, day: date) -> Iterable[Stated]:
        random = self._random
        for room in (room.id for building in self.buildings for room in building.rooms):
            for order in range(random.choice((0, 1, 3, 5))):
                begins = random.randrange(0, 23 * 60, 5)
                start = midnight(day) + begins * MINUTE
                end = start + random.choice((50, 75, 110, 180, 400)) * MINUTE
                setup, teardown = (random.choice((0, 0, 15, 30)) * MINUTE for _ in range(2))
                booking = EmsBooking(
                    (day - date(2020, 1, 1)).days * 10_000 + room * 10 + order,
                    room,
                    start + setup,
                    end,
                    setup,
                    teardown,
                    is_private=random.random() < 0.2,
                    status="Cancelled" if random.random() < 0.1 else random.choice(("", "Held")),
                )
                luck = random.random()
                yield Stated(
                    booking, "no utc" if luck < 0.1 else "an hour off" if luck < 0.13 else ""
                )

    @cached_property
    def truth(self) -> dict[int, bytearray]:
        """What is true of every minute of each room."""
        minutes = number(midnight(LAST + 5 * DAY))
        truth = {}
        for building in self.buildings:
            closed, unclear = self._closed(building.id, minutes)
            for room in building.rooms:
                states = bytearray([FREE]) * minutes
                sure = closed[:]
                doubts = unclear[:]
                for stated in self._blocking(room.id):
                    _mark(stated, sure, doubts)
                for at in range(minutes):
                    if sure[at]:
                        states[at] = BUSY
                    elif doubts[at]:
                        states[at] = UNKNOWN
                truth[room.id] = states
        return truth

    def _blocking(self, room: int) -> Iterable[Stated]:
        same = {room}
        if room == _WHOLE:
            same |= set(_PARTS)
        if room in _PARTS:
            same.add(_WHOLE)
        for day in self.days:
            for stated in self.stated[day]:
                if stated.booking.room_id in same and stated.booking.status != "Cancelled":
                    yield stated

    def _closed(self, building: int, minutes: int) -> tuple[bytearray, bytearray]:
        """Return for each minute whether the building is surely closed, and whether perhaps."""
        closed, unclear = bytearray([1]) * minutes, bytearray(minutes)
        for day in self.days:
            hours = self._hours[building, day]
            if hours:
                start, end = (
                    number(_face(day, each).replace(tzinfo=ZONE).astimezone(UTC))
                    for each in (hours.opens, hours.closes)
                )
                closed[start:end] = bytes(end - start)
        for day in self.days[1:]:
            if self._hours[building, day] is None:
                start, end = number(midnight(day)), number(midnight(day + DAY))
                for at in range(start, end):
                    unclear[at] = not closed[at]
        return closed, unclear


def _face(day: date, since: timedelta) -> datetime:
    return datetime(day.year, day.month, day.day) + since  # noqa: DTZ001 - the face of a clock


def _mark(stated: Stated, sure: bytearray, doubts: bytearray) -> None:
    """Note the minutes that a booking takes, and those that it may."""
    start, end = number(stated.booking.taken_from), number(stated.booking.taken_until)
    starts, ends = [start], [end]
    if stated.spoiled == "an hour off":
        starts, ends = [start, start + 60], [end, end + 60]
    elif stated.spoiled == "no utc":
        starts, ends = (_same_face(each) for each in (start, end))
    first, last = min(starts), max(ends)
    doubts[max(first, 0) : last] = b"\1" * (last - max(first, 0))
    surely = max(starts), min(ends)
    if surely[0] < surely[1]:
        sure[max(surely[0], 0) : surely[1]] = b"\1" * (surely[1] - max(surely[0], 0))


def _same_face(at: int) -> list[int]:
    """Return every minute around one at which the clocks show the same."""
    shown = (_EPOCH + at * MINUTE).astimezone(ZONE).replace(tzinfo=None, fold=0)
    return [
        each
        for each in (at - 60, at, at + 60)
        if (_EPOCH + each * MINUTE).astimezone(ZONE).replace(tzinfo=None, fold=0) == shown
    ]
