"""What goes wrong on purpose: answers, broken connections, delays, and doors that stay shut."""

import asyncio
import re
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from aiohttp import web

from fakes.discord.model.json_types import Json

_RESET = "reset"


class FaultTiming(Enum):
    """Whether the request is carried out before it goes wrong."""

    BEFORE = "before"
    AFTER = "after"


@dataclass(eq=False)
class InjectedFault:
    """What happens to the next `left` requests that match."""

    method: str
    path: re.Pattern[str]
    timing: FaultTiming
    remaining: int
    response: tuple[int, Any, dict[str, str]] | str | None = None
    delay: float = 0.0
    release_event: asyncio.Event | None = None
    hit_event: asyncio.Event = field(default_factory=asyncio.Event)
    hits: int = 0

    def release(self) -> None:
        """Let held requests go on, and those that come later pass."""
        self.remaining = 0
        if self.release_event is not None:
            self.release_event.set()

    async def wait_until_hit(self, timeout: float = 10.0) -> None:
        """Wait until a request was caught.

        Raises:
            TimeoutError: None was.
        """
        async with asyncio.timeout(timeout):
            await self.hit_event.wait()


class FaultPlan:
    """The faults that are set, and the door of the server."""

    def __init__(self) -> None:
        self._faults: list[InjectedFault] = []

    def respond_with(
        self,
        method: str,
        path: str,
        *,
        status: int,
        times: int = 1,
        after_processing: bool = False,
        body: Json | str | None = None,
        retry_after: float | None = None,
    ) -> InjectedFault:
        """Answer the next matching requests with this status.

        `path` is a pattern for the whole path below `/api/v10`. A 429 is Discord's own (it has a
        `Via` header) unless `body` is text, as when Cloudflare has banned the address.
        """
        headers = {}
        if status == web.HTTPTooManyRequests.status_code and not isinstance(body, str):
            after = 1.0 if retry_after is None else retry_after
            body = body or {"message": "You are being rate limited.", "global": False}
            body = {"retry_after": after, **body}
            headers = {"Via": "1.1 google", "Retry-After": str(after)}
        if body is None:
            body = {"message": f"{status}: made to fail", "code": 0}
        return self._add(method, path, times, (status, body, headers), after=after_processing)

    def reset_connection(
        self, method: str, path: str, *, times: int = 1, after_processing: bool = False
    ) -> InjectedFault:
        """Break the connection of the next matching requests instead of answering."""
        return self._add(method, path, times, _RESET, after=after_processing)

    def delay(
        self,
        method: str,
        path: str,
        *,
        seconds: float,
        times: int = 1,
        after_processing: bool = False,
    ) -> InjectedFault:
        """Let the next matching requests take longer."""
        fault = self._add(method, path, times, None, after=after_processing)
        fault.delay = seconds
        return fault

    def hold(
        self, method: str, path: str, *, times: int = 1, after_processing: bool = False
    ) -> InjectedFault:
        """Hold the next matching requests until `release()`; `wait_until_hit()` waits for one."""
        fault = self._add(method, path, times, None, after=after_processing)
        fault.release_event = asyncio.Event()
        return fault

    def clear(self) -> None:
        """Let everything go well again."""
        for fault in self._faults:
            fault.release()
        self._faults.clear()

    def _add(
        self,
        method: str,
        path: str,
        times: int,
        response: tuple[int, Any, dict[str, str]] | str | None,
        *,
        after: bool,
    ) -> InjectedFault:
        when = FaultTiming.AFTER if after else FaultTiming.BEFORE
        fault = InjectedFault(method, re.compile(path), when, times, response)
        self._faults.append(fault)
        return fault

    def take(self, method: str, path: str) -> InjectedFault | None:
        """Take the oldest fault that is set for this request."""
        for fault in self._faults:
            if fault.remaining > 0 and fault.method == method and fault.path.fullmatch(path):
                fault.remaining -= 1
                fault.hits += 1
                return fault
        return None


async def apply(
    fault: InjectedFault, request: web.Request
) -> tuple[int, Any, dict[str, str]] | None:
    """Let a fault have its way; return what to answer if it has an opinion on that."""
    fault.hit_event.set()
    if fault.release_event is not None:
        await fault.release_event.wait()
    if fault.delay:
        await asyncio.sleep(fault.delay)
    if fault.response == _RESET:
        if request.transport is not None:
            request.transport.abort()
        return 0, None, {}
    return fault.response if isinstance(fault.response, tuple) else None
