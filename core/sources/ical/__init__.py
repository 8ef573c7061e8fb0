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

import aiohttp

from core.errors import SourceError, SourceUnavailableError
from core.model import Campus, IcalSettings, RoomDay
from core.sources.ical.days import Days
from core.sources.ical.feeds import Feeds
from core.sources.ical.messages import ONE_ROOM, Job, Place
from core.sources.ical.workbench import Workbench
from core.sources.reading import Progress, ReadResult, refuse_nothing
from core.sources.turns import Turns
from core.sources.web import Conversation, Manners

log = logging.getLogger(__name__)

# A campus of a thousand rooms takes long enough to hold up commands.
_ROOMS_AT_A_STRETCH = 50


class Ical:
    """A campus whose rooms' bookings are iCalendar feeds."""

    def __init__(
        self,
        campus: Campus,
        settings: IcalSettings,
        session: aiohttp.ClientSession,
        manners: Manners,
        turns: Turns,
    ) -> None:
        self._campus = campus
        self._settings = settings
        self._session = session
        self._manners = manners
        self._turns = turns
        self._feeds = Feeds()
        self._homeless = 0

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
        talk = Conversation(
            self._session,
            self._manners,
            concurrency=self._settings.concurrency,
            at=at,
            turns=self._turns,
            last_read=last_read,
        )
        found = Days(self._campus, days, at)
        try:
            async with asyncio.timeout(self._manners.reading.total_seconds()):
                await self._read(found, talk, progress)
        except TimeoutError:
            rooms = [room.id for room in self._campus.rooms]
            found.fail(rooms, SourceUnavailableError("timed out", "the whole reading"))
            progress(len(rooms), len(rooms))
        found.refuse_emptiness()
        result = await self._result(found, days, talk)
        refuse_nothing(result, days[0])
        return result

    async def _read(self, found: Days, talk: Conversation, progress: Progress) -> None:
        room_ids = [room.id for room in self._campus.rooms]
        # One at a time would be slow; all at once would hold all their text.
        at_once = asyncio.Semaphore(self._settings.concurrency)
        done = 0
        bench = Workbench()

        async def read_feed(url: str, rooms: Sequence[str]) -> None:
            nonlocal done
            async with at_once:
                await self._read_feed(url, rooms, found, talk, bench)
            done += len(rooms)
            progress(done, len(room_ids))

        feeds = list(self._rooms_by_feed(room_ids).items())
        # In the file's order one broken building would look like a source that is gone.
        self._manners.random.shuffle(feeds)
        async with bench, asyncio.TaskGroup() as tasks:
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
        found: Days,
        talk: Conversation,
        bench: Workbench,
    ) -> None:
        is_shared = self._settings.url is not None
        most = self._manners.feed if is_shared else self._manners.body
        try:
            told = await self._feeds.read(url, self._job(found), talk=talk, bench=bench, most=most)
        except SourceError as err:
            found.fail(rooms, err)
            return
        for first in range(0, len(rooms), _ROOMS_AT_A_STRETCH):
            some = rooms[first : first + _ROOMS_AT_A_STRETCH]
            found.tell([(room_id, room_id if is_shared else ONE_ROOM) for room_id in some], told)
            await asyncio.sleep(0)
        if told.homeless != self._homeless:
            self._homeless = told.homeless
            log.info(
                "%s of %s events name no room of %s", told.homeless, told.events, self._campus.id
            )

    def _job(self, found: Days) -> Job:
        start, end = found.span
        places = [
            Place(room.id, building.code, building.name, room.name, called.get(room.id))
            for called in [self._settings.locations]
            for building in self._campus.buildings
            for room in building.rooms
        ]
        return Job(
            zone=self._campus.timezone.key,
            start=start,
            end=end,
            match=self._settings.match,
            places=tuple(places) if self._settings.url is not None else (),
        )

    async def _result(self, found: Days, days: Sequence[date], talk: Conversation) -> ReadResult:
        known: dict[date, dict[str, RoomDay]] = {day: {} for day in days}
        failures: dict[date, dict[str, SourceError]] = {day: {} for day in days}
        for building in self._campus.buildings:
            for number, room in enumerate(building.rooms):
                if number % _ROOMS_AT_A_STRETCH == 0:
                    await asyncio.sleep(0)
                for day in days:
                    told = found.room_day(building, room.id, day)
                    if isinstance(told, RoomDay):
                        known[day][room.id] = told
                    else:
                        failures[day][room.id] = told
        return ReadResult(known, failures, talk.latency)
