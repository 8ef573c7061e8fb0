"""What an event says of its place: the texts of LOCATION, RESOURCES and of room attendees.

Source: `docs/ical.md`, "Which room an event means".
"""

import binascii
import html
import quopri
import re
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass

from core.sources.ical.events import PropertiesByName
from core.sources.ical.properties import Property

_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_TAG = re.compile(r"<[A-Za-z/][^<>]{0,200}>")
_MAX_UNESCAPES = 3
_MAIL = re.compile(r"(?:mailto:)?([^@?]+)@", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PlaceText:
    """Where an event takes place.

    `is_certain` is false where a parameter or the bytes did not parse; `is_legible` where some
    of the text cannot be read at all, so that it may name any room.
    """

    text: str
    is_certain: bool = True
    is_legible: bool = True


def place_text(properties: PropertiesByName) -> PlaceText:
    """Return all that an event says of its place, one line for each property."""
    parts = [_property_text(each) for each in properties.get("LOCATION", ())]
    parts += [_property_text(each) for each in properties.get("RESOURCES", ())]
    parts += [PlaceText(each) for each in _attendee_texts(properties)]
    return PlaceText(
        "\n".join(each.text for each in parts if each.text),
        all(each.is_certain for each in parts),
        all(each.is_legible for each in parts),
    )


def _property_text(found: Property) -> PlaceText:
    encoding = found.parameters.get("ENCODING", "").upper()
    value, is_legible = found.value, True
    if encoding in {"QUOTED-PRINTABLE", "BASE64", "B"}:
        value, is_legible = _decode(found.value, encoding, found.parameters.get("CHARSET", ""))
    text = _unescape_html(_ESCAPED.sub(_unescape, value))
    return PlaceText(text, found.is_clean and found.is_utf8, is_legible)


def _decode(value: str, encoding: str, charset: str) -> tuple[str, bool]:
    """Return a text that was encoded for mail, as vCalendar 1.0 does."""
    try:
        raw = value.encode()
        if encoding == "QUOTED-PRINTABLE":
            # A soft break at the end says that the line goes on, and the rest is lost.
            return quopri.decodestring(raw).decode(charset or "utf-8"), not value.endswith("=")
        return b64decode(raw, validate=True).decode(charset or "utf-8"), True
    except (ValueError, LookupError, binascii.Error):
        return value, False


def _unescape(found: re.Match[str]) -> str:
    return "\n" if found[1] in "nN" else found[1]


def _unescape_html(text: str) -> str:
    """Return a text without entities and tags; some programs escape entities once more."""
    for _ in range(_MAX_UNESCAPES):
        plain = html.unescape(text)
        if plain == text:
            break
        text = plain
    return _TAG.sub("\n", text) if "<" in text else text


def _attendee_texts(properties: PropertiesByName) -> Iterator[str]:
    """Yield the names of rooms that are invited, unless they declined."""
    for attendee in properties.get("ATTENDEE", ()):
        if attendee.parameters.get("PARTSTAT", "").upper() == "DECLINED":
            continue
        name = _unescape_html(attendee.parameters.get("CN", ""))
        mail = _MAIL.match(attendee.value)
        yield name or (mail[1] if mail else attendee.value)
