"""The demo campus on a fake 25Live."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from demo.campus.bookings import DAY
from demo.campus.buildings import all_rooms
from demo.campus.live25_json import room_subjects
from fakes.live25.bookings import Bookings
from fakes.live25.fault_injection import ResponseFault
from fakes.live25.server import FakeLive25

SEARCH_ID = "1000"
"""The saved search that holds every room."""

FORBIDDEN_ROOM, BROKEN_ROOM = "CRN 319", "ALD 205"
"""The rooms that cannot be read: guests may not see the one, the server fails at the other."""

_ROOMS = {str(room.id): (building, room) for building, room in all_rooms()}
_FAULTS = {FORBIDDEN_ROOM: ResponseFault(status=403), BROKEN_ROOM: ResponseFault("xml error")}
_ROOM_FAULTS = {
    id_: _FAULTS[room.label] for id_, (_, room) in _ROOMS.items() if room.label in _FAULTS
}


class DemoBookings(Bookings):
    """The bookings of the demo campus on any day."""

    def searched_rooms(self, search_id: str) -> Sequence[str]:
        """Return the rooms that guests can read."""
        return [id_ for id_ in _ROOMS if id_ not in _ROOM_FAULTS] if search_id == SEARCH_ID else []

    def subjects(self, room: str, first: date, last: date) -> Sequence[Any]:
        """Return a subject a day."""
        if room not in _ROOMS:
            return []
        days = (first + number * DAY for number in range((last - first).days + 1))
        return list(room_subjects(*_ROOMS[room], days))

    def capacity(self, room: str) -> int:
        """Return the seats of a room; 0 where they are unknown."""
        return _ROOMS[room][1].capacity


def demo_live25() -> FakeLive25:
    """Return the demo campus's 25Live, not started yet."""
    return FakeLive25(
        DemoBookings(), instance="larkspur", grid_hours=(0, 24), room_faults=dict(_ROOM_FAULTS)
    )
