"""Campuses of any size and their days, made up the same way each time."""

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from core.campus_file.loader import natural_sort_key
from core.model.bookings import RoomDay, Snapshot
from core.model.calendar import DAY, local_to_utc
from core.model.campus import Building, Campus, Room
from core.model.interval import Interval
from core.sources.live25.config import Live25Settings

CAMPUS_SIZES = (77, 371, 1_526)
"""Boston University's rooms, the University of Maryland's and UMass Amherst's."""

_ROOMS_A_BUILDING = 16
_ZONE = ZoneInfo("America/New_York")
_SUBJECTS = ("Arts", "Biology", "Chemistry", "Design", "Economics", "French", "Geology", "History")
_BUILDING_KINDS = ("Hall", "Center", "Laboratory", "Library")

# A weekday as universities have it: classes of these lengths with these breaks, in minutes,
# from 08:00 on. Every day is one, so that no figure depends on when it is measured.
_CLASSES = (50, 50, 75, 75, 105, 165)
_BREAKS = (10, 10, 15, 15, 30, 60, 120, 180)
_ENDS = (12, 17, 21)
_CLOSED_SHARE = 0.02
_CARRIED_OVER_SHARE = 0.02
_UNKNOWN_SHARE = 0.01


def generate_campus(
    rooms: int, *, zone: ZoneInfo = _ZONE, url: str = "http://127.0.0.1:1"
) -> Campus:
    """Return a campus of so many rooms in buildings of about sixteen; `url` is its source."""
    number = max(rooms // _ROOMS_A_BUILDING, 1)
    return Campus(
        id=f"made-{rooms}",
        name=f"University of {rooms:,} Rooms",
        timezone=zone,
        source=Live25Settings(url, "rooms"),
        buildings=tuple(_building(at, zone, range(at, rooms, number)) for at in range(number)),
    )


def _building(at: int, zone: ZoneInfo, ids: range) -> Building:
    letters = "".join(chr(ord("A") + at // 26**power % 26) for power in (2, 1, 0))
    subject = _SUBJECTS[at % len(_SUBJECTS)]
    place = _BUILDING_KINDS[at // len(_SUBJECTS) % len(_BUILDING_KINDS)]
    rooms = [
        Room(
            id=str(1000 + each),
            # Sixteen on a floor: 101 to 116, 201 to 216.
            name=str(100 * (1 + order // 16) + 1 + order % 16),
            building=letters,
            capacity=(20, 35, 60, 120, None)[each % 5],
        )
        for order, each in enumerate(ids)
    ]
    return Building(
        code=letters,
        name=f"{subject} {place} {letters}",
        timezone=zone,
        opens=timedelta(hours=7),
        closes=timedelta(hours=23) if at % 4 else timedelta(hours=21, minutes=30),
        rooms=tuple(sorted(rooms, key=natural_sort_key)),
    )


def generate_day(campus: Campus, day: date, *, read_at: datetime | None = None) -> Snapshot:
    """Return a day of which one room in a hundred is unknown and one was read a day before.

    `read_at` is half past six on campus where it is left out.
    """
    random = Random(f"{campus.id} {day}")  # noqa: S311 - nothing is guarded by it
    read_at = read_at or local_to_utc(day, timedelta(hours=6, minutes=30), campus.timezone)
    rooms = {}
    for room in campus.rooms:
        luck = random.random()
        made = _room_day(
            random, campus, day, read_at if luck > _CARRIED_OVER_SHARE else read_at - DAY
        )
        if luck > _UNKNOWN_SHARE:
            rooms[room.id] = made
    return Snapshot(campus.id, day, read_at, rooms)


def _room_day(random: Random, campus: Campus, day: date, read_at: datetime) -> RoomDay:
    midnight = local_to_utc(day, timedelta(), campus.timezone)
    whole = Interval(midnight, local_to_utc(day, DAY, campus.timezone))
    closed = (
        (Interval(midnight, midnight + timedelta(hours=12)),)
        if random.random() < _CLOSED_SHARE
        else ()
    )
    return RoomDay((whole,), tuple(_bookings(random, midnight)), closed, read_at)


def _bookings(random: Random, midnight: datetime) -> Iterator[Interval]:
    start = midnight + timedelta(hours=8)
    last = timedelta(hours=random.choice(_ENDS))
    while start < midnight + last:
        end = start + timedelta(minutes=random.choice(_CLASSES))
        yield Interval(start, end)
        start = end + timedelta(minutes=random.choice(_BREAKS))


def write_campus_file(campus: Campus, path: Path) -> None:
    """Write the campus file of a campus."""
    path.write_text("\n".join(_lines(campus)) + "\n", encoding="utf-8")


def _lines(campus: Campus) -> Iterator[str]:
    for key, value in (("id", campus.id), ("name", campus.name), ("timezone", campus.timezone.key)):
        yield f"{key} = {json.dumps(value)}"
    if not isinstance(campus.source, Live25Settings):
        raise TypeError(campus.source.kind)
    yield "[source]"
    yield f'kind = "25live"\nurl = {json.dumps(campus.source.url)}\nread = "rooms"'
    for building in campus.buildings:
        rooms = ", ".join(map(_room, building.rooms))
        yield "[[buildings]]"
        yield f"code = {json.dumps(building.code)}\nname = {json.dumps(building.name)}"
        yield f'opens = "{_clock(building.opens)}"\ncloses = "{_clock(building.closes)}"'
        yield f"rooms = [{rooms}]"


def _room(room: Room) -> str:
    seats = room.capacity or 0
    return f"{{ id = {json.dumps(room.id)}, name = {json.dumps(room.name)}, capacity = {seats} }}"


def _clock(since_midnight: timedelta) -> str:
    hours, minutes = divmod(since_midnight // timedelta(minutes=1), 60)
    return f"{hours:02}:{minutes:02}"
