"""A campus on EMS: one read, a question about its rooms and one about each day."""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime

from core.errors import SourceError
from core.sources.ems.config import EmsSettings
from core.sources.ems.connection import EmsConnection
from core.sources.ems.decoding import decode_day, decode_rooms
from core.sources.ems.requests import BOOKINGS, EASTERN, ROOMS, day_question
from core.sources.ems.room_days import EmsDayBuilder
from core.sources.ems.time_zones import campus_timezone_id
from core.sources.http_client import SourceClient
from core.sources.http_source import HttpSource
from core.sources.progress import ProgressReporter

# A request takes a few turns of the event loop from a free slot to its last byte.
_TURNS_TO_SEND = 6


class EmsSource(HttpSource[EmsSettings, EmsDayBuilder]):
    """A campus whose bookings strangers can read in an EMS web app.

    Rooms that strangers may not see are unknown.
    """

    def _create_builder(self, days: Sequence[date], at: datetime) -> EmsDayBuilder:
        return EmsDayBuilder(self._campus, days, at)

    async def _fetch(
        self, builder: EmsDayBuilder, client: SourceClient, reporter: ProgressReporter
    ) -> None:
        connection = EmsConnection(client, self._settings.url, max_bytes=self._http_policy.max_feed)
        reporter.set_steps(len(builder.read_days) + 1)
        try:
            question = day_question(builder.days[0], EASTERN)
            buildings = decode_rooms(await connection.ask(ROOMS, question))
            builder.add_rooms(buildings)
            timezone_id = campus_timezone_id(self._campus, buildings, builder.days[0])
        except SourceError as err:
            builder.fail_rest(err)
            return
        reporter.steps_done()

        # All at once would hold all their text.
        slots = asyncio.Semaphore(self._settings.concurrency)

        async def read_day(day: date) -> None:
            try:
                async with slots:
                    answer = await connection.ask(BOOKINGS, day_question(day, timezone_id))
                await _let_next_question_leave()
                await builder.add_day(day, decode_day(answer))
            except SourceError as err:
                builder.mark_failed(day, err)
            reporter.steps_done()

        async with asyncio.TaskGroup() as tasks:
            for day in builder.read_days:
                tasks.create_task(read_day(day))


async def _let_next_question_leave() -> None:
    """Let the loop send the next question before this answer takes the processor."""
    for _ in range(_TURNS_TO_SEND):
        await asyncio.sleep(0)
