"""What was asked of the server: kept for assertions, oldest first."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from fakes.discord.model.change_signal import ChangeSignal

_MAX_KEPT = 20_000


@dataclass(slots=True)
class LoggedRequest:
    """One HTTP request and how it was answered; `status` is 0 while it is not."""

    received_at: datetime
    method: str
    path: str
    query: dict[str, str]
    has_authorization: bool
    body: Any = None
    files: tuple[str, ...] = ()
    status: int = 0
    response: Any = None
    number: int = field(default=0)

    def __str__(self) -> str:
        return f"{self.method} {self.path} -> {self.status}"


@dataclass(frozen=True, slots=True)
class Violation:
    """A body that Discord would not have accepted."""

    received_at: datetime
    method: str
    path: str
    errors: tuple[str, ...]
    body: Any

    def __str__(self) -> str:
        return f"{self.method} {self.path}: {'; '.join(self.errors)}"


class RequestLog(list[LoggedRequest]):
    """Every request so far (the newest 20,000 of a long run)."""

    def __init__(self) -> None:
        super().__init__()
        self.signal = ChangeSignal()
        self._count = 0

    def add(self, request: LoggedRequest) -> None:
        """Note one more."""
        self._count += 1
        request.number = self._count
        if len(self) >= 2 * _MAX_KEPT:
            del self[:_MAX_KEPT]
        self.append(request)
        self.signal.notify()

    def matching(self, method: str, path: str) -> list[LoggedRequest]:
        """Return those with this method whose whole path matches this pattern."""
        pattern = re.compile(path)
        return [one for one in self if one.method == method and pattern.fullmatch(one.path)]

    async def wait_for(
        self, method: str, path: str, *, count: int = 1, timeout: float = 10.0
    ) -> list[LoggedRequest]:
        """Wait until there are `count` such requests, answered or not.

        Raises:
            TimeoutError: There were fewer.
        """

        def enough() -> list[LoggedRequest] | None:
            found = self.matching(method, path)
            return found if len(found) >= count else None

        return await self.signal.wait_for(enough, timeout)
