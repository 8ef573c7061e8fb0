"""Which way of reading an instance answers to strangers, found by trying each once.

A way is only chosen if it hides nothing: whatever the daily grid shows to take a room has to
be taken in the other way's answer as well.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import aiohttp

from core.discovery.listing import ListedRoom
from core.errors import SourceError
from core.gaps import free_gaps
from core.model import DAY, Building, Campus, Live25Settings, ReadingWay, Room, RoomDay
from core.sources.live25 import Live25
from core.sources.live25.answers import read_reservations
from core.sources.live25.lists import SavedSearch
from core.sources.live25.questions import Questions
from core.sources.reading import Progress
from core.sources.turns import Turns
from core.sources.web import Conversation, Manners

AT_ONCE = 4
"""Questions in flight, of somebody who comes once and unannounced."""

_WEEK = 7
_MONTH = 28
_HALF_A_YEAR = timedelta(days=182)
_ROOMS_FOR_THE_ZONE = 10
_MOST_SEARCHES = 6
_MINUTE = timedelta(minutes=1)

RoomDays = Mapping[str, Mapping[date, RoomDay]]
"""What is known of some rooms, by id and day."""


@dataclass(frozen=True, slots=True)
class Probed:
    """The way that was chosen, why, and what was seen on the way.

    `days` are those of the rooms that were looked at; `failed` counts those of them that
    could not be read, by kind.
    """

    way: ReadingWay
    search_id: str | None
    why: str
    days: RoomDays
    looked_at: int
    failed: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Prober:
    """Tries the ways on an instance; `first` is the day from which on it looks."""

    url: str
    session: aiohttp.ClientSession
    manners: Manners
    first: date
    at: datetime
    zone: ZoneInfo

    async def probe(
        self,
        rooms: Sequence[ListedRoom],
        sample: Sequence[ListedRoom],
        searches: Sequence[SavedSearch],
        progress: Progress,
    ) -> Probed:
        """Choose between a saved search that shows all `rooms`, reservations, and the grid.

        Raises:
            SourceError: no way shows bookings of `sample`; from the grid, the commonest.
        """
        month = [self.first + timedelta(n) for n in range(_MONTH)]
        fault: SourceError | None = None
        grid: RoomDays = {}
        failed: dict[str, int] = {}
        try:
            grid, failed = await self._read("rooms", sample, month, progress)
        except SourceError as err:
            fault = err
        busiest = _busiest(grid, month[:_WEEK])
        for search in searches[:_MOST_SEARCHES]:
            found = await self._try("search", rooms, [busiest], search.id)
            if len(found) == len(rooms) and _is_true(grid, found):
                why = f"the saved search {search.name!r} shows all rooms at once"
                return Probed("search", search.id, why, grid or found, len(sample), failed)
        week = month[:_WEEK]
        found = await self._try("reservations", sample, week)
        if len(found) >= len(grid) and _is_true(grid, found):
            why = "its reservations tell of many rooms at once" + (
                "" if grid else "; its grid, to compare them with, does not answer"
            )
            return Probed("reservations", None, why, grid or found, len(sample), failed)
        if fault:
            raise fault
        why = "its reservations do not show all that the grid shows" if found else ""
        why = why or "neither a saved search nor reservations tell of all rooms"
        return Probed("rooms", None, why, grid, len(sample), failed)

    async def _try(
        self,
        way: ReadingWay,
        rooms: Sequence[ListedRoom],
        days: Sequence[date],
        search_id: str | None = None,
    ) -> RoomDays:
        """Return the rooms that a way shows on all days, none where it does not work."""
        try:
            found, _ = await self._read(way, rooms, days, _untold, search_id)
        except SourceError:
            return {}
        return {room: known for room, known in found.items() if len(known) == len(days)}

    async def _read(
        self,
        way: ReadingWay,
        rooms: Sequence[ListedRoom],
        days: Sequence[date],
        progress: Progress,
        search_id: str | None = None,
    ) -> tuple[RoomDays, dict[str, int]]:
        settings = Live25Settings("25live", self.url, way, search_id, AT_ONCE)
        campus = self._campus(rooms, settings)
        source = Live25(campus, settings, self.session, self.manners, Turns(AT_ONCE))
        result = await source.read(days, at=self.at, progress=progress)
        found: dict[str, dict[date, RoomDay]] = {}
        for day, known in result.days.items():
            for room, room_day in known.items():
                found.setdefault(room, {})[day] = room_day
        failed: dict[str, int] = {}
        for err in result.failures[days[0]].values():
            failed[err.kind] = failed.get(err.kind, 0) + 1
        return found, failed

    def _campus(self, rooms: Sequence[ListedRoom], settings: Live25Settings) -> Campus:
        members = tuple(Room(each.id, each.name, "") for each in rooms)
        building = Building("", "", self.zone, timedelta(), DAY, members)
        return Campus("", "", self.zone, settings, (building,))


async def offsets(
    talk: Conversation, url: str, rooms: Sequence[ListedRoom], first: date
) -> list[datetime]:
    """Return when bookings of some rooms begin, with the offsets that the campus gave them.

    Two weeks half a year apart are looked at, because zones may agree in one half of it.
    None where the instance does not show its reservations.
    """
    step = max(len(rooms) // _ROOMS_FOR_THE_ZONE, 1)
    room_ids = [room.id for room in rooms[::step][:_ROOMS_FOR_THE_ZONE]]
    found: list[datetime] = []
    for start in (first, first - _HALF_A_YEAR):
        asked = Questions(url).reservations(room_ids, start, start + timedelta(_WEEK - 1))
        try:
            reservations = await talk.ask(asked, read_reservations)
        except SourceError:
            continue
        found += _aware(each.start for each in reservations)
    return found


def _aware(texts: Iterable[str]) -> Iterable[datetime]:
    for text in texts:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            continue
        if moment.tzinfo:
            yield moment


def _busiest(days: RoomDays, among: Sequence[date]) -> date:
    """Return the day with the most on, the first of `among` where there is nothing."""

    def bookings(day: date) -> int:
        return sum(len(known[day].bookings) for known in days.values() if day in known)

    return max(among, key=bookings)


def _is_true(grid: RoomDays, other: RoomDays) -> bool:
    """Tell whether a way shows that rooms are taken, and hides nothing of what the grid shows.

    Who shows nothing at all proves nothing: it may be all that strangers are shown.
    """
    days = (day for known in other.values() for day in known.values())
    return any(day.bookings or day.closures for day in days) and not _hides(grid, other)


def _hides(grid: RoomDays, other: RoomDays) -> bool:
    """Tell whether the grid shows a room to be taken at a time when `other` does not."""
    for room, days in other.items():
        for day, told in days.items():
            shown = grid.get(room, {}).get(day)
            if shown and _has_more(shown, told):
                return True
    return False


def _has_more(shown: RoomDay, told: RoomDay) -> bool:
    busy = [*told.bookings, *told.closures]
    return any(
        free_gaps(part, busy, at_least=_MINUTE)
        for taken in (*shown.bookings, *shown.closures)
        for known in told.known
        if (part := taken.within(known))
    )


def _untold(_done: int, _of: int) -> None:
    """Tell nobody."""
