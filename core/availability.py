"""The questions that members ask of a campus day, answered from its gaps."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from core.campus_day import (
    CampusDay,
    CampusDays,
    Overview,
    State,
    day_of_each,
    days_at,
    work_out,
)
from core.gaps import unknown_parts
from core.model import Building, Campus, Interval, Room
from core.openings import FreeRoom, end_of, number_until, start_of

__all__ = [
    "SOON",
    "BuildingDay",
    "CampusDay",
    "CampusDays",
    "Count",
    "FreeRoom",
    "FreeRooms",
    "Question",
    "RoomLine",
    "State",
    "building_day",
    "count",
    "days_at",
    "free_rooms",
    "work_out",
]

SOON = timedelta(minutes=30)
"""A room that opens within this time of the moment asked for opens soon."""

Fits = Callable[[Room], bool]


@dataclass(frozen=True, slots=True)
class Question:
    """What `/free` was asked: rooms free at `moment` for `at_least` from then on.

    `buildings` are codes, none meaning all of the campus.
    """

    moment: datetime
    at_least: timedelta
    buildings: tuple[str, ...] = ()
    capacity: int | None = None
    feature: str | None = None

    def __post_init__(self) -> None:
        # Adding to a moment of the campus zone would count on the face of the clock.
        object.__setattr__(self, "moment", self.moment.astimezone(UTC))

    @property
    def fits(self) -> Fits | None:
        """Tells whether a room has what is asked for; None where nothing is asked of it."""
        if not self.capacity and not self.feature:
            return None
        return self._fits

    def _fits(self, room: Room) -> bool:
        is_large_enough = not self.capacity or (room.capacity or 0) >= self.capacity
        return is_large_enough and (not self.feature or self.feature in room.features)


@dataclass(frozen=True, slots=True)
class FreeRooms:
    """The answer to a question.

    `free` are longest first; `brief` are free too but not for long enough, longest first. Of
    the rooms that are not in `free`, `soon` open for long enough within half an hour, first to
    open first, and `later` after that, told only where nothing is free and nothing opens soon.
    `unsized` rooms were left out because nobody knows their capacity, and `untold` ones
    because nobody knows what they have.
    """

    question: Question
    free: tuple[FreeRoom, ...]
    brief: tuple[FreeRoom, ...]
    soon: tuple[FreeRoom, ...]
    later: tuple[FreeRoom, ...]
    rooms: int
    unknown: int
    unsized: int
    untold: int


def free_rooms(campus: Campus, days: CampusDays, question: Question) -> FreeRooms:
    """Answer a question from the days at hand."""
    moment, fits = question.moment, question.fits
    parts = _parts(campus, days, question)
    openings = [part.overview.openings for part in parts if part.overview]
    now = _fitting([each for some in openings for each in some.at(moment)], fits)
    if len(openings) > 1:
        # Rooms of one time stay in the campus's order: all sorts are stable.
        now.sort(key=end_of, reverse=True)
    number = number_until(now, moment + question.at_least)
    but = {each.room.id for each in now[:number]}

    def ahead(until: datetime | None) -> list[FreeRoom]:
        found = _fitting(
            [
                each
                for some in openings
                for each in some.after(moment, until, at_least=question.at_least, but=but)
            ],
            fits,
        )
        if len(openings) > 1:
            found.sort(key=end_of, reverse=True)
            found.sort(key=start_of)
        return found

    soon = ahead(moment + SOON)
    return FreeRooms(
        question=question,
        free=tuple(now[:number]),
        brief=tuple(now[number:]),
        soon=tuple(soon),
        later=() if number or soon else tuple(ahead(None)),
        rooms=sum(part.number(fits) for part in parts),
        unknown=sum(part.unknown(moment, fits) for part in parts),
        unsized=_number(parts, lambda room: room.capacity is None) if question.capacity else 0,
        untold=_number(parts, lambda room: not room.features) if question.feature else 0,
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """Buildings asked about that are in one day; `day` and `overview` None where it is unknown."""

    buildings: Sequence[Building]
    day: CampusDay | None
    overview: Overview | None

    @property
    def rooms(self) -> Iterator[Room]:
        return (room for building in self.buildings for room in building.rooms)

    def number(self, fits: Fits | None) -> int:
        if fits is None:
            return sum(len(building.rooms) for building in self.buildings)
        return sum(map(fits, self.rooms))

    def unknown(self, moment: datetime, fits: Fits | None) -> int:
        if self.day is None or self.overview is None:
            return self.number(fits)
        doubtful = self.overview.unsure
        return self.day.number_unknown(filter(fits, doubtful) if fits else doubtful, moment)


def _parts(campus: Campus, days: CampusDays, question: Question) -> list[_Part]:
    """Return what is asked about, whole where it is all in one day, else by buildings."""
    named = [campus.building(code) for code in question.buildings]
    buildings = [each for each in named if each] if named else campus.buildings
    dates = day_of_each(buildings, question.moment)
    if not named and len(set(dates)) == 1:
        day = days.get(dates[0])
        return [_Part(buildings, day, day.overview() if day else None)]
    return [
        _Part((building,), day, day.overview(building) if day else None)
        for building, date_ in zip(buildings, dates, strict=True)
        for day in [days.get(date_)]
    ]


def _number(parts: Sequence[_Part], counts: Fits) -> int:
    return sum(1 for part in parts for room in part.rooms if counts(room))


def _fitting(found: list[FreeRoom], fits: Fits | None) -> list[FreeRoom]:
    return [each for each in found if fits(each.room)] if fits else found


@dataclass(frozen=True, slots=True)
class Count:
    """How many rooms there are, how many are free at a moment, and how many are unknown."""

    rooms: int
    free: int
    unknown: int


def count(day: CampusDay | None, building: Building, moment: datetime) -> Count:
    """Count the rooms of a building; all are unknown where the day is not at hand."""
    rooms = len(building.rooms)
    if day is None:
        return Count(rooms=rooms, free=0, unknown=rooms)
    overview = day.overview(building)
    free = overview.openings.number_at(moment)
    return Count(rooms, free, day.number_unknown(overview.unsure, moment))


@dataclass(frozen=True, slots=True)
class RoomLine:
    """A room's day: its gaps and the opening hours that are unknown, both in order.

    `closures` are those in the opening hours, as the source told them.
    """

    room: Room
    gaps: tuple[Interval, ...]
    closures: tuple[Interval, ...]
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
            closures=_within(hours, known.closures) if (known := day.known(room)) else (),
            unknown=unknown_parts(hours, known) if known else (hours,),
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


def _within(hours: Interval, parts: tuple[Interval, ...]) -> tuple[Interval, ...]:
    return tuple(part for each in parts if (part := each.within(hours)))
