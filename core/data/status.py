"""How the data of a campus stands: what schedules tell of it, and replies show."""

from dataclasses import dataclass
from datetime import datetime

from core.availability.diff import AvailabilityDiff
from core.model.refresh import RefreshAttempt


@dataclass(frozen=True, slots=True)
class RefreshResult:
    """What a refresh brought, compared with what was known when it was asked for."""

    attempt: RefreshAttempt
    diff: AvailabilityDiff


@dataclass(frozen=True, slots=True)
class CampusStatus:
    """How a campus's data stands: for `/status` and for what replies say of a failing source.

    `allowed_at` is when a moderator may refresh again, None where no cooldown is known.
    """

    last_attempt: RefreshAttempt | None
    allowed_at: datetime | None
    next_refresh: datetime
    is_running: bool


@dataclass(frozen=True, slots=True)
class DataAge:
    """When the data of an answer was read, and how its source does.

    `failing_since` is None while the source answers; `is_stale` says that the data is old.
    """

    read_at: datetime | None
    is_stale: bool
    failing_since: datetime | None
