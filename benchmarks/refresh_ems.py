"""What a refresh of a campus on EMS costs beside only asking EMS the same.

As `refresh`, but a question is about a day of all rooms, and only one is in flight.
"""

import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from benchmarks.ems_process import run_ems
from benchmarks.generated_campus import CAMPUS_SIZES, generate_campus
from benchmarks.harness import Comparison, RunConfig
from benchmarks.refresh import AT, LATENCY, compare_refresh, now
from core.embedded_redis import EmbeddedRedis
from core.model.campus import Campus
from core.sources.ems.config import EmsSettings
from core.store import Store, connect


async def measure(config: RunConfig) -> list[Comparison]:
    """Measure a refresh of each size of campus."""
    sizes = CAMPUS_SIZES[:1] if config.is_quick else CAMPUS_SIZES
    latency = timedelta(milliseconds=1) if config.is_quick else LATENCY
    return [await _compare(config, rooms, latency) for rooms in sizes]


async def _compare(config: RunConfig, rooms: int, latency: timedelta) -> Comparison:
    config.report(f"making a month of {rooms} rooms")
    with tempfile.TemporaryDirectory() as folder:
        async with (
            run_ems(rooms, AT.date(), latency) as url,
            EmbeddedRedis(Path(folder)) as redis,
            connect(redis.url) as client,
        ):
            return await compare_refresh(config, _campus(rooms, url), Store(client, now=now))


def _campus(rooms: int, url: str) -> Campus:
    return replace(generate_campus(rooms), id=f"made-{rooms}-ems", source=EmsSettings(url))
