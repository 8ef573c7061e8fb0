"""What is asked about campuses over HTTP, which days that needs, and what goes out as JSON."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol, TypeAlias
from zoneinfo import ZoneInfo

from core.campus_day import CampusDay, day_of_each
from core.gaps import unknown_parts
from core.model import DAY, Building, Interval, Room, wall_clock
from core.schedule import Schedule

Json: TypeAlias = dict[str, object]
KnownDays: TypeAlias = Mapping[date, CampusDay | None]
"""What is known of each day that was asked for, None where that is nothing."""

_MINUTE = timedelta(minutes=1)


class View(Protocol):
    """One thing that is asked for; the same `key` is the same answer while the data is."""

    @property
    def schedule(self) -> Schedule:
        """Who is asked."""

    @property
    def key(self) -> Hashable:
        """Tell it from all others."""

    def needed(self, now: datetime) -> list[date]:
        """Return the days that are read where nothing is known of them."""

    def others(self, now: datetime) -> list[date]:
        """Return the days that are shown where something is known of them."""

    def until(self, now: datetime) -> datetime | None:
        """Return when other days are needed, None for never."""

    def shown(self, days: KnownDays, now: datetime) -> Json:
        """Return the answer; the same for the same days, whenever it is asked for."""


@dataclass(frozen=True, slots=True)
class OpenClassrooms:
    """The gaps of a campus's rooms, or of one building's: of one day, or of each one's today."""

    schedule: Schedule
    building: Building | None
    day: date | None

    @property
    def key(self) -> Hashable:
        """Tell it from all others."""
        return self.schedule.campus.id, self.building and self.building.code, self.day

    @property
    def _buildings(self) -> tuple[Building, ...]:
        return (self.building,) if self.building else self.schedule.campus.buildings

    def needed(self, now: datetime) -> list[date]:
        """Return the day, or the days that the buildings are in."""
        return [self.day] if self.day else sorted(set(day_of_each(self._buildings, now)))

    def others(self, now: datetime) -> list[date]:  # noqa: ARG002 - as all views
        """Return nothing: all days are needed."""
        return []

    def until(self, now: datetime) -> datetime | None:
        """Return when a building's next day begins."""
        return None if self.day else _next_day(self._buildings, now)

    def shown(self, days: KnownDays, now: datetime) -> Json:
        """Return the buildings with their classrooms; what is not at hand is unknown."""
        zone = self.schedule.campus.timezone
        dates = [self.day or each for each in day_of_each(self._buildings, now)]
        return {
            "buildings": {
                building.code: {
                    "code": building.code,
                    "name": building.name,
                    "classrooms": [
                        _classroom(room, building.open_on(day), days[day], zone)
                        for room in building.rooms
                    ],
                }
                for building, day in zip(self._buildings, dates, strict=True)
            },
            "last_updated": _last_read(days.values(), zone),
        }


def _classroom(room: Room, hours: Interval, day: CampusDay | None, zone: ZoneInfo) -> Json:
    known = day.known(room) if day else None
    gaps = day.gaps.get(room.id, ()) if day else ()
    is_known = known is not None and not unknown_parts(hours, known)
    return {
        "id": room.id,
        "name": room.name,
        "availability": slots(gaps, zone),
        # In part is not known: whoever reads only this must not take the rest for busy.
        "state": "known" if is_known else "unknown",
        "read_at": told(known.read_at, zone) if known else None,
    }


@dataclass(frozen=True, slots=True)
class RoomDays:
    """One room's gaps on all days from today on of which something is known."""

    schedule: Schedule
    building: Building
    room: Room
    days_ahead: int

    @property
    def key(self) -> Hashable:
        """Tell it from all others."""
        return self.schedule.campus.id, "room", self.room.id

    def needed(self, now: datetime) -> list[date]:
        """Return the day that the room's building is in."""
        return [self.building.day_of(now)]

    def others(self, now: datetime) -> list[date]:
        """Return the days to come that are read."""
        today = self.building.day_of(now)
        return [today + DAY * each for each in range(1, self.days_ahead + 1)]

    def until(self, now: datetime) -> datetime | None:
        """Return when the building's next day begins."""
        return _next_day((self.building,), now)

    def shown(self, days: KnownDays, now: datetime) -> Json:  # noqa: ARG002 - as all views
        """Return the room, and a part for each day."""
        zone = self.schedule.campus.timezone
        return {
            "campus": {"id": self.schedule.campus.id, "name": self.schedule.campus.name},
            "building": {"code": self.building.code, "name": self.building.name},
            "room": {"id": self.room.id, "name": self.room.name, "capacity": self.room.capacity},
            "days": [
                self._day(known, zone) for _, known in sorted(days.items(), key=_date) if known
            ],
            "last_updated": _last_read(days.values(), zone),
        }

    def _day(self, day: CampusDay, zone: ZoneInfo) -> Json:
        hours, known = day.open_hours[self.building.code], day.known(self.room)
        unknown = unknown_parts(hours, known) if known else (hours,)
        return {
            "date": day.snapshot.day.isoformat(),
            "opens": told(hours.start, zone),
            "closes": told(hours.end, zone),
            "availability": slots(day.gaps.get(self.room.id, ()), zone),
            "unknown": [
                {"start": told(each.start, zone), "end": told(each.end, zone)} for each in unknown
            ],
            "state": "unknown" if unknown else "known",
            "read_at": told(known.read_at, zone) if known else None,
        }


def _date(pair: tuple[date, CampusDay | None]) -> date:
    return pair[0]


def _next_day(buildings: Iterable[Building], now: datetime) -> datetime:
    """Return when one of the buildings is in another day, or at least may be."""
    ends = []
    for each in buildings:
        today = now.astimezone(each.timezone).date()
        ends.append(wall_clock(today + DAY, timedelta(), each.timezone))
        if each.closes > DAY:
            ends += [each.open_on(day).end for day in (today - DAY, today)]
    return min(end for end in ends if end > now)


def slots(gaps: Iterable[Interval], zone: ZoneInfo) -> list[Json]:
    """Return gaps in whole minutes of the campus's clock, as the original EmptyClassroom does.

    Cut inwards where they do not begin or end with a minute: a slot is free to its last second.
    """
    return [slot for each in gaps if (slot := _slot(each, zone))]


def _slot(gap: Interval, zone: ZoneInfo) -> Json | None:
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


def _last_read(days: Iterable[CampusDay | None], zone: ZoneInfo) -> str | None:
    moments = [day.read_at for day in days if day and day.read_at]
    return told(max(moments), zone) if moments else None


def told(moment: datetime, zone: ZoneInfo) -> str:
    """Return a moment as the campus's clock shows it, with how far that is from UTC."""
    return moment.astimezone(zone).isoformat(timespec="seconds")
