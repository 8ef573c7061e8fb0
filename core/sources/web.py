"""How a web source is asked: few questions at once, within limits, again where that may help.

The kinds of failure that begin here, in words that members can read:

| kind | error | asked again |
|---|---|---|
| no answer, timed out, cut off | unavailable | yes |
| rate limited, server error 503 | unavailable | yes, after the time that it asks for |
| refused 403, not found, redirected | refused | no |
| too large, not understood | changed | no |
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from random import Random
from statistics import median
from typing import TypeVar

import aiohttp
from yarl import URL

from core import PROJECT, VERSION
from core.errors import (
    SourceChangedError,
    SourceError,
    SourceRefusedError,
    SourceUnavailableError,
)

log = logging.getLogger(__name__)

USER_AGENT = f"EmptyClassroom-Discord/{VERSION} (+{PROJECT})"
"""Sent with every question, so that whoever runs the source can tell who asks."""

_IN_DOUBT = 6
_GONE = 24
_AGAIN = {HTTPStatus.REQUEST_TIMEOUT: "timed out", HTTPStatus.TOO_MANY_REQUESTS: "rate limited"}
_ABSENT = {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Manners:
    """How patient and how demanding a reading is; the last three are the world it lives in.

    `question` and `reading` limit the time of one question and of them all, `body` the bytes
    of one answer after it is unpacked. The wait between two attempts starts at `backoff` and
    doubles. A source that asks for more than `patience` before the next question gets none.
    """

    question: timedelta = timedelta(seconds=20)
    reading: timedelta = timedelta(minutes=10)
    body: int = 8 * 1024 * 1024
    attempts: int = 4
    backoff: timedelta = timedelta(seconds=0.5)
    patience: timedelta = timedelta(minutes=1)
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    clock: Callable[[], float] = time.monotonic
    random: Random = field(default_factory=Random)


class _BusyError(SourceUnavailableError):
    """The source wants to be left alone for `wait`."""

    def __init__(self, kind: str, wait: timedelta) -> None:
        super().__init__(kind)
        self.wait = wait


class Conversation:
    """All questions of one reading to one host.

    A host that fails one question after another gets each further one only once, and soon
    none: a reading of a thousand rooms must not spend a thousand time limits on a host that
    is gone. Any answer, a refusal too, shows that it is there.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        manners: Manners,
        *,
        concurrency: int,
        at: datetime,
    ) -> None:
        self._session = session
        self._manners = manners
        self._at = at
        self._turns = asyncio.Semaphore(concurrency)
        self._took: list[float] = []
        self._failed_in_a_row = 0
        self._over: SourceUnavailableError | None = None

    @property
    def latency(self) -> timedelta:
        """The median time that one answer took, nothing where none came."""
        return timedelta(seconds=median(self._took) if self._took else 0)

    async def ask(self, url: URL, understand: Callable[[bytes], Answer]) -> Answer:
        """Return what `understand` makes of the answer to `url`.

        Waits hold their turn, so a source that is busy is asked less by all.

        Raises:
            SourceError: what the last attempt raised, from the transport or `understand`.
        """
        async with self._turns:
            return await self._ask_until_answered(url, understand)

    async def _ask_until_answered(self, url: URL, understand: Callable[[bytes], Answer]) -> Answer:
        attempt = 0
        while True:
            attempt += 1
            try:
                return await self._attempt(url, understand)
            except SourceUnavailableError as err:
                wait = self._wait_before_next(attempt, err)
                if wait is None:
                    raise
                log.debug("asking again in %.1f s: %s", wait, err)
            await self._manners.sleep(wait)

    async def _attempt(self, url: URL, understand: Callable[[bytes], Answer]) -> Answer:
        if self._over:
            raise SourceUnavailableError(self._over.kind, "not asked any more")
        try:
            answer = understand(await self._body(url))
        except SourceUnavailableError:
            raise
        except SourceError:
            self._failed_in_a_row = 0
            raise
        self._failed_in_a_row = 0
        return answer

    def _wait_before_next(self, attempt: int, err: SourceUnavailableError) -> float | None:
        """Return the seconds to wait, None where there is no next attempt."""
        wanted = err.wait if isinstance(err, _BusyError) else timedelta()
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

    async def _body(self, url: URL) -> bytes:
        asked = self._manners.clock()
        try:
            async with self._session.get(
                url,
                headers={"User-Agent": USER_AGENT, "Accept": "application/json"},
                # A source that sends us elsewhere sends us to its login page.
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=self._manners.question.total_seconds()),
            ) as answer:
                self._refuse_status(answer)
                body = await self._all_of(answer)
        except TimeoutError as err:
            raise SourceUnavailableError("timed out") from err
        except aiohttp.ClientPayloadError as err:
            raise SourceUnavailableError("cut off") from err
        except aiohttp.ClientResponseError as err:
            raise SourceChangedError("not understood", "not HTTP") from err
        except (aiohttp.ClientError, OSError) as err:
            raise SourceUnavailableError("no answer", type(err).__name__) from err
        self._took.append(self._manners.clock() - asked)
        return body

    async def _all_of(self, answer: aiohttp.ClientResponse) -> bytes:
        limit = self._manners.body
        if (answer.content_length or 0) > limit:
            raise SourceChangedError("too large")
        chunks, size = [], 0
        async for chunk in answer.content.iter_any():
            chunks.append(chunk)
            size += len(chunk)
            if size > limit:
                raise SourceChangedError("too large")
        return b"".join(chunks)

    def _refuse_status(self, answer: aiohttp.ClientResponse) -> None:
        status = answer.status
        if status in _AGAIN:
            raise _BusyError(_AGAIN[HTTPStatus(status)], _asked_wait(answer.headers, self._at))
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            wait = _asked_wait(answer.headers, self._at)
            raise _BusyError(f"server error {status}", wait)
        if status in _ABSENT:
            raise SourceRefusedError("not found")
        if status >= HTTPStatus.BAD_REQUEST:
            raise SourceRefusedError(f"refused {status}")
        if status >= HTTPStatus.MULTIPLE_CHOICES:
            raise SourceRefusedError("redirected")


def _asked_wait(headers: Mapping[str, str], at: datetime) -> timedelta:
    """Return how long `Retry-After` asks us to stay away, nothing where it does not.

    A date is compared with the source's own `Date`, which spares us its clock's fault.
    """
    text = headers.get("Retry-After", "").strip()
    # Nine digits are thirty years; more would overflow a timedelta.
    if text.isascii() and text.isdigit():
        return timedelta(seconds=int(text[:9]))
    until = _http_date(text)
    if until is None:
        return timedelta()
    return max(timedelta(), until - (_http_date(headers.get("Date", "")) or at))


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
