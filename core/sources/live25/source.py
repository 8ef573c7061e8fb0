"""25Live, read through the public addresses that its own pages use.

`web` asks, `questions` knows the addresses, `ways` which of them, `answers` the shapes,
`grid` and `reservations` what they mean, `findings` puts it together.
"""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime

from core.errors import SourceUnavailableError
from core.model.campus import Campus
from core.sources.base import Progress, ReadResult, raise_if_nothing_read
from core.sources.http_client import SourceClient
from core.sources.kind import SourceContext
from core.sources.live25.config import Live25Settings
from core.sources.live25.room_days import RoomDayBuilder
from core.sources.live25.strategies import STRATEGIES, ProgressReporter, ReadContext
from core.sources.live25.urls import BookingUrls


class Live25Source:
    """A campus on 25Live, read in the way that its file names."""

    def __init__(
        self,
        campus: Campus,
        settings: Live25Settings,
        context: SourceContext,
    ) -> None:
        self._campus = campus
        self._settings = settings
        self._session = context.session
        self._http_policy = context.http_policy
        self._limiter = context.limiter
        self._strategy = STRATEGIES[settings.strategy]

    async def read(
        self,
        days: Sequence[date],
        *,
        at: datetime,
        progress: Progress,
        last_read: datetime | None = None,
    ) -> ReadResult:
        """Read all rooms of the campus for consecutive `days`, in order.

        One question a room brings 28 to 32 days, depending on the month; later ones fail.

        Raises:
            SourceError: nothing at all could be read for the first of `days`, or every room
                came back empty, which is how 25Live says that it wants a login.
        """
        builder = RoomDayBuilder(self._campus, days, at)
        reporter = ProgressReporter(progress, len(builder.room_ids))
        client = SourceClient(
            self._session,
            self._http_policy,
            concurrency=self._settings.concurrency,
            now=at,
            limiter=self._limiter,
            last_read=last_read,
        )
        context = ReadContext(
            urls=BookingUrls(self._settings.url),
            search_id=self._settings.search_id or "",
            client=client,
            builder=builder,
            reporter=reporter,
            random=self._http_policy.random,
        )
        try:
            async with asyncio.timeout(self._http_policy.read_timeout.total_seconds()):
                await self._strategy(context)
        except TimeoutError:
            error = SourceUnavailableError("timed out", "the whole reading")
            builder.mark_failed(builder.room_ids, builder.read_days, error)
        reporter.finish()
        builder.raise_if_all_empty()
        result = ReadResult(*await builder.results_by_day(), client.latency)
        raise_if_nothing_read(result, builder.days[0])
        return result
