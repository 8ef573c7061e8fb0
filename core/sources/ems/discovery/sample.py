"""What a few answers of EMS tell of a campus: its clocks, its hours, and how much is booked."""

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from core.model.bookings import RoomDay
from core.model.calendar import DAY, local_to_utc
from core.model.interval import Interval
from core.sources.base import AmbiguousTimeError, ReadResult
from core.sources.ems.schema import BuildingDate, DayAnswer
from core.sources.ems.timestamps import parse_face, time_of_day
from core.sources.opening_hours import OpeningHours

_SATURDAY = 5
_CLASS_HOURS = timedelta(hours=8), timedelta(hours=18)
_QUARTER = timedelta(minutes=15)
_MAX_OFFSET = timedelta(hours=14)
# A campus whose classes are in EMS has most rooms taken at some time of a week.
_FEW = 0.3


def offset_datetimes(answer: DayAnswer) -> list[datetime]:
    """Return the times of an answer that it states in UTC and on the campus's clocks."""
    bookings = answer.bookings if isinstance(answer.bookings, list) else ()
    pairs = [
        *((booking.start, booking.utc_start) for booking in bookings),
        # The date of a time of the day is any.
        *((f"{row.day[:10]}{(row.opens or '')[10:]}", row.utc_opens) for row in answer.hours or ()),
    ]
    return [moment for pair in pairs for moment in _with_offset(*pair)]


def _with_offset(local: str | None, utc: str | None) -> Iterator[datetime]:
    try:
        face, utc_face = parse_face(local or ""), parse_face((utc or "").removesuffix("Z"))
    except AmbiguousTimeError:
        return
    offset = face - utc_face
    if abs(offset) <= _MAX_OFFSET and not offset % _QUARTER:
        yield face.replace(tzinfo=timezone(offset))


def opening_hours(row: BuildingDate) -> OpeningHours | None:
    """Return the hours of a row, until midnight at the latest; None for a closed day.

    Raises:
        AmbiguousTimeError: its times are not understood.
    """
    if row.is_closed:
        return None
    opens, closes = time_of_day(row.opens or ""), time_of_day(row.closes or "")
    return OpeningHours(opens, closes if closes > opens else DAY)


def trust_comment(result: ReadResult, zone: ZoneInfo) -> str:
    """Return how many rooms are booked in class hours, and what that leaves to look after."""
    rooms: set[str] = set()
    booked: set[str] = set()
    weekdays = [day for day in result.days if day.weekday() < _SATURDAY]
    for day in weekdays:
        hours = Interval(*(local_to_utc(day, each, zone) for each in _CLASS_HOURS))
        rooms |= result.days[day].keys()
        booked |= {
            room_id for room_id, known in result.days[day].items() if _is_booked(known, hours)
        }
    counts = (
        f"{len(booked):,} of {len(rooms):,} rooms are booked at some time between 08:00 and 18:00 "
        f"on a weekday of the week from {min(result.days)}"
    )
    if len(booked) < _FEW * len(rooms):
        return (
            f"Few bookings: {counts}. Classes may not be among them, and then a room in which "
            "one meets looks free; look again in term, with --day."
        )
    return f"{counts}. See whether classes are among them: look at a room where you know one."


def _is_booked(known: RoomDay, hours: Interval) -> bool:
    return any(booking.intersection(hours) for booking in known.bookings)
