"""The shapes of EMS's answers: of all that they hold, only ids, times, hours and states.

Names of events and groups are not in any shape, so they end where an answer is decoded.

Source: `docs/ems.md`, "Rooms", "Bookings" and "Hours and holidays".
"""

from msgspec import UNSET, Raw, Struct, UnsetType, field

Id = int | str


class Envelope(Struct):
    """Every answer: the real one is JSON, written as a text into this one."""

    text: str | None = field(name="d", default=None)


class Booking(Struct, gc=False):
    """One room taken once, from the first minute of its setup to the last of its teardown.

    `room_id` is the room that is taken, `own_room_id` the room that was booked: another one
    where the two are combined.
    """

    room_id: Id = field(name="RoomId")
    own_room_id: Id | None = field(name="BookingInRoomId", default=None)
    utc_start: str | None = field(name="BookingGMTStart", default=None)
    utc_end: str | None = field(name="BookingGMTEnd", default=None)
    start: str | None = field(name="TimeBookingStart", default=None)
    end: str | None = field(name="TimeBookingEnd", default=None)
    status: str | None = field(name="Status", default=None)
    status_type: int | None = field(name="StatusTypeId", default=None)


class BookingRooms(Struct, gc=False):
    """Which rooms a booking takes that is not understood."""

    room_id: Id = field(name="RoomId")
    own_room_id: Id | None = field(name="BookingInRoomId", default=None)


class BuildingDate(Struct, gc=False):
    """A building's hours on one date, or a holiday of it; what is absent is not stated."""

    day: str = field(name="Date", default="")
    building_id: Id | None = field(name="BuildingId", default=None)
    opens: str | None = field(name="OpenTime", default=None)
    closes: str | None = field(name="CloseTime", default=None)
    is_closed: bool | None = field(name="ClosedAllDay", default=None)
    utc_opens: str | None = field(name="GMTOpen", default=None)
    utc_closes: str | None = field(name="GMTClose", default=None)


class DayAnswer(Struct):
    """An answer of `GetBrowseLocationsBookings`."""

    bookings: list[Booking] | UnsetType | None = field(name="Bookings", default=UNSET)
    hours: list[BuildingDate] | None = field(name="BuildingHours", default=None)
    holidays: list[BuildingDate] | None = field(name="BuildingHoliday", default=None)


class LenientDayAnswer(Struct):
    """A day's answer of which single parts may be faulty."""

    bookings: list[Raw] = field(name="Bookings")
    hours: list[Raw] | None = field(name="BuildingHours", default=None)
    holidays: list[Raw] | None = field(name="BuildingHoliday", default=None)


class ListedRoom(Struct, gc=False):
    """A room that strangers may see."""

    id: Id = field(name="Id")
    name: str | None = field(name="DisplayText", default=None)
    code: str | None = field(name="Code", default=None)
    capacity: int | float | None = field(name="Capacity", default=None)


class ListedBuilding(Struct):
    """A building with the rooms in it that strangers may see."""

    id: Id = field(name="Id")
    name: str | None = field(name="DisplayText", default=None)
    code: str | None = field(name="Code", default=None)
    timezone_id: Id | None = field(name="TimeZoneId", default=None)
    offset_minutes: int | float | None = field(name="OffsetMinutes", default=None)
    rooms: list[ListedRoom] | None = field(name="Rooms", default=None)
    hours: list[BuildingDate] | None = field(name="BuildingHours", default=None)
    holidays: list[BuildingDate] | None = field(name="BuildingHoliday", default=None)


class RoomsAnswer(Struct):
    """An answer of `GetBrowseLocationsRooms`."""

    buildings: list[ListedBuilding] | UnsetType | None = field(name="Buildings", default=UNSET)
