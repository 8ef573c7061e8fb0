"""iCalendar: one feed for a campus, or one a room, as calendar programs publish them.

`feeds` asks, and knows what did not change; `workbench` has feeds understood by a process of
its own, `worker`: there `text` drops all but times and places, `places` finds the rooms,
`times` and `series` the dates, `understanding` puts it together; here `days` makes it days.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from core.errors import SourceError, SourceUnavailableError
from core.model.campus import Campus, RoomDay
from core.sources.base import Progress, ReadResult, raise_if_nothing_read
from core.sources.http_client import SourceClient
from core.sources.ical.config import IcalSettings
from core.sources.ical.feed_cache import FeedCache
from core.sources.ical.parser_process import ParserProcess
from core.sources.ical.parser_protocol import SINGLE_ROOM, ParseJob, RoomNames
from core.sources.ical.room_days import RoomDayBuilder
from core.sources.kind import SourceContext

log = logging.getLogger(__name__)

# A campus of a thousand rooms takes long enough to hold up commands.
_ROOMS_PER_YIELD = 50


class IcalSource:
    """A campus whose rooms' bookings are iCalendar feeds."""

    def __init__(
        self,
        campus: Campus,
        settings: IcalSettings,
        context: SourceContext,
    ) -> None:
        self._campus = campus
        self._settings = settings
        self._session = context.session
        self._http_policy = context.http_policy
        self._limiter = context.limiter
        self._feed_cache = FeedCache()
        self._unmatched_count = 0

    async def read(
        self,
        days: Sequence[date],
        *,
        at: datetime,
        progress: Progress,
        last_read: datetime | None = None,
    ) -> ReadResult:
        """Read all rooms of the campus for consecutive `days`, in order.

        Raises:
            SourceError: nothing at all could be read for the first of `days`, or no feed has
                any event, which is how one looks that may not be seen.
        """
        client = SourceClient(
            self._session,
            self._http_policy,
            concurrency=self._settings.concurrency,
            now=at,
            limiter=self._limiter,
            last_read=last_read,
        )
        builder = RoomDayBuilder(self._campus, days, at)
        try:
            async with asyncio.timeout(self._http_policy.read_timeout.total_seconds()):
                await self._read(builder, client, progress)
        except TimeoutError:
            rooms = [room.id for room in self._campus.rooms]
            builder.mark_failed(rooms, SourceUnavailableError("timed out", "the whole reading"))
            progress(len(rooms), len(rooms))
        builder.raise_if_all_empty()
        result = await self._result(builder, days, client)
        raise_if_nothing_read(result, days[0])
        return result

    async def _read(
        self, builder: RoomDayBuilder, client: SourceClient, progress: Progress
    ) -> None:
        room_ids = [room.id for room in self._campus.rooms]
        # One at a time would be slow; all at once would hold all their text.
        slots = asyncio.Semaphore(self._settings.concurrency)
        done = 0
        parser = ParserProcess()

        async def read_feed(url: str, rooms: Sequence[str]) -> None:
            nonlocal done
            async with slots:
                await self._read_feed(url, rooms, builder, client, parser)
            done += len(rooms)
            progress(done, len(room_ids))

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
        builder: RoomDayBuilder,
        client: SourceClient,
        parser: ParserProcess,
    ) -> None:
        is_shared = self._settings.url is not None
        max_bytes = self._http_policy.max_feed if is_shared else self._http_policy.max_body
        try:
            feed = await self._feed_cache.read(
                url, self._parse_job(builder), client=client, parser=parser, max_bytes=max_bytes
            )
        except SourceError as err:
            builder.mark_failed(rooms, err)
            return
        for first in range(0, len(rooms), _ROOMS_PER_YIELD):
            some = rooms[first : first + _ROOMS_PER_YIELD]
            builder.add_feed(
                [(room_id, room_id if is_shared else SINGLE_ROOM) for room_id in some], feed
            )
            await asyncio.sleep(0)
        if feed.unmatched_count != self._unmatched_count:
            self._unmatched_count = feed.unmatched_count
            log.info(
                "%s of %s events name no room of %s",
                feed.unmatched_count,
                feed.event_count,
                self._campus.id,
            )

    def _parse_job(self, builder: RoomDayBuilder) -> ParseJob:
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

    async def _result(
        self, builder: RoomDayBuilder, days: Sequence[date], client: SourceClient
    ) -> ReadResult:
        known: dict[date, dict[str, RoomDay]] = {day: {} for day in days}
        failures: dict[date, dict[str, SourceError]] = {day: {} for day in days}
        for building in self._campus.buildings:
            for number, room in enumerate(building.rooms):
                if number % _ROOMS_PER_YIELD == 0:
                    await asyncio.sleep(0)
                for day in days:
                    outcome = builder.room_day(building, room.id, day)
                    if isinstance(outcome, RoomDay):
                        known[day][room.id] = outcome
                    else:
                        failures[day][room.id] = outcome
        return ReadResult(known, failures, client.latency)
