"""Which way of reading an instance answers to strangers, found by trying each once.

A way is only chosen if it hides nothing: whatever the daily grid shows to take a room has to
be taken in the other way's answer as well.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import aiohttp

from core.availability.gaps import free_gaps
from core.errors import SourceError
from core.model.bookings import RoomDay
from core.model.calendar import DAY
from core.model.campus import Building, Campus, Room
from core.sources.base import Progress
from core.sources.discovery import ListedRoom
from core.sources.http_client import SourceClient
from core.sources.http_policy import HttpPolicy
from core.sources.kind import SourceContext
from core.sources.live25.config import Live25Settings, ReadStrategy
from core.sources.live25.decoding import decode_reservations
from core.sources.live25.discovery.room_lists import SavedSearch
from core.sources.live25.source import Live25Source
from core.sources.live25.urls import BookingUrls
from core.sources.priority_limiter import PriorityLimiter
from core.sources.source_draft import DaysByRoom

PROBE_CONCURRENCY = 4
"""Questions in flight, of somebody who comes once and unannounced."""

_WEEK_DAYS = 7
_MONTH_DAYS = 28
_HALF_A_YEAR = timedelta(days=182)
_ROOMS_FOR_OFFSETS = 10
_MAX_SEARCHES = 6
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """The strategy that was chosen, why, and what the probe read.

    `days` are the days of the sampled rooms; `failure_counts` counts those of them that could
    not be read, by kind of error.
    """

    strategy: ReadStrategy
    search_id: str | None
    reason: str
    days: DaysByRoom
    sample_size: int
    failure_counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class StrategyProbe:
    """Tries the strategies on an instance, from `first_day` on."""

    url: str
    session: aiohttp.ClientSession
    http_policy: HttpPolicy
    first_day: date
    at: datetime
    zone: ZoneInfo

    async def choose_strategy(
        self,
        rooms: Sequence[ListedRoom],
        sample: Sequence[ListedRoom],
        searches: Sequence[SavedSearch],
        progress: Progress,
    ) -> ProbeResult:
        """Choose between a saved search that shows all `rooms`, reservations, and the grid.

        Raises:
            SourceError: no way shows bookings of `sample`; from the grid, the commonest.
        """
        month = [self.first_day + timedelta(n) for n in range(_MONTH_DAYS)]
        error: SourceError | None = None
        grid: DaysByRoom = {}
        failure_counts: dict[str, int] = {}
        try:
            grid, failure_counts = await self._read_rooms("rooms", sample, month, progress)
        except SourceError as err:
            error = err
        busiest = _busiest_day(grid, month[:_WEEK_DAYS])
        for search in searches[:_MAX_SEARCHES]:
            found = await self._complete_rooms("search", rooms, [busiest], search.id)
            if len(found) == len(rooms) and _is_consistent(grid, found):
                reason = f"the saved search {search.name!r} shows all rooms at once"
                return ProbeResult(
                    "search", search.id, reason, grid or found, len(sample), failure_counts
                )
        week = month[:_WEEK_DAYS]
        found = await self._complete_rooms("reservations", sample, week)
        if len(found) >= len(grid) and _is_consistent(grid, found):
            reason = "its reservations tell of many rooms at once" + (
                "" if grid else "; its grid, to compare them with, does not answer"
            )
            return ProbeResult(
                "reservations", None, reason, grid or found, len(sample), failure_counts
            )
        if error:
            raise error
        reason = "its reservations do not show all that the grid shows" if found else ""
        reason = reason or "neither a saved search nor reservations tell of all rooms"
        return ProbeResult("rooms", None, reason, grid, len(sample), failure_counts)

    async def _complete_rooms(
        self,
        strategy: ReadStrategy,
        rooms: Sequence[ListedRoom],
        days: Sequence[date],
        search_id: str | None = None,
    ) -> DaysByRoom:
        """Return the rooms that a way shows on all days, none where it does not work."""
        try:
            found, _ = await self._read_rooms(strategy, rooms, days, _ignore_progress, search_id)
        except SourceError:
            return {}
        return {room: known for room, known in found.items() if len(known) == len(days)}

    async def _read_rooms(
        self,
        strategy: ReadStrategy,
        rooms: Sequence[ListedRoom],
        days: Sequence[date],
        progress: Progress,
        search_id: str | None = None,
    ) -> tuple[DaysByRoom, dict[str, int]]:
        settings = Live25Settings(self.url, strategy, search_id, PROBE_CONCURRENCY)
        campus = self._make_campus(rooms, settings)
        limiter = PriorityLimiter(PROBE_CONCURRENCY)
        context = SourceContext(self.session, self.http_policy, limiter)
        source = Live25Source(campus, settings, context)
        result = await source.read(days, at=self.at, progress=progress)
        found: dict[str, dict[date, RoomDay]] = {}
        for day, known in result.days.items():
            for room, room_day in known.items():
                found.setdefault(room, {})[day] = room_day
        failure_counts: dict[str, int] = {}
        for err in result.failures[days[0]].values():
            failure_counts[err.kind] = failure_counts.get(err.kind, 0) + 1
        return found, failure_counts

    def _make_campus(self, rooms: Sequence[ListedRoom], settings: Live25Settings) -> Campus:
        members = tuple(Room(each.id, each.name, "") for each in rooms)
        building = Building("", "", self.zone, timedelta(), DAY, members)
        return Campus("", "", self.zone, settings, (building,))


async def booking_offsets(
    client: SourceClient, url: str, rooms: Sequence[ListedRoom], first_day: date
) -> list[datetime]:
    """Return when bookings of some rooms begin, with the offsets that the campus gave them.

    Two weeks half a year apart are looked at, because zones may agree in one half of it.
    None where the instance does not show its reservations.
    """
    step = max(len(rooms) // _ROOMS_FOR_OFFSETS, 1)
    room_ids = [room.id for room in rooms[::step][:_ROOMS_FOR_OFFSETS]]
    found: list[datetime] = []
    for start in (first_day, first_day - _HALF_A_YEAR):
        reservations_url = BookingUrls(url).reservations(
            room_ids, start, start + timedelta(_WEEK_DAYS - 1)
        )
        try:
            reservations = await client.get(reservations_url, decode_reservations)
        except SourceError:
            continue
        found += _aware_datetimes(each.start for each in reservations)
    return found


def _aware_datetimes(texts: Iterable[str]) -> Iterable[datetime]:
    for text in texts:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            continue
        if moment.tzinfo:
            yield moment


def _busiest_day(days: DaysByRoom, among: Sequence[date]) -> date:
    """Return the day with the most on, the first of `among` where there is nothing."""

    def bookings(day: date) -> int:
        return sum(len(known[day].bookings) for known in days.values() if day in known)

    return max(among, key=bookings)


def _is_consistent(grid: DaysByRoom, other: DaysByRoom) -> bool:
    """Tell whether a way shows that rooms are taken, and hides nothing of what the grid shows.

    Who shows nothing at all proves nothing: it may be all that strangers are shown.
    """
    days = (day for known in other.values() for day in known.values())
    return any(day.bookings or day.closures for day in days) and not _misses_bookings(grid, other)


def _misses_bookings(grid: DaysByRoom, other: DaysByRoom) -> bool:
    """Tell whether the grid shows a room to be taken at a time when `other` does not."""
    for room, days in other.items():
        for day, reported in days.items():
            shown = grid.get(room, {}).get(day)
            if shown and _has_unreported_booking(shown, reported):
                return True
    return False


def _has_unreported_booking(shown: RoomDay, reported: RoomDay) -> bool:
    busy = [*reported.bookings, *reported.closures]
    return any(
        free_gaps(part, busy, at_least=_MINUTE)
        for taken in (*shown.bookings, *shown.closures)
        for known in reported.known
        if (part := taken.intersection(known))
    )


def _ignore_progress(_done: int, _of: int) -> None:
    """Tell nobody."""
