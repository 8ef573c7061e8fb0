"""When a campus is sampled, and what its samples tell; nobody's answer waits for a sample."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.errors import StoreUnavailableError
from core.model import Campus
from core.schedule import Schedule
from core.store import Store
from core.tallies import hour_of, hourly_means, sample, slot_of
from core.trends import History, Trend, days_compared, last_hours, trend

log = logging.getLogger(__name__)

TREND_KEPT = timedelta(minutes=2)
"""How long a trend is told again as it is."""

_WAIT = timedelta(minutes=4)
"""How long a sample waits while nothing at all is known, as after the first start."""


@dataclass(slots=True)
class _Sampled:
    """What this process has done for a campus: the last slot, and the hour that is not over."""

    slot: datetime | None = None
    hour: datetime | None = None


@dataclass(slots=True)
class _Told:
    """A campus's history as it was read `at` a moment, and the trends worked out of it."""

    at: datetime
    history: History
    trends: dict[str | None, Trend] = field(default_factory=dict)


class Sampler:
    """Samples each campus every five minutes, and tells how busy it gets.

    Several processes sample side by side: the first that writes a moment is the one that did.
    """

    def __init__(
        self, schedules: Mapping[str, Schedule], store: Store, *, now: Callable[[], datetime]
    ) -> None:
        self._schedules = schedules
        self._store = store
        self._now = now
        self._sampled = {campus: _Sampled() for campus in schedules}
        self._told: dict[str, _Told] = {}
        self._reading = {campus: asyncio.Lock() for campus in schedules}

    async def tick(self) -> None:
        """Write what is due of each campus, whatever becomes of the others."""
        await asyncio.gather(*map(self._tick, self._schedules.values()))

    async def _tick(self, schedule: Schedule) -> None:
        done = self._sampled[schedule.campus.id]
        try:
            await self._sample(schedule, done)
            await self._fold(schedule.campus, done)
        except StoreUnavailableError:
            log.debug("a sample of %s waits: the store is away", schedule.campus.id)
        except Exception:
            log.exception("%s could not be sampled", schedule.campus.id)

    async def _sample(self, schedule: Schedule, done: _Sampled) -> None:
        now = self._now()
        slot = slot_of(now)
        if done.slot == slot:
            return
        days = schedule.remembered(slot)
        if not days and now - slot < _WAIT:
            return
        taken = sample(schedule.campus, days, slot)
        if taken.tallies:
            await self._store.add_sample(schedule.campus.id, taken)
        done.slot = slot

    async def _fold(self, campus: Campus, done: _Sampled) -> None:
        """Note the means of all hours that are over and of which samples are left."""
        hour = hour_of(self._now(), campus.timezone)
        if done.hour == hour:
            return
        samples = await self._store.unfolded_samples(campus.id, before=hour)
        for each in hourly_means(samples, campus.timezone):
            if each.tallies:
                await self._store.add_hour(campus.id, each)
        done.hour = hour

    async def trend(self, campus: Campus, building: str | None = None) -> Trend:
        """Tell how busy a building gets, or the campus; at most two minutes old.

        Raises:
            StoreUnavailableError: Redis did not answer.
        """
        async with self._reading[campus.id]:
            told = self._told.get(campus.id)
            if told is None or not timedelta() <= self._now() - told.at < TREND_KEPT:
                told = self._told[campus.id] = await self._read(campus)
        if building not in told.trends:
            told.trends[building] = trend(
                told.history, building=building, at=told.at, zone=campus.timezone
            )
        return told.trends[building]

    async def trend_or_none(self, campus: Campus, building: str | None = None) -> Trend | None:
        """Return what `trend` does, None where it raises: for answers that are about more."""
        try:
            return await self.trend(campus, building)
        except StoreUnavailableError:
            return None

    async def _read(self, campus: Campus) -> _Told:
        at = self._now()
        compared = days_compared(at, campus.timezone)
        history = await self._store.history(campus.id, samples=last_hours(at), hours=compared)
        return _Told(at, history)
