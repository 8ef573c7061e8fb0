"""What a refresh costs beside only asking the source for the same.

Both wait for a source whose answers take a tenth of a second each; the refresh understands
them meanwhile, joins them and stores them in a Redis.
"""

import asyncio
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from types import SimpleNamespace

import aiohttp
from yarl import URL

from benchmarks.generated_campus import CAMPUS_SIZES, generate_campus
from benchmarks.harness import Comparison, Goal, Round, RunConfig, Samples
from benchmarks.live25_process import run_live25
from core.data.refresh_policy import RefreshPolicy
from core.data.refresher import Refresher
from core.embedded_redis import EmbeddedRedis
from core.model.campus import Campus
from core.sources.live25.config import Live25Settings, ReadStrategy
from core.sources.registry import create_source
from core.store import Store, connect

LATENCY = timedelta(milliseconds=100)
AT = datetime(2026, 3, 2, 15, tzinfo=UTC)
_STRATEGIES: tuple[ReadStrategy, ...] = ("rooms", "search", "reservations")
_GOAL = Goal(max_ratio=1.15)
_BASELINE = "the same requests by bare aiohttp, as many at once, their answers read and dropped"
_LONG_RUN_SECONDS = 2.0
"""Where it takes more seconds than this, its first round has to do, which is to warm up else."""
POLICY = RefreshPolicy(
    min_gap=timedelta(minutes=28),
    cooldown=timedelta(),
    refresh_time=clock_time(6, 30),
    refresh_every=None,
    stale_after=timedelta(hours=6),
    days_ahead=30,
)


@dataclass
class RecordedRequest:
    """A request that was sent; the body is empty where it had none."""

    method: str
    url: URL
    headers: Mapping[str, str]
    body: bytes = b""


class RequestRecorder:
    """Notes what a session asks, in order."""

    def __init__(self) -> None:
        self.requests: list[RecordedRequest] = []
        self.config = aiohttp.TraceConfig()
        self.config.on_request_start.append(self._record)
        self.config.on_request_chunk_sent.append(self._record_body)

    async def _record(
        self,
        _session: aiohttp.ClientSession,
        context: SimpleNamespace,
        request: aiohttp.TraceRequestStartParams,
    ) -> None:
        context.request = RecordedRequest(request.method, request.url, request.headers.copy())
        self.requests.append(context.request)

    async def _record_body(
        self,
        _session: aiohttp.ClientSession,
        context: SimpleNamespace,
        sent: aiohttp.TraceRequestChunkSentParams,
    ) -> None:
        context.request.body += sent.chunk


async def replay_requests(requests: Sequence[RecordedRequest], concurrency: int) -> Samples:
    """Ask the same with bare aiohttp, drop the answers, and return the seconds that it took."""
    questions = iter(list(requests))

    async def ask_on(session: aiohttp.ClientSession) -> None:
        for each in questions:
            async with session.request(
                each.method, each.url, headers=each.headers, data=each.body or None
            ) as answer:
                await answer.read()

    async with aiohttp.ClientSession() as session:
        began = time.perf_counter()
        async with asyncio.TaskGroup() as tasks:
            for _ in range(concurrency):
                tasks.create_task(ask_on(session))
        return [time.perf_counter() - began]


@dataclass
class _Refresh:
    """One way of reading one campus; `asked` is what the last refresh asked the source."""

    campus: Campus
    store: Store
    recorder: RequestRecorder = field(default_factory=RequestRecorder)

    async def candidate(self) -> Samples:
        """Refresh the campus, from taking the lock to the month being stored."""
        async with aiohttp.ClientSession(trace_configs=[self.recorder.config]) as session:
            source = create_source(self.campus, session)
            refresher = Refresher(self.campus, source, self.store, POLICY, now=now)
            self.recorder.requests.clear()
            began = time.perf_counter()
            outcome = await refresher.run({}, manual=False, skip_if_newer_than=None)
            took = time.perf_counter() - began
        if len(outcome.snapshots) <= POLICY.days_ahead or outcome.attempt.failures:
            raise RuntimeError(f"the refresh did not bring everything: {outcome.attempt}")
        return [took]

    async def baseline(self) -> Samples:
        """Ask what the refresh asked, and drop the answers."""
        return await replay_requests(self.recorder.requests, self.campus.source.concurrency)


async def measure(config: RunConfig) -> list[Comparison]:
    """Measure each way of reading for each size of campus."""
    sizes = CAMPUS_SIZES[:1] if config.is_quick else CAMPUS_SIZES
    latency = timedelta(milliseconds=1) if config.is_quick else LATENCY
    config.report(f"making a month of {sizes[-1]} rooms")
    with tempfile.TemporaryDirectory() as folder:
        async with (
            run_live25(sizes[-1], AT.date(), latency) as url,
            EmbeddedRedis(Path(folder)) as redis,
            connect(redis.url) as client,
        ):
            store = Store(client, now=now)
            return [
                await compare_refresh(config, _campus(rooms, url, way), store)
                for way in _STRATEGIES
                for rooms in sizes
            ]


def _campus(rooms: int, url: str, strategy: ReadStrategy) -> Campus:
    settings = Live25Settings(url, strategy, search_id=str(rooms))
    return replace(generate_campus(rooms), id=f"made-{rooms}-{strategy}", source=settings)


async def compare_refresh(config: RunConfig, campus: Campus, store: Store) -> Comparison:
    """Compare refreshes of a campus, whose id ends in its way of reading, with their requests."""
    way, rooms = campus.id.rpartition("-")[2], sum(1 for _ in campus.rooms)
    config.report(f"{way}, {rooms} rooms")
    reading = _Refresh(campus, store)
    return Comparison(
        case=f"{way}, {rooms:,} rooms",
        unit="s",
        baseline_is=_BASELINE,
        rounds=await _rounds(config, reading),
        goal=_GOAL,
    )


async def _rounds(config: RunConfig, refresh: _Refresh) -> tuple[Round, ...]:
    first = Round(await refresh.candidate(), await refresh.baseline())
    if config.is_quick or first.baseline[0] > _LONG_RUN_SECONDS:
        return (first,)
    return tuple([await _round(refresh, baseline_first=number % 2 == 0) for number in range(3)])


async def _round(refresh: _Refresh, *, baseline_first: bool) -> Round:
    if baseline_first:
        floor = await refresh.baseline()
        return Round(await refresh.candidate(), floor)
    return Round(await refresh.candidate(), await refresh.baseline())


def now() -> datetime:
    """Return the moment at which everything is read."""
    return AT
