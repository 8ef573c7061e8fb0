"""Hints in Redis: which guilds have been shown the hint at the daily summary."""

from core.store.client import RedisClient
from core.store.keys import hinted_guilds_key


class HintStore(RedisClient):
    """Kept until the guild removes the bot.

    Every method raises `StoreUnavailableError` where Redis does not answer or refuses.
    """

    async def claim_hint(self, guild: int) -> bool:
        """Note that a guild is shown the hint; False where it was shown before."""
        added = await self._call_write(
            lambda: self._client.sadd(self._scoped(hinted_guilds_key()), str(guild))
        )
        return bool(added)

    async def forget_hint(self, guild: int) -> None:
        """Forget a guild that removed the bot."""
        await self._call_write(
            lambda: self._client.srem(self._scoped(hinted_guilds_key()), str(guild))
        )
