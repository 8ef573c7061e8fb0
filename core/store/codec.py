"""How small records are written: as JSON, and equal records as equal bytes."""

from dataclasses import fields
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import msgspec

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Instant = Annotated[datetime, msgspec.Meta(tz=True)]
"""A moment with its zone; what is stored without one is refused."""

_Record = TypeVar("_Record", bound="DataclassInstance")


class InvalidRecordError(ValueError):
    """Stored bytes are not what this version of the bot writes."""


def encode_record(record: "DataclassInstance") -> bytes:
    """Return the bytes to store.

    What is None is left out, so that a field which a later version adds does not change
    the bytes of records that do not use it.
    """
    values = {each.name: _to_utc(getattr(record, each.name)) for each in fields(record)}
    return msgspec.json.encode({name: each for name, each in values.items() if each is not None})


def decode_record(kind: type[_Record], stored: bytes | str) -> _Record:
    """Return the record that `encode` wrote.

    Raises:
        UnreadableError: these bytes are not such a record.
    """
    try:
        record: _Record = _decoder(kind).decode(stored)
    except (msgspec.MsgspecError, UnicodeDecodeError) as err:
        raise InvalidRecordError(str(err)) from err
    return record


def _to_utc(value: object) -> object:
    return value.astimezone(UTC) if isinstance(value, datetime) else value


@cache
def _decoder(kind: type[object]) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(kind)
