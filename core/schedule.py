"""Where a campus's data comes from: memory, Redis or the source, and who asks the source."""

import asyncio
import logging
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from datetime import date, datetime, timedelta

from core.availability import CampusDay, CampusDays, days_at
from core.changes import Changes, changes
from core.errors import MemberError, NoDataError, SourceError, StoreUnavailableError
from core.memory import Memory
from core.model import Campus
from core.policy import OUTAGE_PAUSE, Policy
from core.refresh import Refresher
from core.sources import BookingSource
from core.standing import DataAge, Refreshed, Standing
from core.store import Attempt, RefreshState, Store

log = logging.getLogger(__name__)

_SECONDS_TO_CLOSE = 1.0


class Schedule:
    """Answers from what is known of one campus, and sees to it that it is known.

    Memory answers first; Redis is asked whether another process knows more recent. With
    Redis away, memory answers alone. At most one refresh runs for a campus, over all
    processes; all who wait for it get its result.
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
        self.campus = campus
        self._store = store
        self._policy = policy
        self._now = now
        self._memory = Memory(campus, store, min_gap=policy.min_gap, now=now)
        self._refresher = Refresher(campus, source, store, policy, now=now)
        self._state: RefreshState | None = None
        self._running: asyncio.Task[Refreshed] | None = None
        self._has_loaded = False

    @property
    def min_gap(self) -> timedelta:
        """The shortest gap that counts."""
        return self._policy.min_gap

    @property
    def known_days(self) -> list[date]:
        """The days that can be answered from memory, in order."""
        return self._memory.days

    def remembered(self, moment: datetime) -> CampusDays:
        """Return what memory holds for that moment, at once; days may be absent."""
        return self._memory.days_at(moment)

    def remembers(self, day: date) -> bool:
        """Tell whether that day can be answered from memory."""
        return day in self._memory.days

    def held(self, day: date) -> CampusDay | None:
        """Return what memory holds of a day, at once; the same one while nothing is new."""
        return self._memory.day(day)

    async def load(self) -> None:
        """Take from Redis what is stored of today; the first tick takes the days to come."""
        await self._memory.load(tuple(days_at(self.campus, self._now())))

    async def known_day(self, wanted: date) -> CampusDay | None:
        """Return what is known of a day, here or in Redis, and read nothing for it."""
        return await self._memory.latest(wanted)

    async def known_among(self, wanted: Collection[date]) -> CampusDays:
        """Return what is known of those days, here or in Redis, and read nothing for it."""
        return await self._memory.latest_among(wanted)

    async def known_at(self, moment: datetime) -> CampusDays:
        """Return what is known for that moment, here or in Redis, and read nothing for it."""
        return await self.known_among(days_at(self.campus, moment))

    async def days_at(self, moment: datetime) -> CampusDays:
        """Return the campus days that a question about `moment` needs; as `day` does.

        Yesterday's, for a building that is still in its hours, may be absent.

        Raises:
            NoDataError: none of them is known.
        """
        found = {}
        missing: NoDataError | None = None
        for wanted in sorted(days_at(self.campus, moment)):
            try:
                found[wanted] = await self.day(wanted)
            except NoDataError as err:
                missing = err
        if not found and missing:
            raise missing
        return found

    async def day(self, wanted: date) -> CampusDay:
        """Return what is known of a day, waiting for a refresh if nothing is.

        Old data is returned as it is, and read again behind the answer.

        Raises:
            NoDataError: nothing is known and nothing can be had now.
        """
        found = await self._memory.latest(wanted)
        if found is None and self._would_help(wanted):
            with suppress(SourceError):
                await self.refresh(asked=False)
            found = self._memory.day(wanted)
        if found is None:
            raise self._no_data(wanted)
        if wanted >= self._today and self.is_stale(found):
            self.refresh_behind()
        return found

    def _would_help(self, wanted: date) -> bool:
        """Tell whether a refresh may bring that day; not if the last one did not bring it."""
        is_read = wanted in self._policy.days_to_read(self.campus, self._now())
        return is_read and not self.remembers(self._today) and not self._is_paused()

    def _no_data(self, wanted: date) -> NoDataError:
        known = [day for day in self.known_days if day >= self._today]
        return NoDataError(
            wanted,
            first=min(known, default=None),
            last=max(known, default=None),
            retry_at=None if known else self._retry_at(),
        )

    def is_stale(self, day: CampusDay) -> bool:
        """Tell whether the data is so old that a member has to be told."""
        return day.read_at is None or self._now() - day.read_at > self._policy.stale_after

    def age(self, days: Iterable[CampusDay]) -> DataAge:
        """Tell how old the oldest of these days is, and how its source does."""
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

    def morning(self, day: date) -> datetime:
        """Return when the morning's refresh of that day is due."""
        return self._policy.morning(self.campus, day)

    def is_of_the_morning(self, day: CampusDay) -> bool:
        """Tell whether a day was read by its morning's refresh or later."""
        return day.read_at is not None and day.read_at >= self.morning(day.snapshot.day)

    @property
    def progress(self) -> tuple[int, int] | None:
        """Rooms read and rooms in all of the refresh under way, None where none is."""
        return self._refresher.progress if self._running else None

    async def refresh(self, *, asked: bool) -> Refreshed:
        """Read the campus now, or join the refresh that is under way.

        With `asked`, a moderator's, the cooldown is respected; the bot's own refreshes are
        not held up by it.

        Raises:
            RefreshTooSoonError: the cooldown is not over.
            SourceError: nothing could be read; what is stored stays as it was.
        """
        # Shielded: one caller that goes away must not end it for the others.
        return await asyncio.shield(self._started(asked=asked))

    def refresh_behind(self) -> None:
        """Start a refresh that nobody waits for, unless the source is left alone just now."""
        if not self._is_paused():
            self._started(asked=False)

    def _started(self, *, asked: bool) -> asyncio.Task[Refreshed]:
        if self._running is None:
            self._running = asyncio.create_task(self._refresh(asked=asked))
            self._running.add_done_callback(self._finished)
        return self._running

    def _finished(self, task: asyncio.Task[Refreshed]) -> None:
        self._running = None
        error = None if task.cancelled() else task.exception()
        # Perhaps nobody waits for it; the refresher has logged what the source did.
        if error and not isinstance(error, SourceError | MemberError):
            log.error("the refresh of %s failed", self.campus.id, exc_info=error)

    async def _refresh(self, *, asked: bool) -> Refreshed:
        before = self._memory.day(self._today)
        outcome = await self._refresher.run(
            self._memory.snapshots, asked=asked, unless_after=before.read_at if before else None
        )
        for snapshot in outcome.snapshots:
            self._memory.remember(snapshot)
        await self._look_up_state()
        self._memory.doubt()
        after = await self._memory.latest(self._today)
        moved = changes(before, after, self._now()) if after else Changes()
        return Refreshed(outcome.attempt, moved)

    async def tick(self) -> None:
        """See what other processes brought, and start a refresh if one is due."""
        with suppress(StoreUnavailableError):
            await self._store.ping()
        if not self._has_loaded:
            # Not before the bot answers: a month takes as long as a fifth of the start.
            await self._memory.load(self._policy.days_to_read(self.campus, self._now()))
            self._has_loaded = True
        await self._look_up_state()
        today = await self._memory.latest(self._today)
        if self._policy.is_due(self.campus, self._now(), today.read_at if today else None):
            self.refresh_behind()

    async def standing(self) -> Standing:
        """Tell how the data stands, as far as can be known now."""
        await self._look_up_state()
        today = self._memory.day(self._today)
        due = self._now()
        if today and today.read_at:
            due = max(due, self._policy.due_at(self.campus, today.read_at))
        if self._is_paused():
            due = max(due, self._retry_at())
        return Standing(
            last_attempt=self._last_attempt,
            possible_at=self._state.possible_at if self._state else None,
            next_refresh=due,
            is_running=bool(self._running or (self._state and self._state.token)),
        )

    @property
    def _today(self) -> date:
        return self.campus.day_of(self._now())

    @property
    def _last_attempt(self) -> Attempt | None:
        own, shared = self._refresher.last_attempt, self._state and self._state.last_attempt
        return max((each for each in (own, shared) if each), key=_began_at, default=None)

    async def _look_up_state(self) -> None:
        try:
            self._state = await self._store.refresh_state(self.campus.id)
        except StoreUnavailableError:
            self._state = None

    def _is_paused(self) -> bool:
        last = self._last_attempt
        return bool(last and last.error and self._now() < last.ended_at + OUTAGE_PAUSE)

    def _retry_at(self) -> datetime:
        last = self._last_attempt
        return last.ended_at + OUTAGE_PAUSE if last else self._now()

    async def close(self) -> None:
        """End what runs; a refresh that is cut off leaves no lock and changes nothing."""
        if self._running:
            self._running.cancel()
            # In Python 3.11 a cancellation can be lost while Redis is asked; the end of the
            # program cancels once more.
            await asyncio.wait([self._running], timeout=_SECONDS_TO_CLOSE)
        await self._memory.close()


def _began_at(attempt: Attempt) -> datetime:
    return attempt.began_at
