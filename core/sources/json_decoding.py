"""JSON of a source as structs, and what a response is that is not such JSON.

| kind | error | seen as |
|---|---|---|
| login page | refused | an HTML page with a success status |
| error document | refused | XML where JSON was requested |
| no data | format | nothing, or JSON without the part that holds the data |
| cut off | unavailable | JSON that ends too early |
| not understood | format | other JSON, wrong types, anything else |
"""

import re
from collections.abc import Sized
from typing import TypeVar

import msgspec
from msgspec import Raw

from core.errors import (
    SourceError,
    SourceFormatError,
    SourceRefusedError,
    SourceUnavailableError,
)

# Sent by some servers in front of JSON, so that no page can run it as a script.
_XSSI_PREFIX = b")]}',"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_HTML = re.compile(rb"<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_ERROR_CODE = re.compile(rb"msg_id>\s*([A-Z][A-Z0-9_]{0,40})\s*<")
_MARKUP_BYTES = 4096
MAX_BAD_ITEMS = 100
"""More items that are not understood: the response is not what we think it is."""
# Ten times the rooms of the largest campus, or the bookings of any request of ours.
_MAX_ITEMS = 20_000
# More values than a response of the largest size has.
_MAX_VALUES = 500_000
# No response nests a tenth as deeply, and every Python can decode this depth. How much deeper a
# decoder goes before it gives up differs: 1,000 levels on Python 3.11, 150,000 on 3.14.
_MAX_LEVELS = 500

Shape = TypeVar("Shape")


def extract_json(body: bytes) -> bytes:
    """Return the JSON in a response, without what servers put around it.

    Raises:
        SourceError: the response is markup, or empty.
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
    """Decode JSON.

    Raises:
        SourceError: the JSON is cut off, or has another shape.
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
    """Tell from an error whether JSON ends too early; within a number counts as any error."""
    return "truncated" in message or message.endswith(
        (f"invalid number (byte {size})", f"invalid character (byte {size})")
    )


def _ends_too_deep(text: bytes) -> bool:
    """Tell whether cut-off JSON ends inside more levels than a response has.

    Brackets in strings do not count. Strings are removed only where they matter, because
    that copies the text.
    """
    if _levels_at_end(text) <= _MAX_LEVELS:
        return False
    return _levels_at_end(_without_strings(text)) > _MAX_LEVELS


def _levels_at_end(text: bytes) -> int:
    """Count the arrays and objects that are open at the end of valid JSON."""
    return sum(map(text.count, (b"[", b"{"))) - sum(map(text.count, (b"]", b"}")))


def _without_strings(text: bytes) -> bytes:
    unescaped = text.replace(rb"\\", b"").replace(rb"\"", b"")
    return b"".join(unescaped.split(b'"')[::2])


def reject_too_many_values(text: bytes) -> None:
    """Refuse JSON with more values than a response has, before it is decoded item by item.

    Raises:
        SourceFormatError: see above.
    """
    if text.count(b",") > _MAX_VALUES:
        raise SourceFormatError("not understood", "too many parts")


def reject_too_many_items(items: Sized) -> None:
    """Refuse more items than a response has, before they hold up the commands of members.

    Raises:
        SourceFormatError: see above.
    """
    if len(items) > _MAX_ITEMS:
        raise SourceFormatError("not understood", "too many parts")
