"""`/metrics`: the state of this process in Prometheus's text format."""

import asyncio
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from core import VERSION
from core.availability.states import RoomState
from core.availability.timeline import state_at
from core.data.coordinator import CampusCoordinator
from core.metrics import Metrics, gauge_lines
from core.model.gateway import GatewayStatus
from core.store import Store

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_SECOND = timedelta(seconds=1)
_LOOP_PROBE_SECONDS = 1.0


class LoopDelayProbe:
    """Measures how late the event loop runs what is due: the worst since it was last asked."""

    def __init__(self) -> None:
        self._worst = 0.0
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to measure."""
        self._task = asyncio.create_task(self._run())

    def stop(self) -> None:
        """Measure no more."""
        if self._task:
            self._task.cancel()

    def take(self) -> float:
        """Return the longest delay in seconds, and forget it."""
        worst, self._worst = self._worst, 0.0
        return worst

    async def _run(self) -> None:
        clock = asyncio.get_running_loop().time
        while True:
            due = clock() + _LOOP_PROBE_SECONDS
            await asyncio.sleep(_LOOP_PROBE_SECONDS)
            self._worst = max(self._worst, clock() - due)


@dataclass(frozen=True, slots=True)
class MetricsPage:
    """Collects all metrics when they are asked for."""

    coordinators: Mapping[str, CampusCoordinator]
    store: Store
    gateway: Callable[[], GatewayStatus]
    guild_count: Callable[[], int]
    counted: Metrics
    loop_delay: LoopDelayProbe
    started_at: datetime
    now: Callable[[], datetime]

    def render(self) -> str:
        """Return the page."""
        parts = (self._process(), self._discord(), self._data(), self._store(), self.counted)
        lines = (part.lines() if isinstance(part, Metrics) else part for part in parts)
        return "".join(f"{line}\n" for part in lines for line in part)

    def _process(self) -> Iterator[str]:
        yield from gauge_lines("ec_info", "The version of the bot.", [({"version": VERSION}, 1)])
        started = self.started_at.timestamp()
        yield from gauge_lines(
            "process_start_time_seconds", "Start, in seconds since 1970.", [({}, started)]
        )
        yield from gauge_lines(
            "process_cpu_seconds_total",
            "Processor time spent.",
            [({}, time.process_time())],
            kind="counter",
        )
        if resident := _resident_bytes():
            yield from gauge_lines(
                "process_resident_memory_bytes", "Resident memory.", [({}, resident)]
            )
        yield from gauge_lines(
            "ec_loop_delay_seconds",
            "The longest delay of the event loop since the last scrape.",
            [({}, self.loop_delay.take())],
        )

    def _discord(self) -> Iterator[str]:
        shards = self.gateway().shards
        yield from gauge_lines(
            "ec_discord_connected",
            "Whether a shard is connected.",
            [({"shard": str(shard.id)}, int(shard.is_connected)) for shard in shards],
        )
        yield from gauge_lines(
            "ec_gateway_latency_seconds",
            "Time from a heartbeat to its acknowledgement.",
            [
                ({"shard": str(shard.id)}, shard.latency / _SECOND)
                for shard in shards
                if shard.latency is not None
            ],
        )
        yield from gauge_lines(
            "ec_guilds", "Servers that have the bot.", [({}, self.guild_count())]
        )

    def _data(self) -> Iterator[str]:
        rooms: list[tuple[Mapping[str, str], float]] = []
        ages: list[tuple[Mapping[str, str], float]] = []
        failing: list[tuple[Mapping[str, str], float]] = []
        for campus, coordinator in self.coordinators.items():
            states = self._room_states(coordinator)
            rooms += [({"campus": campus, "state": each.value}, states[each]) for each in RoomState]
            day = coordinator.cached_day(coordinator.campus.local_date(self.now()))
            if day and day.read_at:
                ages.append(({"campus": campus}, (self.now() - day.read_at) / _SECOND))
            failing.append(({"campus": campus}, int(coordinator.failing_since is not None)))
        yield from gauge_lines("ec_rooms", "Rooms by what they are now.", rooms)
        yield from gauge_lines("ec_data_age_seconds", "Age of today's bookings.", ages)
        yield from gauge_lines("ec_source_failing", "Whether the last reading failed.", failing)

    def _room_states(self, coordinator: CampusCoordinator) -> Counter[RoomState]:
        now = self.now()
        days = coordinator.cached_days_at(now)
        states: Counter[RoomState] = Counter()
        for building in coordinator.campus.buildings:
            states.update(state_at(days, building, room, now) for room in building.rooms)
        return states

    def _store(self) -> Iterator[str]:
        yield from gauge_lines(
            "ec_store_up", "Whether Redis answers.", [({}, int(self.store.is_up))]
        )
        yield from gauge_lines(
            "ec_store_writable",
            "Whether Redis took the last change.",
            [({}, int(self.store.write_error is None))],
        )
        if latency := self.store.latency:
            yield from gauge_lines(
                "ec_store_latency_seconds",
                "How long the last call took.",
                [({}, latency / _SECOND)],
            )


def _resident_bytes() -> int | None:
    """Return the resident memory, None where the system does not say it as Linux does."""
    if sys.platform != "linux":
        return None
    with suppress(OSError, ValueError, IndexError):
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")
    return None
