"""How a web source is asked: few questions at once, within limits, again where that may help.

`transport` asks once and tells the kinds of failure, `turns` limits all campuses together.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from statistics import median
from typing import TypeVar

import aiohttp
from yarl import URL

from core.errors import SourceError, SourceUnavailableError
from core.sources.manners import Manners
from core.sources.transport import USER_AGENT, Answer, BusyError, Question, ask_once
from core.sources.turns import Turns

__all__ = ["USER_AGENT", "Answer", "Conversation", "Manners", "Question"]

log = logging.getLogger(__name__)

_IN_DOUBT = 6
_GONE = 24

Understood = TypeVar("Understood")


class Conversation:
    """All questions of one reading to one source.

    A source that fails one question after another gets each further one only once, and soon
    none: a reading of a thousand rooms must not spend a thousand time limits on a host that
    is gone. Any answer, a refusal too, shows that it is there.

    `turns` are shared with other campuses; `last_read` is when this one was last read.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        manners: Manners,
        *,
        concurrency: int,
        at: datetime,
        turns: Turns | None = None,
        last_read: datetime | None = None,
    ) -> None:
        self._session = session
        self._manners = manners
        self._at = at
        self._own_turns = asyncio.Semaphore(concurrency)
        self._shared_turns = turns or Turns(concurrency)
        self._last_read = last_read
        self._took: list[float] = []
        self._failed_in_a_row = 0
        self._over: SourceUnavailableError | None = None

    @property
    def latency(self) -> timedelta:
        """The median time that one answer took, nothing where none came."""
        return timedelta(seconds=median(self._took) if self._took else 0)

    async def ask(self, url: URL, understand: Callable[[bytes], Understood]) -> Understood:
        """Return what `understand` makes of the answer to `url`.

        Raises:
            SourceError: what the last attempt raised, from the transport or `understand`.
        """
        return await self.put(
            Question(url), lambda answer: understand(answer.body or b""), most=self._manners.body
        )

    async def put(
        self, question: Question, understand: Callable[[Answer], Understood], *, most: int
    ) -> Understood:
        """Return what `understand` makes of the answer, which has at most `most` bytes.

        Waits hold the campus's own turn, so a source that is busy is asked less by all, but
        none of those that other campuses wait for.

        Raises:
            SourceError: what the last attempt raised, from the transport or `understand`.
        """
        async with self._own_turns:
            attempt = 0
            while True:
                attempt += 1
                try:
                    return await self._attempt(question, understand, most)
                except SourceUnavailableError as err:
                    wait = self._wait_before_next(attempt, err)
                    if wait is None:
                        raise
                    log.debug("asking again in %.1f s: %s", wait, err)
                await self._manners.sleep(wait)

    async def _attempt(
        self, question: Question, understand: Callable[[Answer], Understood], most: int
    ) -> Understood:
        try:
            understood = understand(await self._answer(question, most))
        except SourceUnavailableError:
            raise
        except SourceError:
            self._failed_in_a_row = 0
            raise
        self._failed_in_a_row = 0
        return understood

    async def _answer(self, question: Question, most: int) -> Answer:
        async with self._shared_turns.turn(self._last_read):
            if self._over:
                raise SourceUnavailableError(self._over.kind, "not asked any more")
            asked = self._manners.clock()
            answer = await ask_once(
                self._session, question, within=self._manners.question, most=most, at=self._at
            )
            self._took.append(self._manners.clock() - asked)
            return answer

    def _wait_before_next(self, attempt: int, err: SourceUnavailableError) -> float | None:
        """Return the seconds to wait, None where there is no next attempt."""
        wanted = err.wait if isinstance(err, BusyError) else timedelta()
        impatient = wanted > self._manners.patience
        if impatient or attempt >= self._attempts:
            self._failed_in_a_row += 1
            if impatient or self._failed_in_a_row >= _GONE:
                self._over = self._over or err
            return None
        jitter = 0.5 + self._manners.random.random()
        backoff = self._manners.backoff.total_seconds() * float(2 ** (attempt - 1)) * jitter
        return max(backoff, wanted.total_seconds())

    @property
    def _attempts(self) -> int:
        in_doubt = self._over or self._failed_in_a_row >= _IN_DOUBT
        return 1 if in_doubt else self._manners.attempts
