"""Responses of 25Live as structs, one faulty part of them at the cost of that part alone.

Source: `docs/25live.md`, "Errors".
"""

import msgspec
from msgspec import UnsetType

from core.errors import SourceFormatError
from core.sources.json_decoding import (
    decode_items,
    decode_json,
    extract_json,
    reject_too_many_items,
    reject_too_many_values,
)
from core.sources.live25.schema import (
    Grid,
    Item,
    LenientGrid,
    LenientReservationsResponse,
    Reservation,
    ReservationRooms,
    ReservationsResponse,
    Subject,
    SubjectIds,
)

_UNREADABLE_ITEM = Item(float("nan"), float("nan"))

# Not strict: the source's converter writes the same number as 13.833333 or as "10.500000".
_GRID = msgspec.json.Decoder(Grid, strict=False)
_RESERVATIONS = msgspec.json.Decoder(ReservationsResponse, strict=False)
_SUBJECT = msgspec.json.Decoder(Subject, strict=False)
_RESERVATION = msgspec.json.Decoder(Reservation, strict=False)
_LENIENT_GRID = msgspec.json.Decoder(LenientGrid, strict=False)
_LENIENT_RESERVATIONS = msgspec.json.Decoder(LenientReservationsResponse, strict=False)
_SUBJECT_IDS = msgspec.json.Decoder(SubjectIds, strict=False)
_RESERVATION_ROOMS = msgspec.json.Decoder(ReservationRooms, strict=False)


def decode_grid(body: bytes) -> Grid:
    """Return an answer of `availabilitydata.json`, with at least one subject.

    A subject that is not understood has one item without times, so that it is known to be
    there and spoils no other.

    Raises:
        SourceError: the body is something else, or holds no subject.
    """
    text = extract_json(body)
    try:
        grid = decode_json(_GRID, text)
    except SourceFormatError:
        reject_too_many_values(text)
        grid = _decode_grid_leniently(text)
    if not grid.subjects:
        raise SourceFormatError("no data", "no subjects")
    reject_too_many_items(grid.subjects)
    return grid


def _decode_grid_leniently(text: bytes) -> Grid:
    lenient = decode_json(_LENIENT_GRID, text)
    subjects = [
        Subject(part.room_id, part.day, [_UNREADABLE_ITEM])
        if isinstance(part, SubjectIds)
        else part
        for part in decode_items(lenient.subjects, _SUBJECT, _SUBJECT_IDS)
    ]
    return Grid(subjects, lenient.headers, lenient.page_count)


def decode_reservations(body: bytes) -> list[Reservation]:
    """Return the reservations in an answer of `rm_reservations.json`, perhaps none.

    One that is not understood has no times but its rooms.

    Raises:
        SourceError: the body is something else.
    """
    text = extract_json(body)
    try:
        answer = decode_json(_RESERVATIONS, text).space_reservations
    except SourceFormatError:
        reject_too_many_values(text)
        return _decode_reservations_leniently(text)
    if isinstance(answer, UnsetType):
        raise SourceFormatError("no data", "no reservations")
    if not answer or answer.items is None:
        return []
    found = answer.items if isinstance(answer.items, list) else [answer.items]
    reject_too_many_items(found)
    return found


def _decode_reservations_leniently(text: bytes) -> list[Reservation]:
    raws = decode_json(_LENIENT_RESERVATIONS, text).space_reservations.items
    return [
        Reservation(start="", end="", spaces=part.spaces)
        if isinstance(part, ReservationRooms)
        else part
        for part in decode_items(raws, _RESERVATION, _RESERVATION_ROOMS)
    ]
