"""When a building is open, judged by when its rooms are not closed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.availability.gaps import free_gaps
from core.model.bookings import RoomDay
from core.model.calendar import DAY
from core.model.interval import Interval

_MINUTE = timedelta(minutes=1)
# The campus file takes no shorter hours.
_MIN_OPEN = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """Opening and closing time since local midnight; `closes` is at most 24 hours."""

    opens: timedelta
    closes: timedelta

    @property
    def is_usable(self) -> bool:
        """Whether a campus file may say so."""
        return timedelta() <= self.opens and self.opens + _MIN_OPEN < self.closes <= DAY


DEFAULT_HOURS = OpeningHours(timedelta(hours=7), timedelta(hours=23))
"""What 25Live shows of a day unless it is told otherwise."""

WHOLE_DAY = OpeningHours(timedelta(), DAY)


def widest_hours(ranges: Iterable[OpeningHours]) -> OpeningHours | None:
    """Return the hours that hold all of `ranges`, None where there are none.

    A campus file has one opening time for all days; shorter hours on some days arrive with
    the bookings.
    """
    hours = list(ranges)
    if not hours:
        return None
    return OpeningHours(min(each.opens for each in hours), max(each.closes for each in hours))


def visible_hours(days: Iterable[tuple[date, RoomDay]], zone: ZoneInfo) -> OpeningHours | None:
    """Return the widest part of the day that the provider shows of any room."""
    return widest_hours(
        _local_hours(known, day, zone) for day, room_day in days for known in room_day.known
    )


def open_hours(days: Iterable[tuple[date, RoomDay]], zone: ZoneInfo) -> OpeningHours | None:
    """Return when rooms are open, by what is closed before and after; None: always, or never.

    A room that is closed all day says nothing about the building.
    """
    days = list(days)
    hours = widest_hours(
        _local_hours(part, day, zone)
        for day, room_day in days
        for known in room_day.known
        for part in free_gaps(known, room_day.closures, at_least=_MINUTE)
    )
    return None if hours == visible_hours(days, zone) else hours


def default_hours(visible: OpeningHours | None) -> OpeningHours:
    """Return the hours of a building of which nothing is told."""
    return visible if visible and visible.is_usable and visible != WHOLE_DAY else DEFAULT_HOURS


def _local_hours(interval: Interval, day: date, zone: ZoneInfo) -> OpeningHours:
    midnight = datetime.combine(day, time())
    opens, closes = (
        each.astimezone(zone).replace(tzinfo=None) - midnight
        for each in (interval.start, interval.end)
    )
    return OpeningHours(opens, closes)


def format_time(since_midnight: timedelta) -> str:
    """Return a time as the campus file writes it."""
    minutes = since_midnight // _MINUTE
    return f"{minutes // 60:02}:{minutes % 60:02}"


def hours_by_room(
    pairs_by_room: Mapping[str, Iterable[tuple[str, str]]],
) -> dict[str, OpeningHours]:
    """Return each room's widest hours, from pairs of "HH:MM:SS"; rooms without any are left out.

    A day that begins and ends at the same time is one on which the room is closed.
    """
    found = {room: widest_hours(_parse_pairs(pairs)) for room, pairs in pairs_by_room.items()}
    return {room: hours for room, hours in found.items() if hours and hours.is_usable}


def _parse_pairs(pairs: Iterable[tuple[str, str]]) -> Iterable[OpeningHours]:
    for texts in pairs:
        try:
            opens, closes = (time.fromisoformat(text) for text in texts)
        except ValueError:
            continue
        if opens == closes:
            continue
        end = timedelta(hours=closes.hour, minutes=closes.minute)
        # 25Live has no 24:00; the last minute of the day stands for it.
        end = DAY if closes >= time(23, 59) or closes == time() else end
        yield OpeningHours(timedelta(hours=opens.hour, minutes=opens.minute), end)
