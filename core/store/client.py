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
from core.store.key_scope import KeyScope
from core.store.micros import from_micros

log = logging.getLogger(__name__)

READ_TIMEOUT = timedelta(milliseconds=500)
"""What an answer to a member waits for Redis before it does without."""

RETRY_AFTER = timedelta(seconds=2)
"""For how long nobody's answer waits for a Redis that has just failed."""

_NO_SCOPE = KeyScope()

_MAX_CONCURRENT_CALLS = 32
"""Calls in flight, and so connections: a burst of members queues here, not in Redis."""

_Result = TypeVar("_Result")
_Value = bytes | str
_NO_ANSWER_ERRORS = (RedisConnectionError, RedisTimeoutError, OSError)


class RedisClient:
    """The way to Redis that all parts of the store share.

    A read that an answer waits for costs `patience` at most, and nothing while Redis is
    known to be down, but for one try every two seconds. Other calls wait as long as the
    client does, and are always tried: what was read from the source for a minute is not
    given up because Redis was slow a second ago.
    """

    def __init__(
        self,
        client: Redis,
        *,
        now: Callable[[], datetime],
        scope: KeyScope = _NO_SCOPE,
        read_timeout: timedelta = READ_TIMEOUT,
    ) -> None:
        self._client = client
        self._scoped = scope.key
        self._now = now
        self._read_timeout = read_timeout
        self._slots = asyncio.Semaphore(_MAX_CONCURRENT_CALLS)
        self._scripts: dict[str, AsyncScript] = {}
        self._unreadable: set[str] = set()
        self._tried_at: datetime | None = None
        self._down_since: datetime | None = None
        self._write_error: str | None = None
        self._latency: timedelta | None = None
        self._answered_at: datetime | None = None

    @property
    def is_up(self) -> bool:
        """Tell whether the last call was answered in time."""
        return self._down_since is None

    @property
    def down_since(self) -> datetime | None:
        """Return when Redis stopped answering, None while it answers."""
        return self._down_since

    @property
    def write_error(self) -> str | None:
        """Return why Redis, though up, did not do the last thing asked of it; or None.

        It is full, a replica, or cannot save; reading mostly goes on.
        """
        return self._write_error

    @property
    def answered_at(self) -> datetime | None:
        """Return when Redis last answered, None before the first answer."""
        return self._answered_at

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
        await self._call(self._client.ping)
        if not self.is_up:
            await self._call(self._client.ping)

    async def _eval_with_deadline(
        self, script: str, keys: Sequence[str], args: Sequence[_Value]
    ) -> Any:  # noqa: ANN401 - Redis answers what it holds
        """Run a script whose answer a member waits for."""
        scoped = [self._scoped(key) for key in keys]
        return await self._call_with_deadline(lambda: self._script(script)(keys=scoped, args=args))

    async def _eval(self, script: str, keys: Sequence[str], args: Sequence[_Value]) -> Any:  # noqa: ANN401 - as `_read`
        """Run a script whose answer takes as long as it takes."""
        scoped = [self._scoped(key) for key in keys]
        return await self._call(lambda: self._script(script)(keys=scoped, args=args))

    async def _eval_write(self, script: str, keys: Sequence[str], args: Sequence[_Value]) -> Any:  # noqa: ANN401 - as `_read`
        """Run a script that may change something."""
        scoped = [self._scoped(key) for key in keys]
        return await self._call_write(lambda: self._script(script)(keys=scoped, args=args))

    async def _call_with_deadline(self, call: Callable[[], Awaitable[_Result]]) -> _Result:
        self._raise_while_down()
        return await self._send(call, time_limit=self._read_timeout)

    async def _call(self, call: Callable[[], Awaitable[_Result]]) -> _Result:
        return await self._send(call, time_limit=None)

    async def _call_write(self, call: Callable[[], Awaitable[_Result]]) -> _Result:
        answer = await self._call(call)
        if self._write_error:
            log.info("Redis takes changes again")
            self._write_error = None
        return answer

    def _script(self, text: str) -> AsyncScript:
        if text not in self._scripts:
            self._scripts[text] = self._client.register_script(text)
        return self._scripts[text]

    def _raise_while_down(self) -> None:
        if self._down_since is None or self._tried_at is None:
            return
        now = self._now()
        # Also tried where the clock was set back: it must not keep Redis away for long.
        if timedelta() <= now - self._tried_at < RETRY_AFTER:
            raise StoreUnavailableError("Redis did not answer a moment ago")
        self._tried_at = now

    async def _send(
        self, call: Callable[[], Awaitable[_Result]], *, time_limit: timedelta | None
    ) -> _Result:
        clock = asyncio.get_running_loop().time
        try:
            async with (
                asyncio.timeout(time_limit.total_seconds() if time_limit else None),
                self._slots,
            ):
                began = clock()
                answer = await call()
        except _NO_ANSWER_ERRORS as err:
            self._record_outage(err)
            raise StoreUnavailableError(_describe_error(err)) from err
        except RedisError as err:
            self._record_write_error(err)
            raise StoreUnavailableError(_describe_error(err)) from err
        self._record_success(timedelta(seconds=clock() - began))
        return answer

    def _record_success(self, took: timedelta) -> None:
        self._latency = took
        self._answered_at = self._now()
        # A slow answer is no return: the next member would wait in vain again.
        if self._down_since and took <= self._read_timeout:
            log.info("Redis answers again, after %s", self._now() - self._down_since)
            self._down_since = None

    def _record_outage(self, err: Exception) -> None:
        self._tried_at = self._now()
        if self._down_since is None:
            self._down_since = self._tried_at
            log.warning("Redis does not answer, memory does meanwhile: %s", _describe_error(err))

    def _record_write_error(self, err: Exception) -> None:
        if self._write_error is None:
            log.warning("Redis refuses: %s", _describe_error(err))
        self._write_error = _describe_error(err)

    def _decode_moment(self, key: str, stored: bytes | None) -> datetime | None:
        """Return the moment under a key; None where there is none or it is not one."""
        try:
            return None if stored is None else from_micros(int(stored))
        except (ValueError, OverflowError) as err:
            self._log_invalid_record(key, err)
            return None

    def _log_invalid_record(self, key: str, err: Exception) -> None:
        if key not in self._unreadable:
            self._unreadable.add(key)
            log.warning("what is stored under %s cannot be read and is passed over: %s", key, err)


def _describe_error(err: BaseException) -> str:
    return f"{type(err).__name__}: {err}" if str(err) else "no answer in time"
