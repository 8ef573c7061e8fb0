"""A booking source that is read over HTTP: what one read does, whatever the kind of source."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import date, datetime
from typing import Generic, TypeVar

from core.errors import SourceUnavailableError
from core.model.campus import Campus
from core.sources.base import Progress, ReadResult
from core.sources.http_client import SourceClient
from core.sources.kind import SettingsT, SourceContext
from core.sources.progress import ProgressReporter
from core.sources.room_days import RoomDayBuilder

BuilderT = TypeVar("BuilderT", bound=RoomDayBuilder)


class HttpSource(ABC, Generic[SettingsT, BuilderT]):
    """A booking source of one campus; a kind adds which requests to send and what they mean."""

    def __init__(self, campus: Campus, settings: SettingsT, context: SourceContext) -> None:
        self._campus = campus
        self._settings = settings
        self._http_policy = context.http_policy
        self._session = context.session
        self._limiter = context.limiter

    async def read(
        self,
        days: Sequence[date],
        *,
        at: datetime,
        progress: Progress,
        last_read: datetime | None = None,
    ) -> ReadResult:
        """Read all rooms of the campus for consecutive `days`, in order.

        When time runs out, the rooms read until then are returned.

        Raises:
            SourceError: nothing at all was read for the first of `days`, or every room is
                empty at all times, as where a source hides its bookings from strangers.
        """
        client = SourceClient(
            self._session,
            self._http_policy,
            concurrency=self._settings.concurrency,
            now=at,
            limiter=self._limiter,
            last_read=last_read,
        )
        builder = self._create_builder(days, at)
        reporter = ProgressReporter(progress, sum(1 for _ in self._campus.rooms))
        try:
            async with asyncio.timeout(self._http_policy.read_timeout.total_seconds()):
                await self._fetch(builder, client, reporter)
        except TimeoutError:
            builder.fail_rest(SourceUnavailableError("timed out", "the whole reading"))
        reporter.finish()
        return await builder.build(client.latency)

    @abstractmethod
    def _create_builder(self, days: Sequence[date], at: datetime) -> BuilderT:
        """Return an empty builder of the rooms' days."""

    @abstractmethod
    async def _fetch(
        self, builder: BuilderT, client: SourceClient, reporter: ProgressReporter
    ) -> None:
        """Request everything about the builder's days, and record it there.

        A request that fails is recorded as the failure of its rooms; only a defect raises.
        """
