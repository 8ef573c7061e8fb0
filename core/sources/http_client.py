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
from core.sources.http_policy import HttpPolicy
from core.sources.http_request import (
    RetryLaterError,
    SourceRequest,
    SourceResponse,
    fetch,
)
from core.sources.priority_limiter import PriorityLimiter

log = logging.getLogger(__name__)

_FAILURES_UNTIL_NO_RETRY = 6
_FAILURES_UNTIL_OPEN = 24

Parsed = TypeVar("Parsed")


class SourceClient:
    """All questions of one reading to one source.

    A source that fails one question after another gets each further one only once, and soon
    none: a reading of a thousand rooms must not spend a thousand time limits on a host that
    is gone. Any answer, a refusal too, shows that it is there.

    `turns` are shared with other campuses; `last_read` is when this one was last read.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        http_policy: HttpPolicy,
        *,
        concurrency: int,
        now: datetime,
        limiter: PriorityLimiter | None = None,
        last_read: datetime | None = None,
    ) -> None:
        self._session = session
        self._http_policy = http_policy
        self._now = now
        self._campus_slots = asyncio.Semaphore(concurrency)
        self._limiter = limiter or PriorityLimiter(concurrency)
        self._last_read = last_read
        self._latencies: list[float] = []
        self._consecutive_failures = 0
        self._circuit_error: SourceUnavailableError | None = None

    @property
    def latency(self) -> timedelta:
        """The median time that one answer took, nothing where none came."""
        return timedelta(seconds=median(self._latencies) if self._latencies else 0)

    async def get(self, url: URL, parse: Callable[[bytes], Parsed]) -> Parsed:
        """Return what `understand` makes of the answer to `url`.

        Raises:
            SourceError: what the last attempt raised, from the transport or `understand`.
        """
        return await self.request(
            SourceRequest(url),
            lambda answer: parse(answer.body or b""),
            max_bytes=self._http_policy.max_body,
        )

    async def request(
        self, request: SourceRequest, parse: Callable[[SourceResponse], Parsed], *, max_bytes: int
    ) -> Parsed:
        """Return what `understand` makes of the answer, which has at most `most` bytes.

        Waits hold the campus's own turn, so a source that is busy is asked less by all, but
        none of those that other campuses wait for.

        Raises:
            SourceError: what the last attempt raised, from the transport or `understand`.
        """
        async with self._campus_slots:
            attempt = 0
            while True:
                attempt += 1
                try:
                    return await self._request_once(request, parse, max_bytes)
                except SourceUnavailableError as err:
                    delay = self._retry_delay(attempt, err)
                    if delay is None:
                        raise
                    log.debug("asking again in %.1f s: %s", delay, err)
                await self._http_policy.sleep(delay)

    async def _request_once(
        self, request: SourceRequest, parse: Callable[[SourceResponse], Parsed], max_bytes: int
    ) -> Parsed:
        try:
            parsed = parse(await self._fetch(request, max_bytes))
        except SourceUnavailableError:
            raise
        except SourceError:
            self._consecutive_failures = 0
            raise
        self._consecutive_failures = 0
        return parsed

    async def _fetch(self, request: SourceRequest, max_bytes: int) -> SourceResponse:
        async with self._limiter.acquire(self._last_read):
            if self._circuit_error:
                raise SourceUnavailableError(self._circuit_error.kind, "not asked any more")
            started = self._http_policy.clock()
            response = await fetch(
                self._session,
                request,
                time_limit=self._http_policy.request_timeout,
                max_bytes=max_bytes,
                now=self._now,
            )
            self._latencies.append(self._http_policy.clock() - started)
            return response

    def _retry_delay(self, attempt: int, err: SourceUnavailableError) -> float | None:
        """Return the seconds to wait, None where there is no next attempt."""
        retry_after = err.retry_after if isinstance(err, RetryLaterError) else timedelta()
        is_too_long = retry_after > self._http_policy.max_retry_after
        if is_too_long or attempt >= self._max_attempts:
            self._consecutive_failures += 1
            if is_too_long or self._consecutive_failures >= _FAILURES_UNTIL_OPEN:
                self._circuit_error = self._circuit_error or err
            return None
        jitter = 0.5 + self._http_policy.random.random()
        backoff = self._http_policy.backoff.total_seconds() * float(2 ** (attempt - 1)) * jitter
        return max(backoff, retry_after.total_seconds())

    @property
    def _max_attempts(self) -> int:
        is_failing = self._circuit_error or self._consecutive_failures >= _FAILURES_UNTIL_NO_RETRY
        return 1 if is_failing else self._http_policy.max_attempts
