"""One day of a campus with every room's gaps worked out, once for all questions."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from core.availability.gap_index import FreeRoom, GapIndex, build_gap_index
from core.availability.gaps import room_gaps
from core.availability.states import DayStates, RoomState, day_states
from core.model.bookings import RoomDay, Snapshot
from core.model.calendar import DAY
from core.model.campus import Building, Campus, Room
from core.model.hours import DAYS_A_WEEK, PlannedClosure, WeeklyHours
from core.model.interval import Interval, merge


@dataclass(frozen=True, slots=True)
class GapOverview:
    """What questions of some rooms are answered from: those of their rooms that are offered.

    `maybe_unknown` and `maybe_closed` are the rooms that are so at some time of the day.
    """

    gap_index: GapIndex
    maybe_unknown: tuple[Room, ...]
    maybe_closed: tuple[Room, ...]


@dataclass(frozen=True, slots=True)
class CampusDay:
    """One day of a campus with every room's gaps worked out, once for all questions.

    `windows` and `closed` are by building code: the part of the day that is shown, and when the
    building is closed in it by the campus file. `gaps` has no entry for a room of which nothing
    is known. `read_at` is when the youngest of its data was read, None where no room is known.
    """

    campus: Campus
    snapshot: Snapshot
    windows: Mapping[str, Interval]
    closed: Mapping[str, tuple[Interval, ...]]
    gaps: Mapping[str, tuple[Interval, ...]]
    read_at: datetime | None
    _overviews: dict[str | None, GapOverview] = field(
        default_factory=dict, repr=False, compare=False
    )
    _states: dict[str, DayStates] = field(default_factory=dict, repr=False, compare=False)

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
        rooms = [room for building in buildings for room in building.offered_rooms]
        gaps = (
            FreeRoom(room, gap, kept)
            for room in rooms
            for kept in [self.carried_over_from(room)]
            for gap in self.gaps.get(room.id, ())
        )
        return GapOverview(
            build_gap_index(gaps),
            maybe_unknown=tuple(each for each in rooms if not self._is_fully_known(each)),
            maybe_closed=tuple(each for each in rooms if self._may_be_closed(each)),
        )

    def _is_fully_known(self, room: Room) -> bool:
        """Tell whether all is known of the room while its building is open."""
        known, window = self.room_day(room), self.windows[room.building]
        return known is not None and any(
            part.start <= window.start and window.end <= part.end for part in known.known
        )

    def _may_be_closed(self, room: Room) -> bool:
        known = self.room_day(room)
        return bool(self.closed[room.building] or (known and known.closures))

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

    def states(self, room: Room) -> DayStates:
        """Return what the room is at any time of the day."""
        found = self._states.get(room.id)
        if found is None:
            code = room.building
            found = self._states[room.id] = day_states(
                self.windows[code],
                closed=self.closed[code],
                gaps=self.gaps.get(room.id, ()),
                day=self.room_day(room),
            )
        return found

    def state_at(self, room: Room, moment: datetime) -> RoomState:
        """Return what the room is at that moment of the day."""
        return self.states(room).at(moment)

    def is_closed(self, building: Building) -> bool:
        """Tell whether a building stays closed all day, by the campus file or by its source."""
        window = self.windows[building.code]
        return self.closed[building.code] == (window,) or all(
            self.states(room).of(RoomState.CLOSED) == (window,) for room in building.rooms
        )

    def count_unknown(self, rooms: Iterable[Room], moment: datetime) -> int:
        """Return how many of the rooms are unknown at that moment."""
        return self._count(RoomState.UNKNOWN, rooms, moment)

    def count_closed(self, rooms: Iterable[Room], moment: datetime) -> int:
        """Return how many of the rooms are closed at that moment."""
        return self._count(RoomState.CLOSED, rooms, moment)

    def _count(self, state: RoomState, rooms: Iterable[Room], moment: datetime) -> int:
        return sum(1 for room in rooms if self.state_at(room, moment) is state)

    def carried_over_from(self, room: Room) -> datetime | None:
        """Return when the room was read, where that was before the last attempt."""
        known = self.room_day(room)
        return known.read_at if known and self.snapshot.is_carried_over(known) else None


def build_campus_day(
    campus: Campus,
    snapshot: Snapshot,
    *,
    min_gap: timedelta,
    neighbours: Collection[Snapshot] = (),
) -> CampusDay:
    """Work out all gaps of a snapshot; a gap counts when it is `min_gap` long.

    `neighbours` are the snapshots of the day before and the day after, as far as they are at
    hand. A gap of a building that stays open from one day to the next begins and ends in them.
    """
    opening = _opening_by_building(campus.buildings, snapshot.day)
    gaps = {
        room.id: room_gaps(window, known, at_least=min_gap, closed=closed)
        for building in campus.buildings
        for window, closed in [opening[building.code]]
        for room in building.rooms
        if (known := snapshot.rooms.get(room.id))
    }
    for building in campus.buildings:
        joined = [each for each in neighbours if _stays_open(building, snapshot.day, each.day)]
        if joined:
            gaps |= _joined_gaps(building, [snapshot, *joined], opening[building.code][0], min_gap)
    return CampusDay(
        campus=campus,
        snapshot=snapshot,
        windows={code: window for code, (window, _) in opening.items()},
        closed={code: closed for code, (_, closed) in opening.items()},
        gaps=gaps,
        read_at=max((known.read_at for known in snapshot.rooms.values()), default=None),
    )


def open_nights(campus: Campus) -> frozenset[int]:
    """Return the weekdays, Monday is 0, from which a building stays open into the next day."""
    weeks = {building.hours for building in campus.buildings}
    return frozenset(
        weekday
        for weekday in range(DAYS_A_WEEK)
        if any(week.stays_open_after(weekday) for week in weeks)
    )


def _stays_open(building: Building, day: date, other: date) -> bool:
    earlier, later = sorted((day, other))
    return later - earlier == DAY and building.hours.touches_next(earlier)


def _joined_gaps(
    building: Building, snapshots: Sequence[Snapshot], window: Interval, min_gap: timedelta
) -> dict[str, tuple[Interval, ...]]:
    """Return the gaps that reach into the window of the first snapshot, with their whole length."""
    found: dict[str, tuple[Interval, ...]] = {}
    for room in building.rooms:
        if room.id not in snapshots[0].rooms:
            continue
        parts = [
            part
            for snapshot in snapshots
            if (known := snapshot.rooms.get(room.id))
            for part in room_gaps(
                building.window_on(snapshot.day),
                known,
                at_least=timedelta.resolution,
                closed=building.closed_intervals_on(snapshot.day),
            )
        ]
        joined = (gap for gap in merge(parts) if gap.duration >= min_gap)
        found[room.id] = tuple(gap for gap in joined if gap.intersection(window))
    return found


_Opening = tuple[Interval, tuple[Interval, ...]]


def _opening_by_building(buildings: Iterable[Building], day: date) -> dict[str, _Opening]:
    """Return the windows of `day` and when buildings are closed in them, by building code."""
    found: dict[str, _Opening] = {}
    alike: dict[tuple[ZoneInfo, WeeklyHours, tuple[PlannedClosure, ...]], _Opening] = {}
    for building in buildings:
        # A hundred buildings open in a few ways, and to read a wall clock twice takes longer
        # than to work out a room.
        way = (building.timezone, building.hours, building.closures)
        if way not in alike:
            alike[way] = building.window_on(day), building.closed_intervals_on(day)
        found[building.code] = alike[way]
    return found


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
