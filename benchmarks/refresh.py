"""What a refresh costs beside only asking the source for the same.

Both wait for a source whose answers take a tenth of a second each; the refresh understands
them meanwhile, joins them and stores them in a Redis.
"""

import asyncio
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from types import SimpleNamespace

import aiohttp
from yarl import URL

from benchmarks.campuses import SIZES, made_campus
from benchmarks.live25_server import live25
from benchmarks.measuring import Comparison, Goal, Plan, Round, Samples
from core.embedded import Embedded
from core.model import Campus, Live25Settings, ReadingWay
from core.policy import Policy
from core.refresh import Refresher
from core.sources import open_source
from core.store import Store, connect

_LATENCY = timedelta(milliseconds=100)
_AT = datetime(2026, 3, 2, 15, tzinfo=UTC)
_WAYS: tuple[ReadingWay, ...] = ("rooms", "search", "reservations")
_GOAL = Goal(most=1.15)
_FLOOR = "the same requests by bare aiohttp, as many at once, their answers read and dropped"
_LONG = 2.0
"""Where it takes more seconds than this, its first round has to do, which is to warm up else."""
POLICY = Policy(
    min_gap=timedelta(minutes=28),
    cooldown=timedelta(),
    refresh_time=clock_time(6, 30),
    refresh_every=None,
    stale_after=timedelta(hours=6),
    days_ahead=30,
)


class AskedNote:
    """Notes what a session asks, in order."""

    def __init__(self) -> None:
        self.asked: list[URL] = []
        self.config = aiohttp.TraceConfig()
        self.config.on_request_start.append(self._note)

    async def _note(
        self,
        _session: aiohttp.ClientSession,
        _context: SimpleNamespace,
        request: aiohttp.TraceRequestStartParams,
    ) -> None:
        self.asked.append(request.url)


async def ask_all(asked: Sequence[URL], at_once: int) -> Samples:
    """Ask the same with bare aiohttp, drop the answers, and return the seconds that it took."""
    questions = iter(list(asked))

    async def ask_on(session: aiohttp.ClientSession) -> None:
        for url in questions:
            async with session.get(url) as answer:
                await answer.read()

    async with aiohttp.ClientSession() as session:
        began = time.perf_counter()
        async with asyncio.TaskGroup() as tasks:
            for _ in range(at_once):
                tasks.create_task(ask_on(session))
        return [time.perf_counter() - began]


@dataclass
class _Reading:
    """One way of reading one campus; `asked` is what the last refresh asked the source."""

    campus: Campus
    store: Store
    note: AskedNote = field(default_factory=AskedNote)

    async def work(self) -> Samples:
        """Refresh the campus, from taking the lock to the month being stored."""
        async with aiohttp.ClientSession(trace_configs=[self.note.config]) as session:
            source = open_source(self.campus, session)
            refresher = Refresher(self.campus, source, self.store, POLICY, now=_now)
            self.note.asked.clear()
            began = time.perf_counter()
            outcome = await refresher.run({}, asked=False, unless_after=None)
            took = time.perf_counter() - began
        if len(outcome.snapshots) <= POLICY.days_ahead or outcome.attempt.failures:
            raise RuntimeError(f"the refresh did not bring everything: {outcome.attempt}")
        return [took]

    async def floor(self) -> Samples:
        """Ask what the refresh asked, and drop the answers."""
        return await ask_all(self.note.asked, self.campus.source.concurrency)


async def measure(plan: Plan) -> list[Comparison]:
    """Measure each way of reading for each size of campus."""
    sizes = SIZES[:1] if plan.is_quick else SIZES
    latency = timedelta(milliseconds=1) if plan.is_quick else _LATENCY
    plan.say(f"making a month of {sizes[-1]} rooms")
    with tempfile.TemporaryDirectory() as folder:
        async with (
            live25(sizes[-1], _AT.date(), latency) as url,
            Embedded(Path(folder)) as redis,
            connect(redis.url) as client,
        ):
            store = Store(client, now=_now)
            return [
                await _compared(plan, _campus(rooms, url, way), store)
                for way in _WAYS
                for rooms in sizes
            ]


def _campus(rooms: int, url: str, way: ReadingWay) -> Campus:
    settings = Live25Settings("25live", url, way, search_id=str(rooms))
    return replace(made_campus(rooms), id=f"made-{rooms}-{way}", source=settings)


async def _compared(plan: Plan, campus: Campus, store: Store) -> Comparison:
    way, rooms = campus.id.rpartition("-")[2], sum(1 for _ in campus.rooms)
    plan.say(f"{way}, {rooms} rooms")
    reading = _Reading(campus, store)
    return Comparison(
        case=f"{way}, {rooms:,} rooms",
        unit="s",
        floor_is=_FLOOR,
        rounds=await _rounds(plan, reading),
        goal=_GOAL,
    )


async def _rounds(plan: Plan, reading: _Reading) -> tuple[Round, ...]:
    first = Round(await reading.work(), await reading.floor())
    if plan.is_quick or first.floor[0] > _LONG:
        return (first,)
    return tuple([await _round(reading, floor_first=number % 2 == 0) for number in range(3)])


async def _round(reading: _Reading, *, floor_first: bool) -> Round:
    if floor_first:
        floor = await reading.floor()
        return Round(await reading.work(), floor)
    return Round(await reading.work(), await reading.floor())


def _now() -> datetime:
    return _AT
