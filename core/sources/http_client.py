"""HTTP client of one read: bounded concurrency, timeouts, retries and a circuit breaker.

`http_request` sends one request and classifies failures, `priority_limiter` limits all
campuses together.
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
    """Sends all requests of one read of one source.

    Circuit breaker: after several consecutive failures a request is not retried, and after
    more of them none is sent: a read of a thousand rooms must not spend a thousand timeouts
    on a host that is gone. Any response, a refusal too, shows that the host is there.

    `limiter` is shared with other campuses; `last_read` is when this one was last read.
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
        """The median time of a response, zero where none came."""
        return timedelta(seconds=median(self._latencies) if self._latencies else 0)

    async def get(self, url: URL, parse: Callable[[bytes], Parsed]) -> Parsed:
        """Return what `parse` makes of the response to `url`.

        Raises:
            SourceError: what the last attempt raised, from the request or from `parse`.
        """
        return await self.request(
            SourceRequest(url),
            lambda answer: parse(answer.body or b""),
            max_bytes=self._http_policy.max_body,
        )

    async def request(
        self, request: SourceRequest, parse: Callable[[SourceResponse], Parsed], *, max_bytes: int
    ) -> Parsed:
        """Return what `parse` makes of the response, which has at most `max_bytes`.

        A wait before a retry holds the campus's own slot but no shared one: a busy source
        gets fewer requests, and other campuses are not delayed.

        Raises:
            SourceError: what the last attempt raised, from the request or from `parse`.
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
