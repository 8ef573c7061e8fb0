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

from benchmarks.campuses import SIZES, made_campus, made_day
from benchmarks.measuring import Comparison, Goal, Measure, Plan, rounds_of
from core.embedded import Embedded
from core.model import Snapshot
from core.policy import keep_until
from core.store import Found, Same, Store, connect
from core.store.encoding import encode_snapshot

_DAY = date(2026, 3, 3)
_NOW = datetime(2026, 3, 3, 15, tzinfo=UTC)
# In short turns: what else the machine does then slows both sides alike.
_OFTEN, _ROUNDS = 20, 25
_BESIDE = "benchmark:the-same-bytes"


async def measure(plan: Plan) -> list[Comparison]:
    """Measure a campus of each size, in this process; another has written it."""
    with tempfile.TemporaryDirectory() as folder:
        async with Embedded(Path(folder)) as redis:
            found = []
            for rooms in SIZES[:1] if plan.is_quick else SIZES:
                await asyncio.to_thread(_store_elsewhere, redis.url, rooms)
                async with connect(redis.url) as client:
                    found += await _Reader(client, rooms).compared(plan)
            return found


def _store_elsewhere(url: str, rooms: int) -> None:
    writer = multiprocessing.get_context("spawn").Process(target=_write, args=(url, rooms))
    writer.start()
    writer.join()


def _write(url: str, rooms: int) -> None:
    asyncio.run(_restore(url, _made(rooms)))


async def _restore(url: str, snapshot: Snapshot) -> None:
    campus = made_campus(int(snapshot.campus.rpartition("-")[2]))
    async with connect(url) as client:
        await Store(client, now=_now).restore(
            campus.id, [snapshot], lambda day: keep_until(campus, day)
        )
        await client.set(_BESIDE, encode_snapshot(snapshot))


def _made(rooms: int) -> Snapshot:
    return made_day(made_campus(rooms), _DAY)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the stored day of a campus of so many rooms."""

    client: Redis
    rooms: int

    async def compared(self, plan: Plan) -> list[Comparison]:
        """Compare looking for something newer, and reading it the first time."""
        store = Store(self.client, now=_now)
        made = _made(self.rooms)
        turns = plan if plan.is_quick else replace(plan, rounds=_ROUNDS)

        async def look() -> None:
            if type(await store.snapshot(made.campus, _DAY, unless=made)) is not Same:
                raise RuntimeError("the other process stored something else")

        async def read() -> None:
            if type(await store.snapshot(made.campus, _DAY)) is not Found:
                raise RuntimeError("the other process stored nothing")

        async def take() -> None:
            await self._beside()

        async def take_apart() -> None:
            msgspec.msgpack.decode(await self._beside())

        size = len(await self._beside())
        of = f"{self.rooms:,} rooms, {size / 1000:.0f} kB"
        return [
            Comparison(
                case=f"a look at {of}, {await self._trips(look):g} round trip",
                unit="ms",
                floor_is="one GET of the same bytes",
                rounds=await rounds_of(turns, _timed(look), _timed(take)),
                goal=Goal(most=1.5),
            ),
            Comparison(
                case=f"the first read of {of}, {await self._trips(read):g} round trip",
                unit="ms",
                floor_is="one GET of the same bytes, and msgpack's decoder without a schema",
                rounds=await rounds_of(turns, _timed(read), _timed(take_apart)),
                goal=Goal(),
            ),
        ]

    async def _beside(self) -> bytes:
        stored = await self.client.get(_BESIDE)
        return stored if isinstance(stored, bytes) else b""

    async def _trips(self, call: Callable[[], Awaitable[None]]) -> float:
        """Return how often the server gets something to read from us during a call."""
        await call()
        before = await self._commands()
        await call()
        # One of them is the second count itself.
        return await self._commands() - before - 1

    async def _commands(self) -> int:
        return int((await self.client.info("stats"))["total_reads_processed"])


def _timed(call: Callable[[], Awaitable[None]]) -> Measure:
    async def measure() -> list[float]:
        took = []
        for _ in range(_OFTEN):
            began = time.perf_counter()
            await call()
            took.append((time.perf_counter() - began) * 1000)
        return took

    return measure


def _now() -> datetime:
    return _NOW
