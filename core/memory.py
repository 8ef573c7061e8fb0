"""What one process remembers of a campus, kept in step with what Redis holds."""

import asyncio
from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import date, datetime, timedelta

from core.availability import CampusDay, CampusDays, days_at, work_out
from core.errors import StoreUnavailableError
from core.model import Campus, Snapshot
from core.policy import keep_until
from core.store import Found, Same, Store

_SURE_SECONDS = 0.2
"""For how long one question to Redis counts: of a burst of members one asks, for all."""

_MOST_SURE = 100


class Memory:
    """The snapshots of a campus, and the gaps of those that were asked about.

    It answers at once; whether another process has stored something newer costs one short
    question to Redis. What Redis lost, or could not be told, it gets back from here.
    """

    def __init__(
        self, campus: Campus, store: Store, *, min_gap: timedelta, now: Callable[[], datetime]
    ) -> None:
        self._campus = campus
        self._store = store
        self._min_gap = min_gap
        self._now = now
        self._snapshots: dict[date, Snapshot] = {}
        self._worked_out: dict[date, CampusDay] = {}
        self._sure_until: dict[date, float] = {}
        self._restoring: asyncio.Task[None] | None = None

    @property
    def snapshots(self) -> dict[date, Snapshot]:
        """All that is remembered, by day."""
        return dict(self._snapshots)

    @property
    def days(self) -> list[date]:
        """The days that are remembered, in order."""
        return sorted(self._snapshots)

    def day(self, wanted: date) -> CampusDay | None:
        """Return what is remembered of a day, None where that is nothing."""
        snapshot = self._snapshots.get(wanted)
        if snapshot is None:
            return None
        known = self._worked_out.get(wanted)
        if known is None or known.snapshot is not snapshot:
            # Not before it is asked for: a month of a large campus takes half a second.
            known = work_out(self._campus, snapshot, at_least=self._min_gap)
            self._worked_out[wanted] = known
        return known

    def days_at(self, moment: datetime) -> CampusDays:
        """Return what is remembered for a moment; days may be absent."""
        found = {wanted: self.day(wanted) for wanted in days_at(self._campus, moment)}
        return {wanted: known for wanted, known in found.items() if known}

    def remember(self, snapshot: Snapshot) -> None:
        """Take a snapshot in place of the day's last, and forget days that are long over."""
        self._snapshots[snapshot.day] = snapshot
        now = self._now()
        for old in [day for day in self._snapshots if self._keep_until(day) <= now]:
            del self._snapshots[old]
            self._worked_out.pop(old, None)
            self._sure_until.pop(old, None)

    async def latest(self, wanted: date) -> CampusDay | None:
        """Return the most recent that is known of a day, here or in Redis."""
        held = self._snapshots.get(wanted)
        asked = _seconds()
        if self._is_sure(wanted, asked):
            return self.day(wanted)
        if held:
            # Before Redis answers: who comes meanwhile is told what is remembered.
            self._be_sure(wanted, asked)
        try:
            stored = await self._store.snapshot(self._campus.id, wanted, unless=held)
        except StoreUnavailableError:
            return self.day(wanted)
        if not held:
            self._be_sure(wanted, asked)
        if isinstance(stored, Found) and not (held and _is_older(stored.snapshot, held)):
            self.remember(stored.snapshot)
        elif held and not isinstance(stored, Same):
            self._restore()
        return self.day(wanted)

    async def latest_among(self, wanted: Collection[date]) -> CampusDays:
        """Return the most recent that is known of those days; days may be absent."""
        asked = _seconds()
        unsure = [day for day in wanted if not self._is_sure(day, asked)]
        if unsure:
            await asyncio.gather(*map(self.latest, unsure))
        return {day: known for day in wanted if (known := self.day(day))}

    async def load(self, days: tuple[date, ...]) -> None:
        """Take what Redis holds of those days."""
        with suppress(StoreUnavailableError):
            for snapshot in (await self._store.snapshots(self._campus.id, days)).values():
                held = self._snapshots.get(snapshot.day)
                if held is None or _is_older(held, snapshot):
                    self.remember(snapshot)

    def _is_sure(self, day: date, asked: float) -> bool:
        return asked < self._sure_until.get(day, 0)

    def _be_sure(self, day: date, asked: float) -> None:
        if len(self._sure_until) >= _MOST_SURE:
            # Members may ask for any day there is.
            self.doubt()
        self._sure_until[day] = asked + _SURE_SECONDS

    def doubt(self) -> None:
        """Ask Redis with the next question, however recently it was asked."""
        self._sure_until.clear()

    def _restore(self) -> None:
        """Give Redis back what it lacks, behind whatever is being answered."""
        if self._restoring is None or self._restoring.done():
            self._restoring = asyncio.create_task(self._give_back())

    async def _give_back(self) -> None:
        with suppress(StoreUnavailableError):
            await self._store.restore(
                self._campus.id, list(self._snapshots.values()), self._keep_until
            )

    def _keep_until(self, day: date) -> datetime:
        return keep_until(self._campus, day)

    async def close(self) -> None:
        """End what runs behind an answer."""
        if self._restoring:
            self._restoring.cancel()
            await asyncio.gather(self._restoring, return_exceptions=True)


def _seconds() -> float:
    return asyncio.get_running_loop().time()


def _is_older(one: Snapshot, other: Snapshot) -> bool:
    return one.attempted_at < other.attempted_at
