"""From the bytes of a feed to the lines of its calendars that say when and where.

Everything else, what an event is called, who comes, what is noted, is dropped here, before
any library sees it. That also makes a feed a fraction of its size.

| kind | error | seen as |
|---|---|---|
| login page, error document | refused | HTML or XML with a success status |
| no data | changed | nothing at all |
| cut off | unavailable | a calendar without its end |
| not understood | changed | anything else |

Source: `docs/ical.md`, "What is read".
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from core.errors import (
    SourceError,
    SourceFormatError,
    SourceRefusedError,
    SourceUnavailableError,
)

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_HTML = re.compile(rb"<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_BEGIN, _END = b"BEGIN:VCALENDAR", b"END:VCALENDAR"
_FOLDED = re.compile(rb"(?:\r\n|\n|\r)[ \t]")
_NAME = re.compile(rb"[A-Za-z0-9-]+(?=[;:])")
_HEAD, _TAIL = 4096, 4096
_MAX_DEPTH = 10
# Ten times the bookings that a large campus has in a year.
_MAX_EVENTS = 100_000

_KEPT_PROPERTIES = {
    b"VEVENT": frozenset(
        b"UID SEQUENCE RECURRENCE-ID DTSTART DTEND DURATION RRULE RDATE EXDATE"
        b" STATUS TRANSP LOCATION".split()
    ),
    b"VFREEBUSY": frozenset(b"DTSTART DTEND FREEBUSY".split()),
    b"VTIMEZONE": frozenset(b"TZID".split()),
    b"STANDARD": frozenset(b"DTSTART RRULE RDATE TZOFFSETFROM TZOFFSETTO".split()),
}
_KEPT_PROPERTIES[b"DAYLIGHT"] = _KEPT_PROPERTIES[b"STANDARD"]
_PARENTS = {
    b"VEVENT": b"VCALENDAR",
    b"VFREEBUSY": b"VCALENDAR",
    b"VTIMEZONE": b"VCALENDAR",
    b"STANDARD": b"VTIMEZONE",
    b"DAYLIGHT": b"VTIMEZONE",
}

Lines = list[bytes]


@dataclass(slots=True)
class RawCalendar:
    """One calendar of a feed: its components, each as the unfolded lines that matter.

    `zone_name` is its X-WR-TIMEZONE; a scale other than the Gregorian one is in `scale`.
    """

    zone_name: bytes = b""
    scale: bytes = b""
    zones: list[Lines] = field(default_factory=list)
    events: list[Lines] = field(default_factory=list)
    free_busy: list[Lines] = field(default_factory=list)


def validate_calendar(body: bytes) -> None:
    """Stop at an answer that is no calendar, or only the first part of one.

    Raises:
        SourceError: see the module.
    """
    head = body[:_HEAD].removeprefix(_BYTE_ORDER_MARK).lstrip()
    if not head:
        raise SourceFormatError("no data", "empty")
    if head.startswith(b"<"):
        raise SourceRefusedError("login page" if _HTML.search(head) else "error document")
    if not head.upper().startswith(_BEGIN):
        raise SourceFormatError("not understood", "no calendar")
    if _END not in _FOLDED.sub(b"", body[-_TAIL:]).upper():
        raise SourceUnavailableError("cut off", "no end of the calendar")


def split_components(body: bytes) -> list[RawCalendar]:
    """Return the calendars of a feed, at least one.

    Raises:
        SourceError: it is no calendar, is cut off, or its parts are not properly nested.
    """
    validate_calendar(body)
    reader = _ComponentReader()
    for line in _unfold(body.removeprefix(_BYTE_ORDER_MARK)):
        reader.read(line)
    if reader.is_open:
        raise SourceUnavailableError("cut off", "a part without its end")
    return reader.calendars


class _ComponentReader:
    def __init__(self) -> None:
        self.calendars: list[RawCalendar] = []
        self._open: list[bytes] = []
        self._lines: Lines = []
        self._events = 0

    @property
    def is_open(self) -> bool:
        return bool(self._open)

    def read(self, line: bytes) -> None:
        found = _NAME.match(line)
        if found is None:
            # Some programs write a note's second line without folding it.
            return
        name = found[0].upper()
        if name == b"BEGIN":
            self._begin(line[len(b"BEGIN:") :].strip().upper())
        elif name == b"END":
            self._end(line[len(b"END:") :].strip().upper())
        elif self._open == [b"VCALENDAR"]:
            self._read_calendar_property(name, line)
        elif self._is_kept_component() and name in _KEPT_PROPERTIES[self._open[-1]]:
            self._lines.append(line)

    def _is_kept_component(self) -> bool:
        part = self._open[-1] if self._open else b""
        return len(self._open) > 1 and _PARENTS.get(part) == self._open[-2]

    def _begin(self, part: bytes) -> None:
        if len(self._open) >= _MAX_DEPTH or (part == b"VCALENDAR") != (not self._open):
            raise _nesting_error()
        self._open.append(part)
        if part == b"VCALENDAR":
            self.calendars.append(RawCalendar())
        elif self._is_kept_component():
            if _PARENTS[part] == b"VCALENDAR":
                self._lines = []
            self._lines.append(b"BEGIN:" + part)
        elif part in _PARENTS:
            # An event inside something else must not vanish with it.
            raise _nesting_error()

    def _end(self, part: bytes) -> None:
        if not self._open or self._open[-1] != part:
            raise _nesting_error()
        if self._is_kept_component():
            self._lines.append(b"END:" + part)
            self._finish(part)
        self._open.pop()

    def _finish(self, part: bytes) -> None:
        calendar = self.calendars[-1]
        if part == b"VEVENT":
            self._events += 1
            if self._events > _MAX_EVENTS:
                raise SourceFormatError("too large", "events")
            calendar.events.append(self._lines)
        elif part == b"VFREEBUSY":
            calendar.free_busy.append(self._lines)
        elif part == b"VTIMEZONE":
            calendar.zones.append(self._lines)

    def _read_calendar_property(self, name: bytes, line: bytes) -> None:
        value = line.partition(b":")[2].strip()
        if name == b"X-WR-TIMEZONE":
            self.calendars[-1].zone_name = value
        elif name == b"CALSCALE":
            self.calendars[-1].scale = value


def _nesting_error() -> SourceError:
    return SourceFormatError("not understood", "parts that do not nest")


def _unfold(body: bytes) -> Iterator[bytes]:
    """Yield the lines, folded ones whole; bytes, as a fold may part the bytes of a letter."""
    # A feed whose lines end otherwise may hold the odd CR in the middle of a note.
    lines = body.split(b"\n") if b"\n" in body else body.split(b"\r")
    whole: Lines = []
    for line in lines:
        if line.startswith((b" ", b"\t")):
            whole.append(line[1:].removesuffix(b"\r"))
        elif line not in {b"", b"\r"}:
            if whole:
                yield b"".join(whole)
            whole = [line.removesuffix(b"\r")]
    if whole:
        yield b"".join(whole)
