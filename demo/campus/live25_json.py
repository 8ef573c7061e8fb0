"""The demo campus in 25Live's JSON.

Source: `docs/25live.md`, "The availability grid" and "Times".
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any
from zlib import crc32

from demo.campus.bookings import Booking, BookingKind
from demo.campus.buildings import DemoBuilding, DemoRoom
from demo.campus.day_bookings import visible_bookings

Json = dict[str, Any]

_LONGEST_NAME = 40
_MILLION = 1_000_000
_EVENT, _LOCATION = 1, 4
_TENTATIVE, _CONFIRMED = 1, 2
_NUMBER = re.compile(r"(?:0|[1-9]\d*)(?:\.\d*[1-9])?", re.ASCII)


def room_subjects(building: DemoBuilding, room: DemoRoom, days: Iterable[date]) -> Iterator[Json]:
    """Yield the subject of a room on each day: the items between two midnights."""
    for day in days:
        yield {
            "itemId": room.id,
            "itemName": room.label,
            "itemTypeId": _LOCATION,
            "item_date": f"{day.isoformat()}T00:00:00",
            "items": [
                item
                for booking in visible_bookings(building, room, day)
                for item in _items(room, day, booking)
            ],
        }


def _items(room: DemoRoom, day: date, booking: Booking) -> Iterable[Json]:
    """Return an item for each of a booking's events, all with the same times."""
    return (_item(room, day, booking, name) for name in booking.names)


def _item(room: DemoRoom, day: date, booking: Booking, name: str) -> Json:
    hidden = booking.is_private or booking.kind is BookingKind.CLOSED
    is_event = booking.kind is BookingKind.EVENT and not hidden
    item: Json = {
        "itemId": 0 if hidden else _stable_id(name),
        "itemId2": _stable_id(name, room.id, day) if is_event else 0,
        "itemName": "(Private)" if booking.is_private else sniff_number(name[:_LONGEST_NAME]),
        "itemTypeId": _EVENT,
        "type_id": int(booking.kind),
        "has_perm": 0,
        "start": decimal_hours(booking.occupied.start),
        "end": decimal_hours(booking.occupied.end),
    }
    if is_event:
        item["cur_event_state"] = _TENTATIVE if booking.is_tentative else _CONFIRMED
        item["ev_start_time"] = decimal_hours(booking.event_time.start)
        item["ev_end_time"] = decimal_hours(booking.event_time.end)
    return item


def _stable_id(*key: object) -> int:
    """Return a number that 25Live could have given to this, the same each time."""
    return crc32(repr(key).encode()) % _MILLION + 1


def decimal_hours(since_midnight: timedelta) -> str | float:
    """Return a time as 25Live writes it: hours with six decimals, the rest cut off."""
    millionths = since_midnight * _MILLION // timedelta(hours=1)
    text = f"{millionths // _MILLION}.{millionths % _MILLION:06}"
    return sniff_number(text)


def sniff_number(text: str) -> str | float:
    """Return what 25Live's way from XML to JSON makes of a text: a number if it reads as one.

    "10.500000" does not, because written as a number it would be "10.5".
    """
    if not _NUMBER.fullmatch(text):
        return text
    return float(text) if "." in text else int(text)
