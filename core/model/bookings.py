"""What is known of a room's day, and of a campus's: known times, bookings and closures."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from msgspec import Struct

from core.model.interval import Interval


# A struct for the same reason as `Interval`.
class RoomDay(Struct, frozen=True, gc=False):
    """What is known of one room on one campus day.

    `known` are the parts of the day that the source told us of: sorted, apart from each
    other, perhaps none. Outside them the room is unknown. `bookings` and `closures` may
    overlap, repeat, be unsorted or lie outside `known`; both mean "not free".
    `read_at` is when the reading that brought this began.
    """

    known: tuple[Interval, ...]
    bookings: tuple[Interval, ...]
    closures: tuple[Interval, ...]
    read_at: datetime


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is known of a campus on one day, by room id.

    A room that is absent is unknown. A room whose `read_at` lies before `attempted_at`
    was not read in the last attempt and is kept from an earlier one.
    """

    campus: str
    day: date
    attempted_at: datetime
    rooms: Mapping[str, RoomDay]

    def is_carried_over(self, room_day: RoomDay) -> bool:
        """Tell whether that room's data is older than the last attempt."""
        return room_day.read_at < self.attempted_at
