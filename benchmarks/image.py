"""`picture`: what a building's day costs to draw, and who waits for it."""

import asyncio
import resource
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import date, datetime, timedelta
from io import BytesIO
from itertools import count, islice

from PIL import Image

from benchmarks.generated_campus import CAMPUS_SIZES, generate_campus, generate_day
from benchmarks.harness import Comparison, Goal, Round, RunConfig, Samples, run_rounds
from core.availability.campus_day import build_campus_day
from core.availability.queries import building_day
from core.images import palette
from core.images.building_day import BuildingDayImageData, RoomBars, draw_building_day
from core.images.canvas import COMPRESSION
from core.images.layout import DataAgeSpan
from core.images.renderer import ImageRenderer
from core.model.calendar import DAY, local_to_utc
from core.model.interval import Interval

_ROOMS = (40, CAMPUS_SIZES[0], 300)
_TUESDAY = date(2026, 3, 3)
_AT_LEAST = timedelta(minutes=28)
_CONCURRENCY = 10
_BUILDINGS = 50
_IMAGES, _FIRST_IMAGES = 1_500, 500
_FEW_IMAGES, _FEW_FIRST_IMAGES = 10, 5
_TIMER_SECONDS = 0.001
_MILLISECONDS = 1000

_EMPTY_BASELINE = (
    "Pillow writes an empty picture of the same size, mode, palette and level of compression"
)
_IDLE_BASELINE = "the same while nothing is drawn"


async def measure(config: RunConfig) -> list[Comparison]:
    """Compare drawing with writing a file, and look at who shares a process with it."""
    sizes = _ROOMS[:1] if config.is_quick else _ROOMS
    return [
        *[await _compare_drawing(config, rooms) for rooms in sizes],
        await _compare_loop_delay(config),
        await _compare_memory(config),
    ]


async def _compare_drawing(config: RunConfig, rooms: int) -> Comparison:
    picture = next(_images(rooms))
    drawn = draw_building_day(picture)
    size = Image.open(BytesIO(drawn)).size

    async def candidate() -> Samples:
        return [_milliseconds(lambda: draw_building_day(picture)) for _ in range(5)]

    async def baseline() -> Samples:
        return [_milliseconds(lambda: _write_empty(size)) for _ in range(5)]

    return Comparison(
        case=f"a day of {rooms} rooms, {len(drawn) / 1000:.0f} KB",
        unit="ms",
        baseline_is=_EMPTY_BASELINE,
        rounds=await run_rounds(config, candidate, baseline),
        goal=Goal(max_ratio=6),
    )


def _write_empty(size: tuple[int, int]) -> bytes:
    image = Image.new("P", size)
    image.putpalette([part for colour in palette.COLORS for part in colour])
    file = BytesIO()
    image.save(file, "PNG", compress_level=COMPRESSION)
    return file.getvalue()


async def _compare_loop_delay(config: RunConfig) -> Comparison:
    """Measure how late a timer is while ten pictures are asked for at once."""
    pictures = _images(_ROOMS[0])

    async def candidate() -> Samples:
        studio = ImageRenderer(timeout=timedelta(minutes=1))
        asked = [
            studio.render(each.title, lambda each=each: draw_building_day(each))  # type: ignore[misc]  # a default of a lambda
            for each in islice(pictures, _CONCURRENCY)
        ]
        late = await _lateness(asyncio.gather(*asked))
        await studio.close()
        return late

    async def baseline() -> Samples:
        return await _lateness(asyncio.sleep(0.2))

    return Comparison(
        case=f"the loop's delay while {_CONCURRENCY} are drawn",
        unit="ms",
        baseline_is=_IDLE_BASELINE,
        rounds=await run_rounds(config, candidate, baseline),
        goal=Goal(max_p99=15),
    )


async def _lateness(work: Awaitable[object]) -> Samples:
    """Return by how many milliseconds a timer was late, again and again until that is done."""
    awaited = asyncio.ensure_future(work)
    late = []
    while not awaited.done():
        began = time.perf_counter()
        await asyncio.sleep(_TIMER_SECONDS)
        over = time.perf_counter() - began - _TIMER_SECONDS
        # Timers are rounded; no figure may be nothing.
        late.append(max(over, 1e-6) * _MILLISECONDS)
    await awaited
    return late


async def _compare_memory(config: RunConfig) -> Comparison:
    """Compare the most memory that there ever was after a thousand more pictures.

    Among the first, letters that are written again and again are kept.
    """
    await asyncio.sleep(0)
    first, number = (
        (_FEW_FIRST_IMAGES, _FEW_IMAGES) if config.is_quick else (_FIRST_IMAGES, _IMAGES)
    )
    pictures = _images(_ROOMS[0])
    config.report(f"drawing {number:,} pictures")
    peaks = []
    for many in (first, number - first):
        for each in islice(pictures, many):
            draw_building_day(each)
        peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return Comparison(
        case=f"memory after {number:,} pictures",
        unit="MiB",
        baseline_is=f"memory after {first}; both are the most that there ever was",
        rounds=(Round([peaks[1]], [peaks[0]]),),
        goal=Goal(max_ratio=1.02),
    )


def _images(rooms: int) -> Iterator[BuildingDayImageData]:
    """Make up days of a building of so many rooms, each day another one."""
    campus = generate_campus(rooms)
    for number in count():
        day = _TUESDAY + number * DAY
        known = build_campus_day(campus, generate_day(campus, day), min_gap=_AT_LEAST)
        lines = [
            line
            for building in campus.buildings
            for line in building_day(known, building, _hour(day, 10)).rooms
        ]
        read = known.read_at or _hour(day, 6)
        yield BuildingDayImageData(
            title=f"Hall {number % _BUILDINGS} of {rooms} Rooms",
            day=f"{day:%A}",
            hours=Interval(_hour(day, 7), _hour(day, 23)),
            rooms=[RoomBars(each.room.name, each.gaps, (), each.unknown) for each in lines],
            now=_hour(day, 10),
            zone=campus.timezone,
            data_age=DataAgeSpan((read, read)),
        )


def _hour(day: date, hour: int) -> datetime:
    return local_to_utc(day, timedelta(hours=hour), generate_campus(1).timezone)


def _milliseconds(call: Callable[[], object]) -> float:
    began = time.process_time()
    call()
    return (time.process_time() - began) * _MILLISECONDS
