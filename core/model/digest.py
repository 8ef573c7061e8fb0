"""Digest records: what a guild has set, and what became of the digest of a channel and day."""

from dataclasses import dataclass
from datetime import time
from typing import Literal

from core.model.calendar import Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestSettings:
    """Where and when a guild gets its digest; `building` None means the whole campus.

    `pictures` tells whether the bot may send files there.
    `failing_since` is when posting began to fail; `off_since` and `off_why` tell that it was
    switched off for that.
    """

    guild_id: int
    channel_id: int
    campus_id: str
    time: time
    building: str | None = None
    with_images: bool = True
    set_at: Instant
    failing_since: Instant | None = None
    disabled_since: Instant | None = None
    disabled_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What became of a channel's digest of a day, and since when."""

    state: Literal["sending", "sent", "failed", "skipped"]
    started_at: Instant
    attempts: int = 0
    message_id: int | None = None
    reason: str | None = None
