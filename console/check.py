"""`check`: what one reading of one day brings, building by building or room by room."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import aiohttp
from yarl import URL

from core.campus import load_campus
from core.errors import SettingsError, SourceError
from core.gaps import room_gaps, unknown_parts
from core.model import (
    Building,
    Campus,
    IcalSettings,
    Interval,
    Room,
    RoomDay,
    SourceSettings,
)
from core.sources import open_source

# As the bot counts unless it is told otherwise.
_AT_LEAST = timedelta(minutes=28)
_FIRST_GAPS = 3


@dataclass(frozen=True, slots=True)
class Report:
    """What to print; `fault` says in one sentence what could not be read, empty: nothing."""

    lines: Sequence[str]
    fault: str


@dataclass(frozen=True, slots=True)
class _Read:
    """What a reading brought for one day, and the addresses that it asked."""

    day: date
    known: Mapping[str, RoomDay]
    failed: Mapping[str, SourceError]
    asked: Sequence[URL]


async def check(named: str, *, day: date | None, code: str | None, at: datetime) -> Report:
    """Read a day of the campus `named`, today's if None, and tell what came.

    With a building's `code` only that is read, and each of its rooms is told.

    Raises:
        SettingsError: the campus file is faulty, or has no such building.
    """
    campus = load_campus(named)
    told = campus if code is None else replace(campus, buildings=(_building(campus, code),))
    # A feed for all is one question, and which room an event means depends on all of them.
    is_shared = isinstance(campus.source, IcalSettings) and campus.source.url is not None
    day = day or campus.day_of(at)
    asked: list[URL] = []
    head = _head(campus, day, at)
    try:
        read = await _read(campus if is_shared else told, day, at, asked)
    except SourceError as err:
        is_open = not isinstance(campus.source, IcalSettings)
        lines = [head, *_addresses(asked[:1], is_open=is_open)]
        return Report(lines, f"nothing could be read of {day}: {err}")
    lines = [head]
    for building in told.buildings:
        lines += _summary(building, read)
        lines += _rooms(building, read, campus.source) if code is not None else ()
    return Report(lines, _fault(told, read))


def _building(campus: Campus, code: str) -> Building:
    building = campus.building(code)
    if building is None:
        codes = ", ".join(each.code for each in campus.buildings)
        raise SettingsError([f"no building {code!r} in {campus.id}; there is {codes}"])
    return building


async def _read(campus: Campus, day: date, at: datetime, asked: list[URL]) -> _Read:
    async with aiohttp.ClientSession(trace_configs=[_noting(asked)]) as session:
        source = open_source(campus, session)
        result = await source.read([day], at=at, progress=lambda _done, _of: None)
    addresses = list(dict.fromkeys(asked))
    return _Read(day, result.days[day], result.failures[day], addresses)


def _noting(asked: list[URL]) -> aiohttp.TraceConfig:
    """Note every address that is asked, whatever kind of source asks."""

    async def note(
        _session: aiohttp.ClientSession, _context: object, start: aiohttp.TraceRequestStartParams
    ) -> None:
        asked.append(start.url.with_user(None))

    tracing = aiohttp.TraceConfig()
    tracing.on_request_start.append(note)
    return tracing


def _head(campus: Campus, day: date, at: datetime) -> str:
    here = at.astimezone(campus.timezone)
    return (
        f"{campus.name}, {day:%A} {day.isoformat()}, "
        f"read on {here:%Y-%m-%d} at {here:%H:%M} ({campus.timezone.key})"
    )


def _summary(building: Building, read: _Read) -> Iterator[str]:
    hours = building.open_on(read.day)
    rooms = [(room, read.known[room.id]) for room in building.rooms if room.id in read.known]
    failed = [read.failed[room.id] for room in building.rooms if room.id in read.failed]
    unknown = sum(bool(unknown_parts(hours, known)) for _, known in rooms)
    bookings = sum(len(set(known.bookings)) for _, known in rooms)
    clock = _Clock(read.day, building.timezone)
    yield ""
    named = "" if building.name == building.code else f" {building.name}"
    yield f"{building.code}{named}, open {clock.text(hours)}"
    yield (
        f"    rooms: {len(building.rooms)}, {len(rooms)} read, {len(failed)} failed"
        f"{_kinds(failed)}, {unknown} with unknown hours; bookings: {bookings}"
    )
    gaps = [(gap, room) for room, known in rooms for gap in _gaps(hours, known)]
    gaps.sort(key=lambda each: each[0].start)
    first = [f"{room.name} {clock.text(gap)}" for gap, room in gaps[:_FIRST_GAPS]]
    yield f"    first gaps: {', '.join(first) or 'none'}"


def _rooms(building: Building, read: _Read, source: SourceSettings) -> Iterator[str]:
    """Tell each room of a building so that it can be compared with the provider's own page."""
    feeds = source.feeds if isinstance(source, IcalSettings) else {}
    is_open = not isinstance(source, IcalSettings)
    clock = _Clock(read.day, building.timezone)
    shown = set()
    for room in building.rooms:
        yield ""
        yield f"{room.label} (id {room.id})"
        if room.id in read.failed:
            yield f"    failed: {read.failed[room.id]}"
        else:
            yield from _told(building.open_on(read.day), read.known[room.id], clock)
        own = [url for url in read.asked if _is_about(url, room, feeds)]
        shown.update(own)
        yield from _addresses(own, is_open=is_open)
    rest = [url for url in read.asked if url not in shown]
    if rest:
        yield ""
        yield from _addresses(rest, is_open=is_open)


def _told(hours: Interval, known: RoomDay, clock: "_Clock") -> Iterator[str]:
    parts = (
        ("known", known.known),
        ("bookings", sorted(set(known.bookings))),
        ("closed", sorted(set(known.closures))),
        ("gaps", _gaps(hours, known)),
        ("unknown", unknown_parts(hours, known)),
    )
    for what, intervals in parts:
        yield f"    {what:<9} {', '.join(map(clock.text, intervals)) or 'none'}"


def _gaps(hours: Interval, known: RoomDay) -> tuple[Interval, ...]:
    return room_gaps(hours, known, at_least=_AT_LEAST)


def _is_about(url: URL, room: Room, feeds: Mapping[str, str]) -> bool:
    """Tell whether an address is about this room alone."""
    return url.query.get("space_id") == room.id or url == URL(feeds.get(room.id, ""))


def _addresses(urls: Iterable[URL], *, is_open: bool) -> Iterator[str]:
    """Tell addresses; of one that is not open to everybody, only where it is.

    Who knows the address of a feed may read all of it, names included.
    """
    shown = (str(url) if is_open else f"{url.origin()}/… (see the campus file)" for url in urls)
    return (f"    asked     {each}" for each in dict.fromkeys(shown))


def _kinds(failed: Iterable[SourceError]) -> str:
    counts = Counter(err.kind for err in failed).most_common()
    return f" ({', '.join(f'{kind} {count}' for kind, count in counts)})" if counts else ""


def _fault(told: Campus, read: _Read) -> str:
    rooms = [room.id for room in told.rooms]
    failed = [read.failed[room] for room in rooms if room in read.failed]
    if not failed:
        return ""
    return f"{len(failed)} of {len(rooms)} rooms could not be read{_kinds(failed)}"


@dataclass(frozen=True, slots=True)
class _Clock:
    """Writes times of a day as the clocks on campus show them."""

    day: date
    zone: ZoneInfo

    def text(self, interval: Interval) -> str:
        return f"{self._face(interval.start)}–{self._face(interval.end, ends=True)}"

    def _face(self, moment: datetime, *, ends: bool = False) -> str:
        here = moment.astimezone(self.zone)
        days = (here.date() - self.day).days
        if ends and days == 1 and f"{here:%H:%M}" == "00:00":
            return "24:00"
        return f"{here:%H:%M}" + (f" ({days:+d} day)" if days else "")
