"""25Live, read through the public addresses that its own pages use.

`web` asks, `questions` knows the addresses, `ways` which of them, `answers` the shapes,
`grid` and `reservations` what they mean, `findings` puts it together.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime

import aiohttp

from core.errors import SourceError, SourceUnavailableError
from core.model import Campus, RoomDay
from core.sources.live25.findings import Findings
from core.sources.live25.questions import Questions
from core.sources.live25.ways import WAYS, Reading, Tally
from core.sources.reading import Progress, ReadResult
from core.sources.web import Conversation, Manners

# A campus of a thousand rooms takes long enough to hold up commands.
_ROOMS_AT_A_STRETCH = 50


class Live25:
    """A campus on 25Live, read in the way that its file names."""

    def __init__(self, campus: Campus, session: aiohttp.ClientSession, manners: Manners) -> None:
        self._campus = campus
        self._session = session
        self._manners = manners
        self._read = WAYS[campus.source.read]

    async def read(self, days: Sequence[date], *, at: datetime, progress: Progress) -> ReadResult:
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
            concurrency=self._campus.source.concurrency,
            at=at,
        )
        reading = Reading(
            questions=Questions(self._campus.source.url),
            search_id=self._campus.source.search_id or "",
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
        result = await self._result(findings, talk)
        _refuse_nothing(result, findings.days[0])
        return result

    async def _result(self, findings: Findings, talk: Conversation) -> ReadResult:
        days: dict[date, dict[str, RoomDay]] = {day: {} for day in findings.days}
        failures: dict[date, dict[str, SourceError]] = {day: {} for day in findings.days}
        for building in self._campus.buildings:
            for number, room in enumerate(building.rooms):
                if number % _ROOMS_AT_A_STRETCH == 0:
                    await asyncio.sleep(0)
                for day in findings.days:
                    known = findings.room_day(building, room.id, day)
                    if isinstance(known, RoomDay):
                        days[day][room.id] = known
                    else:
                        failures[day][room.id] = known
        return ReadResult(days, failures, talk.latency)


def _refuse_nothing(result: ReadResult, first: date) -> None:
    """Stop a reading that brought nothing for `first`, with the reason that most rooms have.

    Raises:
        SourceError: see above.
    """
    failures = result.failures[first]
    if result.days[first] or not failures:
        return
    counts = Counter((type(err), err.kind) for err in failures.values())
    (error, kind), count = counts.most_common(1)[0]
    raise error(kind, f"{count} of {len(failures)} rooms")
