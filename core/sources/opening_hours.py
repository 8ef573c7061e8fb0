"""When a building is open, judged by when its rooms are not closed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.availability.gaps import free_gaps
from core.model.bookings import RoomDay
from core.model.calendar import DAY
from core.model.hours import DAYS_A_WEEK
from core.model.interval import Interval

_MINUTE = timedelta(minutes=1)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# The campus file takes no shorter hours.
_MIN_OPEN = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """Opening and closing time since local midnight; `closes` is at most 24 hours.

    `week` has the seven weekdays, Monday first and None for a closed day, where the provider
    tells each and they differ. `opens` and `closes` are the widest of them.
    """

    opens: timedelta
    closes: timedelta
    week: "tuple[OpeningHours | None, ...] | None" = None

    @property
    def is_usable(self) -> bool:
        """Whether a campus file may say so."""
        return timedelta() <= self.opens and self.opens + _MIN_OPEN < self.closes <= DAY


DEFAULT_HOURS = OpeningHours(timedelta(hours=7), timedelta(hours=23))
"""What 25Live shows of a day unless it is told otherwise."""

WHOLE_DAY = OpeningHours(timedelta(), DAY)


def widest_hours(ranges: Iterable[OpeningHours]) -> OpeningHours | None:
    """Return the hours that hold all of `ranges`, None where there are none."""
    hours = list(ranges)
    if not hours:
        return None
    return OpeningHours(
        min(each.opens for each in hours), max(each.closes for each in hours), _widest_week(hours)
    )


def _widest_week(ranges: Sequence[OpeningHours]) -> "tuple[OpeningHours | None, ...] | None":
    """Return the widest hours of each weekday, None where they are alike or too short."""
    if not any(each.week for each in ranges):
        return None
    week = tuple(
        widest_hours(
            hours for each in ranges if (hours := each.week[number] if each.week else _daily(each))
        )
        for number in range(DAYS_A_WEEK)
    )
    usable = all(each.is_usable for each in week if each)
    return week if usable and len(set(week)) > 1 else None


def _daily(hours: OpeningHours) -> OpeningHours:
    return OpeningHours(hours.opens, hours.closes)


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
    rows_by_room: Mapping[str, Iterable[tuple[str, str, str]]],
) -> dict[str, OpeningHours]:
    """Return each room's hours, from rows of a weekday's name and two times "HH:MM:SS".

    A day that begins and ends at the same time is one on which the room is closed. Rooms
    without readable hours are left out.
    """
    found = {room: _hours_of_rows(rows) for room, rows in rows_by_room.items()}
    return {room: hours for room, hours in found.items() if hours and hours.is_usable}


def _hours_of_rows(rows: Iterable[tuple[str, str, str]]) -> OpeningHours | None:
    ranges: list[OpeningHours] = []
    by_weekday: dict[str, OpeningHours | None] = {}
    for weekday, *texts in rows:
        try:
            opens, closes = (time.fromisoformat(text) for text in texts)
        except ValueError:
            continue
        hours = None if opens == closes else _hours_between(opens, closes)
        ranges += [hours] if hours else []
        by_weekday[weekday.strip().casefold()[:3]] = hours
    widest = widest_hours(ranges)
    if widest is None or not by_weekday.keys() >= set(_WEEKDAYS):
        return widest
    week = tuple(by_weekday[name] for name in _WEEKDAYS)
    return widest_hours([OpeningHours(widest.opens, widest.closes, week)])


def _hours_between(opens: time, closes: time) -> OpeningHours:
    end = timedelta(hours=closes.hour, minutes=closes.minute)
    # 25Live has no 24:00; the last minute of the day stands for it.
    end = DAY if closes >= time(23, 59) or closes == time() else end
    return OpeningHours(timedelta(hours=opens.hour, minutes=opens.minute), end)
