"""Digest records: what a guild has set, and what became of the digest of a channel and day."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal

from core.model.calendar import Instant
from core.model.stored import stored_as


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestSettings:
    """Where and when a guild gets its digest; `building` None means the whole campus.

    `with_images` is True where the bot may send files.
    `failing_since` is when sending began to fail; `disabled_since` and `disabled_reason` are set
    once the digest is switched off because of that.
    """

    guild_id: int = field(metadata=stored_as("guild"))
    channel_id: int = field(metadata=stored_as("channel"))
    campus_id: str = field(metadata=stored_as("campus"))
    time: dt.time = field(metadata=stored_as("at"))
    building: str | None = None
    with_images: bool = field(default=True, metadata=stored_as("pictures"))
    set_at: Instant
    failing_since: Instant | None = None
    disabled_since: Instant | None = field(default=None, metadata=stored_as("off_since"))
    disabled_reason: str | None = field(default=None, metadata=stored_as("off_why"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What became of a channel's digest of a day, and since when."""

    state: Literal["sending", "sent", "failed", "skipped"]
    started_at: Instant = field(metadata=stored_as("since"))
    attempts: int = 0
    message_id: int | None = field(default=None, metadata=stored_as("message"))
    reason: str | None = field(default=None, metadata=stored_as("why"))
