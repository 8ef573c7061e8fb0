"""From a source's bytes to the store's: what a month of a campus costs beside decoding JSON."""

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec

from benchmarks.campuses import SIZES, made_campus
from benchmarks.measuring import Comparison, Goal, Plan, Samples, rounds_of
from benchmarks.payloads import Payloads
from core.model import Campus
from core.reading import join
from core.sources import ReadResult
from core.sources.live25.answers import read_grid
from core.sources.live25.findings import Findings
from core.sources.live25.grid import GridReader, days_by_name, rooms_by_id
from core.store.encoding import encode_snapshot

_FIRST = date(2026, 3, 2)
_AT = datetime(2026, 3, 2, 15, tzinfo=UTC)
_DAYS = [_FIRST + timedelta(days=number) for number in range(31)]

Bodies = Mapping[str, bytes]
"""The source's answers, by room id."""


async def measure(plan: Plan) -> list[Comparison]:
    """Compare with JSON decoders that make Python's own objects of the same bytes.

    The goal is set for the quicker of them.
    """
    rooms = SIZES[0] if plan.is_quick else SIZES[-1]
    plan.say(f"making a month of {rooms} rooms")
    campus, payloads = made_campus(rooms), Payloads(rooms, _FIRST)
    bodies = {room.id: payloads.month(room.id) for room in campus.rooms}
    size = sum(map(len, bodies.values())) / 1_000_000

    async def work() -> Samples:
        began = time.process_time()
        await _stored(campus, bodies)
        return [(time.process_time() - began) * 1000]

    async def compared(decode: Callable[[bytes], Any], name: str, goal: Goal) -> Comparison:
        async def floor() -> Samples:
            await asyncio.sleep(0)
            began = time.process_time()
            for body in bodies.values():
                decode(body)
            return [(time.process_time() - began) * 1000]

        return Comparison(
            case=f"{rooms:,} rooms, 31 days, {size:.0f} MB, to {name}",
            unit="ms",
            floor_is=f"{name} of the same bytes, without a schema, each result dropped",
            rounds=await rounds_of(plan, work, floor),
            goal=goal,
        )

    return [
        await compared(msgspec.json.decode, "msgspec.json.decode", Goal(most=3)),
        await compared(json.loads, "json.loads", Goal()),
    ]


async def _stored(campus: Campus, bodies: Bodies) -> list[bytes]:
    """Do all that a refresh does with answers, from when they are there to the store's bytes."""
    findings = Findings(campus, _DAYS, _AT)
    grids, days = GridReader(findings), days_by_name(findings.wanted)
    for id_, body in bodies.items():
        grids.note(read_grid(body), rooms=rooms_by_id((id_,)), days=days)
    findings.refuse_emptiness()
    result = ReadResult(*await findings.by_day(), timedelta())
    reading = join(campus, result, {}, at=_AT, confirmed=False)
    return [encode_snapshot(each) for each in reading.snapshots]
