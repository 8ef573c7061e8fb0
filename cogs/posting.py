"""Posting a digest exactly once, whatever breaks in between."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import aiohttp
import discord
from discord import ui
from discord.ext import commands

from cogs.replies.digest import digest_mark
from core.delivery import POST_WITHIN, Step, is_to_be_switched_off, next_step, nonce
from core.errors import StoreUnavailableError
from core.model import Campus
from core.store import Delivery, DigestSettings, Store

log = logging.getLogger(__name__)

_POSTS_A_SECOND = 48
_AT_ONCE = 40
_HISTORY = 100
_SLACK = timedelta(minutes=1)

_Transient = (discord.DiscordServerError, discord.RateLimited, aiohttp.ClientError, OSError)
"""What may be otherwise in half a minute; `TimeoutError` is an `OSError`."""


class CannotTellError(Exception):
    """Whether a digest was posted cannot be seen: the channel's history is closed to the bot."""


class Pace:
    """Lets a number of callers through each second, evenly.

    Discord allows fifty requests a second over all routes, and discord.py only reacts when
    that is passed.
    """

    def __init__(self, a_second: int) -> None:
        self._every = 1 / a_second
        self._next = 0.0

    async def turn(self) -> None:
        """Wait for the caller's turn."""
        now = asyncio.get_running_loop().time()
        self._next = max(self._next + self._every, now)
        await asyncio.sleep(self._next - now)


class Poster:
    """Posts digests, and keeps a record of each in Redis.

    The record is claimed before the message is sent, so that no other process sends it, and
    the message carries a nonce, so that sending it again soon makes no second one. Where too
    much time has passed for that, the channel is looked at first.
    """

    def __init__(
        self, bot: commands.AutoShardedBot, store: Store, *, now: Callable[[], datetime]
    ) -> None:
        self._bot = bot
        self._store = store
        self._now = now
        self._pace = Pace(_POSTS_A_SECOND)
        self._places = asyncio.Semaphore(_AT_ONCE)

    async def post(
        self,
        campus: Campus,
        day: date,
        settings: DigestSettings,
        seen: Delivery | None,
        view: ui.LayoutView,
    ) -> None:
        """Take the next step with the digest of a channel and day, as it was last seen."""
        async with self._places:
            await self._pace.turn()
            try:
                await self._deliver(campus, day, settings, seen, view)
            except _Transient as err:
                log.warning(
                    "the digest of channel %s is tried again: %s", settings.channel, _words(err)
                )
            except StoreUnavailableError:
                # What was sent is found again by its nonce or in the channel's history.
                log.warning("the digest of channel %s could not be noted", settings.channel)

    async def _deliver(
        self,
        campus: Campus,
        day: date,
        settings: DigestSettings,
        seen: Delivery | None,
        view: ui.LayoutView,
    ) -> None:
        attempt = await self._next_attempt(campus, day, settings, seen)
        if not await self._move(campus.id, day, settings.channel, seen, attempt):
            return
        if attempt.state != "sending":
            return
        try:
            async with asyncio.timeout(POST_WITHIN.total_seconds()):
                channel = self._bot.get_partial_messageable(
                    settings.channel, guild_id=settings.guild
                )
                message = await channel.send(
                    view=view, nonce=nonce(campus, settings.channel, day), silent=True
                )
        except (discord.Forbidden, discord.NotFound) as err:
            why = f"{err.text or 'refused'} ({err.code})"
            await self._note_failure(campus, day, settings, attempt, why)
            return
        sent = replace(attempt, state="sent", message=message.id)
        await self._move(campus.id, day, settings.channel, attempt, sent)
        if settings.failing_since:
            await self._store.change_digest(
                seen=settings, to=replace(settings, failing_since=None, off_why=None)
            )

    async def _next_attempt(
        self, campus: Campus, day: date, settings: DigestSettings, seen: Delivery | None
    ) -> Delivery:
        """Return the record to go on with: another attempt, or what a look at the channel told."""
        first = Delivery(state="sending", since=self._now(), attempts=1, message=None, why=None)
        if seen is None:
            return first
        if next_step(seen, self._now()) is Step.POST_AGAIN:
            return replace(seen, attempts=seen.attempts + 1)
        try:
            message = await self._find_posted(campus, day, settings, seen.since)
        except CannotTellError:
            return replace(seen, state="skipped", why="it could not be seen whether it was posted")
        return replace(seen, state="sent", message=message) if message else first

    async def _find_posted(
        self, campus: Campus, day: date, settings: DigestSettings, since: datetime
    ) -> int | None:
        """Look in the channel for the digest, posted at `since` or later.

        Raises:
            CannotTellError: there are messages since then that the bot may not read.
        """
        mark = digest_mark(campus, day)
        channel = self._bot.get_partial_messageable(settings.channel, guild_id=settings.guild)
        after = discord.utils.snowflake_time(discord.utils.time_snowflake(since - _SLACK))
        read = False
        async for message in channel.history(after=after, limit=_HISTORY, oldest_first=True):
            read = True
            if self._bot.user and message.author.id == self._bot.user.id and _bears(message, mark):
                return message.id
        if not read and await self._has_news(settings.channel, after):
            raise CannotTellError
        return None

    async def _has_news(self, channel: int, after: datetime) -> bool:
        """Tell whether something was posted; that can be seen without reading the history."""
        data: Mapping[str, Any] = await self._bot.http.get_channel(channel)
        last = data.get("last_message_id")
        return last is not None and discord.utils.snowflake_time(int(last)) > after

    async def _note_failure(
        self,
        campus: Campus,
        day: date,
        settings: DigestSettings,
        attempt: Delivery,
        why: str,
    ) -> None:
        failed = replace(attempt, state="failed", why=why)
        await self._move(campus.id, day, settings.channel, attempt, failed)
        off = is_to_be_switched_off(settings, campus, day)
        log.warning(
            "the digest of channel %s cannot be posted%s: %s",
            settings.channel,
            " and is switched off" if off else "",
            why,
        )
        await self._store.change_digest(
            seen=settings,
            to=replace(
                settings,
                failing_since=settings.failing_since or self._now(),
                off_since=self._now() if off else None,
                off_why=why,
            ),
        )

    async def _move(
        self, campus: str, day: date, channel: int, seen: Delivery | None, to: Delivery
    ) -> bool:
        return await self._store.move_delivery(campus, day, channel, seen=seen, to=to)


def _bears(message: discord.Message, mark: str) -> bool:
    return any(getattr(each, "custom_id", None) == mark for each in _parts(message.components))


def _parts(components: Sequence[Any]) -> list[Any]:
    return [part for each in components for part in (each, *_parts(getattr(each, "children", ())))]


def _words(err: Exception) -> str:
    return f"{type(err).__name__}: {err}" if str(err) else type(err).__name__
