"""HTTP limits of one read of a source: timeouts, body sizes and retries."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random


@dataclass(frozen=True, slots=True)
class HttpPolicy:
    """HTTP limits of one read; `sleep`, `clock` and `random` are injectable for tests.

    `request_timeout` limits one request and `read_timeout` all of them together. `max_body` is
    the largest response after decompression, `max_feed` the largest that holds the calendar
    of a whole campus. The wait between two attempts starts at `backoff` and doubles. A source
    that asks for a longer wait than `max_retry_after` gets no further request.
    """

    request_timeout: timedelta = timedelta(seconds=20)
    read_timeout: timedelta = timedelta(minutes=10)
    max_body: int = 8 * 1024 * 1024
    max_feed: int = 32 * 1024 * 1024
    max_attempts: int = 4
    backoff: timedelta = timedelta(seconds=0.5)
    max_retry_after: timedelta = timedelta(minutes=1)
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    clock: Callable[[], float] = time.monotonic
    random: Random = field(default_factory=Random)
