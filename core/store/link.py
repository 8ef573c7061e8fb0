"""What a call to Redis may cost, and when Redis counts as down."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from redis.asyncio import Redis
from redis.commands.core import AsyncScript
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError

from core.errors import StoreUnavailableError
from core.store.values import moment

log = logging.getLogger(__name__)

PATIENCE = timedelta(milliseconds=500)
"""What an answer to a member waits for Redis before it does without."""

PAUSE = timedelta(seconds=2)
"""For how long nobody's answer waits for a Redis that has just failed."""

_AT_ONCE = 32
"""Calls in flight, and so connections: a burst of members queues here, not in Redis."""

_Answer = TypeVar("_Answer")
_Value = bytes | str
_Silent = (RedisConnectionError, RedisTimeoutError, OSError)


class Link:
    """The way to Redis that all parts of the store share.

    A read that an answer waits for costs `patience` at most, and nothing while Redis is
    known to be down, but for one try every two seconds. Other calls wait as long as the
    client does, and are always tried: what was read from the source for a minute is not
    given up because Redis was slow a second ago.
    """

    def __init__(
        self, client: Redis, *, now: Callable[[], datetime], patience: timedelta = PATIENCE
    ) -> None:
        self._client = client
        self._now = now
        self._patience = patience
        self._places = asyncio.Semaphore(_AT_ONCE)
        self._scripts: dict[str, AsyncScript] = {}
        self._unreadable: set[str] = set()
        self._tried_at: datetime | None = None
        self._down_since: datetime | None = None
        self._refusal: str | None = None
        self._latency: timedelta | None = None

    @property
    def is_up(self) -> bool:
        """Tell whether the last call was answered in time."""
        return self._down_since is None

    @property
    def down_since(self) -> datetime | None:
        """Return when Redis stopped answering, None while it answers."""
        return self._down_since

    @property
    def refusal(self) -> str | None:
        """Return why Redis, though up, did not do the last thing asked of it; or None.

        It is full, a replica, or cannot save; reading mostly goes on.
        """
        return self._refusal

    @property
    def latency(self) -> timedelta | None:
        """Return how long the last answered call took, None before the first."""
        return self._latency

    async def ping(self) -> None:
        """Ask whether Redis is there, so that it counts as up again without a member's help.

        Patient: a Redis far away that came back may need longer than an answer waits just to
        be connected to again, and is quick from then on.

        Raises:
            StoreUnavailableError: it is not.
        """
        await self._unhurried(self._client.ping)
        if not self.is_up:
            await self._unhurried(self._client.ping)

    async def _read(self, script: str, keys: Sequence[str], args: Sequence[_Value]) -> Any:  # noqa: ANN401 - Redis answers what it holds
        """Run a script whose answer a member waits for."""
        return await self._hurried(lambda: self._script(script)(keys=keys, args=args))

    async def _read_whole(self, script: str, keys: Sequence[str], args: Sequence[_Value]) -> Any:  # noqa: ANN401 - as `_read`
        """Run a script whose answer takes as long as it takes."""
        return await self._unhurried(lambda: self._script(script)(keys=keys, args=args))

    async def _write(self, script: str, keys: Sequence[str], args: Sequence[_Value]) -> Any:  # noqa: ANN401 - as `_read`
        """Run a script that may change something."""
        return await self._change(lambda: self._script(script)(keys=keys, args=args))

    async def _hurried(self, call: Callable[[], Awaitable[_Answer]]) -> _Answer:
        self._refuse_while_down()
        return await self._ask(call, within=self._patience)

    async def _unhurried(self, call: Callable[[], Awaitable[_Answer]]) -> _Answer:
        return await self._ask(call, within=None)

    async def _change(self, call: Callable[[], Awaitable[_Answer]]) -> _Answer:
        answer = await self._unhurried(call)
        if self._refusal:
            log.info("Redis takes changes again")
            self._refusal = None
        return answer

    def _script(self, text: str) -> AsyncScript:
        if text not in self._scripts:
            self._scripts[text] = self._client.register_script(text)
        return self._scripts[text]

    def _refuse_while_down(self) -> None:
        if self._down_since is None or self._tried_at is None:
            return
        now = self._now()
        # Also tried where the clock was set back: it must not keep Redis away for long.
        if timedelta() <= now - self._tried_at < PAUSE:
            raise StoreUnavailableError("Redis did not answer a moment ago")
        self._tried_at = now

    async def _ask(
        self, call: Callable[[], Awaitable[_Answer]], *, within: timedelta | None
    ) -> _Answer:
        clock = asyncio.get_running_loop().time
        try:
            async with asyncio.timeout(within.total_seconds() if within else None), self._places:
                began = clock()
                answer = await call()
        except _Silent as err:
            self._note_down(err)
            raise StoreUnavailableError(_reason(err)) from err
        except RedisError as err:
            self._note_refused(err)
            raise StoreUnavailableError(_reason(err)) from err
        self._note_answered(timedelta(seconds=clock() - began))
        return answer

    def _note_answered(self, took: timedelta) -> None:
        self._latency = took
        # A slow answer is no return: the next member would wait in vain again.
        if self._down_since and took <= self._patience:
            log.info("Redis answers again, after %s", self._now() - self._down_since)
            self._down_since = None

    def _note_down(self, err: Exception) -> None:
        self._tried_at = self._now()
        if self._down_since is None:
            self._down_since = self._tried_at
            log.warning("Redis does not answer, memory does meanwhile: %s", _reason(err))

    def _note_refused(self, err: Exception) -> None:
        if self._refusal is None:
            log.warning("Redis refuses: %s", _reason(err))
        self._refusal = _reason(err)

    def _moment(self, key: str, stored: bytes | None) -> datetime | None:
        """Return the moment under a key; None where there is none or it is not one."""
        try:
            return None if stored is None else moment(int(stored))
        except (ValueError, OverflowError) as err:
            self._note_unreadable(key, err)
            return None

    def _note_unreadable(self, key: str, err: Exception) -> None:
        if key not in self._unreadable:
            self._unreadable.add(key)
            log.warning("what is stored under %s cannot be read and is passed over: %s", key, err)


def _reason(err: BaseException) -> str:
    return f"{type(err).__name__}: {err}" if str(err) else "no answer in time"
