"""`picture`: what a building's day costs to draw, and who waits for it."""

import asyncio
import resource
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import date, datetime, timedelta
from io import BytesIO
from itertools import count, islice

from PIL import Image

from benchmarks.campuses import SIZES, made_campus, made_day
from benchmarks.measuring import Comparison, Goal, Plan, Round, Samples, rounds_of
from core.availability import building_day, work_out
from core.model import DAY, Interval, wall_clock
from core.pictures import palette
from core.pictures.building_day import BuildingPicture, RoomBars, draw_building_day
from core.pictures.frame import Data
from core.pictures.sheet import COMPRESSION
from core.pictures.studio import Studio

_ROOMS = (40, SIZES[0], 300)
_TUESDAY = date(2026, 3, 3)
_AT_LEAST = timedelta(minutes=28)
_AT_ONCE = 10
_BUILDINGS = 50
_PICTURES, _FIRST_PICTURES = 1_500, 500
_FEW, _FIRST_FEW = 10, 5
_NAP = 0.001
_MILLISECONDS = 1000

_EMPTY = "Pillow writes an empty picture of the same size, mode, palette and level of compression"
_IDLE = "the same while nothing is drawn"


async def measure(plan: Plan) -> list[Comparison]:
    """Compare drawing with writing a file, and look at who shares a process with it."""
    sizes = _ROOMS[:1] if plan.is_quick else _ROOMS
    return [
        *[await _drawing(plan, rooms) for rooms in sizes],
        await _stall(plan),
        await _memory(plan),
    ]


async def _drawing(plan: Plan, rooms: int) -> Comparison:
    picture = next(_pictures(rooms))
    drawn = draw_building_day(picture)
    size = Image.open(BytesIO(drawn)).size

    async def work() -> Samples:
        return [_milliseconds(lambda: draw_building_day(picture)) for _ in range(5)]

    async def floor() -> Samples:
        return [_milliseconds(lambda: _write_empty(size)) for _ in range(5)]

    return Comparison(
        case=f"a day of {rooms} rooms, {len(drawn) / 1000:.0f} KB",
        unit="ms",
        floor_is=_EMPTY,
        rounds=await rounds_of(plan, work, floor),
        goal=Goal(most=6),
    )


def _write_empty(size: tuple[int, int]) -> bytes:
    image = Image.new("P", size)
    image.putpalette([part for colour in palette.COLOURS for part in colour])
    file = BytesIO()
    image.save(file, "PNG", compress_level=COMPRESSION)
    return file.getvalue()


async def _stall(plan: Plan) -> Comparison:
    """Measure how late a timer is while ten pictures are asked for at once."""
    pictures = _pictures(_ROOMS[0])

    async def work() -> Samples:
        studio = Studio(patience=timedelta(minutes=1))
        asked = [
            studio.picture(each.title, lambda each=each: draw_building_day(each))  # type: ignore[misc]
            for each in islice(pictures, _AT_ONCE)
        ]
        late = await _lateness(asyncio.gather(*asked))
        await studio.close()
        return late

    async def floor() -> Samples:
        return await _lateness(asyncio.sleep(0.2))

    return Comparison(
        case=f"the loop's delay while {_AT_ONCE} are drawn",
        unit="ms",
        floor_is=_IDLE,
        rounds=await rounds_of(plan, work, floor),
        goal=Goal(slowest=15),
    )


async def _lateness(work: Awaitable[object]) -> Samples:
    """Return by how many milliseconds a timer was late, again and again until that is done."""
    awaited = asyncio.ensure_future(work)
    late = []
    while not awaited.done():
        began = time.perf_counter()
        await asyncio.sleep(_NAP)
        over = time.perf_counter() - began - _NAP
        # Timers are rounded; no figure may be nothing.
        late.append(max(over, 1e-6) * _MILLISECONDS)
    await awaited
    return late


async def _memory(plan: Plan) -> Comparison:
    """Compare the most memory that there ever was after a thousand more pictures.

    Among the first, letters that are written again and again are kept.
    """
    await asyncio.sleep(0)
    first, number = (_FIRST_FEW, _FEW) if plan.is_quick else (_FIRST_PICTURES, _PICTURES)
    pictures = _pictures(_ROOMS[0])
    plan.say(f"drawing {number:,} pictures")
    peaks = []
    for many in (first, number - first):
        for each in islice(pictures, many):
            draw_building_day(each)
        peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return Comparison(
        case=f"memory after {number:,} pictures",
        unit="MiB",
        floor_is=f"memory after {first}; both are the most that there ever was",
        rounds=(Round([peaks[1]], [peaks[0]]),),
        goal=Goal(most=1.02),
    )


def _pictures(rooms: int) -> Iterator[BuildingPicture]:
    """Make up days of a building of so many rooms, each day another one."""
    campus = made_campus(rooms)
    for number in count():
        day = _TUESDAY + number * DAY
        known = work_out(campus, made_day(campus, day), at_least=_AT_LEAST)
        lines = [
            line
            for building in campus.buildings
            for line in building_day(known, building, _hour(day, 10)).rooms
        ]
        read = known.read_at or _hour(day, 6)
        yield BuildingPicture(
            title=f"Hall {number % _BUILDINGS} of {rooms} Rooms",
            day=f"{day:%A}",
            hours=Interval(_hour(day, 7), _hour(day, 23)),
            rooms=[RoomBars(each.room.name, each.gaps, (), each.unknown) for each in lines],
            now=_hour(day, 10),
            zone=campus.timezone,
            data=Data((read, read)),
        )


def _hour(day: date, hour: int) -> datetime:
    return wall_clock(day, timedelta(hours=hour), made_campus(1).timezone)


def _milliseconds(call: Callable[[], object]) -> float:
    began = time.process_time()
    call()
    return (time.process_time() - began) * _MILLISECONDS
