"""The answers of EMS's methods, as the JSON that it writes into the text of another one.

Source: `docs/ems.md`, "Rooms", "Bookings" and "Hours and holidays".
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from fakes.ems.campus import GROUP, EmsBooking, EmsBuilding, EmsCampus, EmsRoom

Json = dict[str, Any]

TIMEZONE_ID = 61
"""The number of Eastern time, in the lists of every EMS."""

_DAY = timedelta(days=1)
_EPOCH = date(1900, 1, 1)


def rooms_answer(campus: EmsCampus, day: date, zone: ZoneInfo) -> Json:
    """Return the buildings with the rooms that strangers see."""
    midnight = datetime.combine(day, time(), zone)
    buildings = [_building(campus, each, midnight, zone) for each in campus.buildings]
    return {
        "CanBook": False,
        "ShowSetupTeardown": True,
        "Buildings": [each for each in buildings if each["Rooms"]],
        "AvailableBuildings": [{**each, "Rooms": [], "BuildingHours": None} for each in buildings],
        "RoomIds": [],
        "BuildingHours": None,
        "BuildingHoliday": None,
    }


def bookings_answer(
    campus: EmsCampus, day: date, zone: ZoneInfo, *, only_beginning: bool = False
) -> Json:
    """Return what takes rooms on a day, and the hours of that day and the one before.

    Without `only_beginning` that includes bookings which began the day before.
    """
    public = {room.id: building.id for building, room in _public_rooms(campus)}
    rows = [
        _booking(booking, room_id, public[room_id], zone)
        for booking in _bookings(campus, day, zone, only_beginning=only_beginning)
        for room_id in campus.blocked_rooms(booking.room_id)
        if room_id in public
    ]
    hours = [
        _hours(campus, building.id, each, zone)
        for building in campus.buildings
        for each in (day - _DAY, day)
    ]
    return {"Bookings": rows, "BuildingHours": hours}


def _bookings(
    campus: EmsCampus, day: date, zone: ZoneInfo, *, only_beginning: bool
) -> Iterator[EmsBooking]:
    midnight = datetime.combine(day, time(), zone)
    if not only_beginning:
        yield from (each for each in campus.bookings_on(day - _DAY) if each.taken_until > midnight)
    yield from campus.bookings_on(day)


def _public_rooms(campus: EmsCampus) -> Iterable[tuple[EmsBuilding, EmsRoom]]:
    return (
        (building, room)
        for building in campus.buildings
        for room in building.rooms
        if room.is_public
    )


def _building(campus: EmsCampus, building: EmsBuilding, midnight: datetime, zone: ZoneInfo) -> Json:
    offset = (midnight.utcoffset() or timedelta()) // timedelta(minutes=1)
    day = midnight.date()
    return {
        "Id": building.id,
        "Code": building.code,
        "DisplayText": building.name,
        "Description": building.name,
        "TimeZone": "ET",
        "TimeZoneId": TIMEZONE_ID,
        "OffsetMinutes": offset,
        "GmtMinutes": offset,
        "GmtDateTime": utc_text(midnight),
        "HasReservableRooms": True,
        "HasRequestableRooms": False,
        "LocationLink": f"/web/LocationDetails.aspx?data=b{building.id}",
        "BuildingHours": [_hours(campus, building.id, each, zone) for each in (day, day + _DAY)],
        "BuildingHoliday": [],
        "Rooms": [_room(each, building.id) for each in building.rooms if each.is_public],
    }


def _room(room: EmsRoom, building_id: int) -> Json:
    return {
        "Id": room.id,
        "BuildingID": building_id,
        # EMS fills codes up with spaces.
        "Code": room.code.ljust(4),
        "DisplayText": room.name,
        "Description": room.name,
        "Capacity": room.capacity,
        "MinCapacity": 0,
        "SetupHours": 0.0,
        "TeardownHours": 0.0,
        "RecordType": 1,
        "SeqNo": room.id,
        "LocationLink": None,
    }


def _hours(campus: EmsCampus, building_id: int, day: date, zone: ZoneInfo) -> Json:
    hours = campus.hours_on(building_id, day)
    midnight = datetime.combine(day, time())
    row = {"BuildingId": building_id, "Date": midnight.isoformat(), "ClosedAllDay": hours is None}
    if hours is None:
        face = datetime.combine(_EPOCH, time()).isoformat()
        utc = utc_text(midnight.replace(tzinfo=zone))
        return {**row, "OpenTime": face, "CloseTime": face, "GMTOpen": utc, "GMTClose": utc}
    opens, closes = (midnight + each for each in (hours.opens, hours.closes))
    return {
        **row,
        "OpenTime": datetime.combine(_EPOCH, opens.time()).isoformat(),
        "CloseTime": datetime.combine(_EPOCH, closes.time()).isoformat(),
        "GMTOpen": utc_text(opens.replace(tzinfo=zone)),
        "GMTClose": utc_text(closes.replace(tzinfo=zone)),
        "OpenTimeLength": hours.opens // timedelta(minutes=1),
        "CloseTimePosition": hours.closes % _DAY // timedelta(minutes=1),
    }


def _booking(booking: EmsBooking, room_id: int, building_id: int, zone: ZoneInfo) -> Json:
    name = "" if booking.is_private else booking.name
    row: Json = {
        "Id": booking.id,
        "RoomId": room_id,
        "BuildingId": building_id,
        "BookingInRoomId": booking.room_id,
        "EventName": name,
        "GroupName": GROUP,
        "DisplayText": name or "Private",
        "DisplayDetails": not booking.is_private,
        "EventStart": local_text(booking.start, zone),
        "EventEnd": local_text(booking.end, zone),
        "TimeBookingStart": local_text(booking.taken_from, zone),
        "TimeBookingEnd": local_text(booking.taken_until, zone),
        "BookingGMTStart": utc_text(booking.taken_from),
        "BookingGMTEnd": utc_text(booking.taken_until),
        "SetupWidth": booking.setup // timedelta(minutes=1),
        "EventWidth": (booking.end - booking.start) // timedelta(minutes=1),
        "TeardownWidth": booking.teardown // timedelta(minutes=1),
        "Status": booking.status,
        "WebUserIsOwner": False,
    }
    return row if booking.status_type is None else {**row, "StatusTypeId": booking.status_type}


def utc_text(moment: datetime) -> str:
    """Return an instant as EMS writes it: in UTC, without saying so."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat()


def local_text(moment: datetime, zone: ZoneInfo) -> str:
    """Return an instant as the clocks of a zone show it."""
    return moment.astimezone(zone).replace(tzinfo=None).isoformat()
