"""When a campus is sampled, and what its samples tell; nobody's answer waits for a sample."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from core.coalescing import Coalescer
from core.data.coordinator import CampusCoordinator
from core.errors import StoreUnavailableError
from core.model.campus import Campus
from core.model.occupancy import OccupancyHistory, OccupancySample
from core.store import Store
from core.trends.plan import OccupancyPlan
from core.trends.samples import floor_to_hour, floor_to_slot, hourly_means, take_sample
from core.trends.trend import Trend, build_trend, comparison_days, recent_interval

log = logging.getLogger(__name__)

TREND_TTL = timedelta(minutes=2)
"""How long a trend is told again as it is."""

_STARTUP_WAIT = timedelta(minutes=4)
"""How long a sample waits while nothing at all is known, as after the first start."""


@dataclass(slots=True)
class _Progress:
    """What this process has done for a campus: the last slot, and the hour that is not over."""

    last_slot: datetime | None = None
    last_hour: datetime | None = None


@dataclass(slots=True)
class _CachedHistory:
    """A campus's history, a sample of the moment of its reading, and the trends of both."""

    history: OccupancyHistory
    current: OccupancySample
    trends: dict[str | None, Trend] = field(default_factory=dict)


class OccupancySampler:
    """Samples each campus every five minutes, and tells how busy it gets.

    Several processes sample side by side: the first that writes a moment is the one that did.
    """

    def __init__(
        self,
        coordinators: Mapping[str, CampusCoordinator],
        store: Store,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._coordinators = coordinators
        self._store = store
        self._now = now
        self._progress = {campus: _Progress() for campus in coordinators}
        self._cached: dict[str, _CachedHistory] = {}
        self._plans = {
            campus: OccupancyPlan(each.campus, each.cached_day)
            for campus, each in coordinators.items()
        }
        self._reads = Coalescer[str, _CachedHistory]()

    async def tick(self) -> None:
        """Write what is due of each campus, whatever becomes of the others."""
        await asyncio.gather(*map(self._tick_campus, self._coordinators.values()))

    async def _tick_campus(self, coordinator: CampusCoordinator) -> None:
        done = self._progress[coordinator.campus.id]
        try:
            await self._sample(coordinator, done)
            await self._aggregate_hours(coordinator.campus, done)
            # Worked out here, so that no member waits for it.
            await self._plans[coordinator.campus.id].update(self._now())
        except StoreUnavailableError:
            log.debug("a sample of %s waits: the store is away", coordinator.campus.id)
        except Exception:
            log.exception("%s could not be sampled", coordinator.campus.id)

    async def _sample(self, coordinator: CampusCoordinator, progress: _Progress) -> None:
        now = self._now()
        slot = floor_to_slot(now)
        if progress.last_slot == slot:
            return
        days = coordinator.cached_days_at(slot)
        if not days and now - slot < _STARTUP_WAIT:
            return
        taken = take_sample(coordinator.campus, days, slot)
        if taken.counts:
            await self._store.add_sample(coordinator.campus.id, taken)
        progress.last_slot = slot

    async def _aggregate_hours(self, campus: Campus, progress: _Progress) -> None:
        """Note the means of all hours that are over and of which samples are left."""
        hour = floor_to_hour(self._now(), campus.timezone)
        if progress.last_hour == hour:
            return
        samples = await self._store.samples_without_hour(campus.id, before=hour)
        for each in hourly_means(samples, campus.timezone):
            if each.counts:
                await self._store.add_hour(campus.id, each)
        progress.last_hour = hour

    async def trend(self, campus: Campus, building: str | None = None) -> Trend:
        """Tell how busy a building gets, or the campus; at most two minutes old.

        Raises:
            StoreUnavailableError: Redis did not answer.
        """
        await self._plans[campus.id].ensure(self._now())
        return await self._trend(campus, building)

    async def _trend(self, campus: Campus, building: str | None) -> Trend:
        cached = self._cached.get(campus.id)
        if cached is None or not self._is_fresh(campus, cached):
            cached = await self._reads.run(campus.id, partial(self._read_history, campus))
        if building not in cached.trends:
            cached.trends[building] = build_trend(
                cached.history, cached.current, building=building, zone=campus.timezone
            )
        return cached.trends[building]

    async def trend_or_none(self, campus: Campus, building: str | None = None) -> Trend | None:
        """Return what `trend` does, None where it raises: for answers that are about more.

        They do not wait for the plan of the coming weeks.
        """
        try:
            return await self._trend(campus, building)
        except StoreUnavailableError:
            return None

    def _is_fresh(self, campus: Campus, cached: _CachedHistory) -> bool:
        now = self._now()
        has_latest_plan = cached.history.planned is self._plans[campus.id].hours(now)
        return has_latest_plan and timedelta() <= now - cached.current.at < TREND_TTL

    async def _read_history(self, campus: Campus) -> _CachedHistory:
        at = self._now()
        compared = comparison_days(at, campus.timezone)
        history = await self._store.history(campus.id, samples=recent_interval(at), hours=compared)
        planned = self._plans[campus.id].hours(at)
        days = self._coordinators[campus.id].cached_days_at(at)
        current = take_sample(campus, days, at) if days else OccupancySample(at, {})
        cached = _CachedHistory(replace(history, planned=planned), current)
        self._cached[campus.id] = cached
        return cached
