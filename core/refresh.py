"""Who reads a campus, when several processes could: one of them, and the others wait."""

import asyncio
import logging
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from core.errors import (
    RefreshTooSoonError,
    SourceChangedError,
    SourceError,
    SourceRefusedError,
    SourceUnavailableError,
    StoreUnavailableError,
)
from core.model import Campus, Snapshot
from core.policy import Policy, keep_until
from core.reading import SUDDENLY_EMPTY, Reading, join
from core.sources import BookingSource
from core.store import Attempt, Begun, Cooling, Done, Store

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=10)
"""For how long a process that is killed while it reads keeps the others from reading."""

_FAULTS: Mapping[Literal["unavailable", "refused", "changed"], type[SourceError]] = {
    "unavailable": SourceUnavailableError,
    "refused": SourceRefusedError,
    "changed": SourceChangedError,
}

_HOLD_EVERY = 1.0
_LOOK_AGAIN = 0.25


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a refresh ended; no snapshots where another process did it: Redis has them."""

    attempt: Attempt
    snapshots: tuple[Snapshot, ...] = ()


class Refresher:
    """Does the refreshes of one campus, one at a time over all processes.

    A lock in Redis says who reads; the others wait for the outcome it leaves. With Redis
    away each process reads for itself and keeps what it read in memory.
    """

    def __init__(
        self,
        campus: Campus,
        source: BookingSource,
        store: Store,
        policy: Policy,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._campus = campus
        self._source = source
        self._store = store
        self._policy = policy
        self._now = now
        self._rooms = sum(1 for _ in campus.rooms)
        self.last_attempt: Attempt | None = None
        self.progress = (0, self._rooms)

    async def run(
        self, held: Mapping[date, Snapshot], *, asked: bool, unless_after: datetime | None
    ) -> Outcome:
        """Read the campus, or wait for the process that does; `held` is what memory holds.

        Data that another process read later than `unless_after` makes this reading needless.

        Raises:
            RefreshTooSoonError: `asked`, and the cooldown is not over.
            SourceError: nothing could be read.
        """
        self.progress = (0, self._rooms)
        token = uuid.uuid4().hex
        while True:
            try:
                answer = await self._store.begin_refresh(
                    self._campus.id,
                    token,
                    lease=LEASE,
                    asked=asked,
                    unless_after=unless_after,
                )
            except StoreUnavailableError:
                self._respect_own_cooldown(asked=asked)
                return await self._read(token, held)
            if isinstance(answer, Cooling):
                raise RefreshTooSoonError(read_at=answer.read_at, possible_at=answer.possible_at)
            if isinstance(answer, Done):
                return Outcome(answer.attempt)
            if isinstance(answer, Begun):
                return await self._read_holding_lock(token, held)
            if outcome := await self._others_outcome(answer.token):
                return outcome

    def _respect_own_cooldown(self, *, asked: bool) -> None:
        read_at = self.last_attempt.success_at if self.last_attempt else None
        if asked and read_at and self._now() < read_at + self._policy.cooldown:
            raise RefreshTooSoonError(read_at=read_at, possible_at=read_at + self._policy.cooldown)

    async def _others_outcome(self, token: str) -> Outcome | None:
        """Wait for another process's refresh; None where it ended without an outcome.

        Asked for again and again rather than told by a message: a message can be lost with
        its connection, and a quarter of a second is not felt beside a reading of seconds.
        """
        while True:
            try:
                state = await self._store.refresh_state(self._campus.id)
            except StoreUnavailableError:
                return None
            if state.token != token:
                break
            self.progress = state.progress or self.progress
            await asyncio.sleep(_LOOK_AGAIN)
        attempt = state.last_attempt
        if attempt is None or attempt.token != token:
            return None
        if attempt.error:
            raise _FAULTS[attempt.why or "unavailable"](attempt.error)
        return Outcome(attempt)

    async def _read_holding_lock(self, token: str, held: Mapping[date, Snapshot]) -> Outcome:
        over = asyncio.Event()
        holding = asyncio.create_task(self._hold_lock(token, over))
        failed: Attempt | None = None
        published = False
        try:
            outcome = await self._read(token, held)
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
                await self._release(token, failed)
        return outcome

    async def _hold_lock(self, token: str, over: asyncio.Event) -> None:
        """Tell the others how far the reading is, and that its process lives."""
        while not over.is_set():
            with suppress(StoreUnavailableError):
                await self._store.report_progress(
                    self._campus.id, token, *self.progress, lease=LEASE
                )
            await asyncio.sleep(_HOLD_EVERY)

    async def _publish(self, token: str, outcome: Outcome) -> bool:
        """Store the outcome; memory keeps it in any case, and gives it to Redis later."""
        try:
            return await self._store.publish(
                self._campus.id,
                token,
                outcome.snapshots,
                outcome.attempt,
                keep_until=self._keep_until,
                cooldown=self._policy.cooldown,
            )
        except StoreUnavailableError:
            return False

    def _keep_until(self, day: date) -> datetime:
        return keep_until(self._campus, day)

    async def _release(self, token: str, failed: Attempt | None) -> None:
        with suppress(StoreUnavailableError):
            await self._store.abandon_refresh(self._campus.id, token, failed)

    async def _read(self, token: str, held: Mapping[date, Snapshot]) -> Outcome:
        """Read the campus and note the attempt, whatever comes of it."""
        previous = await self._previous_attempt()
        began_at = self._now()
        try:
            reading, latency = await self._read_source(began_at, held, previous)
        except SourceError as err:
            self.last_attempt = self._failed(token, began_at, err, previous)
            self._report(self.last_attempt, previous)
            raise
        self.last_attempt = Attempt(
            token=token,
            began_at=began_at,
            ended_at=self._now(),
            rooms=self._rooms,
            read=reading.read,
            failures=reading.failures,
            error=None,
            doubted=reading.is_doubted,
            latency=latency,
            success_at=began_at,
            failing_since=None,
        )
        self._report(self.last_attempt, previous)
        return Outcome(self.last_attempt, reading.snapshots)

    async def _previous_attempt(self) -> Attempt | None:
        try:
            state = await self._store.refresh_state(self._campus.id)
        except StoreUnavailableError:
            return self.last_attempt
        return state.last_attempt or self.last_attempt

    async def _read_source(
        self, at: datetime, held: Mapping[date, Snapshot], previous: Attempt | None
    ) -> tuple[Reading, timedelta]:
        days = self._policy.days_to_read(self._campus, at)
        result = await self._source.read(
            days,
            at=at,
            progress=self._note_progress,
            last_read=previous.success_at if previous else None,
        )
        replaced = [day for day in days if day == days[0] or result.failures.get(day)]
        before = {day: held[day] for day in days if day in held}
        before |= await self._before(replaced, held)
        doubted = previous is not None and previous.doubted
        reading = join(self._campus, result, before, at=at, confirmed=doubted)
        if not reading.read:
            raise SourceChangedError(SUDDENLY_EMPTY)
        return reading, result.latency

    def _note_progress(self, read: int, total: int) -> None:
        self.progress = (read, total)

    async def _before(
        self, days: Sequence[date], held: Mapping[date, Snapshot]
    ) -> dict[date, Snapshot]:
        """Return what is replaced, from memory or from Redis, whichever is the newer."""
        before = {day: held[day] for day in days if day in held}
        with suppress(StoreUnavailableError):
            for day, stored in (await self._store.snapshots(self._campus.id, days)).items():
                if day not in before or before[day].attempted_at < stored.attempted_at:
                    before[day] = stored
        return before

    def _failed(
        self, token: str, began_at: datetime, err: SourceError, previous: Attempt | None
    ) -> Attempt:
        return Attempt(
            token=token,
            began_at=began_at,
            ended_at=self._now(),
            rooms=self._rooms,
            read=0,
            failures={err.kind: self._rooms},
            error=err.kind,
            doubted=err.kind == SUDDENLY_EMPTY,
            why=next((why for why, fault in _FAULTS.items() if isinstance(err, fault)), None),
            latency=None,
            success_at=previous.success_at if previous else None,
            failing_since=(previous.failing_since if previous else None) or began_at,
        )

    def _report(self, attempt: Attempt, previous: Attempt | None) -> None:
        """Log once when the source goes down and once when it is back."""
        was_down = previous is not None and previous.error is not None
        if attempt.error and not was_down:
            log.warning("bookings of %s cannot be read: %s", self._campus.id, attempt.error)
        elif attempt.error is None and was_down:
            log.info("bookings of %s can be read again", self._campus.id)
        log.info(
            "read %s of %s rooms of %s in %.1f s; failed: %s",
            attempt.read,
            attempt.rooms,
            self._campus.id,
            (attempt.ended_at - attempt.began_at).total_seconds(),
            dict(attempt.failures) or "none",
        )
