"""Grid answers about one room, made by hand, and what they amount to."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

from core.errors import SourceError
from core.model.bookings import RoomDay
from core.model.interval import Interval
from core.sources.live25.decoding import decode_grid
from core.sources.live25.grid import GridReader, days_by_name, rooms_by_id
from core.sources.live25.room_days import Live25DayBuilder
from tests.core.sources.source_fixtures import campus_of, clock

DAY = date(2024, 11, 5)
AFTER = DAY + timedelta(1)
AT = datetime(2024, 11, 5, 12, 0, tzinfo=UTC)
ALL_DAY = {"data": [{"header_id": hour} for hour in range(24)]}

Item = dict[str, Any]


def item(start: object, end: object, **rest: object) -> Item:
    """Return an ordinary event as the source has it."""
    return {
        "itemId": 9,
        "itemId2": 99,
        "itemName": "Topology",
        "start": start,
        "end": end,
        "type_id": 1,
        **rest,
    }


def subject(items: list[Item] | None, day: date = DAY, room: object = 1) -> dict[str, Any]:
    """Return a room's day as the source has it."""
    return {"itemId": room, "item_date": f"{day}T00:00:00", "items": items}


def outcome_by_day(
    *answers: dict[str, Any],
    days: tuple[date, ...] = (DAY, AFTER),
    hours: tuple[float, float] = (7, 23),
    zone: str = "America/New_York",
) -> dict[date, RoomDay | SourceError]:
    """Return what answers about a room amount to on each day."""
    campus = campus_of("http://campus.test", "rooms", ["1"], hours=hours, zone=zone)
    builder = Live25DayBuilder(campus, days, AT)
    grid_reader = GridReader(builder)
    for answer in answers:
        grid = decode_grid(json.dumps(answer).encode())
        grid_reader.add_grid(grid, rooms=rooms_by_id(["1"]), days=days_by_name(builder.read_days))
    return {day: builder.room_day(campus.buildings[0], "1", day) for day in days}


def room_day(answer: dict[str, Any], day: date = DAY, **rest: Any) -> RoomDay:
    """Return what an answer tells of a room's day, which has to be something."""
    found = outcome_by_day(answer, **rest)[day]
    assert isinstance(found, RoomDay), found
    return found


def bookings(*items: Item) -> tuple[Interval, ...]:
    """Return the bookings that a day of such items has."""
    return room_day({"subjects": [subject(list(items))], "headers": ALL_DAY}).bookings


def at(start: float, end: float, day: date = DAY) -> Interval:
    return Interval(clock(day, start), clock(day, end))
