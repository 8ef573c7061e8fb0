"""What is free, found minute by minute: an oracle that shares no code with the bot.

Every UTC minute of a building's hours gets a verdict of its own; gaps are runs of free minutes.
All spans are half-open pairs of UTC datetimes on whole minutes. Days begin and end on the
campus's clocks, read from `zoneinfo`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from fractions import Fraction
from functools import lru_cache
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

UMD_ZONE = "America/New_York"

MINUTE = timedelta(minutes=1)
SOON = 30
DOES_NOT_BLOCK = {0, 4, 98, 99}
"""Event states: draft, denied, deleted, cancelled."""

Span = tuple[datetime, datetime]


class What(Enum):
    """The verdict on one minute of one room."""

    FREE = "free"
    BOOKED = "booked"
    CLOSED = "closed"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class RoomFacts:
    """What is known of a room on a day: nothing outside `known`; the rest blocks it."""

    known: tuple[Span, ...]
    bookings: tuple[Span, ...] = ()
    closures: tuple[Span, ...] = ()


@dataclass(frozen=True)
class RoomName:
    """A room as the campus file names it."""

    id: str
    name: str
    capacity: int | None = None


@dataclass(frozen=True)
class Hours:
    """A building, its rooms in the order they are listed, its hours on the face of the clock."""

    code: str
    opens: str
    closes: str
    rooms: tuple[RoomName, ...]


Knowledge = Mapping[date, Mapping[str, RoomFacts]]
"""By day and room id; a day or a room that is absent is unknown."""

Ends = tuple[str, datetime]
Gap = tuple[str, datetime, datetime]


@dataclass(frozen=True)
class FreeAnswer:
    """What `/free` must say: room ids with the end, or with start and end, of their gap."""

    free: list[Ends]
    brief: list[Ends]
    soon: list[Gap]
    later: list[Gap]
    rooms: int
    unknown: int
    unsized: int


@dataclass(frozen=True)
class RoomAnswer:
    """A room's line of `/building`: its gaps, when it is closed, and what is unknown of it."""

    id: str
    gaps: list[Span]
    closed: list[Span]
    unknown: list[Span]
    booked: list[Span]

    @property
    def is_unknown(self) -> bool:
        """Whether nothing is known of the room while it is not closed."""
        return bool(self.unknown) and not (self.gaps or self.booked)


def minute_number(moment: datetime) -> int:
    """Return how many whole minutes lie between the epoch and the moment."""
    return int(moment.timestamp() // 60)


def at_minute(number: int) -> datetime:
    """Return the instant at which that minute begins."""
    return datetime.fromtimestamp(number * 60, UTC)


@lru_cache(maxsize=4096)
def _ahead(zone: str, day: date) -> frozenset[timedelta]:
    """Tell how far the clocks are ahead of UTC, asked every quarter of an hour around a day."""
    clock = ZoneInfo(zone)
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    moments = [noon + n * 15 * MINUTE for n in range(-2 * 96, 2 * 96)]
    return frozenset(_face(each, clock) - each.replace(tzinfo=None) for each in moments)


def _face(moment: datetime, clock: ZoneInfo) -> datetime:
    return moment.astimezone(clock).replace(tzinfo=None, fold=0)


@lru_cache(maxsize=200_000)
def _moments(zone: str, day: date, minutes: int) -> tuple[list[datetime], list[datetime]]:
    """Return when the clocks show a reading, and when they would if none were ever changed."""
    face = datetime.combine(day, time()) + minutes * MINUTE
    moments = sorted(face.replace(tzinfo=UTC) - ahead for ahead in _ahead(zone, face.date()))
    return [each for each in moments if _face(each, ZoneInfo(zone)) == face], moments


def clock(zone: str, day: date, minutes: int) -> datetime:
    """Return when the clocks first show so many minutes after the midnight that begins `day`.

    A reading that they skip counts as the one that is later by what they skip.
    """
    shown, possible = _moments(zone, day, minutes)
    return shown[0] if shown else possible[-1]


def readings(zone: str, day: date, minutes: int) -> Span:
    """Return the first and the last moment that may be meant by a reading of the clocks.

    They are the same one but for readings that the clocks show twice or skip.
    """
    shown, possible = _moments(zone, day, minutes)
    both = shown or possible
    return both[0], both[-1]


def _since_midnight(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def _covered(hours: Span, spans: Iterable[Span]) -> bytearray:
    first, last = minute_number(hours[0]), minute_number(hours[1])
    minutes = bytearray(last - first)
    for start, end in spans:
        if start.timestamp() % 60 or end.timestamp() % 60:
            raise ValueError(f"not on whole minutes: {start} to {end}")
        a = min(max(minute_number(start), first), last) - first
        b = min(max(minute_number(end), first), last) - first
        minutes[a:b] = b"\1" * (b - a)
    return minutes


def verdicts(hours: Span, facts: RoomFacts | None, *, min_gap: int) -> list[What]:
    """Return the verdict on every minute of the opening hours."""
    if facts is None:
        return [What.UNKNOWN] * (minute_number(hours[1]) - minute_number(hours[0]))
    known = _covered(hours, facts.known)
    closed = _covered(hours, facts.closures)
    busy = _covered(hours, [*facts.bookings, *facts.closures])
    free = [bool(k) and not b for k, b in zip(known, busy, strict=True)]
    long_enough: list[bool] = []
    for is_free, run in groupby(free):
        length = len(list(run))
        long_enough += [is_free and length >= min_gap] * length
    return [
        What.UNKNOWN
        if not is_known
        else What.CLOSED
        if is_closed
        else What.FREE
        if counts
        else What.BOOKED
        for counts, is_known, is_closed in zip(long_enough, known, closed, strict=True)
    ]


def runs(hours: Span, minutes: Sequence[What], wanted: What) -> list[Span]:
    """Return the stretches of the opening hours that have that verdict, in order."""
    found, at = [], minute_number(hours[0])
    for what, run in groupby(minutes):
        length = len(list(run))
        if what is wanted:
            found.append((at_minute(at), at_minute(at + length)))
        at += length
    return found


def gaps_in(
    hours: Span, known: Iterable[Span], busy: Iterable[Span], *, min_gap: int
) -> list[Span]:
    """Return the gaps of at least `min_gap` minutes that count in `hours`."""
    facts = RoomFacts(known=tuple(known), bookings=tuple(busy))
    return runs(hours, verdicts(hours, facts, min_gap=min_gap), What.FREE)


class Oracle:
    """Says what is free on a campus; `min_gap` is in minutes."""

    def __init__(
        self, zone: str, buildings: Sequence[Hours], knowledge: Knowledge, *, min_gap: int = 28
    ) -> None:
        self.zone = zone
        self.buildings = {each.code: each for each in buildings}
        self.knowledge = knowledge
        self.min_gap = min_gap
        self._hours: dict[tuple[str, date], Span] = {}
        self._days: dict[tuple[str, date], dict[str, list[What]]] = {}
        self._gaps: dict[tuple[str, date], list[Span]] = {}

    def hours(self, code: str, day: date) -> Span:
        """Return the opening hours that begin on `day`."""
        if (code, day) not in self._hours:
            building = self.buildings[code]
            opens, closes = _since_midnight(building.opens), _since_midnight(building.closes)
            if closes <= opens:
                closes += 24 * 60
            self._hours[code, day] = clock(self.zone, day, opens), clock(self.zone, day, closes)
        return self._hours[code, day]

    def day_of(self, code: str, moment: datetime) -> date:
        """Return the day whose hours hold the moment, yesterday's if they go past midnight."""
        today = moment.astimezone(ZoneInfo(self.zone)).date()
        yesterday = today - timedelta(days=1)
        start, end = self.hours(code, yesterday)
        return yesterday if start <= moment < end else today

    def what(self, code: str, room: str, day: date, moment: datetime) -> What:
        """Return the verdict on the minute that the moment lies in."""
        start, end = self.hours(code, day)
        if not start <= moment < end:
            return What.CLOSED
        if self.knowledge.get(day, {}).get(room) is None:
            return What.UNKNOWN
        return self._minutes(code, day)[room][minute_number(moment) - minute_number(start)]

    def gaps(self, code: str, room: str, day: date) -> list[Span]:
        """Return the gaps of a room that count, in order."""
        if (room, day) not in self._gaps:
            minutes = self._minutes(code, day)[room]
            self._gaps[room, day] = runs(self.hours(code, day), minutes, What.FREE)
        return self._gaps[room, day]

    def building(self, code: str, day: date) -> list[RoomAnswer]:
        """Say what `/building` must: each room's gaps and what of its day is unknown."""
        hours = self.hours(code, day)
        return [
            RoomAnswer(
                room,
                gaps=runs(hours, each, What.FREE),
                closed=runs(hours, each, What.CLOSED),
                unknown=runs(hours, each, What.UNKNOWN),
                booked=runs(hours, each, What.BOOKED),
            )
            for room, each in self._minutes(code, day).items()
        ]

    def count(self, code: str, day: date, moment: datetime) -> tuple[int, int, int]:
        """Return how many rooms a building has, how many are free and how many unknown."""
        found = [self.what(code, each.id, day, moment) for each in self.buildings[code].rooms]
        return len(found), found.count(What.FREE), found.count(What.UNKNOWN)

    def is_free_throughout(self, code: str, room: str, day: date, span: Span) -> bool:
        """Tell whether every minute of a stretch of a room's hours is free."""
        start = minute_number(self.hours(code, day)[0])
        a, b = (minute_number(each) - start for each in span)
        return all(each is What.FREE for each in self._minutes(code, day)[room][a:b])

    def free_now(
        self,
        moment: datetime,
        minutes: int = 28,
        *,
        building: str | Collection[str] | None = None,
        capacity: int | None = None,
    ) -> FreeAnswer:
        """Say what `/free` must: rooms free for so many minutes, then those that open.

        Of one building, of several or of all (None). Those that open later are told only where
        nothing is free and nothing opens soon.
        """
        tally = self._tally(moment, minutes, building, capacity)
        answer = FreeAnswer([], [], [], [], *tally)
        now, ahead = [], []
        for code, room in self._asked(building, capacity):
            day = self.day_of(code, moment)
            gaps = self.gaps(code, room.id, day)
            holding = [gap for gap in gaps if gap[0] <= moment < gap[1]]
            coming = [
                gap for gap in gaps if gap[0] > moment and gap[1] - gap[0] >= minutes * MINUTE
            ]
            if holding:
                now.append((room.id, holding[0][1]))
            lasts = bool(holding) and holding[0][1] - moment.astimezone(UTC) >= minutes * MINUTE
            if coming and not lasts:
                ahead.append((room.id, *coming[0]))
        # Python's sort is stable: rooms of one time stay in the order they are listed.
        for found in sorted(now, key=lambda each: -each[1].timestamp()):
            is_enough = found[1] - moment.astimezone(UTC) >= minutes * MINUTE
            (answer.free if is_enough else answer.brief).append(found)
        for opening in sorted(ahead, key=lambda e: (e[1].timestamp(), -e[2].timestamp())):
            is_soon = opening[1] - moment.astimezone(UTC) <= SOON * MINUTE
            (answer.soon if is_soon else answer.later).append(opening)
        if answer.free or answer.soon:
            answer.later.clear()
        return answer

    def _minutes(self, code: str, day: date) -> dict[str, list[What]]:
        if (code, day) not in self._days:
            facts, hours = self.knowledge.get(day, {}), self.hours(code, day)
            self._days[code, day] = {
                room.id: verdicts(hours, facts.get(room.id), min_gap=self.min_gap)
                for room in self.buildings[code].rooms
            }
        return self._days[code, day]

    def _asked(
        self, building: str | Collection[str] | None, capacity: int | None
    ) -> list[tuple[str, RoomName]]:
        wanted = {building} if isinstance(building, str) else building
        return [
            (code, room)
            for code, each in self.buildings.items()
            if wanted is None or code in wanted
            for room in each.rooms
            if not capacity or (room.capacity is not None and room.capacity >= capacity)
        ]

    def _lasts(self, code: str, room: str, moment: datetime, minutes: int) -> bool:
        """Tell whether a room is free at a moment, and for so many minutes from then on."""
        gaps = self.gaps(code, room, self.day_of(code, moment))
        return any(a <= moment < b and b - moment >= minutes * MINUTE for a, b in gaps)

    def _tally(
        self,
        moment: datetime,
        minutes: int,
        building: str | Collection[str] | None,
        capacity: int | None,
    ) -> tuple[int, int, int]:
        asked = self._asked(building, capacity)
        unknown = [
            room.id
            for code, room in asked
            if self.what(code, room.id, self.day_of(code, moment), moment) is What.UNKNOWN
        ]
        everybody = self._asked(building, None)
        unsized = [
            room
            for code, room in everybody
            if capacity and room.capacity is None and self._lasts(code, room.id, moment, minutes)
        ]
        return len(asked), len(unknown), len(unsized)


def facts_of_items(
    items: Iterable[Mapping[str, Any]],
    *,
    zone: str,
    day: date,
    window: tuple[int, int] | None = (7, 23),
) -> RoomFacts:
    """Work out a room's day from a 25Live subject's items: decimal hours on the campus clock.

    Every type blocks; a few event states do not. Outside the display window, in hours of the
    clock, nothing is known; None means that all of the day is.
    """
    first, last = window or (0, 24)
    bookings: list[Span] = []
    closures: list[Span] = []
    for item in items:
        if int(item.get("cur_event_state", 2)) in DOES_NOT_BLOCK:
            continue
        start, end = (_hours_to_minutes(item[key]) for key in ("start", "end"))
        span = clock(zone, day, start), clock(zone, day, end)
        if span[0] < span[1]:
            (bookings if item.get("type_id") == 1 else closures).append(span)
    known = clock(zone, day, first * 60), clock(zone, day, last * 60)
    return RoomFacts((known,), tuple(bookings), tuple(closures))


def _hours_to_minutes(value: float | str) -> int:
    # "10.166666" is cut off, not rounded: the nearest minute is the one that was meant.
    return round(Fraction(str(value)) * 60)
