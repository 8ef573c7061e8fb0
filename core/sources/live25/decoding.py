"""Responses of 25Live as structs, one faulty part of them at the cost of that part alone.

Source: `docs/25live.md`, "Errors" and "Values that vary".
"""

import msgspec
from msgspec import Raw, UnsetType

from core.errors import SourceFormatError
from core.sources.json_decoding import (
    MAX_BAD_ITEMS,
    decode_json,
    extract_json,
    reject_too_many_items,
    reject_too_many_values,
)
from core.sources.live25.lenient import (
    UNREADABLE_ITEM,
    decode_grid_items,
    decode_reservation_items,
)
from core.sources.live25.schema import (
    Grid,
    LenientGrid,
    LenientReservationsResponse,
    LenientSubject,
    Reservation,
    ReservationsResponse,
    Subject,
)

# Not strict: the source's converter writes the same number as 13.833333 or as "10.500000".
_GRID = msgspec.json.Decoder(Grid, strict=False)
_RESERVATIONS = msgspec.json.Decoder(ReservationsResponse, strict=False)
_SUBJECT = msgspec.json.Decoder(Subject, strict=False)
_LENIENT_GRID = msgspec.json.Decoder(LenientGrid, strict=False)
_LENIENT_RESERVATIONS = msgspec.json.Decoder(LenientReservationsResponse, strict=False)
_LENIENT_SUBJECT = msgspec.json.Decoder(LenientSubject, strict=False)


def decode_grid(body: bytes) -> Grid:
    """Return an answer of `availabilitydata.json`, with at least one subject.

    An item that is not understood has no times, and a subject that is not understood has one
    such item, so that it is known to be there and spoils no other.

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
    subjects: list[Subject] = []
    unreadable = 0
    for raw in lenient.subjects:
        subject = _decode_subject(raw)
        unreadable += UNREADABLE_ITEM in (subject.items or ())
        if unreadable > MAX_BAD_ITEMS:
            raise SourceFormatError("not understood", "too many unreadable subjects")
        subjects.append(subject)
    return Grid(subjects, lenient.headers, lenient.page_count)


def _decode_subject(raw: Raw) -> Subject:
    try:
        return decode_json(_SUBJECT, raw)
    except SourceFormatError:
        part = decode_json(_LENIENT_SUBJECT, raw)
        return Subject(part.room_id, part.day, decode_grid_items(part.items))


def decode_reservations(body: bytes) -> list[Reservation]:
    """Return the reservations in an answer of `rm_reservations.json`, perhaps none.

    One that is not understood is an `UnclearReservation`, or has no times, or no rooms.

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
    lenient = decode_json(_LENIENT_RESERVATIONS, text).space_reservations
    return list(decode_reservation_items(lenient.items))
