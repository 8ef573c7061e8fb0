"""Whether a digest was posted, seen in the channel itself."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import discord
from discord.ext import commands

from cogs.pace import Pace
from core.delivery import NONCE_HOLDS
from core.store import DigestSettings

_SLACK = timedelta(minutes=1)
"""By how much Discord's clock may differ from ours."""


class CannotTellError(Exception):
    """Whether a digest was posted cannot be seen: the channel's history is closed to the bot."""


class Look:
    """Looks into channels, at the pace of the posts."""

    def __init__(self, bot: commands.AutoShardedBot, pace: Pace) -> None:
        self._bot = bot
        self._pace = pace

    async def find(self, settings: DigestSettings, mark: str, since: datetime) -> int | None:
        """Return the message with that mark, posted by an attempt of that `since`; None for none.

        Raises:
            CannotTellError: there are messages since then that the bot may not read.
        """
        channel = self._bot.get_partial_messageable(settings.channel, guild_id=settings.guild)
        after = discord.utils.snowflake_time(discord.utils.time_snowflake(since - _SLACK))
        read = False
        await self._pace.turn()
        async for message in channel.history(after=after, limit=None, oldest_first=True):
            if message.created_at > since + NONCE_HOLDS + _SLACK:
                return None
            read = True
            if self._bot.user and message.author.id == self._bot.user.id and _bears(message, mark):
                return message.id
        if not read and await self._has_news(settings.channel, after):
            raise CannotTellError
        return None

    async def _has_news(self, channel: int, after: datetime) -> bool:
        """Tell whether something was posted; that can be seen without reading the history."""
        await self._pace.turn()
        data: Mapping[str, Any] = await self._bot.http.get_channel(channel)
        last = data.get("last_message_id")
        return last is not None and discord.utils.snowflake_time(int(last)) > after


def _bears(message: discord.Message, mark: str) -> bool:
    return any(getattr(each, "custom_id", None) == mark for each in _parts(message.components))


def _parts(components: Sequence[Any]) -> list[Any]:
    return [part for each in components for part in (each, *_parts(getattr(each, "children", ())))]
