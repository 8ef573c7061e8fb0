"""Distributed refresh: the holder of the lock in Redis reads the source, the others wait."""

import asyncio
import logging
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

from core.data.merge import MASS_DELETION, MergedReading, merge_reading
from core.data.refresh_policy import RefreshPolicy, snapshot_expiry
from core.errors import (
    RefreshTooSoonError,
    SourceError,
    SourceFormatError,
    SourceRefusedError,
    SourceUnavailableError,
    StoreUnavailableError,
)
from core.model.bookings import Snapshot
from core.model.campus import Campus
from core.model.refresh import AlreadyRefreshed, LockAcquired, OnCooldown, RefreshAttempt
from core.sources.base import BookingSource
from core.store import Store

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=10)
"""How long a killed process keeps the others from reading."""

_ERROR_TYPES: Mapping[Literal["unavailable", "refused", "changed"], type[SourceError]] = {
    "unavailable": SourceUnavailableError,
    "refused": SourceRefusedError,
    "changed": SourceFormatError,
}

_HEARTBEAT_SECONDS = 1.0
_POLL_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class RefreshOutcome:
    """How a refresh ended; no snapshots where another process did it: Redis has them."""

    attempt: RefreshAttempt
    snapshots: tuple[Snapshot, ...] = ()


@dataclass(slots=True)
class Refresher:
    """Does the refreshes of one campus, one at a time over all processes.

    A lock in Redis says who reads; the others wait for the outcome it leaves. With Redis
    away each process reads for itself and keeps what it read in memory.
    """

    campus: Campus
    source: BookingSource
    store: Store
    policy: RefreshPolicy
    now: Callable[[], datetime]
    last_attempt: RefreshAttempt | None = field(init=False, default=None)
    progress: tuple[int, int] = field(init=False, default=(0, 0))
    """Rooms read, and rooms in all."""

    @property
    def _room_count(self) -> int:
        return sum(1 for _ in self.campus.rooms)

    async def run(
        self, cached: Mapping[date, Snapshot], *, manual: bool, skip_if_newer_than: datetime | None
    ) -> RefreshOutcome:
        """Read the campus, or wait for the process that does; `cached` is what memory holds.

        Data that another process read later than `skip_if_newer_than` makes this reading needless.

        Raises:
            RefreshTooSoonError: `manual`, and the cooldown is not over.
            SourceError: nothing could be read.
        """
        self.progress = (0, self._room_count)
        token = uuid.uuid4().hex
        while True:
            try:
                answer = await self.store.acquire_lock(
                    self.campus.id,
                    token,
                    lease=LEASE,
                    manual=manual,
                    skip_if_newer_than=skip_if_newer_than,
                )
            except StoreUnavailableError:
                self._check_own_cooldown(manual=manual)
                return await self._read(token, cached)
            if isinstance(answer, OnCooldown):
                raise RefreshTooSoonError(read_at=answer.read_at, allowed_at=answer.allowed_at)
            if isinstance(answer, AlreadyRefreshed):
                return RefreshOutcome(answer.attempt)
            if isinstance(answer, LockAcquired):
                return await self._read_with_lock(token, cached)
            if outcome := await self._wait_for_other(answer.token):
                return outcome

    @property
    def own_cooldown_end(self) -> datetime | None:
        """When a moderator may refresh again, by what this process read; None: now.

        It decides while Redis, which knows what all processes read, is away.
        """
        read_at = self.last_attempt.success_at if self.last_attempt else None
        end = read_at + self.policy.cooldown if read_at else None
        return end if end and self.now() < end else None

    def _check_own_cooldown(self, *, manual: bool) -> None:
        end = self.own_cooldown_end
        if manual and end:
            raise RefreshTooSoonError(read_at=end - self.policy.cooldown, allowed_at=end)

    async def _wait_for_other(self, token: str) -> RefreshOutcome | None:
        """Wait for another process's refresh; None where it ended without an outcome.

        It polls instead of subscribing: a message can be lost with its connection, and a
        quarter of a second does not matter beside a reading of seconds.
        """
        while True:
            try:
                state = await self.store.refresh_state(self.campus.id)
            except StoreUnavailableError:
                return None
            if state.token != token:
                break
            self.progress = state.progress or self.progress
            await asyncio.sleep(_POLL_SECONDS)
        attempt = state.last_attempt
        if attempt is None or attempt.token != token:
            return None
        if attempt.error:
            raise _ERROR_TYPES[attempt.error_class or "unavailable"](attempt.error)
        return RefreshOutcome(attempt)

    async def _read_with_lock(self, token: str, cached: Mapping[date, Snapshot]) -> RefreshOutcome:
        over = asyncio.Event()
        holding = asyncio.create_task(self._heartbeat(token, over))
        failed: RefreshAttempt | None = None
        published = False
        try:
            outcome = await self._read(token, cached)
            published = await self._publish(token, outcome)
        except SourceError:
            failed = self.last_attempt
            raise
        finally:
            # Both: in Python 3.11 `wait_for`, which redis-py awaits, can swallow the cancellation.
            over.set()
            holding.cancel()
            # Cut off in the middle, too: the next one need not wait for the lease to end.
            if not published:
                await self._release_lock(token, failed)
        return outcome

    async def _heartbeat(self, token: str, stopped: asyncio.Event) -> None:
        """Report progress and extend the lease, so that others see that this process lives."""
        while not stopped.is_set():
            with suppress(StoreUnavailableError):
                await self.store.report_progress(self.campus.id, token, *self.progress, lease=LEASE)
            await asyncio.sleep(_HEARTBEAT_SECONDS)

    async def _publish(self, token: str, outcome: RefreshOutcome) -> bool:
        """Store the outcome; memory keeps it in any case, and gives it to Redis later."""
        try:
            return await self.store.publish(
                self.campus.id,
                token,
                outcome.snapshots,
                outcome.attempt,
                expiry_of=self._expiry,
                cooldown=self.policy.cooldown,
            )
        except StoreUnavailableError:
            return False

    def _expiry(self, day: date) -> datetime:
        return snapshot_expiry(self.campus, day)

    async def _release_lock(self, token: str, failed: RefreshAttempt | None) -> None:
        with suppress(StoreUnavailableError):
            await self.store.release_lock(self.campus.id, token, failed)

    async def _read(self, token: str, cached: Mapping[date, Snapshot]) -> RefreshOutcome:
        """Read the campus and record the attempt, whether or not it succeeds."""
        previous = await self._previous_attempt()
        began_at = self.now()
        try:
            reading, latency = await self._read_source(began_at, cached, previous)
        except SourceError as err:
            self.last_attempt = self._failed_attempt(token, began_at, err, previous)
            self._log_transition(self.last_attempt, previous)
            raise
        self.last_attempt = RefreshAttempt(
            token=token,
            began_at=began_at,
            ended_at=self.now(),
            rooms=self._room_count,
            rooms_read=reading.rooms_read,
            failures=reading.failures,
            error=None,
            mass_deletion_suspected=reading.mass_deletion_suspected,
            latency=latency,
            success_at=began_at,
            failing_since=None,
        )
        self._log_transition(self.last_attempt, previous)
        return RefreshOutcome(self.last_attempt, reading.snapshots)

    async def _previous_attempt(self) -> RefreshAttempt | None:
        try:
            state = await self.store.refresh_state(self.campus.id)
        except StoreUnavailableError:
            return self.last_attempt
        return state.last_attempt or self.last_attempt

    async def _read_source(
        self, at: datetime, cached: Mapping[date, Snapshot], previous: RefreshAttempt | None
    ) -> tuple[MergedReading, timedelta]:
        days = self.policy.days_to_read(self.campus, at)
        result = await self.source.read(
            days,
            at=at,
            progress=self._record_progress,
            last_read=previous.success_at if previous else None,
        )
        replaced = [day for day in days if day == days[0] or result.failures.get(day)]
        before = {day: cached[day] for day in days if day in cached}
        before |= await self._previous_snapshots(replaced, cached)
        doubted = previous is not None and previous.mass_deletion_suspected
        reading = merge_reading(self.campus, result, before, at=at, accept_mass_deletion=doubted)
        if not reading.rooms_read:
            raise SourceFormatError(MASS_DELETION)
        return reading, result.latency

    def _record_progress(self, read: int, total: int) -> None:
        self.progress = (read, total)

    async def _previous_snapshots(
        self, days: Sequence[date], cached: Mapping[date, Snapshot]
    ) -> dict[date, Snapshot]:
        """Return the snapshots to be replaced, the newer of memory and Redis for each day."""
        before = {day: cached[day] for day in days if day in cached}
        with suppress(StoreUnavailableError):
            for day, stored in (await self.store.snapshots(self.campus.id, days)).items():
                if day not in before or before[day].attempted_at < stored.attempted_at:
                    before[day] = stored
        return before

    def _failed_attempt(
        self, token: str, began_at: datetime, err: SourceError, previous: RefreshAttempt | None
    ) -> RefreshAttempt:
        return RefreshAttempt(
            token=token,
            began_at=began_at,
            ended_at=self.now(),
            rooms=self._room_count,
            rooms_read=0,
            failures={err.kind: self._room_count},
            error=err.kind,
            mass_deletion_suspected=err.kind == MASS_DELETION,
            error_class=next(
                (why for why, fault in _ERROR_TYPES.items() if isinstance(err, fault)), None
            ),
            latency=None,
            success_at=previous.success_at if previous else None,
            failing_since=(previous.failing_since if previous else None) or began_at,
        )

    def _log_transition(self, attempt: RefreshAttempt, previous: RefreshAttempt | None) -> None:
        """Log once when the source goes down and once when it is back."""
        was_down = previous is not None and previous.error is not None
        if attempt.error and not was_down:
            log.warning("bookings of %s cannot be read: %s", self.campus.id, attempt.error)
        elif attempt.error is None and was_down:
            log.info("bookings of %s can be read again", self.campus.id)
        log.info(
            "read %s of %s rooms of %s in %.1f s; failed: %s",
            attempt.rooms_read,
            attempt.rooms,
            self.campus.id,
            (attempt.ended_at - attempt.began_at).total_seconds(),
            dict(attempt.failures) or "none",
        )
