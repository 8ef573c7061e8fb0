"""Whether a digest was posted, seen in the channel itself."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import discord
from discord.ext import commands

from cogs.digest.rate_limiter import EvenRateLimiter
from cogs.ui.id_upgrade import upgrade_custom_id
from core.digests.schedule import NONCE_TTL
from core.model.digest import DigestSettings

_CLOCK_TOLERANCE = timedelta(minutes=1)
"""By how much Discord's clock may differ from ours."""


_MAX_MESSAGES_SINCE_DUE = 1000
"""How much of a busy channel is read for a digest whose record may be lost: ten requests."""


class HistoryUnreadableError(Exception):
    """Whether a digest was posted cannot be seen: the channel's history is closed to the bot."""


class ChannelHistory:
    """Looks into channels, at the pace of the posts."""

    def __init__(self, bot: commands.AutoShardedBot, rate_limiter: EvenRateLimiter) -> None:
        self._bot = bot
        self._rate_limiter = rate_limiter

    async def find_digest(
        self, settings: DigestSettings, custom_id: str, since: datetime
    ) -> int | None:
        """Return the message with that mark, posted by an attempt of that `since`; None for none.

        Raises:
            HistoryUnreadableError: there are messages since then that the bot may not read.
        """
        channel = self._bot.get_partial_messageable(settings.channel_id, guild_id=settings.guild_id)
        after = discord.utils.snowflake_time(discord.utils.time_snowflake(since - _CLOCK_TOLERANCE))
        has_messages = False
        await self._rate_limiter.acquire()
        async for message in channel.history(after=after, limit=None, oldest_first=True):
            if message.created_at > since + NONCE_TTL + _CLOCK_TOLERANCE:
                return None
            has_messages = True
            if self._is_digest(message, custom_id):
                return message.id
        if not has_messages and await self._has_newer_message(settings.channel_id, after):
            raise HistoryUnreadableError
        return None

    async def find_unrecorded_digest(
        self, settings: DigestSettings, custom_id: str, due_at: datetime
    ) -> int | None:
        """Return the message with that mark since the digest was due; None where none is seen."""
        channel = self._bot.get_partial_messageable(settings.channel_id, guild_id=settings.guild_id)
        await self._rate_limiter.acquire()
        history = channel.history(
            after=due_at - _CLOCK_TOLERANCE, limit=_MAX_MESSAGES_SINCE_DUE, oldest_first=True
        )
        async for message in history:
            if self._is_digest(message, custom_id):
                return message.id
        return None

    def _is_digest(self, message: discord.Message, custom_id: str) -> bool:
        user = self._bot.user
        is_own = user is not None and message.author.id == user.id
        return is_own and _has_custom_id(message, custom_id)

    async def _has_newer_message(self, channel: int, after: datetime) -> bool:
        """Tell whether something was posted; that can be seen without reading the history."""
        await self._rate_limiter.acquire()
        data: Mapping[str, Any] = await self._bot.http.get_channel(channel)
        last = data.get("last_message_id")
        return last is not None and discord.utils.snowflake_time(int(last)) > after


def _has_custom_id(message: discord.Message, custom_id: str) -> bool:
    """Tell whether a message has the mark, be it in the form of an older version."""
    ids = [getattr(each, "custom_id", None) for each in _all_components(message.components)]
    return custom_id in [upgrade_custom_id(each) for each in ids if each]


def _all_components(components: Sequence[Any]) -> list[Any]:
    return [
        part
        for each in components
        for part in (each, *_all_components(getattr(each, "children", ())))
    ]
