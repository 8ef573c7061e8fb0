"""How patient and how demanding a reading is, unless told."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random


@dataclass(frozen=True, slots=True)
class HttpPolicy:
    """How patient and how demanding a reading is; the last three are the world it lives in.

    `question` and `reading` limit the time of one question and of them all, `body` the bytes
    of one answer after it is unpacked, `feed` those of one that holds a whole campus's
    calendar. The wait between two attempts starts at `backoff` and doubles. A source that
    asks for more than `patience` before the next question gets none.
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
