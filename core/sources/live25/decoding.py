"""From the bytes of an answer to its shape, and what is not one.

| kind | error | seen as |
|---|---|---|
| login page | refused | an HTML page with a success status |
| error document | refused | XML under a JSON address |
| no data | changed | nothing, or JSON without the part that holds the data |
| cut off | unavailable | JSON that ends too early |
| not understood | changed | other JSON, wrong types, anything else |

Source: `docs/25live.md`, "Errors".
"""

import re
from collections.abc import Iterable, Iterator, Sized
from typing import TypeVar

import msgspec
from msgspec import Raw, UnsetType

from core.errors import (
    SourceError,
    SourceFormatError,
    SourceRefusedError,
    SourceUnavailableError,
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

_XSSI_PREFIX = (
    b")]}',"  # 25Live's protection against being read as a script, sent by some instances
)
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_HTML = re.compile(rb"<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_ERROR_CODE = re.compile(rb"msg_id>\s*([A-Z][A-Z0-9_]{0,40})\s*<")
_MARKUP_BYTES = 4096
# With more parts that are not understood than this, the answer is not what we think it is.
_MAX_BAD_ITEMS = 100
# Ten times the rooms of the largest campus, or the reservations of any question of ours.
_MAX_ITEMS = 20_000
# More values than an answer of the largest size has.
_MAX_VALUES = 500_000
# No answer nests a tenth as deeply, and every Python can decode this depth. How much deeper a
# decoder goes before it gives up differs: 1,000 levels on Python 3.11, 150,000 on 3.14.
_MOST_LEVELS = 500


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

Shape = TypeVar("Shape")
Head = TypeVar("Head")


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
        _reject_too_many_values(text)
        grid = _decode_grid_leniently(text)
    if not grid.subjects:
        raise SourceFormatError("no data", "no subjects")
    _reject_too_many_items(grid.subjects)
    return grid


def _decode_grid_leniently(text: bytes) -> Grid:
    lenient = decode_json(_LENIENT_GRID, text)
    subjects = [
        Subject(part.room_id, part.day, [_UNREADABLE_ITEM])
        if isinstance(part, SubjectIds)
        else part
        for part in _decode_items(lenient.subjects, _SUBJECT, _SUBJECT_IDS)
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
        _reject_too_many_values(text)
        return _decode_reservations_leniently(text)
    if isinstance(answer, UnsetType):
        raise SourceFormatError("no data", "no reservations")
    if not answer or answer.items is None:
        return []
    found = answer.items if isinstance(answer.items, list) else [answer.items]
    _reject_too_many_items(found)
    return found


def _decode_reservations_leniently(text: bytes) -> list[Reservation]:
    raws = decode_json(_LENIENT_RESERVATIONS, text).space_reservations.items
    return [
        Reservation(start="", end="", spaces=part.spaces)
        if isinstance(part, ReservationRooms)
        else part
        for part in _decode_items(raws, _RESERVATION, _RESERVATION_ROOMS)
    ]


def _reject_too_many_values(text: bytes) -> None:
    """Stop before millions of empty parts are taken for something worth a second look."""
    if text.count(b",") > _MAX_VALUES:
        raise SourceFormatError("not understood", "too many parts")


def _reject_too_many_items(items: Sized) -> None:
    """Stop before more parts than there can be hold up the commands of members."""
    if len(items) > _MAX_ITEMS:
        raise SourceFormatError("not understood", "too many parts")


def _decode_items(
    raws: Iterable[Raw], whole: msgspec.json.Decoder[Shape], head: msgspec.json.Decoder[Head]
) -> Iterator[Shape | Head]:
    """Yield each part whole, or its head where the rest is not understood."""
    bad_items = 0
    for raw in raws:
        try:
            yield decode_json(whole, raw)
        except SourceFormatError:
            bad_items += 1
            if bad_items > _MAX_BAD_ITEMS:
                raise
            yield decode_json(head, raw)


def extract_json(body: bytes) -> bytes:
    """Return the JSON in an answer, without what instances put around it.

    Raises:
        SourceError: there is none.
    """
    text = body.removeprefix(_BYTE_ORDER_MARK).strip().removeprefix(_XSSI_PREFIX).lstrip()
    if not text:
        raise SourceFormatError("no data", "empty")
    if text.startswith(b"<"):
        raise _markup_error(text[:_MARKUP_BYTES])
    return text


def _markup_error(head: bytes) -> SourceError:
    if _HTML.search(head):
        return SourceRefusedError("login page")
    code = _ERROR_CODE.search(head)
    return SourceRefusedError("error document", code[1].decode() if code else "")


def decode_json(decoder: msgspec.json.Decoder[Shape], text: bytes | Raw) -> Shape:
    """Return what `decoder` makes of JSON.

    Raises:
        SourceError: it is cut off, or has another shape.
    """
    # Neither error is kept as a cause: a UnicodeDecodeError holds the text, names included.
    try:
        return decoder.decode(text)
    except msgspec.ValidationError as err:
        raise SourceFormatError("not understood", str(err)) from None
    except msgspec.DecodeError as err:
        if not _is_truncated(str(err), memoryview(text).nbytes):
            raise SourceFormatError("not understood", str(err)) from None
        if _ends_too_deep(bytes(text)):
            raise SourceFormatError("not understood", "nested too deeply") from None
        raise SourceUnavailableError("cut off", "incomplete JSON") from None
    except UnicodeDecodeError:
        raise SourceFormatError("not understood", "not UTF-8") from None
    except RecursionError:
        raise SourceFormatError("not understood", "nested too deeply") from None


def _is_truncated(message: str, size: int) -> bool:
    """Tell whether JSON is wrong because it ends; in a number, that is a fault like others."""
    return "truncated" in message or message.endswith(
        (f"invalid number (byte {size})", f"invalid character (byte {size})")
    )


def _ends_too_deep(text: bytes) -> bool:
    """Tell whether cut-off JSON ends inside more levels than an answer has.

    Brackets in strings do not count. They are taken out only where they matter: that copies
    the text.
    """
    if _levels_at_end(text) <= _MOST_LEVELS:
        return False
    return _levels_at_end(_without_strings(text)) > _MOST_LEVELS


def _levels_at_end(text: bytes) -> int:
    """Count the arrays and objects that are not closed; all others are, as far as JSON is valid."""
    return sum(map(text.count, (b"[", b"{"))) - sum(map(text.count, (b"]", b"}")))


def _without_strings(text: bytes) -> bytes:
    unescaped = text.replace(rb"\\", b"").replace(rb"\"", b"")
    return b"".join(unescaped.split(b'"')[::2])
