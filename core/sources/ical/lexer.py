"""From the bytes of a feed to the lines of its calendars that say when and where.

All other properties (titles, people, notes) are dropped here, before any of them is parsed.
That also makes a feed a fraction of its size.

| kind | error | seen as |
|---|---|---|
| login page, error document | refused | HTML or XML with a success status |
| no data | changed | nothing at all |
| cut off | unavailable | a calendar without its end |
| not understood | changed | anything else |

Source: `docs/ical.md`, "What is read".
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from core.errors import (
    SourceError,
    SourceFormatError,
    SourceRefusedError,
    SourceUnavailableError,
)

_BYTE_ORDER_MARK = codecs.BOM_UTF8
_HTML = re.compile(rb"<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_BEGIN, _END = b"BEGIN:VCALENDAR", b"END:VCALENDAR"
_FOLDED = re.compile(rb"(?:\r\n|\n|\r)[ \t]")
# Blanks and byte order marks stand before and after names in some feeds.
_NAME = re.compile(rb"(?:\s|\xef\xbb\xbf|\xc2\xa0)*([A-Za-z0-9-]+)\s*(?=[;:])")
# A property that lost its colon still says something; a note's second line is no property.
_BARE_NAME = re.compile(rb"([A-Z-]+)(?=[\s=])")
_ROOM_ATTENDEE = re.compile(rb";\s*CUTYPE\s*=\s*\"?(?:ROOM|RESOURCE)\b", re.IGNORECASE)
_HEAD, _TAIL = 4096, 4096
_MAX_DEPTH = 10
_MAX_EVENTS = 100_000
"""Ten times the bookings that a large campus has in a year."""

_KEPT_PROPERTIES = {
    b"VEVENT": frozenset(
        b"UID SEQUENCE RECURRENCE-ID DTSTART DTEND DURATION RRULE RDATE EXDATE"
        b" STATUS TRANSP LOCATION RESOURCES ATTENDEE".split()
    ),
    b"VFREEBUSY": frozenset(b"DTSTART DTEND FREEBUSY".split()),
    b"VTIMEZONE": frozenset(b"TZID".split()),
    b"STANDARD": frozenset(b"DTSTART RRULE RDATE TZOFFSETFROM TZOFFSETTO".split()),
}
_KEPT_PROPERTIES[b"DAYLIGHT"] = _KEPT_PROPERTIES[b"STANDARD"]
_CALENDAR_PROPERTIES = frozenset(
    b"X-WR-TIMEZONE CALSCALE X-WR-CALDESC X-CALSTART X-CALEND X-CLIPSTART X-CLIPEND".split()
)
_PARENTS = {
    b"VEVENT": b"VCALENDAR",
    b"VFREEBUSY": b"VCALENDAR",
    b"VTIMEZONE": b"VCALENDAR",
    b"STANDARD": b"VTIMEZONE",
    b"DAYLIGHT": b"VTIMEZONE",
}

Line = tuple[int, bytes, bytes]
"""The number of an unfolded line in its feed, the property's name, and what follows it."""

Lines = list[Line]


@dataclass(slots=True)
class RawCalendar:
    """One calendar of a feed: its components, each as the unfolded lines that matter.

    `properties` are those of the calendar itself that bear on times, by name.
    """

    properties: dict[bytes, bytes] = field(default_factory=dict)
    zones: list[Lines] = field(default_factory=list)
    events: list[Lines] = field(default_factory=list)
    free_busy: list[Lines] = field(default_factory=list)

    def text(self, name: bytes) -> str:
        """Return the value of a property of the calendar, empty where it has none."""
        return self.properties.get(name, b"").decode("utf-8", "replace")


def validate_calendar(body: bytes) -> None:
    """Stop at an answer that is no calendar, or only the first part of one.

    Raises:
        SourceError: see the module.
    """
    encoding = _utf16_encoding(body)
    head = _to_utf8(body[:_HEAD], encoding).removeprefix(_BYTE_ORDER_MARK).lstrip()
    if not head:
        raise SourceFormatError("no data", "empty")
    if head.startswith(b"<"):
        raise SourceRefusedError("login page" if _HTML.search(head) else "error document")
    if not head.upper().startswith(_BEGIN):
        raise SourceFormatError("not understood", "no calendar")
    # Two bytes make a letter of UTF-16, so the tail begins at an even place.
    tail = _to_utf8(body[max(0, len(body) - _TAIL) // 2 * 2 :], encoding)
    if _END not in _FOLDED.sub(b"", tail).upper():
        raise SourceUnavailableError("cut off", "no end of the calendar")


def split_components(body: bytes) -> list[RawCalendar]:
    """Return the calendars of a feed, at least one.

    Raises:
        SourceError: it is no calendar, is cut off, or its parts are not properly nested.
    """
    validate_calendar(body)
    text = _to_utf8(body, _utf16_encoding(body)).removeprefix(_BYTE_ORDER_MARK)
    reader = _ComponentReader()
    for number, line in _unfold(text):
        reader.read(number, line)
    if reader.is_open:
        raise SourceUnavailableError("cut off", "a part without its end")
    return reader.calendars


def _utf16_encoding(body: bytes) -> str:
    """Return the encoding of a feed in UTF-16, empty for all other feeds."""
    if body.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le"
    return "utf-16-be" if body.startswith(codecs.BOM_UTF16_BE) else ""


def _to_utf8(body: bytes, encoding: str) -> bytes:
    return body.decode(encoding, "replace").encode() if encoding else body


class _ComponentReader:
    def __init__(self) -> None:
        self.calendars: list[RawCalendar] = []
        self._open: list[bytes] = []
        self._lines: Lines = []
        self._kept: frozenset[bytes] | None = None
        self._events = 0

    @property
    def is_open(self) -> bool:
        return bool(self._open)

    def read(self, number: int, line: bytes) -> None:
        found = _NAME.match(line) or (self._kept and _BARE_NAME.match(line))
        if not found:
            # Some programs write a note's second line without folding it.
            return
        name = found[1].upper()
        if name == b"BEGIN":
            self._begin(number, line.partition(b":")[2].strip().upper())
        elif name == b"END":
            self._end(number, line.partition(b":")[2].strip().upper())
        elif self._kept is not None:
            if name in self._kept and (name != b"ATTENDEE" or _ROOM_ATTENDEE.search(line)):
                self._lines.append((number, name, line[found.end() :]))
        elif name in _CALENDAR_PROPERTIES and self._open == [b"VCALENDAR"]:
            self.calendars[-1].properties[name] = line.partition(b":")[2].strip()

    def _is_kept_component(self) -> bool:
        part = self._open[-1] if self._open else b""
        return len(self._open) > 1 and _PARENTS.get(part) == self._open[-2]

    def _set_kept(self) -> None:
        self._kept = _KEPT_PROPERTIES[self._open[-1]] if self._is_kept_component() else None
        if self._kept is None and len(self._open) > 1:
            self._kept = frozenset()

    def _begin(self, number: int, part: bytes) -> None:
        if len(self._open) >= _MAX_DEPTH or (part == b"VCALENDAR") != (not self._open):
            raise _nesting_error()
        self._open.append(part)
        if part == b"VCALENDAR":
            self.calendars.append(RawCalendar())
        elif self._is_kept_component():
            if _PARENTS[part] == b"VCALENDAR":
                self._lines = []
            self._lines.append((number, b"BEGIN", part))
        elif part in _PARENTS:
            # An event inside something else must not vanish with it.
            raise _nesting_error()
        self._set_kept()

    def _end(self, number: int, part: bytes) -> None:
        if not self._open or self._open[-1] != part:
            raise _nesting_error()
        if self._is_kept_component():
            self._lines.append((number, b"END", part))
            self._finish(part)
        self._open.pop()
        self._set_kept()

    def _finish(self, part: bytes) -> None:
        calendar = self.calendars[-1]
        if part == b"VEVENT":
            self._events += 1
            if self._events > _MAX_EVENTS:
                raise SourceFormatError("too large", f"more than {_MAX_EVENTS:,} events")
            calendar.events.append(self._lines)
        elif part == b"VFREEBUSY":
            calendar.free_busy.append(self._lines)
        elif part == b"VTIMEZONE":
            calendar.zones.append(self._lines)


def _nesting_error() -> SourceError:
    return SourceFormatError("not understood", "parts that do not nest")


def _unfold(body: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the lines and their numbers, folded lines whole.

    Bytes and not text, because a fold may part the bytes of a letter.
    """
    # A feed whose lines end otherwise may hold the odd CR in the middle of a note.
    lines = body.split(b"\n") if b"\n" in body else body.split(b"\r")
    first, whole = 0, list[bytes]()
    for number, line in enumerate(lines, 1):
        if line.startswith((b" ", b"\t")):
            whole.append(line[1:].removesuffix(b"\r"))
        elif line not in {b"", b"\r"}:
            if whole:
                yield first, whole[0] if len(whole) == 1 else b"".join(whole)
            first, whole = number, [line.removesuffix(b"\r")]
    if whole:
        yield first, b"".join(whole)
