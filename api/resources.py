"""What is asked about campuses over HTTP, which days that needs, and what goes out as JSON."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol, TypeAlias
from zoneinfo import ZoneInfo

from core.availability.campus_day import CampusDay, business_days
from core.availability.states import DayStates, RoomState
from core.availability.timeline import states_on
from core.data.coordinator import CampusCoordinator
from core.model.calendar import DAY, local_to_utc
from core.model.campus import Building, Room
from core.model.interval import Interval

Json: TypeAlias = dict[str, object]
KnownDays: TypeAlias = Mapping[date, CampusDay | None]
"""What is known of each day that was asked for, None where that is nothing."""

_MINUTE = timedelta(minutes=1)


class Resource(Protocol):
    """One thing that is asked for; the same `key` is the same answer while the data is."""

    @property
    def coordinator(self) -> CampusCoordinator:
        """Who is asked."""

    @property
    def key(self) -> Hashable:
        """Tell it from all others."""

    def required_days(self, now: datetime) -> list[date]:
        """Return the days that are read where nothing is known of them."""

    def optional_days(self, now: datetime) -> list[date]:
        """Return the days that are shown where something is known of them."""

    def expires_at(self, now: datetime) -> datetime | None:
        """Return when other days are needed, None for never."""

    def to_json(self, days: KnownDays, now: datetime) -> Json:
        """Return the answer; the same for the same days, whenever it is asked for."""


@dataclass(frozen=True, slots=True)
class OpenClassrooms:
    """The gaps of a campus's rooms, or of one building's: of one day, or of each one's today."""

    coordinator: CampusCoordinator
    building: Building | None
    day: date | None

    @property
    def key(self) -> Hashable:
        """Tell it from all others."""
        return self.coordinator.campus.id, self.building and self.building.code, self.day

    @property
    def _buildings(self) -> tuple[Building, ...]:
        return (self.building,) if self.building else self.coordinator.campus.buildings

    def required_days(self, now: datetime) -> list[date]:
        """Return the day, or the days that the buildings are in."""
        return [self.day] if self.day else sorted(set(business_days(self._buildings, now)))

    def optional_days(self, now: datetime) -> list[date]:  # noqa: ARG002 - as all views
        """Return nothing: all days are needed."""
        return []

    def expires_at(self, now: datetime) -> datetime | None:
        """Return when a building's next day begins."""
        return None if self.day else _next_day_start(self._buildings, now)

    def to_json(self, days: KnownDays, now: datetime) -> Json:
        """Return the buildings with their classrooms; what is not at hand is unknown."""
        zone = self.coordinator.campus.timezone
        dates = [self.day or each for each in business_days(self._buildings, now)]
        return {
            "buildings": {
                building.code: {
                    "code": building.code,
                    "name": building.name,
                    "classrooms": [
                        _classroom_json(building, room, day, days[day]) for room in building.rooms
                    ],
                }
                for building, day in zip(self._buildings, dates, strict=True)
            },
            "last_updated": _last_read_iso(days.values(), zone),
        }


def _classroom_json(building: Building, room: Room, date_: date, day: CampusDay | None) -> Json:
    zone = building.timezone
    states = states_on({date_: day} if day else {}, building, room, date_)
    known = day.room_day(room) if day else None
    return {
        "id": room.id,
        "name": room.name,
        "availability": slots_json(states.of(RoomState.FREE), zone),
        "state": _day_state(states),
        "access": room.access.value,
        "note": room.note or None,
        "read_at": to_iso(known.read_at, zone) if known else None,
    }


def _day_state(states: DayStates) -> str:
    """Return `closed` for a room that is closed all day, `known` where all of its day is known."""
    if states.of(RoomState.CLOSED) == (states.window,):
        return "closed"
    # In part is not known: whoever reads only this must not take the rest for booked.
    return "unknown" if states.of(RoomState.UNKNOWN) else "known"


@dataclass(frozen=True, slots=True)
class RoomDays:
    """One room's gaps on all days from today on of which something is known."""

    coordinator: CampusCoordinator
    building: Building
    room: Room
    days_ahead: int

    @property
    def key(self) -> Hashable:
        """Tell it from all others."""
        return self.coordinator.campus.id, "room", self.room.id

    def required_days(self, now: datetime) -> list[date]:
        """Return the day that the room's building is in."""
        return [self.building.business_day(now)]

    def optional_days(self, now: datetime) -> list[date]:
        """Return the days to come that are read."""
        today = self.building.business_day(now)
        return [today + DAY * each for each in range(1, self.days_ahead + 1)]

    def expires_at(self, now: datetime) -> datetime | None:
        """Return when the building's next day begins."""
        return _next_day_start((self.building,), now)

    def to_json(self, days: KnownDays, now: datetime) -> Json:  # noqa: ARG002 - as all views
        """Return the room, and a part for each day."""
        zone = self.coordinator.campus.timezone
        return {
            "campus": {"id": self.coordinator.campus.id, "name": self.coordinator.campus.name},
            "building": {"code": self.building.code, "name": self.building.name},
            "room": {
                "id": self.room.id,
                "name": self.room.name,
                "capacity": self.room.capacity,
                "access": self.room.access.value,
                "note": self.room.note or None,
            },
            "days": [
                self._day(known, zone) for _, known in sorted(days.items(), key=_date_of) if known
            ],
            "last_updated": _last_read_iso(days.values(), zone),
        }

    def _day(self, day: CampusDay, zone: ZoneInfo) -> Json:
        date_, known, states = day.snapshot.day, day.room_day(self.room), day.states(self.room)
        opening, closed = self.building.open_intervals_on(date_), states.of(RoomState.CLOSED)
        reason = self.building.closed_reason_at(closed[0].start) if closed else ""
        return {
            "date": date_.isoformat(),
            "opens": to_iso(opening[0].start, zone) if opening else None,
            "closes": to_iso(opening[-1].end, zone) if opening else None,
            "availability": slots_json(states.of(RoomState.FREE), zone),
            "unknown": _parts_json(states.of(RoomState.UNKNOWN), zone),
            "closed": _parts_json(closed, zone),
            "closed_reason": reason or None,
            "state": _day_state(states),
            "read_at": to_iso(known.read_at, zone) if known else None,
        }


def _parts_json(parts: Iterable[Interval], zone: ZoneInfo) -> list[Json]:
    return [{"start": to_iso(each.start, zone), "end": to_iso(each.end, zone)} for each in parts]


def _date_of(pair: tuple[date, CampusDay | None]) -> date:
    return pair[0]


def _next_day_start(buildings: Iterable[Building], now: datetime) -> datetime:
    """Return when one of the buildings is in another day, or at least may be."""
    ends = []
    for each in buildings:
        today = now.astimezone(each.timezone).date()
        ends.append(local_to_utc(today + DAY, timedelta(), each.timezone))
        if each.closes > DAY:
            ends += [each.window_on(day).end for day in (today - DAY, today)]
    return min(end for end in ends if end > now)


def slots_json(gaps: Iterable[Interval], zone: ZoneInfo) -> list[Json]:
    """Return gaps in whole minutes of the campus's clock, as the original EmptyClassroom does.

    Cut inwards where they do not begin or end with a minute: a slot is free to its last second.
    """
    return [slot for each in gaps if (slot := _slot_json(each, zone))]


def _slot_json(gap: Interval, zone: ZoneInfo) -> Json | None:
    first, last = _whole_minute(gap.start + _MINUTE - timedelta.resolution), _whole_minute(gap.end)
    if last <= first:
        return None
    start, end = f"{first.astimezone(zone):%H:%M}", f"{last.astimezone(zone):%H:%M}"
    return {
        "start": f"{start}:00",
        "end": f"{end}:00",
        "start_time": start,
        "end_time": end,
        "duration_minutes": (last - first) // _MINUTE,
    }


def _whole_minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def _last_read_iso(days: Iterable[CampusDay | None], zone: ZoneInfo) -> str | None:
    moments = [day.read_at for day in days if day and day.read_at]
    return to_iso(max(moments), zone) if moments else None


def to_iso(moment: datetime, zone: ZoneInfo) -> str:
    """Return a moment as the campus's clock shows it, with how far that is from UTC."""
    return moment.astimezone(zone).isoformat(timespec="seconds")
