"""A campus on 25Live: one read by the strategy that its file names."""

from collections.abc import Sequence
from datetime import date, datetime

from core.sources.http_client import SourceClient
from core.sources.http_source import HttpSource
from core.sources.live25.config import Live25Settings
from core.sources.live25.room_days import Live25DayBuilder
from core.sources.live25.strategies import STRATEGIES, ReadContext
from core.sources.live25.urls import BookingUrls
from core.sources.progress import ProgressReporter


class Live25Source(HttpSource[Live25Settings, Live25DayBuilder]):
    """A campus on 25Live.

    The strategy "rooms" reads 28 to 32 days, depending on the month; later days fail. Where
    25Live wants a login, it answers that every room is empty.
    """

    def _create_builder(self, days: Sequence[date], at: datetime) -> Live25DayBuilder:
        return Live25DayBuilder(self._campus, days, at)

    async def _fetch(
        self, builder: Live25DayBuilder, client: SourceClient, reporter: ProgressReporter
    ) -> None:
        read = STRATEGIES[self._settings.strategy]
        await read(
            ReadContext(
                urls=BookingUrls(self._settings.url),
                search_id=self._settings.search_id or "",
                client=client,
                builder=builder,
                reporter=reporter,
                random=self._http_policy.random,
            )
        )
