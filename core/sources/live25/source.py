"""A campus on 25Live: one read by the strategy that its file names."""

import logging
from collections.abc import Sequence
from datetime import date, datetime

from core.model.campus import Campus
from core.sources.http_client import SourceClient
from core.sources.http_source import HttpSource
from core.sources.kind import SourceContext
from core.sources.live25.config import Live25Settings
from core.sources.live25.room_days import Live25DayBuilder
from core.sources.live25.strategies import STRATEGIES, ReadContext
from core.sources.live25.urls import BookingUrls
from core.sources.progress import ProgressReporter

log = logging.getLogger(__name__)

_MAX_LOGGED_ROOMS = 8


class Live25Source(HttpSource[Live25Settings, Live25DayBuilder]):
    """A campus on 25Live.

    The strategy "rooms" reads 28 to 32 days, depending on the month; later days fail. Where
    25Live wants a login, it answers that every room is empty.
    """

    def __init__(self, campus: Campus, settings: Live25Settings, context: SourceContext) -> None:
        super().__init__(campus, settings, context)
        self._renamed: set[str] = set()

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
        if new := builder.names.renamed - self._renamed:
            log.warning(
                "25Live has another name for %s rooms of %s than the campus file: %s",
                len(new),
                self._campus.id,
                ", ".join(f"id {room_id}" for room_id in sorted(new)[:_MAX_LOGGED_ROOMS]),
            )
        self._renamed = builder.names.renamed
