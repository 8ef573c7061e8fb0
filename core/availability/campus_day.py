"""One day of a campus with every room's gaps worked out, once for all questions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from core.availability.gap_index import FreeRoom, GapIndex, build_gap_index
from core.availability.gaps import room_gaps
from core.model.bookings import RoomDay, Snapshot
from core.model.calendar import DAY
from core.model.campus import Building, Campus, Room
from core.model.interval import Interval


class RoomState(Enum):
    """What a room is at a moment."""

    FREE = "free"
    BUSY = "busy"
    CLOSED = "closed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class GapOverview:
    """What questions of some rooms are answered from; `unsure` are those that may be unknown."""

    gap_index: GapIndex
    maybe_unknown: tuple[Room, ...]


@dataclass(frozen=True, slots=True)
class CampusDay:
    """One day of a campus with every room's gaps worked out, once for all questions.

    `gaps` has no entry for a room of which nothing is known; `open_hours` is by building code.
    `read_at` is when the youngest of its data was read, None where no room is known.
    """

    campus: Campus
    snapshot: Snapshot
    opening_hours: Mapping[str, Interval]
    gaps: Mapping[str, tuple[Interval, ...]]
    read_at: datetime | None
    _overviews: dict[str | None, GapOverview] = field(
        default_factory=dict, repr=False, compare=False
    )

    @property
    def revision(self) -> tuple[str, date, datetime]:
        """Which reading of which day this is: what is made of the same one is the same."""
        return self.campus.id, self.snapshot.day, self.snapshot.attempted_at

    def overview(self, building: Building | None = None) -> GapOverview:
        """Return what questions of a building, or of all of them, are answered from."""
        code = building.code if building else None
        found = self._overviews.get(code)
        if found is None:
            # Not before it is asked for: most days never are.
            buildings = (building,) if building else self.campus.buildings
            found = self._overviews[code] = self._build_overview(buildings)
        return found

    def _build_overview(self, buildings: tuple[Building, ...]) -> GapOverview:
        rooms = [room for building in buildings for room in building.rooms]
        gaps = (
            FreeRoom(room, gap, kept)
            for room in rooms
            for kept in [self.carried_over_from(room)]
            for gap in self.gaps.get(room.id, ())
        )
        return GapOverview(
            build_gap_index(gaps), tuple(each for each in rooms if not self._is_fully_known(each))
        )

    def _is_fully_known(self, room: Room) -> bool:
        """Tell whether all is known of the room while its building is open."""
        known, hours = self.room_day(room), self.opening_hours[room.building]
        return known is not None and any(
            part.start <= hours.start and hours.end <= part.end for part in known.known
        )

    def room_day(self, room: Room) -> RoomDay | None:
        """Return what the snapshot holds of the room, None where it holds nothing."""
        return self.snapshot.rooms.get(room.id)

    def gap_at(self, room: Room, moment: datetime) -> Interval | None:
        """Return the gap that holds the moment, if one does."""
        for gap in self.gaps.get(room.id, ()):
            # They are in order: the first that has not ended holds it, or none does.
            if moment < gap.end:
                return gap if gap.start <= moment else None
        return None

    def state_at(self, room: Room, moment: datetime) -> RoomState:
        """Return what the room is at that moment."""
        known = self.room_day(room)
        if known is None:
            return RoomState.UNKNOWN
        if self.gap_at(room, moment):
            return RoomState.FREE
        if moment not in self.opening_hours[room.building]:
            return RoomState.CLOSED
        return RoomState.BUSY if any(moment in part for part in known.known) else RoomState.UNKNOWN

    def count_unknown(self, rooms: Iterable[Room], moment: datetime) -> int:
        """Return how many of the rooms are unknown at that moment."""
        return sum(1 for room in rooms if self.state_at(room, moment) is RoomState.UNKNOWN)

    def carried_over_from(self, room: Room) -> datetime | None:
        """Return when the room was read, where that was before the last attempt."""
        known = self.room_day(room)
        return known.read_at if known and self.snapshot.is_carried_over(known) else None


def build_campus_day(campus: Campus, snapshot: Snapshot, *, min_gap: timedelta) -> CampusDay:
    """Work out all gaps of a snapshot; a gap counts when it is `at_least` long."""
    open_hours = _opening_hours_by_building(campus.buildings, snapshot.day)
    return CampusDay(
        campus=campus,
        snapshot=snapshot,
        opening_hours=open_hours,
        gaps={
            room.id: room_gaps(hours, known, at_least=min_gap)
            for building in campus.buildings
            for hours in [open_hours[building.code]]
            for room in building.rooms
            if (known := snapshot.rooms.get(room.id))
        },
        read_at=max((known.read_at for known in snapshot.rooms.values()), default=None),
    )


def _opening_hours_by_building(buildings: Iterable[Building], day: date) -> dict[str, Interval]:
    """Return the opening hours that begin on `day`, by building code."""
    hours: dict[str, Interval] = {}
    alike: dict[tuple[ZoneInfo, timedelta, timedelta], Interval] = {}
    for building in buildings:
        # A hundred buildings open in a few ways, and to read a wall clock twice takes longer
        # than to work out a room.
        way = (building.timezone, building.opens, building.closes)
        if way not in alike:
            alike[way] = building.opening_hours_on(day)
        hours[building.code] = alike[way]
    return hours


def campus_dates_at(campus: Campus, moment: datetime) -> frozenset[date]:
    """Return the campus days that a question about `moment` needs.

    More than one where a building is still in yesterday's hours.
    """
    return frozenset(business_days(campus.buildings, moment))


def business_days(buildings: Sequence[Building], moment: datetime) -> list[date]:
    """Return the day that each building is in, in their order; they are of one campus."""
    today = None
    found = []
    for building in buildings:
        # Those that close by midnight are all in one day, and large campuses have many.
        if building.closes > DAY:
            found.append(building.business_day(moment))
        else:
            today = today or building.business_day(moment)
            found.append(today)
    return found


CampusDays = Mapping[date, CampusDay]
"""The days of one campus that are at hand; a day that is absent is unknown."""
