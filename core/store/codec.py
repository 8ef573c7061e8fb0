"""How small records are written: as JSON, and equal records as equal bytes."""

from dataclasses import fields
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from core.model.stored import stored_name_of

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_Record = TypeVar("_Record", bound="DataclassInstance")


class InvalidRecordError(ValueError):
    """Stored bytes are not what this version of the bot writes."""


def encode_record(record: "DataclassInstance") -> bytes:
    """Return the bytes to store.

    What is None is left out, so that a field which a later version adds does not change
    the bytes of records that do not use it.
    """
    values = {
        stored: _to_utc(getattr(record, name)) for name, stored in _stored_names(type(record))
    }
    return msgspec.json.encode({name: each for name, each in values.items() if each is not None})


def decode_record(kind: type[_Record], stored: bytes | str) -> _Record:
    """Return the record that `encode_record` wrote.

    Raises:
        InvalidRecordError: these bytes are not such a record.
    """
    try:
        values = _decoder.decode(stored)
        known = {
            name: values[stored_name]
            for name, stored_name in _stored_names(kind)
            if stored_name in values
        }
        record: _Record = msgspec.convert(known, kind)
    except (msgspec.MsgspecError, UnicodeDecodeError) as err:
        raise InvalidRecordError(str(err)) from err
    return record


def _to_utc(value: object) -> object:
    return value.astimezone(UTC) if isinstance(value, datetime) else value


@cache
def _stored_names(kind: type["DataclassInstance"]) -> tuple[tuple[str, str], ...]:
    """Return attribute and stored name of each field, in the order in which they are stored."""
    return tuple((each.name, stored_name_of(each.metadata, each.name)) for each in fields(kind))


_decoder = msgspec.json.Decoder(dict[str, Any])
