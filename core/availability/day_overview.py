"""A whole day at a glance: the rooms that are free at some hours of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

from core.availability.campus_day import CampusDays
from core.availability.queries import FreeRooms, FreeRoomsQuery, free_rooms
from core.model.calendar import local_to_utc
from core.model.campus import Campus

OVERVIEW_HOURS = (9, 12, 15, 18, 21)
"""The hours of the campus's clock at which the rooms of a day are counted."""


def overview_moments(
    campus: Campus, day: date, is_open: Callable[[datetime], bool]
) -> list[datetime]:
    """Return the moments of a day at which its rooms are counted: those when it is open."""
    moments = [local_to_utc(day, timedelta(hours=hour), campus.timezone) for hour in OVERVIEW_HOURS]
    return [moment for moment in moments if is_open(moment)]


def day_overview(
    campus: Campus, days: CampusDays, query: FreeRoomsQuery, moments: list[datetime]
) -> list[FreeRooms]:
    """Return the answers to one question at several moments."""
    return [
        free_rooms(campus, days, replace(query, moment=moment, is_now=False)) for moment in moments
    ]
