"""25Live, read through the public addresses that its own pages use.

`web` asks, `questions` knows the addresses, `ways` which of them, `answers` the shapes,
`grid` and `reservations` what they mean, `findings` puts it together.
"""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime

import aiohttp

from core.errors import SourceUnavailableError
from core.model import Campus, Live25Settings
from core.sources.live25.findings import Findings
from core.sources.live25.questions import Questions
from core.sources.live25.ways import WAYS, Reading, Tally
from core.sources.reading import Progress, ReadResult, refuse_nothing
from core.sources.turns import Turns
from core.sources.web import Conversation, Manners


class Live25:
    """A campus on 25Live, read in the way that its file names."""

    def __init__(
        self,
        campus: Campus,
        settings: Live25Settings,
        session: aiohttp.ClientSession,
        manners: Manners,
        turns: Turns,
    ) -> None:
        self._campus = campus
        self._settings = settings
        self._session = session
        self._manners = manners
        self._turns = turns
        self._read = WAYS[settings.read]

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
        findings = Findings(self._campus, days, at)
        tally = Tally(progress, len(findings.room_ids))
        talk = Conversation(
            self._session,
            self._manners,
            concurrency=self._settings.concurrency,
            at=at,
            turns=self._turns,
            last_read=last_read,
        )
        reading = Reading(
            questions=Questions(self._settings.url),
            search_id=self._settings.search_id or "",
            talk=talk,
            findings=findings,
            tally=tally,
            random=self._manners.random,
        )
        try:
            async with asyncio.timeout(self._manners.reading.total_seconds()):
                await self._read(reading)
        except TimeoutError:
            late = SourceUnavailableError("timed out", "the whole reading")
            findings.fail(findings.room_ids, findings.wanted, late)
        tally.finish()
        findings.refuse_emptiness()
        result = ReadResult(*await findings.by_day(), talk.latency)
        refuse_nothing(result, findings.days[0])
        return result
