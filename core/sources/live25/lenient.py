"""Lenient decoding of single items: empty and wrapped values count as what they stand for.

25Live converts XML to JSON by the look of each value. An empty element becomes an empty text, a
null or an object that says `nil`; a repeated element of one becomes a list of one; a text of
digits becomes a number. A value that nothing of this explains makes its item unclear.

Source: `docs/25live.md`, "Values that vary".
"""

from collections.abc import Iterator

import msgspec
from msgspec import Raw

from core.errors import SourceFormatError
from core.sources.json_decoding import MAX_BAD_ITEMS, decode_json
from core.sources.live25.schema import (
    AnyItem,
    AnyReservation,
    Event,
    Item,
    Reservation,
    Space,
    UnclearReservation,
)

UNREADABLE_ITEM = Item(float("nan"), float("nan"))

_NIL_KEYS = frozenset({"nil", "@nil", "xsi:nil", "@xsi:nil"})
_ANYTHING = msgspec.json.Decoder(object)
_LIST = msgspec.json.Decoder(list[Raw])
_ITEM = msgspec.json.Decoder(Item, strict=False)
_ANY_ITEM = msgspec.json.Decoder(AnyItem)
_RESERVATION = msgspec.json.Decoder(Reservation, strict=False)
_ANY_RESERVATION = msgspec.json.Decoder(AnyReservation)


def decode_reservation_items(raw: Raw) -> Iterator[Reservation]:
    """Decode one reservation or a list of them, each on its own.

    Raises:
        SourceError: an item is no reservation, or more of them are unclear than a response has.
    """
    unclear = 0
    for item in _raw_items(raw):
        reservation = _decode_reservation(item)
        unclear += isinstance(reservation, UnclearReservation)
        if unclear > MAX_BAD_ITEMS:
            raise SourceFormatError("not understood", "too many unclear reservations")
        yield reservation


def decode_grid_items(raw: Raw) -> list[Item]:
    """Decode the items of a subject, an unreadable one as an item without times."""
    try:
        if _unwrapped(decode_json(_ANYTHING, raw)) is None:
            return []
        return [_decode_item(item) for item in _raw_items(raw)]
    except SourceFormatError:
        return [UNREADABLE_ITEM]


def _raw_items(raw: Raw) -> list[Raw]:
    return decode_json(_LIST, raw) if bytes(raw).lstrip().startswith(b"[") else [raw]


def _decode_item(raw: Raw) -> Item:
    try:
        return decode_json(_ITEM, raw)
    except SourceFormatError:
        pass
    try:
        parts = decode_json(_ANY_ITEM, raw)
        event_id = _unwrapped(parts.event_id)
        return Item(
            _hours(parts.start),
            _hours(parts.end),
            _number(parts.type_id),
            _number(parts.state),
            event_id if isinstance(event_id, int | str) else None,
        )
    except SourceFormatError:
        return UNREADABLE_ITEM


def _decode_reservation(raw: Raw) -> Reservation:
    try:
        return decode_json(_RESERVATION, raw)
    except SourceFormatError:
        parts = decode_json(_ANY_RESERVATION, raw)
    start, end, spaces = _timestamp(parts.start), _timestamp(parts.end), _spaces(parts.spaces)
    if not (start or end or spaces):
        raise SourceFormatError("not understood", "a reservation without times and rooms")
    try:
        event = _event(parts.event)
        state, state_name = _number(parts.state), _text(parts.state_name)
    except SourceFormatError:
        return UnclearReservation(start, end, spaces)
    return Reservation(start, end, spaces, state, state_name, event)


def _timestamp(value: object) -> str:
    value = _unwrapped(value)
    return value if isinstance(value, str) else ""


def _spaces(value: object) -> list[Space]:
    """Return the rooms of a reservation; a room whose id is not readable has an empty one."""
    value = _unwrapped(value)
    values = value if isinstance(value, list) else [value]
    return [_space(each) for each in values if each is not None]


def _space(value: object) -> Space:
    room_id = _unwrapped(value.get("space_id")) if isinstance(value, dict) else None
    if isinstance(room_id, str):
        return Space(room_id.strip())
    try:
        number = _number(room_id)
    except SourceFormatError:
        number = None
    return Space("" if number is None else number)


def _event(value: object) -> Event | None:
    """Return the event of a reservation, None where there is nothing to read of it."""
    value = _unwrapped(value)
    if isinstance(value, list):
        raise SourceFormatError("not understood", "several events of one reservation")
    if not isinstance(value, dict):
        return None
    return Event(
        _number(value.get("state")),
        _text(value.get("state_name")),
        _text(value.get("event_type_name")),
    )


def _number(value: object) -> int | None:
    """Return a whole number, None for nothing.

    Raises:
        SourceFormatError: the value is something else.
    """
    value = _unwrapped(value)
    if value is None:
        return None
    number = _hours(value)
    if not number.is_integer():
        raise SourceFormatError("not understood", "a number")
    return int(number)


def _hours(value: object) -> float:
    value = _unwrapped(value)
    try:
        if isinstance(value, int | float | str) and not isinstance(value, bool):
            return float(value)
    except (ValueError, OverflowError):
        pass
    raise SourceFormatError("not understood", "a number")


def _text(value: object) -> str | None:
    value = _unwrapped(value)
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, int | float):
        return str(value)
    raise SourceFormatError("not understood", "a text")


def _unwrapped(value: object) -> object:
    """Return a value without lists of one around it, None for one that stands for nothing."""
    while isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, str) and not value.strip():
        return None
    is_nil = isinstance(value, dict) and _NIL_KEYS.issuperset(value)
    return None if is_nil or value == [] else value
