"""Gateway monitor: which shards are connected to Discord, kept from discord.py's events."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from discord.ext import commands

from core.model.gateway import GatewayStatus, ShardStatus


class GatewayMonitor:
    """Follows the shards of a bot.

    discord.py's own `latency` is a mean over all shards: one that is away makes it infinite.
    """

    def __init__(self, bot: commands.AutoShardedBot, *, now: Callable[[], datetime]) -> None:
        self._bot = bot
        self._now = now
        self._connected: set[int] = set()
        self._away_since: datetime | None = now()
        self._was_complete = False
        bot.add_listener(self._record_connected, "on_shard_connect")
        bot.add_listener(self._record_connected, "on_shard_resumed")
        bot.add_listener(self._record_disconnected, "on_shard_disconnect")

    def status(self) -> GatewayStatus:
        """Return how the shards are now."""
        ids = range(self._bot.shard_count or 0)
        return GatewayStatus(
            tuple(self._shard(each) for each in ids), self._away_since, self._was_complete
        )

    def _shard(self, shard_id: int) -> ShardStatus:
        is_connected = shard_id in self._connected
        return ShardStatus(
            shard_id, is_connected, self._latency(shard_id) if is_connected else None
        )

    def _latency(self, shard_id: int) -> timedelta | None:
        shard = self._bot.get_shard(shard_id)
        # Not a number or infinite before the first heartbeat is acknowledged.
        with suppress(ValueError, OverflowError):
            return timedelta(seconds=shard.latency) if shard else None
        return None

    async def _record_connected(self, shard_id: int) -> None:
        self._connected.add(shard_id)
        self._away_since = None
        self._was_complete |= len(self._connected) == self._bot.shard_count

    async def _record_disconnected(self, shard_id: int) -> None:
        self._connected.discard(shard_id)
        if not self._connected and self._away_since is None:
            self._away_since = self._now()
