"""What it costs a second process to read a day that another has stored."""

import asyncio
import multiprocessing
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
from redis.asyncio import Redis

from benchmarks.generated_campus import CAMPUS_SIZES, generate_campus, generate_day
from benchmarks.harness import Comparison, Goal, Measure, RunConfig, run_rounds
from core.data.refresh_policy import snapshot_expiry
from core.embedded_redis import EmbeddedRedis
from core.model.bookings import Snapshot
from core.store import Store, connect
from core.store.snapshot_codec import encode_snapshot
from core.store.snapshots import Changed, Unchanged

_DAY = date(2026, 3, 3)
_NOW = datetime(2026, 3, 3, 15, tzinfo=UTC)
# In short turns: what else the machine does then slows both sides alike.
_CALLS, _ROUNDS = 20, 25
_SAME_BYTES_KEY = "benchmark:the-same-bytes"


async def measure(config: RunConfig) -> list[Comparison]:
    """Measure a campus of each size, in this process; another has written it."""
    with tempfile.TemporaryDirectory() as folder:
        async with EmbeddedRedis(Path(folder)) as redis:
            found = []
            for rooms in CAMPUS_SIZES[:1] if config.is_quick else CAMPUS_SIZES:
                await asyncio.to_thread(_store_in_other_process, redis.url, rooms)
                async with connect(redis.url) as client:
                    found += await _Reader(client, rooms).compare(config)
            return found


def _store_in_other_process(url: str, rooms: int) -> None:
    writer = multiprocessing.get_context("spawn").Process(target=_write, args=(url, rooms))
    writer.start()
    writer.join()


def _write(url: str, rooms: int) -> None:
    asyncio.run(_restore(url, _snapshot_of(rooms)))


async def _restore(url: str, snapshot: Snapshot) -> None:
    campus = generate_campus(int(snapshot.campus.rpartition("-")[2]))
    async with connect(url) as client:
        await Store(client, now=_now).restore(
            campus.id, [snapshot], lambda day: snapshot_expiry(campus, day)
        )
        await client.set(_SAME_BYTES_KEY, encode_snapshot(snapshot))


def _snapshot_of(rooms: int) -> Snapshot:
    return generate_day(generate_campus(rooms), _DAY)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the stored day of a campus of so many rooms."""

    client: Redis
    rooms: int

    async def compare(self, config: RunConfig) -> list[Comparison]:
        """Compare looking for something newer, and reading it the first time."""
        store = Store(self.client, now=_now)
        made = _snapshot_of(self.rooms)
        short_rounds = config if config.is_quick else replace(config, rounds=_ROUNDS)

        async def look() -> None:
            if type(await store.snapshot(made.campus, _DAY, cached=made)) is not Unchanged:
                raise RuntimeError("the other process stored something else")

        async def read() -> None:
            if type(await store.snapshot(made.campus, _DAY)) is not Changed:
                raise RuntimeError("the other process stored nothing")

        async def take() -> None:
            await self._same_bytes()

        async def take_apart() -> None:
            msgspec.msgpack.decode(await self._same_bytes())

        size = len(await self._same_bytes())
        of = f"{self.rooms:,} rooms, {size / 1000:.0f} kB"
        return [
            Comparison(
                case=f"a look at {of}, {await self._round_trips(look):g} round trip",
                unit="ms",
                baseline_is="one GET of the same bytes",
                rounds=await run_rounds(short_rounds, _wall_time(look), _wall_time(take)),
                goal=Goal(max_ratio=1.5),
            ),
            Comparison(
                case=f"the first read of {of}, {await self._round_trips(read):g} round trip",
                unit="ms",
                baseline_is="one GET of the same bytes, and msgpack's decoder without a schema",
                rounds=await run_rounds(short_rounds, _wall_time(read), _wall_time(take_apart)),
                goal=Goal(),
            ),
        ]

    async def _same_bytes(self) -> bytes:
        stored = await self.client.get(_SAME_BYTES_KEY)
        return stored if isinstance(stored, bytes) else b""

    async def _round_trips(self, call: Callable[[], Awaitable[None]]) -> float:
        """Return how often the server gets something to read from us during a call."""
        await call()
        before = await self._commands_read()
        await call()
        # One of them is the second count itself.
        return await self._commands_read() - before - 1

    async def _commands_read(self) -> int:
        return int((await self.client.info("stats"))["total_reads_processed"])


def _wall_time(call: Callable[[], Awaitable[None]]) -> Measure:
    async def measure() -> list[float]:
        took = []
        for _ in range(_CALLS):
            began = time.perf_counter()
            await call()
            took.append((time.perf_counter() - began) * 1000)
        return took

    return measure


def _now() -> datetime:
    return _NOW
