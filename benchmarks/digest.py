"""`digest`: how fast the morning's digests are posted, and who waits for it."""

import asyncio
import gc
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import time
from itertools import pairwise
from time import perf_counter

from benchmarks.environment import (
    BenchmarkEnvironment,
    morning_zone,
    now,
    open_environment,
    stored_campus,
)
from benchmarks.generated_campus import CAMPUS_SIZES, generate_campus
from benchmarks.harness import Comparison, Goal, Round, RunConfig
from benchmarks.interaction_timer import RecordedInteraction
from benchmarks.processes import resident_kib
from benchmarks.reply import BASELINE, constant_answers, record_interactions
from core.model.calendar import DAY
from core.model.campus import Campus
from core.model.digest import DigestSettings
from core.store import Store, connect
from fakes.discord import Message

_CHANNELS, _FEW_CHANNELS = 10_000, 50
_WINDOWS = 5
_POSTS_PER_SECOND = 50
_DUE = time(7, 30)
_MEMORY_SAMPLES = (0.1, 1.0)
_ASK_INTERVAL = 0.25
_POST_TIMEOUT = 60.0


@dataclass(slots=True)
class _FreeWaits:
    """What both bots are asked meanwhile, and how many milliseconds each answer took."""

    candidate: RecordedInteraction
    baseline: RecordedInteraction
    candidate_waits: list[float] = field(default_factory=list)
    baseline_waits: list[float] = field(default_factory=list)


@dataclass(slots=True)
class _PostLog:
    """When which channel got its digest, as Discord saw it."""

    total: int
    at: list[float] = field(default_factory=list)
    channels: set[int] = field(default_factory=set)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def on_change(self, kind: str, subject: object) -> None:
        """Take note of what the bot posts of its own accord."""
        if kind == "MESSAGE_CREATE" and isinstance(subject, Message) and not subject.interaction:
            self.at.append(perf_counter())
            self.channels.add(subject.channel.id)
            # Nobody reads them, and ten thousand take up as much as everything else.
            subject.channel.messages_by_id.clear()
            self.changed.set()

    async def wait_for(self, number: int) -> None:
        """Wait until there are so many."""
        while len(self.at) < number:
            self.changed.clear()
            async with asyncio.timeout(_POST_TIMEOUT):
                await self.changed.wait()

    def rates(self, windows: int) -> list[float]:
        """Return how many a second there were in each of so many windows of equal number."""
        size = (len(self.at) - 1) // windows
        edges = [self.at[size * each] for each in range(windows + 1)]
        return [size / (end - start) for start, end in pairwise(edges)]


async def measure(config: RunConfig) -> list[Comparison]:
    """Post to all channels once; the rounds are windows of that."""
    campus = generate_campus(CAMPUS_SIZES[0], zone=morning_zone())
    async with AsyncExitStack() as stack:
        settings = await stack.enter_async_context(stored_campus(campus, days_ahead=1))
        candidate = await stack.enter_async_context(open_environment())
        baseline = await stack.enter_async_context(open_environment())
        async with candidate.run_candidate(settings):
            recorded = await record_interactions(candidate, campus.buildings[0].code)
        await stack.enter_async_context(baseline.run_baseline(constant_answers(recorded)))
        free_waits = _FreeWaits(
            recorded["/free"], await baseline.timer.record(baseline.client, recorded["/free"])
        )
        channels = _FEW_CHANNELS if config.is_quick else _CHANNELS
        await _configure_digests(candidate, campus, settings["REDIS_URL"], channels)
        # Looking through thousands of servers again and again would hold up both sides.
        gc.freeze()
        candidate.discord.limits.enforce(per_second=_POSTS_PER_SECOND)
        posts = _PostLog(channels)
        candidate.discord.state.add_listener(posts.on_change)
        bot = await stack.enter_async_context(candidate.run_candidate(settings))
        waits = asyncio.create_task(_measure_waits(free_waits, candidate, baseline))
        sizes = []
        for part in _MEMORY_SAMPLES:
            await posts.wait_for(int(channels * part))
            sizes.append(await resident_kib(bot))
        waits.cancel()
        return _comparisons(candidate, posts, sizes, free_waits)


async def _configure_digests(
    environment: BenchmarkEnvironment, campus: Campus, url: str, channels: int
) -> None:
    """Add servers, each with a channel for the digest that is due since half past seven."""
    client = connect(url)
    store = Store(client, now=now)
    for number in range(channels):
        server = environment.discord.add_guild(f"Server {number}")
        server.add_bot()
        await store.save_settings(
            DigestSettings(
                guild_id=server.id,
                channel_id=server.add_channel("digest").id,
                campus_id=campus.id,
                time=_DUE,
                set_at=now() - DAY,
            )
        )
    await client.aclose()


async def _measure_waits(
    waits: _FreeWaits, candidate: BenchmarkEnvironment, baseline: BenchmarkEnvironment
) -> None:
    """Ask both bots now and then, for as long as the digests are posted."""
    while True:
        await asyncio.sleep(_ASK_INTERVAL)
        waits.candidate_waits += await candidate.timer.measure(
            candidate.client, waits.candidate, number=1
        )
        waits.baseline_waits += await baseline.timer.measure(
            baseline.client, waits.baseline, number=1
        )
        # The log of requests is for assertions; its bodies would fill the memory.
        candidate.discord.requests.clear()


def _comparisons(
    environment: BenchmarkEnvironment, posts: _PostLog, sizes: Sequence[float], waits: _FreeWaits
) -> list[Comparison]:
    number, refused = len(posts.at), environment.discord.limits.rejected_count
    if number != len(posts.channels):
        raise RuntimeError(f"{number} digests in {len(posts.channels)} channels")
    early, late = sizes
    return [
        Comparison(
            case=f"{number:,} channels",
            unit="a second",
            baseline_is="what Discord allows",
            rounds=tuple(Round([rate], [_POSTS_PER_SECOND]) for rate in posts.rates(_WINDOWS)),
            goal=Goal(min_ratio=0.95),
        ),
        Comparison(
            case="requests that were not refused",
            unit="%",
            baseline_is="all",
            rounds=(Round([100 * number / (number + refused)], [100]),),
            goal=Goal(min_ratio=1.0),
        ),
        Comparison(
            case="the bot's memory after all posts",
            unit="KiB",
            baseline_is="the bot's memory after a tenth of the posts",
            rounds=(Round([late], [early]),),
            goal=Goal(max_ratio=1.05),
        ),
        Comparison(
            case="/free meanwhile",
            unit="ms",
            baseline_is=BASELINE,
            rounds=(Round(waits.candidate_waits, waits.baseline_waits),),
            goal=Goal(max_ratio=2.0),
        ),
    ]
