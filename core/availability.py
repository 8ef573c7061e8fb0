"""The questions that members ask of a campus day, answered from its gaps."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum

from core.gaps import room_gaps, unknown_parts
from core.model import Building, Campus, Interval, Room, RoomDay, Snapshot

SOON = timedelta(minutes=30)
"""A room that opens within this time of the moment asked for opens soon."""


class State(Enum):
    """What a room is at a moment."""

    FREE = "free"
    BUSY = "busy"
    CLOSED = "closed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class CampusDay:
    """One day of a campus with every room's gaps worked out, once for all questions.

    `gaps` has no entry for a room of which nothing is known; `open_hours` is by building code.
    `read_at` is when the youngest of its data was read, None where no room is known.
    """

    campus: Campus
    snapshot: Snapshot
    open_hours: Mapping[str, Interval]
    gaps: Mapping[str, tuple[Interval, ...]]
    read_at: datetime | None

    def known(self, room: Room) -> RoomDay | None:
        """Return what the snapshot holds of the room, None where it holds nothing."""
        return self.snapshot.rooms.get(room.id)

    def gap_at(self, room: Room, moment: datetime) -> Interval | None:
        """Return the gap that holds the moment, if one does."""
        for gap in self.gaps.get(room.id, ()):
            # They are in order: the first that has not ended holds it, or none does.
            if moment < gap.end:
                return gap if gap.start <= moment else None
        return None

    def state(self, room: Room, moment: datetime) -> State:
        """Return what the room is at that moment."""
        known = self.known(room)
        if known is None:
            return State.UNKNOWN
        if self.gap_at(room, moment):
            return State.FREE
        if moment not in self.open_hours[room.building]:
            return State.CLOSED
        return State.BUSY if any(moment in part for part in known.known) else State.UNKNOWN

    def kept_from(self, room: Room) -> datetime | None:
        """Return when the room was read, where that was before the last attempt."""
        known = self.known(room)
        return known.read_at if known and self.snapshot.is_kept(known) else None


def work_out(campus: Campus, snapshot: Snapshot, *, at_least: timedelta) -> CampusDay:
    """Work out all gaps of a snapshot; a gap counts when it is `at_least` long."""
    open_hours = {each.code: each.open_on(snapshot.day) for each in campus.buildings}
    return CampusDay(
        campus=campus,
        snapshot=snapshot,
        open_hours=open_hours,
        gaps={
            room.id: room_gaps(open_hours[room.building], known, at_least=at_least)
            for room in campus.rooms
            if (known := snapshot.rooms.get(room.id))
        },
        read_at=max((known.read_at for known in snapshot.rooms.values()), default=None),
    )


def days_at(campus: Campus, moment: datetime) -> frozenset[date]:
    """Return the campus days that a question about `moment` needs.

    More than one where a building is still in yesterday's hours.
    """
    return frozenset(building.day_of(moment) for building in campus.buildings)


CampusDays = Mapping[date, CampusDay]
"""The days of one campus that are at hand; a day that is absent is unknown."""


@dataclass(frozen=True, slots=True)
class Question:
    """What `/free` was asked: rooms free at `moment` for `at_least` from then on."""

    moment: datetime
    at_least: timedelta
    building: str | None = None
    capacity: int | None = None

    def __post_init__(self) -> None:
        # Adding to a moment of the campus zone would count on the face of the clock.
        object.__setattr__(self, "moment", self.moment.astimezone(UTC))


@dataclass(frozen=True, slots=True)
class FreeRoom:
    """A room and the gap it was named for; `kept_from` where its data is an earlier reading's."""

    room: Room
    gap: Interval
    kept_from: datetime | None


@dataclass(frozen=True, slots=True)
class FreeRooms:
    """The answer to a question.

    `free` are longest first; `brief` are free too but not for long enough, longest first. Of
    the rooms that are not in `free`, `soon` open for long enough within half an hour and
    `later` after that, both first to open first. `unsized` rooms were left out
    because nobody knows their capacity.
    """

    question: Question
    free: tuple[FreeRoom, ...]
    brief: tuple[FreeRoom, ...]
    soon: tuple[FreeRoom, ...]
    later: tuple[FreeRoom, ...]
    rooms: int
    unknown: int
    unsized: int


def free_rooms(campus: Campus, days: CampusDays, question: Question) -> FreeRooms:
    """Answer a question from the days at hand."""
    moment, until = question.moment, question.moment + question.at_least
    asked = [
        (room, day)
        for building in _asked_buildings(campus, question)
        for day in [days.get(building.day_of(moment))]
        for room in building.rooms
    ]
    sized = [each for each in asked if _is_large_enough(each[0], question.capacity)]
    known = [(room, day) for room, day in sized if day]
    now = [_named(day, room, gap) for room, day in known if (gap := day.gap_at(room, moment))]
    # Rooms of one time stay in the campus's order: all sorts are stable.
    now.sort(key=_end, reverse=True)
    free = tuple(each for each in now if each.gap.end >= until)
    long_enough = {each.room.id for each in free}
    ahead = [
        _named(day, room, gap)
        for room, day in known
        if room.id not in long_enough and (gap := _next_gap(day, room, question))
    ]
    free_at_all = {each.room.id for each in now}
    ahead.sort(key=_end, reverse=True)
    ahead.sort(key=_start)
    return FreeRooms(
        question=question,
        free=free,
        brief=tuple(now[len(free) :]),
        soon=tuple(each for each in ahead if each.gap.start <= moment + SOON),
        later=tuple(each for each in ahead if each.gap.start > moment + SOON),
        rooms=len(sized),
        unknown=sum(
            1
            for room, day in sized
            if room.id not in free_at_all
            and (day is None or day.state(room, moment) is State.UNKNOWN)
        ),
        unsized=sum(1 for room, _ in asked if question.capacity and room.capacity is None),
    )


def _is_large_enough(room: Room, capacity: int | None) -> bool:
    return not capacity or (room.capacity or 0) >= capacity


def _named(day: CampusDay, room: Room, gap: Interval) -> FreeRoom:
    return FreeRoom(room, gap, day.kept_from(room))


def _asked_buildings(campus: Campus, question: Question) -> tuple[Building, ...]:
    if question.building is None:
        return campus.buildings
    building = campus.building(question.building)
    return (building,) if building else ()


def _start(free: FreeRoom) -> datetime:
    return free.gap.start


def _end(free: FreeRoom) -> datetime:
    return free.gap.end


def _next_gap(day: CampusDay, room: Room, question: Question) -> Interval | None:
    return next(
        (
            gap
            for gap in day.gaps.get(room.id, ())
            if gap.start > question.moment and gap.duration >= question.at_least
        ),
        None,
    )


@dataclass(frozen=True, slots=True)
class Count:
    """How many rooms there are, how many are free at a moment, and how many are unknown."""

    rooms: int
    free: int
    unknown: int


def count(day: CampusDay | None, building: Building, moment: datetime) -> Count:
    """Count the rooms of a building; all are unknown where the day is not at hand."""
    if day is None:
        return Count(rooms=len(building.rooms), free=0, unknown=len(building.rooms))
    states = [day.state(room, moment) for room in building.rooms]
    return Count(len(states), states.count(State.FREE), states.count(State.UNKNOWN))


@dataclass(frozen=True, slots=True)
class RoomLine:
    """A room's day: its gaps and the opening hours that are unknown, both in order."""

    room: Room
    gaps: tuple[Interval, ...]
    unknown: tuple[Interval, ...]
    kept_from: datetime | None


@dataclass(frozen=True, slots=True)
class BuildingDay:
    """A building's day: its hours, and a line for each room in the campus's order.

    `now` counts at the moment asked about, None where that is not in the opening hours.
    """

    building: Building
    day: date
    open_hours: Interval
    rooms: tuple[RoomLine, ...]
    now: Count | None
    unknown: int


def building_day(day: CampusDay, building: Building, moment: datetime) -> BuildingDay:
    """Tell all gaps of all rooms of a building; `unknown` counts rooms wholly unknown."""
    hours = day.open_hours[building.code]
    lines = tuple(
        RoomLine(
            room=room,
            gaps=day.gaps.get(room.id, ()),
            unknown=unknown_parts(hours, known) if (known := day.known(room)) else (hours,),
            kept_from=day.kept_from(room),
        )
        for room in building.rooms
    )
    return BuildingDay(
        building=building,
        day=day.snapshot.day,
        open_hours=hours,
        rooms=lines,
        now=count(day, building, moment) if moment in hours else None,
        unknown=sum(1 for line in lines if line.unknown == (hours,)),
    )
