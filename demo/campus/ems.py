"""The demo campus on a fake EMS: the same rooms and bookings as on 25Live."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from zlib import crc32
from zoneinfo import ZoneInfo

from demo.campus.bookings import Booking, TimeRange
from demo.campus.buildings import BUILDINGS, TIMEZONE, DemoBuilding, DemoRoom
from demo.campus.closures import is_founders_day
from demo.campus.day_bookings import bookings_on
from demo.campus.server import FORBIDDEN_ROOM
from fakes.ems.campus import EmsBooking, EmsBuilding, EmsCampus, EmsHours, EmsRoom
from fakes.ems.server import FakeEms

_ZONE = ZoneInfo(TIMEZONE)


class DemoEmsCampus(EmsCampus):
    """The demo campus on any day; strangers may not see one of its rooms."""

    def __init__(self) -> None:
        self.buildings = tuple(
            EmsBuilding(number, each.code, each.name, tuple(map(_room, each.rooms)))
            for number, each in enumerate(BUILDINGS, 1)
        )
        self._by_id = dict(enumerate(BUILDINGS, 1))

    def bookings_on(self, day: date) -> Iterable[EmsBooking]:
        """Return what begins on a day, in all rooms."""
        return (
            booking
            for building in BUILDINGS
            for room in building.rooms
            for booking in ems_bookings(building, room, day)
        )

    def hours_on(self, building_id: int, day: date) -> EmsHours | None:
        """Return the hours of a day, None on holidays."""
        building = self._by_id[building_id]
        hours = building.hours(day)
        if hours is None or (building.observes_blackouts and is_founders_day(day)):
            return None
        return EmsHours(hours.start, hours.end)


def ems_bookings(building: DemoBuilding, room: DemoRoom, day: date) -> Iterator[EmsBooking]:
    """Yield what begins in a room on a day, each event as a booking of its own."""
    for booking in bookings_on(building, room, day):
        start, end = _instants(day, booking.event_time)
        taken_from, taken_until = _instants(day, booking.occupied)
        for name in booking.names:
            yield EmsBooking(
                id=crc32(f"{name}/{room.id}/{day}".encode()),
                room_id=room.id,
                start=start,
                end=end,
                setup=start - taken_from,
                teardown=taken_until - end,
                name=name,
                is_private=booking.is_private,
                status=_status(booking),
            )


def demo_ems() -> FakeEms:
    """Return the demo campus's EMS, not started yet."""
    return FakeEms(DemoEmsCampus(), zone=TIMEZONE)


def _room(room: DemoRoom) -> EmsRoom:
    is_public = room.label != FORBIDDEN_ROOM
    return EmsRoom(room.id, room.label, room.name, room.capacity, is_public=is_public)


def _status(booking: Booking) -> str:
    return "Tentative" if booking.is_tentative else "Confirmed"


def _instants(day: date, span: TimeRange) -> tuple[datetime, datetime]:
    return _instant(day, span.start), _instant(day, span.end)


def _instant(day: date, since_midnight: timedelta) -> datetime:
    return (datetime.combine(day, time()) + since_midnight).replace(tzinfo=_ZONE)
