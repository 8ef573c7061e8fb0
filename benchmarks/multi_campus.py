"""`several`: twenty campuses refreshed side by side, and `/free` of one of them meanwhile."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import aiohttp

from benchmarks.environment import (
    BenchmarkEnvironment,
    morning_zone,
    now,
    open_environment,
    stored_campus,
)
from benchmarks.generated_campus import generate_campus, write_campus_file
from benchmarks.harness import Comparison, Goal, Round, RunConfig, Samples, run_rounds
from benchmarks.live25_process import run_live25
from benchmarks.refresh import POLICY, RequestRecorder, replay_requests
from benchmarks.reply import BASELINE, constant_answers, record_interactions
from core.data.refresher import Refresher
from core.embedded_redis import EmbeddedRedis
from core.model.campus import Campus
from core.sources.live25.config import Live25Settings
from core.sources.priority_limiter import DEFAULT_CONCURRENT_REQUESTS, PriorityLimiter
from core.sources.registry import create_source
from core.store import Store, connect

_CAMPUSES, _ROOMS = 20, 300
_LATENCY = timedelta(milliseconds=100)
_SAMPLES = 100

_REFRESH_BASELINE = "the same requests by bare aiohttp, as many at once as the limit for all allows"


@dataclass(frozen=True, slots=True)
class _Sizes:
    campuses: int
    rooms: int
    latency: timedelta
    samples: int


async def measure(config: RunConfig) -> list[Comparison]:
    """Compare a refresh of all with its requests, and answers meanwhile with constant ones."""
    sizes = _Sizes(_CAMPUSES, _ROOMS, _LATENCY, _SAMPLES)
    if config.is_quick:
        sizes = _Sizes(2, 16, timedelta(milliseconds=1), 1)
    today = now().astimezone(generate_campus(1).timezone).date()
    async with run_live25(sizes.rooms, today, sizes.latency) as url:
        campuses = [_campus(number, sizes.rooms, url) for number in range(sizes.campuses)]
        config.report(f"refreshing {sizes.campuses} campuses of {sizes.rooms} rooms")
        read = await _compare_refresh(campuses)
        config.report("asking /free while a bot refreshes them")
        return [read, await _compare_free(config, campuses, sizes)]


def _campus(number: int, rooms: int, url: str) -> Campus:
    source = Live25Settings(url, "rooms")
    return replace(generate_campus(rooms), id=f"made-{number}", source=source)


async def _compare_refresh(campuses: Sequence[Campus]) -> Comparison:
    with tempfile.TemporaryDirectory() as folder:
        async with EmbeddedRedis(Path(folder)) as redis, connect(redis.url) as client:
            store = Store(client, now=now)
            note = RequestRecorder()
            work = await _refresh_all(campuses, store, note)
            # Half a minute each: long enough for one round to tell.
            only = Round(work, await replay_requests(note.requests, DEFAULT_CONCURRENT_REQUESTS))
    return Comparison(
        case=f"refresh of {len(campuses)} campuses, {_room_count(campuses[0])} rooms each",
        unit="s",
        baseline_is=_REFRESH_BASELINE,
        rounds=(only,),
        goal=Goal(max_ratio=1.2),
    )


def _room_count(campus: Campus) -> int:
    return sum(1 for _ in campus.rooms)


async def _refresh_all(campuses: Sequence[Campus], store: Store, note: RequestRecorder) -> Samples:
    note.requests.clear()
    turns = PriorityLimiter(DEFAULT_CONCURRENT_REQUESTS)
    async with aiohttp.ClientSession(trace_configs=[note.config]) as session:
        refreshers = [
            Refresher(each, create_source(each, session, limiter=turns), store, POLICY, now=now)
            for each in campuses
        ]
        began = time.perf_counter()
        outcomes = await asyncio.gather(
            *(each.run({}, manual=False, skip_if_newer_than=None) for each in refreshers)
        )
        took = time.perf_counter() - began
    if any(each.attempt.failures for each in outcomes):
        raise RuntimeError("a refresh did not bring everything")
    return [took]


async def _compare_free(config: RunConfig, campuses: Sequence[Campus], sizes: _Sizes) -> Comparison:
    asked_about = replace(campuses[0], id="asked", timezone=morning_zone())
    async with AsyncExitStack() as stack:
        settings = await stack.enter_async_context(stored_campus(asked_about, days_ahead=1))
        real = await stack.enter_async_context(_run_bot_of_all(settings, campuses))
        asked = await record_interactions(real, asked_about.buildings[0].code)
        floor = await stack.enter_async_context(open_environment())
        await stack.enter_async_context(floor.run_baseline(constant_answers(asked)))
        constant = await floor.timer.record(floor.client, asked["/free"])
        return Comparison(
            case="/free of a campus while the others are refreshed",
            unit="ms",
            baseline_is=BASELINE,
            rounds=await run_rounds(
                config,
                partial(real.timer.measure, real.client, asked["/free"], number=sizes.samples),
                partial(floor.timer.measure, floor.client, constant, number=sizes.samples),
            ),
            goal=Goal(max_ratio=2.0, max_ratio_p99=2.0),
        )


@asynccontextmanager
async def _run_bot_of_all(
    settings: dict[str, str], campuses: Sequence[Campus]
) -> AsyncIterator[BenchmarkEnvironment]:
    """Start the real bot with one campus that is stored, and others that it has to read."""
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"{each.id}.toml" for each in campuses]
        for each, file in zip(campuses, files, strict=True):
            write_campus_file(each, file)
        named = ",".join([settings["CAMPUS"], *map(str, files)])
        async with (
            open_environment() as side,
            side.run_candidate({**settings, "CAMPUS": "", "CAMPUSES": named}),
        ):
            await side.client.slash("campus mine", campus="asked")
            yield side
