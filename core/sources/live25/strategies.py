"""The three ways of reading a campus: which questions are asked, and what each is about.

A question that fails fails its own rooms and days; the others go on.
"""

import asyncio
from asyncio import TaskGroup
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import TypeVar

from core.errors import SourceError, SourceFormatError
from core.sources.http_client import SourceClient
from core.sources.live25.config import ReadStrategy
from core.sources.live25.decoding import decode_grid, decode_reservations
from core.sources.live25.grid import GridReader, days_by_name, rooms_by_id
from core.sources.live25.reservations import ReservationReader
from core.sources.live25.room_days import Live25DayBuilder
from core.sources.live25.schema import Grid
from core.sources.live25.urls import BookingUrls
from core.sources.progress import ProgressReporter

# Twenty thousand rooms; a larger number of pages is not one.
_MAX_PAGES = 50
# One reservation is some 3 kB and a room has perhaps ten a day: a few MB an answer.
_ROOMS_PER_REQUEST = 40
_DAYS_PER_REQUEST = 3
_MAX_UNSPLITTABLE = 5

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ReadContext:
    """Everything that one reading of a campus works with."""

    urls: BookingUrls
    search_id: str
    client: SourceClient
    builder: Live25DayBuilder
    reporter: ProgressReporter
    random: Random


async def _yield_to_loop() -> None:
    """Let the next question leave before this answer takes the processor."""
    await asyncio.sleep(0)


async def _read_rooms(context: ReadContext) -> None:
    """Ask once a room; an answer holds about a month."""
    builder = context.builder
    days = days_by_name(builder.read_days)
    grid_reader = GridReader(builder)

    request = f"grid of a room from {builder.days[0]} on"

    async def read_room(room_id: str) -> None:
        try:
            url = context.urls.room(room_id, builder.days[0])
            grid = await context.client.get(url, decode_grid)
            await _yield_to_loop()
            grid_reader.add_grid(grid, rooms=rooms_by_id((room_id,)), days=days, request=request)
        except SourceError as err:
            builder.notes.begin_answer(request)
            builder.mark_failed((room_id,), builder.read_days, err)
        context.reporter.steps_done()

    room_ids = list(builder.room_ids)
    # In the file's order one broken building would look like a source that is gone.
    context.random.shuffle(room_ids)
    context.reporter.set_steps(len(room_ids))
    async with TaskGroup() as tasks:
        for room_id in room_ids:
            tasks.create_task(read_room(room_id))


async def _read_search(context: ReadContext) -> None:
    """Ask once a day, and again for each further page, about all rooms of a saved search."""
    builder = context.builder
    grid_reader = GridReader(builder)
    rooms = rooms_by_id(builder.room_ids)

    async def read_page(day: date, dates_by_name: Mapping[str, date], page: int) -> int:
        url = context.urls.search(context.search_id, day, page)
        request = f"grid of the search {context.search_id} on {day}, page {page}"
        try:
            grid = await context.client.get(url, decode_grid)
            await _yield_to_loop()
            grid_reader.add_grid(grid, rooms=rooms, days=dates_by_name, request=request)
            return _page_count(grid)
        except SourceError as err:
            builder.notes.begin_answer(request)
            builder.mark_failed(builder.room_ids, (day,), err)
            return 1

    async def read_day(day: date) -> None:
        # Asked about one day, an answer may leave out which.
        names = {**days_by_name((day,)), "": day}
        pages = await read_page(day, names, 1)
        async with TaskGroup() as tasks:
            for page in range(2, pages + 1):
                tasks.create_task(read_page(day, names, page))
        context.reporter.steps_done()

    context.reporter.set_steps(len(builder.read_days))
    async with TaskGroup() as tasks:
        for day in builder.read_days:
            tasks.create_task(read_day(day))


def _page_count(grid: Grid) -> int:
    pages = grid.page_count or 1
    if pages > _MAX_PAGES:
        raise SourceFormatError("not understood", "number of pages")
    return pages


async def _read_reservations(context: ReadContext) -> None:
    """Ask for the reservations of some rooms and days at a time."""
    await _ReservationBatches(context).read()


class _ReservationBatches:
    def __init__(self, context: ReadContext) -> None:
        self._context = context
        self._reservation_reader = ReservationReader(context.builder)
        self._unsplittable = 0

    async def read(self) -> None:
        """Read all rooms and days; if time runs out, it is the last days that are missing."""
        builder = self._context.builder
        chunks = [
            (rooms, days)
            for days in _chunks(builder.read_days, _DAYS_PER_REQUEST)
            for rooms in _chunks(builder.room_ids, _ROOMS_PER_REQUEST)
        ]
        self._context.reporter.set_steps(len(chunks))
        async with TaskGroup() as tasks:
            for chunk in chunks:
                tasks.create_task(self._read_chunk(*chunk))

    async def _read_chunk(self, rooms: Sequence[str], days: Sequence[date]) -> None:
        await self._read_batch(rooms, days)
        self._context.reporter.steps_done()

    async def _read_batch(self, rooms: Sequence[str], days: Sequence[date]) -> None:
        url = self._context.urls.reservations(rooms, days[0], days[-1])
        request = f"reservations of {len(rooms)} rooms from {days[0]} to {days[-1]}"
        try:
            reservations = await self._context.client.get(url, decode_reservations)
            await _yield_to_loop()
            self._reservation_reader.add_reservations(
                reservations, rooms=rooms, days=days, request=request
            )
        except SourceError as err:
            halves = self._split_request(rooms, days) if err.kind == "too large" else ()
            for half in halves:
                await self._read_batch(*half)
            if not halves:
                self._context.builder.notes.begin_answer(request)
                self._context.builder.mark_failed(rooms, days, err)

    def _split_request(
        self, rooms: Sequence[str], days: Sequence[date]
    ) -> tuple[tuple[Sequence[str], Sequence[date]], ...]:
        """Return the halves of a question whose answer was too large, none to give it up."""
        halves = _halves(rooms, days)
        self._unsplittable += not halves
        # A source that answers too much to everything is not asked for each room and day.
        return halves if self._unsplittable < _MAX_UNSPLITTABLE else ()


def _halves(
    rooms: Sequence[str], days: Sequence[date]
) -> tuple[tuple[Sequence[str], Sequence[date]], ...]:
    """Return two questions in place of one, none where it is about one room and day."""
    if len(days) > 1:
        middle = len(days) // 2
        return (rooms, days[:middle]), (rooms, days[middle:])
    if len(rooms) > 1:
        middle = len(rooms) // 2
        return (rooms[:middle], days), (rooms[middle:], days)
    return ()


def _chunks(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (items[start : start + size] for start in range(0, len(items), size))


STRATEGIES: Mapping[ReadStrategy, Callable[[ReadContext], Awaitable[None]]] = {
    "rooms": _read_rooms,
    "search": _read_search,
    "reservations": _read_reservations,
}
