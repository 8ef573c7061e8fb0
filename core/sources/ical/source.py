"""A campus on iCalendar: one read of all its feeds."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from core.errors import SourceError
from core.model.campus import Campus
from core.sources.http_client import SourceClient
from core.sources.http_source import HttpSource
from core.sources.ical.config import IcalSettings
from core.sources.ical.feed_cache import FeedCache
from core.sources.ical.parser_process import ParserProcess
from core.sources.ical.parser_protocol import SINGLE_ROOM, ParseJob, RoomNames
from core.sources.ical.room_days import IcalDayBuilder
from core.sources.kind import SourceContext
from core.sources.progress import ProgressReporter

log = logging.getLogger(__name__)

# A feed of a thousand rooms takes long enough to hold up commands.
_ROOMS_PER_YIELD = 50


class IcalSource(HttpSource[IcalSettings, IcalDayBuilder]):
    """A campus whose rooms' bookings are iCalendar feeds.

    Feeds without a single event are refused: so looks a feed that strangers may not see.
    """

    def __init__(self, campus: Campus, settings: IcalSettings, context: SourceContext) -> None:
        super().__init__(campus, settings, context)
        self._feed_cache = FeedCache(settings.hosts)
        self._unmatched_count = 0

    def _create_builder(self, days: Sequence[date], at: datetime) -> IcalDayBuilder:
        return IcalDayBuilder(self._campus, days, at, self._settings.reaches)

    async def _fetch(
        self, builder: IcalDayBuilder, client: SourceClient, reporter: ProgressReporter
    ) -> None:
        room_ids = [room.id for room in self._campus.rooms]
        # One at a time would be slow; all at once would hold all their text.
        slots = asyncio.Semaphore(self._settings.concurrency)
        parser = ParserProcess()

        async def read_feed(url: str, rooms: Sequence[str]) -> None:
            async with slots:
                await self._read_feed(url, rooms, builder, client, parser)
            reporter.steps_done(len(rooms))

        reporter.set_steps(len(room_ids))
        feeds = list(self._rooms_by_feed(room_ids).items())
        # In the file's order one broken building would look like a source that is gone.
        self._http_policy.random.shuffle(feeds)
        async with parser, asyncio.TaskGroup() as tasks:
            for url, rooms in feeds:
                tasks.create_task(read_feed(url, rooms))

    def _rooms_by_feed(self, room_ids: Sequence[str]) -> dict[str, list[str]]:
        rooms = defaultdict[str, list[str]](list)
        for room_id in room_ids:
            rooms[self._settings.url or self._settings.feeds[room_id]].append(room_id)
        return rooms

    async def _read_feed(
        self,
        url: str,
        rooms: Sequence[str],
        builder: IcalDayBuilder,
        client: SourceClient,
        parser: ParserProcess,
    ) -> None:
        is_shared = self._settings.url is not None
        max_bytes = self._http_policy.max_feed
        try:
            feed = await self._feed_cache.read(
                url, self._parse_job(builder), client=client, parser=parser, max_bytes=max_bytes
            )
        except SourceError as err:
            builder.mark_failed(rooms, err)
            return
        for first in range(0, len(rooms), _ROOMS_PER_YIELD):
            some = rooms[first : first + _ROOMS_PER_YIELD]
            ids = [(room_id, room_id if is_shared else SINGLE_ROOM) for room_id in some]
            builder.add_feed(ids, feed, builder.end_of_request(url))
            await asyncio.sleep(0)
        if feed.unmatched_count != self._unmatched_count:
            self._unmatched_count = feed.unmatched_count
            log.info(
                "%s of %s events name no room of %s",
                feed.unmatched_count,
                feed.event_count,
                self._campus.id,
            )

    def _parse_job(self, builder: IcalDayBuilder) -> ParseJob:
        start, end = builder.span
        rooms = [
            RoomNames(room.id, building.code, building.name, room.name, locations.get(room.id))
            for locations in [self._settings.locations]
            for building in self._campus.buildings
            for room in building.rooms
        ]
        return ParseJob(
            zone=self._campus.timezone.key,
            start=start,
            end=end,
            match_mode=self._settings.match_mode,
            rooms=tuple(rooms) if self._settings.url is not None else (),
        )
