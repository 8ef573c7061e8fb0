"""What was asked of the server: kept for assertions, oldest first."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from playground.local_discord.waiting import Pulse

_KEPT = 20_000


@dataclass(slots=True)
class Request:
    """One HTTP request and how it was answered; `status` is 0 while it is not."""

    at: datetime
    method: str
    path: str
    query: dict[str, str]
    authorized: bool
    body: Any = None
    files: tuple[str, ...] = ()
    status: int = 0
    answer: Any = None
    nth: int = field(default=0)

    def __str__(self) -> str:
        return f"{self.method} {self.path} -> {self.status}"


@dataclass(frozen=True, slots=True)
class Violation:
    """A body that Discord would not have accepted."""

    at: datetime
    method: str
    path: str
    faults: tuple[str, ...]
    body: Any

    def __str__(self) -> str:
        return f"{self.method} {self.path}: {'; '.join(self.faults)}"


class RequestLog(list[Request]):
    """Every request so far (the newest 20,000 of a long run)."""

    def __init__(self) -> None:
        super().__init__()
        self.pulse = Pulse()
        self._count = 0

    def add(self, request: Request) -> None:
        """Note one more."""
        self._count += 1
        request.nth = self._count
        if len(self) >= 2 * _KEPT:
            del self[:_KEPT]
        self.append(request)
        self.pulse.beat()

    def to(self, method: str, path: str) -> list[Request]:
        """Return those with this method whose whole path matches this pattern."""
        pattern = re.compile(path)
        return [one for one in self if one.method == method and pattern.fullmatch(one.path)]

    async def seen(
        self, method: str, path: str, *, count: int = 1, patience: float = 10.0
    ) -> list[Request]:
        """Wait until there are `count` such requests, answered or not.

        Raises:
            TimeoutError: There were fewer.
        """

        def enough() -> list[Request] | None:
            found = self.to(method, path)
            return found if len(found) >= count else None

        return await self.pulse.until(enough, patience)
