"""From a source's bytes to the store's: what a month of a campus costs beside decoding JSON."""

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec

from benchmarks.generated_campus import CAMPUS_SIZES, generate_campus
from benchmarks.harness import Comparison, Goal, RunConfig, Samples, run_rounds
from benchmarks.live25_bookings import LargeCampus
from core.data.merge import merge_reading
from core.model.campus import Campus
from core.sources.live25.decoding import decode_grid
from core.sources.live25.grid import GridReader, days_by_name, rooms_by_id
from core.sources.live25.room_days import Live25DayBuilder
from core.store.snapshot_codec import encode_snapshot
from fakes.live25.booking_responses import month_response

_FIRST = date(2026, 3, 2)
_AT = datetime(2026, 3, 2, 15, tzinfo=UTC)
_DAYS = [_FIRST + timedelta(days=number) for number in range(31)]

Bodies = Mapping[str, bytes]
"""The source's answers, by room id."""


async def measure(config: RunConfig) -> list[Comparison]:
    """Compare with JSON decoders that make Python's own objects of the same bytes.

    The goal is set for the quicker of them.
    """
    rooms = CAMPUS_SIZES[0] if config.is_quick else CAMPUS_SIZES[-1]
    config.report(f"making a month of {rooms} rooms")
    campus, bookings = generate_campus(rooms), LargeCampus(rooms, _FIRST)
    bodies = {
        room.id: msgspec.json.encode(month_response(bookings, room.id, _FIRST, (0, 24)))
        for room in campus.rooms
    }
    size = sum(map(len, bodies.values())) / 1_000_000

    async def candidate() -> Samples:
        began = time.process_time()
        await _read_and_encode(campus, bodies)
        return [(time.process_time() - began) * 1000]

    async def compare(decode: Callable[[bytes], Any], name: str, goal: Goal) -> Comparison:
        async def baseline() -> Samples:
            await asyncio.sleep(0)
            began = time.process_time()
            for body in bodies.values():
                decode(body)
            return [(time.process_time() - began) * 1000]

        return Comparison(
            case=f"{rooms:,} rooms, 31 days, {size:.0f} MB, to {name}",
            unit="ms",
            baseline_is=f"{name} of the same bytes, without a schema, each result dropped",
            rounds=await run_rounds(config, candidate, baseline),
            goal=goal,
        )

    return [
        await compare(msgspec.json.decode, "msgspec.json.decode", Goal(max_ratio=3)),
        await compare(json.loads, "json.loads", Goal()),
    ]


async def _read_and_encode(campus: Campus, bodies: Bodies) -> list[bytes]:
    """Do all that a refresh does with answers, from when they are there to the store's bytes."""
    findings = Live25DayBuilder(campus, _DAYS, _AT)
    grids, days = GridReader(findings), days_by_name(findings.read_days)
    for id_, body in bodies.items():
        grids.add_grid(decode_grid(body), rooms=rooms_by_id((id_,)), days=days)
    result = await findings.build(latency=timedelta())
    reading = merge_reading(campus, result, {}, at=_AT, accept_mass_deletion=False)
    return [encode_snapshot(each) for each in reading.snapshots]
