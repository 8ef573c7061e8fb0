"""The responses of 25Live's three ways to read bookings, made from the same `Bookings`."""

from calendar import monthrange
from collections.abc import Container, Sequence
from datetime import date, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from fakes.live25.bookings import Bookings

Json = dict[str, Any]


GridHours = tuple[int, int] | None
"""The hours that a grid shows; None where it does not say so."""


def month_response(
    bookings: Bookings, room: str, first: date, grid_hours: GridHours = None
) -> Json:
    """Return the response of `availability_daily`: a subject a day for a month.

    Of an unknown room there are no subjects.
    """
    subjects = bookings.subjects(room, first, month_days(first)[-1])
    return {**({"subjects": subjects} if subjects else {}), **_headers(grid_hours)}


def search_response(
    bookings: Bookings,
    search_id: str,
    day: date,
    *,
    page: int,
    page_size: int,
    grid_hours: GridHours = None,
) -> Json:
    """Return one page of the response of `availability`: a subject for each room.

    Of an unknown search, and behind the last page, there are no subjects.
    """
    subjects = [
        subject
        for room in bookings.searched_rooms(search_id)
        for subject in bookings.searched_subjects(room, day)
    ]
    wanted = list(islice(subjects, (page - 1) * page_size, page * page_size))
    pages = {"subjects": wanted, "page_count": -(-len(subjects) // page_size)} if wanted else {}
    return {**pages, **_headers(grid_hours)}


def _headers(grid_hours: GridHours) -> Json:
    if grid_hours is None:
        return {}
    return {"headers": {"data": [{"header_id": hour} for hour in range(*grid_hours)]}}


def reservations_response(
    bookings: Bookings,
    rooms: Sequence[str],
    first: date,
    last: date,
    *,
    zone: str,
    include: Container[str],
) -> Json:
    """Return the response of `rm_reservations`: what is inside is absent, an object or a list."""
    types = {1, *({2} if "blackouts" in include else ()), *({3} if "closed" in include else ())}
    found = [
        reservation
        for room in rooms
        for reservation in bookings.reservations(
            room, first, last, zone=ZoneInfo(zone), types=types
        )
    ]
    whole: Any = found[0] if len(found) == 1 else found
    return {"space_reservations": {"space_reservation": whole} if found else {}}


def month_days(first: date) -> Sequence[date]:
    """Return the days from `first` to the same day of the next month, or to that month's last."""
    year, month = divmod(first.year * 12 + first.month, 12)
    last = date(year, month + 1, min(first.day, monthrange(year, month + 1)[1]))
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
