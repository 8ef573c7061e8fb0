"""`check`: reads one day and reports it building by building, or room by room."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import aiohttp
from yarl import URL

from core.availability.gaps import room_gaps, unknown_intervals
from core.campus_file.loader import load_campus
from core.errors import SettingsError, SourceError
from core.model.bookings import RoomDay
from core.model.calendar import DAY, local_to_utc
from core.model.campus import Building, Campus
from core.model.interval import Interval, merge
from core.sources.base import SourceNote
from core.sources.http_redirects import open_session
from core.sources.kind import SourceDescription
from core.sources.registry import create_source, describe_source

# The default of the setting MIN_GAP_MINUTES.
_MIN_GAP = timedelta(minutes=28)
_FIRST_GAPS = 3
_FIRST_NOTES = 20


@dataclass(frozen=True, slots=True)
class Report:
    """The lines to print; `error` says in one sentence what could not be read, or is empty."""

    lines: Sequence[str]
    error: str


@dataclass(frozen=True, slots=True)
class _DayResult:
    """The result of reading one day, and the URLs that were requested."""

    day: date
    room_days: Mapping[str, RoomDay]
    errors: Mapping[str, SourceError]
    requested_urls: Sequence[URL]
    notes: Sequence[SourceNote] = ()


async def check(
    campus_name: str, *, day: date | None, building_code: str | None, at: datetime
) -> Report:
    """Read one day of a campus, today if None, and report what came.

    With a `building_code` only that building is read, and reported room by room.

    Raises:
        SettingsError: the campus file is faulty, or has no such building.
    """
    campus = load_campus(campus_name)
    reported = (
        campus
        if building_code is None
        else replace(campus, buildings=(_building(campus, building_code),))
    )
    source = describe_source(campus.source)
    day = day or campus.local_date(at)
    requested_urls: list[URL] = []
    title = _title(campus, day, at)
    try:
        result = await _read_day(
            campus if source.reads_campus_at_once else reported, day, at, requested_urls
        )
    except SourceError as err:
        lines = [title, *_url_lines(requested_urls[:1], source)]
        return Report(lines, f"nothing could be read of {day}: {err}")
    lines = [title]
    for building in reported.buildings:
        lines += _building_summary(building, result)
        lines += _room_lines(building, result, source) if building_code is not None else ()
    lines += _source_notes(result)
    return Report(lines, _failure_summary(reported, result))


def _building(campus: Campus, code: str) -> Building:
    building = campus.building(code)
    if building is None:
        codes = ", ".join(each.code for each in campus.buildings)
        raise SettingsError([f"no building {code!r} in {campus.id}; there is {codes}"])
    return building


async def _read_day(
    campus: Campus, day: date, at: datetime, requested_urls: list[URL]
) -> _DayResult:
    async with open_session(_record_requests(requested_urls)) as session:
        source = create_source(campus, session)
        result = await source.read([day], at=at, progress=lambda _done, _of: None)
    addresses = list(dict.fromkeys(requested_urls))
    return _DayResult(day, result.days[day], result.failures[day], addresses, result.notes)


def _record_requests(requested_urls: list[URL]) -> aiohttp.TraceConfig:
    """Record the URL of every request, whatever the kind of source."""

    async def note(
        _session: aiohttp.ClientSession, _context: object, start: aiohttp.TraceRequestStartParams
    ) -> None:
        requested_urls.append(start.url.with_user(None))

    tracing = aiohttp.TraceConfig()
    tracing.on_request_start.append(note)
    return tracing


def _title(campus: Campus, day: date, at: datetime) -> str:
    here = at.astimezone(campus.timezone)
    return (
        f"{campus.name}, {day:%A} {day.isoformat()}, "
        f"read on {here:%Y-%m-%d} at {here:%H:%M} ({campus.timezone.key})"
    )


def _building_summary(building: Building, result: _DayResult) -> Iterator[str]:
    window, closed = _opening(building, result.day)
    rooms = [
        (room, result.room_days[room.id]) for room in building.rooms if room.id in result.room_days
    ]
    errors = [result.errors[room.id] for room in building.rooms if room.id in result.errors]
    unknown = sum(bool(unknown_intervals(window, known, closed=closed)) for _, known in rooms)
    bookings = sum(len(set(known.bookings)) for _, known in rooms)
    clock = _TimeFormatter(result.day, building.timezone)
    yield ""
    named = "" if building.name == building.code else f" {building.name}"
    opening = ", ".join(map(clock.text, building.open_intervals_on(result.day)))
    yield f"{building.code}{named}, {f'open {opening}' if opening else 'closed'}"
    yield (
        f"    rooms: {len(building.rooms)}, {len(rooms)} read, {len(errors)} failed"
        f"{_count_by_kind(errors)}, {unknown} with unknown hours; bookings: {bookings}"
    )
    gaps = [(gap, room) for room, known in rooms for gap in _room_gaps(window, known, closed)]
    gaps.sort(key=lambda each: each[0].start)
    first = [f"{room.name} {clock.text(gap)}" for gap, room in gaps[:_FIRST_GAPS]]
    yield f"    first gaps: {', '.join(first) or 'none'}"


def _room_lines(building: Building, result: _DayResult, source: SourceDescription) -> Iterator[str]:
    """Tell each room of a building so that it can be compared with the provider's own page."""
    clock = _TimeFormatter(result.day, building.timezone)
    shown = set()
    for room in building.rooms:
        yield ""
        yield f"{room.label} (id {room.id})"
        if room.id in result.errors:
            yield f"    failed: {result.errors[room.id]}"
        else:
            yield from _room_details(
                _opening(building, result.day), result.room_days[room.id], clock
            )
        yield from _room_notes(room.id, result, clock)
        own = [url for url in result.requested_urls if source.is_room_url(url, room.id)]
        shown.update(own)
        yield from _url_lines(own, source)
    rest = [url for url in result.requested_urls if url not in shown]
    if rest:
        yield ""
        yield from _url_lines(rest, source)


_Opening = tuple[Interval, tuple[Interval, ...]]


def _opening(building: Building, day: date) -> _Opening:
    """Return a building's window of a day, and when it is closed in it by the campus file."""
    return building.window_on(day), building.closed_intervals_on(day)


def _room_details(opening: _Opening, known: RoomDay, clock: "_TimeFormatter") -> Iterator[str]:
    window, closed = opening
    parts = (
        ("known", known.known),
        ("bookings", sorted(set(known.bookings))),
        ("closed", merge([*closed, *known.closures])),
        ("gaps", _room_gaps(window, known, closed)),
        ("unknown", unknown_intervals(window, known, closed=closed)),
    )
    for what, intervals in parts:
        yield f"    {what:<9} {', '.join(map(clock.text, intervals)) or 'none'}"


def _room_notes(room_id: str, result: _DayResult, clock: "_TimeFormatter") -> Iterator[str]:
    """Yield what the source says of a room on that day: above all, why it is unknown."""
    day = Interval(
        *(
            local_to_utc(result.day, since_midnight, clock.zone)
            for since_midnight in (timedelta(), 2 * DAY)
        )
    )
    for note in result.notes:
        if not note.room_ids or room_id not in note.room_ids:
            continue
        if note.interval is None:
            yield f"    note      {note.text}"
        elif part := note.interval.intersection(day):
            yield f"    doubt     {clock.text(part)} {note.text}"


def _source_notes(result: _DayResult) -> Iterator[str]:
    """Yield what the source says that is about no single room, the first of it."""
    texts = [note.text for note in result.notes if not note.room_ids]
    yield from ["", *(f"    note      {text}" for text in texts[:_FIRST_NOTES])] if texts else ()
    if len(texts) > _FIRST_NOTES:
        yield f"    note      and {len(texts) - _FIRST_NOTES} more"


def _room_gaps(
    window: Interval, known: RoomDay, closed: tuple[Interval, ...]
) -> tuple[Interval, ...]:
    return room_gaps(window, known, at_least=_MIN_GAP, closed=closed)


def _url_lines(urls: Iterable[URL], source: SourceDescription) -> Iterator[str]:
    """Tell addresses; of one that is not open to everybody, only where it is.

    Who knows the address of a feed may read all of it, names included.
    """
    shown = (
        str(url) if source.has_public_urls else f"{url.origin()}/… (see the campus file)"
        for url in urls
    )
    return (f"    asked     {each}" for each in dict.fromkeys(shown))


def _count_by_kind(errors: Iterable[SourceError]) -> str:
    counts = Counter(err.kind for err in errors).most_common()
    return f" ({', '.join(f'{kind} {count}' for kind, count in counts)})" if counts else ""


def _failure_summary(campus: Campus, result: _DayResult) -> str:
    rooms = [room.id for room in campus.rooms]
    errors = [result.errors[room] for room in rooms if room in result.errors]
    if not errors:
        return ""
    return f"{len(errors)} of {len(rooms)} rooms could not be read{_count_by_kind(errors)}"


@dataclass(frozen=True, slots=True)
class _TimeFormatter:
    """Writes times of a day as the clocks on campus show them."""

    day: date
    zone: ZoneInfo

    def text(self, interval: Interval) -> str:
        return f"{self._time(interval.start)}–{self._time(interval.end, ends=True)}"

    def _time(self, moment: datetime, *, ends: bool = False) -> str:
        here = moment.astimezone(self.zone)
        days = (here.date() - self.day).days
        if ends and days == 1 and f"{here:%H:%M}" == "00:00":
            return "24:00"
        return f"{here:%H:%M}" + (f" ({days:+d} day)" if days else "")
