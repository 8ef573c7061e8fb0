"""The snapshots of a campus in memory, revalidated against Redis."""

import asyncio
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta
from itertools import zip_longest

from core.availability.campus_day import (
    CampusDay,
    CampusDays,
    build_campus_day,
    campus_dates_at,
    open_nights,
)
from core.coalescing import Coalescer
from core.data.refresh_policy import snapshot_expiry
from core.errors import StoreUnavailableError
from core.model.bookings import Snapshot
from core.model.calendar import DAY
from core.model.campus import Campus
from core.store import Store
from core.store.snapshots import Changed, Unchanged

_REVALIDATE_SECONDS = 0.2
"""How long a check against Redis stays valid, so that a burst of members costs one call."""

_MAX_CHECKS = 100


class CachedDays(Mapping[date, CampusDay]):
    """All days that a process remembers, each worked out when it is asked for."""

    def __init__(self, cache: "SnapshotCache") -> None:
        self._cache = cache

    def __getitem__(self, day: date) -> CampusDay:
        found = self._cache.get(day)
        if found is None:
            raise KeyError(day)
        return found

    def __iter__(self) -> Iterator[date]:
        return iter(self._cache.dates)

    def __len__(self) -> int:
        return len(self._cache.dates)


class SnapshotCache:
    """The snapshots of a campus, and the gaps of those that were asked about.

    It answers at once; whether another process has stored something newer costs one short
    call to Redis. What Redis has lost, or could not store, is written back from here.
    """

    def __init__(
        self, campus: Campus, store: Store, *, min_gap: timedelta, now: Callable[[], datetime]
    ) -> None:
        self._campus = campus
        self._store = store
        self._min_gap = min_gap
        self._now = now
        self._open_nights = open_nights(campus)
        self._snapshots: dict[date, Snapshot] = {}
        self._campus_days: dict[date, tuple[list[Snapshot], CampusDay]] = {}
        self._fresh_until: dict[date, float] = {}
        self._write_backs = Coalescer[None, None]()

    @property
    def snapshots(self) -> dict[date, Snapshot]:
        """All cached snapshots, by day."""
        return dict(self._snapshots)

    @property
    def dates(self) -> list[date]:
        """The cached days, in order."""
        return sorted(self._snapshots)

    def get(self, day: date) -> CampusDay | None:
        """Return a day from memory, None where nothing is cached."""
        snapshot = self._snapshots.get(day)
        if snapshot is None:
            return None
        parts = [snapshot, *self._neighbours(day)]
        known = self._campus_days.get(day)
        if known is None or any(one is not other for one, other in zip_longest(known[0], parts)):
            # Computed on demand: a month of a large campus takes half a second.
            built = build_campus_day(
                self._campus, snapshot, min_gap=self._min_gap, neighbours=parts[1:]
            )
            known = self._campus_days[day] = parts, built
        return known[1]

    def _neighbours(self, day: date) -> list[Snapshot]:
        """Return the snapshots beside a day that a building stays open into."""
        nights = ((day - DAY, day - DAY), (day, day + DAY))
        return [
            self._snapshots[other]
            for evening, other in nights
            if evening.weekday() in self._open_nights and other in self._snapshots
        ]

    def get_at(self, moment: datetime) -> CampusDays:
        """Return the days of a moment from memory; days may be absent."""
        found = {wanted: self.get(wanted) for wanted in campus_dates_at(self._campus, moment)}
        return {wanted: known for wanted, known in found.items() if known}

    def put(self, snapshot: Snapshot) -> None:
        """Replace the snapshot of a day, and drop days that have expired."""
        self._snapshots[snapshot.day] = snapshot
        now = self._now()
        for old in [day for day in self._snapshots if self._expiry(day) <= now]:
            del self._snapshots[old]
            self._campus_days.pop(old, None)
            self._fresh_until.pop(old, None)

    async def get_latest(self, day: date) -> CampusDay | None:
        """Return the most recent snapshot of a day, from memory or Redis."""
        held = self._snapshots.get(day)
        asked = _loop_time()
        if self._is_fresh(day, asked):
            return self.get(day)
        if held:
            # Before Redis answers: callers that come meanwhile get what is cached.
            self._mark_fresh(day, asked)
        try:
            stored = await self._store.snapshot(self._campus.id, day, cached=held)
        except StoreUnavailableError:
            return self.get(day)
        if not held:
            self._mark_fresh(day, asked)
        if isinstance(stored, Changed) and not (held and _is_older(stored.snapshot, held)):
            self.put(stored.snapshot)
        elif held and not isinstance(stored, Unchanged):
            self._start_write_back()
        return self.get(day)

    async def get_latest_many(self, days: Collection[date]) -> CampusDays:
        """Return the most recent snapshots of those days; days may be absent."""
        asked = _loop_time()
        unsure = [day for day in days if not self._is_fresh(day, asked)]
        if unsure:
            await asyncio.gather(*map(self.get_latest, unsure))
        return {day: known for day in days if (known := self.get(day))}

    async def load(self, days: tuple[date, ...]) -> None:
        """Load those days from Redis, unless memory has newer ones."""
        with suppress(StoreUnavailableError):
            for snapshot in (await self._store.snapshots(self._campus.id, days)).values():
                held = self._snapshots.get(snapshot.day)
                if held is None or _is_older(held, snapshot):
                    self.put(snapshot)

    def _is_fresh(self, day: date, at: float) -> bool:
        return at < self._fresh_until.get(day, 0)

    def _mark_fresh(self, day: date, checked_at: float) -> None:
        if len(self._fresh_until) >= _MAX_CHECKS:
            # Members may ask for any day there is.
            self.invalidate_checks()
        self._fresh_until[day] = checked_at + _REVALIDATE_SECONDS

    def invalidate_checks(self) -> None:
        """Check Redis at the next call, however recent the last check is."""
        self._fresh_until.clear()

    def _start_write_back(self) -> None:
        """Write back to Redis what it lacks, in the background."""
        self._write_backs.start(None, self._write_back)

    async def _write_back(self) -> None:
        with suppress(StoreUnavailableError):
            await self._store.restore(self._campus.id, list(self._snapshots.values()), self._expiry)

    def _expiry(self, day: date) -> datetime:
        return snapshot_expiry(self._campus, day)

    async def close(self) -> None:
        """Cancel what runs in the background."""
        await self._write_backs.close()


def _loop_time() -> float:
    return asyncio.get_running_loop().time()


def _is_older(one: Snapshot, other: Snapshot) -> bool:
    return one.attempted_at < other.attempted_at
