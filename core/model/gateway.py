"""The connection to Discord by shard: which are connected, and since when none is."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class ShardStatus:
    """One shard; `latency` is None while it is away or has not been measured."""

    id: int
    is_connected: bool
    latency: timedelta | None


@dataclass(frozen=True, slots=True)
class GatewayStatus:
    """All shards of this process, none before Discord has said how many there are.

    `away_since` is None while any shard is connected; `was_complete` tells whether all of them
    have been connected at the same time.
    """

    shards: tuple[ShardStatus, ...]
    away_since: datetime | None
    was_complete: bool

    @property
    def away(self) -> list[int]:
        """The ids of the shards that are not connected."""
        return [shard.id for shard in self.shards if not shard.is_connected]

    def shard_of(self, guild_id: int | None) -> ShardStatus | None:
        """Return the shard of a guild, or of direct messages; None where it is not known.

        Source: https://discord.com/developers/docs/events/gateway#sharding-sharding-formula
        """
        if not self.shards:
            return None
        number = (guild_id or 0) >> 22
        wanted = number % len(self.shards)
        return next((shard for shard in self.shards if shard.id == wanted), None)
