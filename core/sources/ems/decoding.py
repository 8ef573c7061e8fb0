"""Answers of EMS as structs, one faulty part of them at the cost of that part alone.

Source: `docs/ems.md`, "Answers".
"""

from collections.abc import Iterator, Sequence

import msgspec
from msgspec import Raw, UnsetType

from core.errors import SourceFormatError
from core.sources.ems.schema import (
    Booking,
    BookingRooms,
    BuildingDate,
    DayAnswer,
    Envelope,
    LenientDayAnswer,
    ListedBuilding,
    RoomsAnswer,
)
from core.sources.json_decoding import (
    MAX_BAD_ITEMS,
    decode_json,
    extract_json,
    reject_too_many_items,
    reject_too_many_values,
)

_UNREADABLE_DATE = BuildingDate()

# Not strict: versions differ in whether they write a number as one or as a text.
_ENVELOPE = msgspec.json.Decoder(Envelope, strict=False)
_DAY = msgspec.json.Decoder(DayAnswer, strict=False)
_LENIENT_DAY = msgspec.json.Decoder(LenientDayAnswer, strict=False)
_BOOKING = msgspec.json.Decoder(Booking, strict=False)
_BOOKING_ROOMS = msgspec.json.Decoder(BookingRooms, strict=False)
_DATE = msgspec.json.Decoder(BuildingDate, strict=False)
_ROOMS = msgspec.json.Decoder(RoomsAnswer, strict=False)


def unwrap(body: bytes) -> bytes:
    """Return the JSON that an answer holds as a text.

    Raises:
        SourceError: the body is something else, such as a login page.
    """
    text = decode_json(_ENVELOPE, extract_json(body)).text
    if text is None:
        raise SourceFormatError("no data", "no answer in the envelope")
    return extract_json(text.encode())


def decode_day(text: bytes) -> DayAnswer:
    """Return an answer of `GetBrowseLocationsBookings`; its bookings are a list, perhaps empty.

    A booking that is not understood has no times but its rooms.

    Raises:
        SourceError: the JSON is something else.
    """
    try:
        answer = decode_json(_DAY, text)
    except SourceFormatError:
        reject_too_many_values(text)
        answer = _decode_day_leniently(text)
    if answer.bookings is None or isinstance(answer.bookings, UnsetType):
        raise SourceFormatError("no data", "no bookings")
    for items in (answer.bookings, answer.hours or (), answer.holidays or ()):
        reject_too_many_items(items)
    return answer


def decode_rooms(text: bytes) -> Sequence[ListedBuilding]:
    """Return the buildings in an answer of `GetBrowseLocationsRooms`, perhaps none.

    Raises:
        SourceError: the JSON is something else.
    """
    answer = decode_json(_ROOMS, text)
    if answer.buildings is None or isinstance(answer.buildings, UnsetType):
        raise SourceFormatError("no data", "no buildings")
    reject_too_many_items(answer.buildings)
    reject_too_many_items([room for each in answer.buildings for room in each.rooms or ()])
    return answer.buildings


def _decode_day_leniently(text: bytes) -> DayAnswer:
    answer = decode_json(_LENIENT_DAY, text)
    return DayAnswer(
        list(_bookings(answer.bookings)), list(_dates(answer.hours)), list(_dates(answer.holidays))
    )


def _bookings(raws: Sequence[Raw]) -> Iterator[Booking]:
    """Yield bookings; one that is not understood has no times.

    Raises:
        SourceError: one names no room, or more are not understood than an answer has.
    """
    unreadable = 0
    for raw in raws:
        try:
            yield decode_json(_BOOKING, raw)
        except SourceFormatError:
            unreadable += 1
            if unreadable > MAX_BAD_ITEMS:
                raise
            rooms = decode_json(_BOOKING_ROOMS, raw)
            yield Booking(rooms.room_id, rooms.own_room_id)


def _dates(raws: Sequence[Raw] | None) -> Iterator[BuildingDate]:
    """Yield dates of buildings; of one that is not understood nothing is stated."""
    for raw in raws or ():
        try:
            yield decode_json(_DATE, raw)
        except SourceFormatError:
            yield _UNREADABLE_DATE
