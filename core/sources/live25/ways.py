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

from core.errors import SourceChangedError, SourceError
from core.model import ReadingWay
from core.sources.live25.answers import read_grid, read_reservations
from core.sources.live25.findings import Findings
from core.sources.live25.grid import GridReader, days_by_name, rooms_by_id
from core.sources.live25.questions import Questions
from core.sources.live25.reservations import ReservationReader
from core.sources.live25.shapes import Grid
from core.sources.reading import Progress
from core.sources.web import Conversation

# Twenty thousand rooms; a larger number of pages is not one.
_MOST_PAGES = 50
# One reservation is some 3 kB and a room has perhaps ten a day: a few MB an answer.
_ROOMS_A_QUESTION = 40
_DAYS_A_QUESTION = 3
_MOST_INDIVISIBLE = 5

T = TypeVar("T")


class Tally:
    """Tells the progress of a reading in rooms, whatever its questions are about."""

    def __init__(self, progress: Progress, rooms: int) -> None:
        self._progress = progress
        self._rooms = rooms
        self._parts = 1
        self._done = 0

    def expect(self, parts: int) -> None:
        """Note of how many equal parts the reading consists."""
        self._parts = parts

    def one_done(self) -> None:
        """Tell that one more part is done, with or without success."""
        self._done += 1
        self._progress(self._rooms * self._done // self._parts, self._rooms)

    def finish(self) -> None:
        """Tell that nothing more comes, where that has not been told."""
        if self._done < self._parts:
            self._progress(self._rooms, self._rooms)


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything that one reading of a campus works with."""

    questions: Questions
    search_id: str
    talk: Conversation
    findings: Findings
    tally: Tally
    random: Random


async def _let_others_ask() -> None:
    """Let the next question leave before this answer takes the processor."""
    await asyncio.sleep(0)


async def _read_rooms(reading: Reading) -> None:
    """Ask once a room; an answer holds about a month."""
    findings = reading.findings
    days = days_by_name(findings.wanted)
    grids = GridReader(findings)

    async def read_room(room_id: str) -> None:
        try:
            url = reading.questions.room(room_id, findings.days[0])
            grid = await reading.talk.ask(url, read_grid)
            await _let_others_ask()
            grids.note(grid, rooms=rooms_by_id((room_id,)), days=days)
        except SourceError as err:
            findings.fail((room_id,), findings.wanted, err)
        reading.tally.one_done()

    room_ids = list(findings.room_ids)
    # In the file's order one broken building would look like a source that is gone.
    reading.random.shuffle(room_ids)
    reading.tally.expect(len(room_ids))
    async with TaskGroup() as tasks:
        for room_id in room_ids:
            tasks.create_task(read_room(room_id))


async def _read_search(reading: Reading) -> None:
    """Ask once a day, and again for each further page, about all rooms of a saved search."""
    findings = reading.findings
    grids = GridReader(findings)
    rooms = rooms_by_id(findings.room_ids)

    async def read_page(day: date, names: Mapping[str, date], page: int) -> int:
        url = reading.questions.search(reading.search_id, day, page)
        try:
            grid = await reading.talk.ask(url, read_grid)
            await _let_others_ask()
            grids.note(grid, rooms=rooms, days=names)
            return _pages_of(grid)
        except SourceError as err:
            findings.fail(findings.room_ids, (day,), err)
            return 1

    async def read_day(day: date) -> None:
        # Asked about one day, an answer may leave out which.
        names = {**days_by_name((day,)), "": day}
        pages = await read_page(day, names, 1)
        async with TaskGroup() as tasks:
            for page in range(2, pages + 1):
                tasks.create_task(read_page(day, names, page))
        reading.tally.one_done()

    reading.tally.expect(len(findings.wanted))
    async with TaskGroup() as tasks:
        for day in findings.wanted:
            tasks.create_task(read_day(day))


def _pages_of(grid: Grid) -> int:
    pages = grid.page_count or 1
    if pages > _MOST_PAGES:
        raise SourceChangedError("not understood", "number of pages")
    return pages


async def _read_reservations(reading: Reading) -> None:
    """Ask for the reservations of some rooms and days at a time."""
    await _Batches(reading).read()


class _Batches:
    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._reservations = ReservationReader(reading.findings)
        self._indivisible = 0

    async def read(self) -> None:
        """Read all rooms and days; if time runs out, it is the last days that are missing."""
        findings = self._reading.findings
        parts = [
            (rooms, days)
            for days in _chunks(findings.wanted, _DAYS_A_QUESTION)
            for rooms in _chunks(findings.room_ids, _ROOMS_A_QUESTION)
        ]
        self._reading.tally.expect(len(parts))
        async with TaskGroup() as tasks:
            for part in parts:
                tasks.create_task(self._read_part(*part))

    async def _read_part(self, rooms: Sequence[str], days: Sequence[date]) -> None:
        await self._read_batch(rooms, days)
        self._reading.tally.one_done()

    async def _read_batch(self, rooms: Sequence[str], days: Sequence[date]) -> None:
        url = self._reading.questions.reservations(rooms, days[0], days[-1])
        try:
            found = await self._reading.talk.ask(url, read_reservations)
            await _let_others_ask()
            self._reservations.note(found, rooms=rooms, days=days)
        except SourceError as err:
            halves = self._smaller(rooms, days) if err.kind == "too large" else ()
            for half in halves:
                await self._read_batch(*half)
            if not halves:
                self._reading.findings.fail(rooms, days, err)

    def _smaller(
        self, rooms: Sequence[str], days: Sequence[date]
    ) -> tuple[tuple[Sequence[str], Sequence[date]], ...]:
        """Return the halves of a question whose answer was too large, none to give it up."""
        halves = _halves(rooms, days)
        self._indivisible += not halves
        # A source that answers too much to everything is not asked for each room and day.
        return halves if self._indivisible < _MOST_INDIVISIBLE else ()


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


def _chunks(things: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (things[start : start + size] for start in range(0, len(things), size))


WAYS: Mapping[ReadingWay, Callable[[Reading], Awaitable[None]]] = {
    "rooms": _read_rooms,
    "search": _read_search,
    "reservations": _read_reservations,
}
