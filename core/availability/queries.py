"""The questions that members ask of a campus day, answered from its gaps."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Self

from core.availability.campus_day import CampusDay, CampusDays, GapOverview, business_days
from core.availability.counts import RoomCounts, RoomFilter, add_counts, count_rooms
from core.availability.gap_index import FreeRoom, count_ending_after, gap_end, gap_start
from core.availability.states import RoomState
from core.availability.timeline import StateSpan, building_closure, common_closure
from core.model.campus import Building, Campus, Room
from core.model.interval import Interval, merge, uncovered

SOON = timedelta(minutes=30)
"""A room that opens within this time of the moment asked for opens soon."""


@dataclass(frozen=True, slots=True)
class FreeRoomsQuery:
    """The question of `/free`: rooms free at `moment` for `at_least` from then on.

    `buildings` are codes, none meaning all of the campus; a room has all of `features`. A
    question that `is_now` has another `moment` each time it is asked.
    """

    moment: datetime
    at_least: timedelta
    buildings: tuple[str, ...] = ()
    capacity: int | None = None
    features: tuple[str, ...] = ()
    is_now: bool = False

    def __post_init__(self) -> None:
        # Adding to a moment of the campus zone would count on the face of the clock.
        object.__setattr__(self, "moment", self.moment.astimezone(UTC))

    @property
    def room_filter(self) -> RoomFilter | None:
        """Tells whether a room has what is asked for; None where nothing is asked of it."""
        if not self.capacity and not self.features:
            return None
        return self._matches

    def at(self, now: datetime) -> Self:
        """Return the question as it is asked now: another moment where it `is_now`."""
        return replace(self, moment=now) if self.is_now else self

    def may_be_large_enough(self, room: Room) -> bool:
        """Tell whether a room is left out because its seats are not listed."""
        is_unsized = bool(self.capacity) and room.capacity is None
        return is_unsized and (self._has_features(room) or not room.features)

    def may_have_features(self, room: Room) -> bool:
        """Tell whether a room is left out only because its equipment is not listed."""
        return bool(self.features) and not room.features and self._is_large_enough(room)

    def _matches(self, room: Room) -> bool:
        return self._is_large_enough(room) and self._has_features(room)

    def _is_large_enough(self, room: Room) -> bool:
        return not self.capacity or (room.capacity or 0) >= self.capacity

    def _has_features(self, room: Room) -> bool:
        return all(each in room.features for each in self.features)


@dataclass(frozen=True, slots=True)
class FreeRooms:
    """The answer to a question.

    `free` are longest first; `too_short` are free too but not for long enough, longest
    first. Of the rooms that are not in `free`, `soon` open for long enough within half an hour,
    first to open first, and `next_openings` after that, only where nothing is free and nothing
    opens soon.
    `unknown_capacity` and `unknown_features` count rooms that are free for long enough and are
    left out only because their seats, or else their equipment, are not listed. `room_count`
    counts the rooms that fit and that anybody may use, `closed_count` and `unknown_count` those
    of them that are so at the moment, and `restricted_count` those that fit and that only
    members of a department may use. `closure` is until when all buildings asked about are
    closed, None where they are not.
    """

    query: FreeRoomsQuery
    free: tuple[FreeRoom, ...]
    too_short: tuple[FreeRoom, ...]
    soon: tuple[FreeRoom, ...]
    next_openings: tuple[FreeRoom, ...]
    room_count: int
    unknown_count: int
    closed_count: int
    restricted_count: int
    closure: StateSpan | None
    unknown_capacity: int
    unknown_features: int


def free_rooms(campus: Campus, days: CampusDays, query: FreeRoomsQuery) -> FreeRooms:
    """Answer a question from the days at hand."""
    moment, fits = query.moment, query.room_filter
    parts = day_scopes(campus, days, query)
    openings = [part.overview.gap_index for part in parts if part.overview]
    free_now = [each for some in openings for each in some.free_at(moment)]
    now = _filter(free_now, fits)
    if len(openings) > 1:
        # Rooms of one time stay in the campus's order: all sorts are stable.
        now.sort(key=gap_end, reverse=True)
    number = count_ending_after(now, moment + query.at_least)
    but = {each.room.id for each in now[:number]}

    def ahead(until: datetime | None) -> list[FreeRoom]:
        found = _filter(
            [
                each
                for some in openings
                for each in some.next_gaps(moment, until, at_least=query.at_least, but=but)
            ],
            fits,
        )
        if len(openings) > 1:
            found.sort(key=gap_end, reverse=True)
            found.sort(key=gap_start)
        return found

    soon = ahead(moment + SOON)
    counts = add_counts(part.counts(moment, fits) for part in parts)
    return FreeRooms(
        query=query,
        free=tuple(now[:number]),
        too_short=tuple(now[number:]),
        soon=tuple(soon),
        next_openings=() if number or soon else tuple(ahead(None)),
        room_count=counts.total,
        unknown_count=counts.unknown,
        closed_count=counts.closed,
        restricted_count=sum(part.count_restricted(fits) for part in parts),
        closure=common_closure(days, [each for part in parts for each in part.buildings], moment),
        unknown_capacity=_count_lasting(free_now, query, query.may_be_large_enough),
        unknown_features=_count_lasting(free_now, query, query.may_have_features),
    )


@dataclass(frozen=True, slots=True)
class DayScope:
    """Buildings asked about that are in one day; `day` and `overview` None where it is unknown."""

    buildings: Sequence[Building]
    day: CampusDay | None
    overview: GapOverview | None

    def count_restricted(self, room_filter: RoomFilter | None) -> int:
        """Count the rooms that are left out because not everybody may use them."""
        return sum(
            1
            for building in self.buildings
            for room in building.rooms
            if not room.is_offered and (room_filter is None or room_filter(room))
        )

    def counts(self, moment: datetime, room_filter: RoomFilter | None) -> RoomCounts:
        """Count the rooms that pass the filter by their states at a moment."""
        return add_counts(
            count_rooms(self.day, each, moment, room_filter) for each in self.buildings
        )


def day_scopes(campus: Campus, days: CampusDays, query: FreeRoomsQuery) -> list[DayScope]:
    """Return what is asked about, whole where it is all in one day, else by buildings."""
    named = [campus.building(code) for code in query.buildings]
    buildings = [each for each in named if each] if named else campus.buildings
    dates = business_days(buildings, query.moment)
    if not named and len(set(dates)) == 1:
        day = days.get(dates[0])
        return [DayScope(buildings, day, day.overview() if day else None)]
    return [
        DayScope((building,), day, day.overview(building) if day else None)
        for building, date_ in zip(buildings, dates, strict=True)
        for day in [days.get(date_)]
    ]


def _count_lasting(
    free_now: Sequence[FreeRoom], query: FreeRoomsQuery, room_filter: RoomFilter
) -> int:
    """Count the rooms that are free for long enough and pass the filter."""
    if query.room_filter is None:
        return 0
    until = query.moment + query.at_least
    return sum(1 for each in free_now if each.gap.end >= until and room_filter(each.room))


def _filter(found: list[FreeRoom], room_filter: RoomFilter | None) -> list[FreeRoom]:
    return [each for each in found if room_filter(each.room)] if room_filter else found


@dataclass(frozen=True, slots=True)
class RoomDaySummary:
    """A room's day: the times of each state in the building's window, in order."""

    room: Room
    gaps: tuple[Interval, ...]
    closures: tuple[Interval, ...]
    unknown: tuple[Interval, ...]
    carried_over_from: datetime | None
    booked: tuple[Interval, ...] = ()

    @property
    def is_closed(self) -> bool:
        """Whether the room stays closed all day."""
        return not (self.gaps or self.booked or self.unknown)

    @property
    def is_unknown(self) -> bool:
        """Whether nothing is known of the room while it is not closed."""
        return bool(self.unknown) and not (self.gaps or self.booked)


@dataclass(frozen=True, slots=True)
class BuildingDay:
    """A building's day: its window, and a line for each room in the campus's order.

    `opening` are the parts of the window in which not all rooms are closed. `closure` is until
    when they are all closed at the moment asked about, or from the beginning of the day where
    that is another day; None where they are not. `counts_now` counts at the moment asked about,
    None where that is not in the window.
    """

    building: Building
    day: date
    window: Interval
    opening: tuple[Interval, ...]
    closure: StateSpan | None
    rooms: tuple[RoomDaySummary, ...]
    counts_now: RoomCounts | None
    unknown_count: int

    @property
    def is_partly_closed(self) -> bool:
        """Whether all rooms are closed for a part of the window, or for all of it."""
        return self.opening != (self.window,)

    @property
    def is_closed(self) -> bool:
        """Whether all rooms stay closed all day."""
        return all(line.is_closed for line in self.rooms)


def building_day(
    day: CampusDay, building: Building, moment: datetime, days: CampusDays | None = None
) -> BuildingDay:
    """Return the states of all rooms of a building on a day.

    `days` are those at hand, to tell until when it is closed; `unknown_count` counts rooms
    wholly unknown.
    """
    date_, window = day.snapshot.day, day.windows[building.code]
    lines = tuple(_room_day_summary(day, room) for room in building.rooms)
    asked = moment if building.business_day(moment) == date_ else window.start
    return BuildingDay(
        building=building,
        day=date_,
        window=window,
        opening=opening_intervals(day, building),
        closure=building_closure(days or {date_: day}, building, asked),
        rooms=lines,
        counts_now=count_rooms(day, building, moment) if moment in window else None,
        unknown_count=sum(1 for line in lines if line.is_unknown),
    )


def opening_intervals(day: CampusDay, building: Building) -> tuple[Interval, ...]:
    """Return when not all rooms of a building are closed, by those of which something is known.

    Where those are all closed and others are unknown, it is as the campus file says.
    """
    window = day.windows[building.code]
    closures = [
        day.states(room).of(RoomState.CLOSED) for room in building.rooms if day.room_day(room)
    ]
    opening = merge(part for each in closures for part in uncovered(window, each))
    if opening or day.is_closed(building):
        return tuple(opening)
    return tuple(uncovered(window, day.closed[building.code]))


def _room_day_summary(day: CampusDay, room: Room) -> RoomDaySummary:
    states = day.states(room)
    return RoomDaySummary(
        room=room,
        gaps=states.of(RoomState.FREE),
        closures=states.of(RoomState.CLOSED),
        unknown=states.of(RoomState.UNKNOWN),
        carried_over_from=day.carried_over_from(room),
        booked=states.of(RoomState.BOOKED),
    )
