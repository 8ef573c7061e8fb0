"""The coordinator of a campus: reads memory, Redis or the source, and starts refreshes."""

import logging
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import partial

from core.availability.campus_day import CampusDay, CampusDays, campus_dates_at
from core.availability.diff import AvailabilityDiff, diff_availability
from core.coalescing import Coalescer
from core.data.cache import CachedDays, SnapshotCache
from core.data.refresh_policy import OUTAGE_BACKOFF, RefreshPolicy
from core.data.refresher import Refresher
from core.data.status import CampusStatus, DataAge, RefreshResult
from core.errors import NoDataError, SourceError, StoreUnavailableError, UserError
from core.model.campus import Campus
from core.model.refresh import RefreshAttempt, RefreshState
from core.sources.base import BookingSource
from core.store import Store

log = logging.getLogger(__name__)

_CLOSE_TIMEOUT_SECONDS = 1.0


class CampusCoordinator:
    """Gives the days of one campus, and keeps them up to date.

    Memory answers first; Redis is checked for newer data of another process. While Redis is
    unavailable, memory answers alone. At most one refresh runs for a campus, over all
    processes; all who wait for it get its result.
    """

    def __init__(
        self,
        campus: Campus,
        source: BookingSource,
        store: Store,
        policy: RefreshPolicy,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self.campus = campus
        self._store = store
        self._policy = policy
        self._now = now
        self._cache = SnapshotCache(campus, store, min_gap=policy.min_gap, now=now)
        self._refresher = Refresher(campus, source, store, policy, now=now)
        self._refresh_state: RefreshState | None = None
        self._refreshes = Coalescer[None, RefreshResult]()
        self._has_loaded = False

    @property
    def min_gap(self) -> timedelta:
        """The shortest gap that counts."""
        return self._policy.min_gap

    @property
    def cached_dates(self) -> list[date]:
        """The days that can be answered from memory, in order."""
        return self._cache.dates

    @property
    def cached_days(self) -> CampusDays:
        """All days that memory holds, each worked out when it is asked for."""
        return CachedDays(self._cache)

    def cached_days_at(self, moment: datetime) -> CampusDays:
        """Return the days of a moment from memory; days may be absent."""
        return self._cache.get_at(moment)

    def is_cached(self, day: date) -> bool:
        """Tell whether that day can be answered from memory."""
        return day in self._cache.dates

    def cached_day(self, day: date) -> CampusDay | None:
        """Return a day from memory; the same object until newer data arrives."""
        return self._cache.get(day)

    async def load(self) -> None:
        """Load today from Redis; the first tick loads the days to come."""
        await self._cache.load(tuple(campus_dates_at(self.campus, self._now())))

    async def stored_day(self, day: date) -> CampusDay | None:
        """Return a day from memory or Redis, without a refresh; None: not known."""
        return await self._cache.get_latest(day)

    async def stored_days(self, days: Collection[date]) -> CampusDays:
        """Return days from memory or Redis, without a refresh; days may be absent."""
        return await self._cache.get_latest_many(days)

    async def stored_days_at(self, moment: datetime) -> CampusDays:
        """Return the days of a moment from memory or Redis, without a refresh."""
        return await self.stored_days(campus_dates_at(self.campus, moment))

    async def get_days_at(self, moment: datetime) -> CampusDays:
        """Return the campus days that a question about `moment` needs; as `day` does.

        Yesterday's, for a building that is still in its hours, may be absent.

        Raises:
            NoDataError: none of them is known.
        """
        found = {}
        missing: NoDataError | None = None
        for wanted in sorted(campus_dates_at(self.campus, moment)):
            try:
                found[wanted] = await self.get_day(wanted)
            except NoDataError as err:
                missing = err
        if not found and missing:
            raise missing
        return found

    async def get_day(self, day: date) -> CampusDay:
        """Return a day, waiting for a refresh if nothing is known of it.

        Stale data is returned at once, and refreshed in the background.

        Raises:
            NoDataError: nothing is known and nothing can be had now.
        """
        found = await self._cache.get_latest(day)
        if found is None and self._refresh_may_help(day):
            with suppress(SourceError):
                await self.refresh(manual=False)
            found = self._cache.get(day)
        if found is None:
            raise self._no_data_error(day)
        if day >= self._today and self.is_stale(found):
            self.refresh_in_background()
        return found

    def _refresh_may_help(self, day: date) -> bool:
        """Tell whether a refresh may bring that day; not if the last one did not bring it."""
        is_read = day in self._policy.days_to_read(self.campus, self._now())
        return is_read and not self.is_cached(self._today) and not self._is_backing_off()

    def _no_data_error(self, day: date) -> NoDataError:
        known = [day for day in self.cached_dates if day >= self._today]
        return NoDataError(
            day,
            first_known=min(known, default=None),
            last_known=max(known, default=None),
            retry_at=None if known else self._retry_at(),
        )

    def is_stale(self, day: CampusDay) -> bool:
        """Tell whether the data is so old that a reply says so."""
        return day.read_at is None or self._now() - day.read_at > self._policy.stale_after

    def data_age(self, days: Iterable[CampusDay]) -> DataAge:
        """Return the age of the oldest of these days, and since when the source fails."""
        days = list(days)
        return DataAge(
            read_at=min((day.read_at for day in days if day.read_at), default=None),
            is_stale=any(self.is_stale(day) for day in days),
            failing_since=self.failing_since,
        )

    @property
    def failing_since(self) -> datetime | None:
        """Since when the source has not been readable, None while it is."""
        last = self._last_attempt
        return last.failing_since if last and last.error else None

    def morning_refresh_at(self, day: date) -> datetime:
        """Return when the morning's refresh of that day is due."""
        return self._policy.morning_refresh_at(self.campus, day)

    def has_morning_data(self, day: CampusDay) -> bool:
        """Tell whether a day was read by its morning's refresh or later."""
        return day.read_at is not None and day.read_at >= self.morning_refresh_at(day.snapshot.day)

    @property
    def refresh_progress(self) -> tuple[int, int] | None:
        """Rooms read and rooms in all of the refresh under way, None where none is."""
        return self._refresher.progress if self._refreshes else None

    async def refresh(self, *, manual: bool) -> RefreshResult:
        """Read the campus now, or join the refresh that is under way.

        A `manual` one, a moderator's, respects the cooldown; the bot's own refreshes do not.

        Raises:
            RefreshTooSoonError: the cooldown is not over.
            SourceError: nothing could be read; what is stored stays as it was.
        """
        return await self._refreshes.run(None, partial(self._run_refresh, manual=manual))

    def refresh_in_background(self) -> None:
        """Start a refresh that nobody waits for, unless the source is in its backoff."""
        if not self._is_backing_off():
            self._refreshes.start(None, partial(self._run_refresh, manual=False))

    async def _run_refresh(self, *, manual: bool) -> RefreshResult:
        try:
            return await self._refresh_and_compare(manual=manual)
        except (SourceError, UserError):
            # The refresher has logged what the source did.
            raise
        except Exception:
            # Logged here, as perhaps nobody waits for it.
            log.exception("the refresh of %s failed", self.campus.id)
            raise

    async def _refresh_and_compare(self, *, manual: bool) -> RefreshResult:
        before = self._cache.get(self._today)
        outcome = await self._refresher.run(
            self._cache.snapshots,
            manual=manual,
            skip_if_newer_than=before.read_at if before else None,
        )
        for snapshot in outcome.snapshots:
            self._cache.put(snapshot)
        await self._load_refresh_state()
        self._cache.invalidate_checks()
        after = await self._cache.get_latest(self._today)
        moved = diff_availability(before, after, self._now()) if after else AvailabilityDiff()
        return RefreshResult(outcome.attempt, moved)

    async def tick(self) -> None:
        """Load what other processes stored, and start a refresh if one is due."""
        with suppress(StoreUnavailableError):
            await self._store.ping()
        if not self._has_loaded:
            # Not before the bot answers: a month takes as long as a fifth of the start.
            await self._cache.load(self._policy.days_to_read(self.campus, self._now()))
            self._has_loaded = True
        await self._load_refresh_state()
        today = await self._cache.get_latest(self._today)
        if self._policy.is_due(self.campus, self._now(), today.read_at if today else None):
            self.refresh_in_background()

    async def status(self) -> CampusStatus:
        """Return the status of the data, as far as it is known now."""
        await self._load_refresh_state()
        today = self._cache.get(self._today)
        due = self._now()
        if today and today.read_at:
            due = max(due, self._policy.due_at(self.campus, today.read_at))
        if self._is_backing_off():
            due = max(due, self._retry_at())
        return CampusStatus(
            last_attempt=self._last_attempt,
            allowed_at=(
                self._refresh_state.allowed_at
                if self._refresh_state
                else self._refresher.own_cooldown_end
            ),
            next_refresh=due,
            is_running=bool(self._refreshes or (self._refresh_state and self._refresh_state.token)),
        )

    @property
    def _today(self) -> date:
        return self.campus.local_date(self._now())

    @property
    def _last_attempt(self) -> RefreshAttempt | None:
        own, shared = (
            self._refresher.last_attempt,
            self._refresh_state and self._refresh_state.last_attempt,
        )
        return max((each for each in (own, shared) if each), key=_began_at, default=None)

    async def _load_refresh_state(self) -> None:
        try:
            self._refresh_state = await self._store.refresh_state(self.campus.id)
        except StoreUnavailableError:
            self._refresh_state = None

    def _is_backing_off(self) -> bool:
        last = self._last_attempt
        return bool(last and last.error and self._now() < last.ended_at + OUTAGE_BACKOFF)

    def _retry_at(self) -> datetime:
        last = self._last_attempt
        return last.ended_at + OUTAGE_BACKOFF if last else self._now()

    async def close(self) -> None:
        """Cancel what runs; a refresh that is cut off leaves no lock and changes nothing."""
        await self._refreshes.close(timeout=_CLOSE_TIMEOUT_SECONDS)
        await self._cache.close()


def _began_at(attempt: RefreshAttempt) -> datetime:
    return attempt.began_at
