"""What Redis tells of a campus's refreshes: how one begins, stands and ended."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from core.model.calendar import Instant
from core.model.stored import stored_as


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshAttempt:
    """How a refresh ended.

    `error` is the kind of failure where nothing arrived, and `error_class` its class, which
    records of an earlier version lack; `failures` counts rooms by kind.
    `mass_deletion_suspected` is True where bookings vanished all at once and were not believed;
    a second refresh with the same result is believed.
    `success_at` is when data last arrived and `failing_since` when it last stopped; the
    caller carries both over from the attempt before.
    """

    token: str
    began_at: Instant
    ended_at: Instant
    rooms: int
    rooms_read: int = field(metadata=stored_as("read"))
    failures: Mapping[str, int]
    error: str | None = None
    error_class: Literal["unavailable", "refused", "changed"] | None = field(
        default=None, metadata=stored_as("why")
    )
    mass_deletion_suspected: bool = field(default=False, metadata=stored_as("doubted"))
    latency: timedelta | None = None
    success_at: Instant | None = None
    failing_since: Instant | None = None


@dataclass(frozen=True, slots=True)
class LockAcquired:
    """The refresh is the caller's."""


@dataclass(frozen=True, slots=True)
class LockHeld:
    """The refresh of that token is under way."""

    token: str


@dataclass(frozen=True, slots=True)
class OnCooldown:
    """The data was read at `read_at`, and a moderator can ask again at `possible_at`."""

    read_at: datetime
    allowed_at: datetime


@dataclass(frozen=True, slots=True)
class AlreadyRefreshed:
    """Another refresh has just brought what this one was to bring."""

    attempt: RefreshAttempt


LockResult: TypeAlias = LockAcquired | LockHeld | OnCooldown | AlreadyRefreshed


@dataclass(frozen=True, slots=True)
class RefreshState:
    """How a campus's refreshes stand.

    `token` is that of the refresh under way, `progress` its rooms read and in all, once
    told; `possible_at` is the end of the cooldown, None where there is none.
    """

    token: str | None
    progress: tuple[int, int] | None
    last_attempt: RefreshAttempt | None
    allowed_at: datetime | None
