"""From the text of a feed to when its rooms are taken; takes as long as it takes.

What an event does not say clearly is in doubt for as long as it may reach: an event that is
not understood never vanishes.

Source: `docs/ical.md`, "Which events take a room".
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from icalendar import Component, Event, FreeBusy, Timezone
from icalendar.timezone import tzp

from core.errors import SourceChangedError
from core.model import DAY
from core.sources.ical.messages import ONE_ROOM, Job, Told
from core.sources.ical.places import Meant, Places
from core.sources.ical.series import FAULTS, Entry, end_of_day, meetings, reach
from core.sources.ical.tally import Tally
from core.sources.ical.text import CalendarText, Lines, read_text
from core.sources.ical.times import Bounds, Clocks, are_rules_whole, known_zone, value_of, values_of

_ITS_ROOM = Meant(sure=frozenset({ONE_ROOM}))
_IDLE_STATES = frozenset({"CANCELLED", "CANCELED"})
_STALE_AFTER = 365 * DAY
_FAR_AHEAD = 2 * 365 * DAY


def understand(job: Job, body: bytes) -> Told:
    """Return what a feed tells.

    Raises:
        SourceError: it is no calendar, or tells more than a campus can have.
    """
    calendars = read_text(body)
    # What an earlier feed called its zones means nothing in this one.
    tzp.use_default()
    for calendar in calendars:
        _learn_zones(calendar)
    return _Reading(job).read(calendars)


def _learn_zones(calendar: CalendarText) -> None:
    """Take in the zones that a feed defines itself; one that makes no sense stays unknown."""
    for lines in calendar.zones:
        rules = [line.upper() for line in lines if line.upper().startswith(b"RRULE")]
        if all(b"FREQ=YEARLY" in rule for rule in rules):
            try:
                Timezone.from_ical(_text_of(lines))
            except FAULTS:
                continue


class _Reading:
    def __init__(self, job: Job) -> None:
        self._places = Places(job.places, job.match) if job.places else None
        self._campus = ZoneInfo(job.zone)
        self._span: Bounds = (
            datetime.fromtimestamp(job.start, UTC),
            datetime.fromtimestamp(job.end, UTC),
        )
        self._tally = Tally(*self._span)

    def read(self, calendars: Iterable[CalendarText]) -> Told:
        series = []
        for calendar in calendars:
            if calendar.scale.upper() not in {b"", b"GREGORIAN"}:
                raise SourceChangedError("not understood", "not the Gregorian calendar")
            clocks = self._clocks_of(calendar)
            for entries in self._by_series(calendar):
                series += [(*each, clocks) for each in _parted(entries)]
            self._read_busy(calendar)
        for core, changes, clocks in series:
            self._place(core, changes, clocks)
        self._tally.is_alive = self._tally.is_alive or any(self._is_alive(*each) for each in series)
        return self._tally.told()

    def _clocks_of(self, calendar: CalendarText) -> Clocks:
        name = calendar.zone_name.decode("utf-8", "replace")
        zone = known_zone(name)
        return Clocks(self._campus, zone, is_lost=bool(name) and zone is None)

    def _by_series(self, calendar: CalendarText) -> Iterable[list[Entry]]:
        series = defaultdict[object, list[Entry]](list)
        for lines in calendar.events:
            entry = self._entry(lines)
            if entry is None:
                self._tally.note_event(self._anywhere)
                self._tally.doubt(self._anywhere, self._span)
                continue
            self._tally.note_event(entry.meant)
            # Without an id it is about nothing but itself.
            series[str(value_of(entry.event, "UID") or "") or id(entry)].append(entry)
        return series.values()

    @property
    def _anywhere(self) -> Meant:
        return self._places.everywhere if self._places else _ITS_ROOM

    def _entry(self, lines: Lines) -> Entry | None:
        """Return what an event's lines say, None where that is nothing."""
        try:
            event = Event.from_ical(_text_of(lines))
        except FAULTS:
            return None
        place, is_readable = _place_of(event, lines)
        meant = self._places.meant_by(place) if self._places else _ITS_ROOM
        return Entry(
            event=event,
            meant=meant if is_readable else self._anywhere,
            is_idle=_says(event, "STATUS") in _IDLE_STATES
            or _says(event, "TRANSP") == "TRANSPARENT",
            is_placed=bool(place) or not is_readable or self._places is None,
            is_whole=not event.errors and are_rules_whole(lines),
        )

    def _place(self, core: Entry | None, changes: Sequence[Entry], clocks: Clocks) -> None:
        try:
            for meeting in meetings(core, changes, clocks, self._span):
                self._tally.is_alive = True
                if not meeting.entry.is_idle:
                    self._book(_meant(meeting.entry, core), meeting.bounds, clocks)
        except FAULTS:
            self._tally.is_alive = True
            for entry in [*([core] if core else []), *changes]:
                if not entry.is_idle:
                    self._tally.doubt(_meant(entry, core), reach(entry, clocks, self._span))

    def _book(self, meant: Meant, bounds: Bounds, clocks: Clocks) -> None:
        start, end = bounds
        if start < end:
            self._tally.book(meant, bounds)
        else:
            # It begins, and does not say when it is over.
            self._tally.doubt(meant, (start, end_of_day(start, clocks)))

    def _is_alive(self, core: Entry | None, changes: Sequence[Entry], clocks: Clocks) -> bool:
        span = self._span[0] - _STALE_AFTER, self._span[1] + _FAR_AHEAD
        return next(meetings(core, changes, clocks, span), None) is not None

    def _read_busy(self, calendar: CalendarText) -> None:
        """Read what tells only when somebody is busy: of the time that it is about."""
        for lines in calendar.busy:
            meant = _ITS_ROOM if self._places is None else Meant()
            self._tally.note_event(meant)
            self._tally.is_alive = True
            try:
                self._note_busy(FreeBusy.from_ical(_text_of(lines)), meant)
            except FAULTS:
                self._tally.doubt(meant, self._span)

    def _note_busy(self, component: Component, meant: Meant) -> None:
        if component.errors:
            raise ValueError
        first, last = (
            value_of(component, name).dt.astimezone(UTC) for name in ("DTSTART", "DTEND")
        )
        self._tally.doubt(meant, (self._span[0], first))
        self._tally.doubt(meant, (last, self._span[1]))
        for period in values_of(component, "FREEBUSY"):
            if period.params.get("FBTYPE", "BUSY").upper() != "FREE":
                self._tally.book(meant, (period.start.astimezone(UTC), period.end.astimezone(UTC)))


def _parted(entries: Sequence[Entry]) -> Iterator[tuple[Entry | None, list[Entry]]]:
    """Yield the series that share an id, each with the changes that are its own.

    By rights it is one. Programs that give each room of a booking an event of one id are
    believed, too: only what was revised in the same rooms is out of date.
    """
    changes = [each for each in entries if each.is_change and (each.is_whole or not each.is_idle)]
    cores = [each for each in entries if not each.is_change and not _is_outdated(each, entries)]
    own = [
        [each for each in changes if len(cores) == 1 or each.meant == core.meant] for core in cores
    ]
    yield from zip(cores, own, strict=True)
    left = [each for each in changes if not any(each in theirs for theirs in own)]
    if left:
        yield None, left


def _is_outdated(entry: Entry, entries: Iterable[Entry]) -> bool:
    return any(
        other.meant == entry.meant and other.revision > entry.revision
        for other in entries
        if not other.is_change
    )


def _meant(entry: Entry, core: Entry | None) -> Meant:
    return entry.meant if entry.is_placed or core is None else core.meant


def _place_of(event: Component, lines: Lines) -> tuple[str, bool]:
    """Return what an event says of its place, and whether that can be read."""
    written = [line for line in lines if line.upper().startswith(b"LOCATION")]
    return "\n".join(str(each) for each in values_of(event, "LOCATION")), all(
        map(_is_text, written)
    )


def _is_text(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _says(event: Component, name: str) -> str:
    return str(value_of(event, name) or "").strip().upper()


def _text_of(lines: Lines) -> str:
    return b"\r\n".join(lines).decode("utf-8", "replace")
