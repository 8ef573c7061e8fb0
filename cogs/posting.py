"""Posting a digest exactly once, whatever breaks in between."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from http import HTTPStatus
from typing import Any

import aiohttp
import discord
from discord import ui
from discord.ext import commands

from cogs.replies.digest import digest_mark
from core.delivery import NONCE_HOLDS, POST_WITHIN, Step, is_to_be_switched_off, next_step, nonce
from core.errors import StoreUnavailableError
from core.model import Campus
from core.store import Delivery, DigestSettings, Store

log = logging.getLogger(__name__)

_REQUESTS_A_SECOND = 48
_AT_ONCE = 40
_SLACK = timedelta(minutes=1)
"""By how much Discord's clock may differ from ours."""

_UNKNOWN_MESSAGE = 10008

_Transient = (discord.HTTPException, discord.RateLimited, aiohttp.ClientError, OSError)
"""What may be otherwise in half a minute; `TimeoutError` is an `OSError`."""


class CannotTellError(Exception):
    """Whether a digest was posted cannot be seen: the channel's history is closed to the bot."""


class Pace:
    """Lets a number of callers through each second, evenly.

    Discord allows fifty requests a second over all routes, and discord.py only reacts when
    that is passed. Turns that an idle or a busy process let pass are lost: taken all at once
    they would pass it, too.
    """

    def __init__(self, a_second: int) -> None:
        self._every = 1 / a_second
        self._next = 0.0
        self._queue = asyncio.Lock()

    async def turn(self) -> None:
        """Wait for the caller's turn."""
        clock = asyncio.get_running_loop().time
        async with self._queue:
            self._next = max(self._next, clock())
            await asyncio.sleep(self._next - clock())
            self._next += self._every


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
        self._pace = Pace(_REQUESTS_A_SECOND)
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
            try:
                await self._deliver(campus, day, settings, seen, view)
            except _Transient as err:
                log.warning(
                    "the digest of channel %s is tried again: %s", settings.channel, _words(err)
                )
            except StoreUnavailableError:
                # What was sent is found again by its nonce or in the channel's history.
                log.warning("the digest of channel %s could not be noted", settings.channel)
            except Exception:
                # A fault of ours in one channel must not hold up the others.
                log.exception("the digest of channel %s could not be posted", settings.channel)

    async def _deliver(
        self,
        campus: Campus,
        day: date,
        settings: DigestSettings,
        seen: Delivery | None,
        view: ui.LayoutView,
    ) -> None:
        outcome = await self._next_attempt(campus, day, settings, seen)
        if outcome.state == "sending":
            if not await self._move(campus, day, settings, seen, outcome):
                return
            seen, outcome = outcome, await self._send(campus, day, settings, outcome, view)
        # Before the delivery, so that whoever is cut off in between comes back to note it.
        await self._note_health(campus, day, settings, outcome)
        await self._move(campus, day, settings, seen, outcome)

    async def _next_attempt(
        self, campus: Campus, day: date, settings: DigestSettings, seen: Delivery | None
    ) -> Delivery:
        """Return the record to go on with: another attempt, or what a look at the channel told."""
        if seen is None:
            return self._first_attempt()
        if next_step(seen, self._now()) is Step.POST_AGAIN:
            return replace(seen, attempts=seen.attempts + 1)
        try:
            async with asyncio.timeout(POST_WITHIN.total_seconds()):
                message = await self._find_posted(campus, day, settings, seen.since)
        except CannotTellError:
            return replace(seen, state="skipped", why="it could not be seen whether it was posted")
        except discord.HTTPException as err:
            return _refused(seen, err)
        return replace(seen, state="sent", message=message) if message else self._first_attempt()

    def _first_attempt(self) -> Delivery:
        return Delivery(state="sending", since=self._now(), attempts=1, message=None, why=None)

    async def _send(
        self,
        campus: Campus,
        day: date,
        settings: DigestSettings,
        attempt: Delivery,
        view: ui.LayoutView,
    ) -> Delivery:
        """Send the message and return what became of it."""
        channel = self._bot.get_partial_messageable(settings.channel, guild_id=settings.guild)
        try:
            async with asyncio.timeout(POST_WITHIN.total_seconds()):
                await self._pace.turn()
                message = await channel.send(
                    view=view, nonce=nonce(campus, settings.channel, day), silent=True
                )
        except discord.HTTPException as err:
            if err.code == _UNKNOWN_MESSAGE:
                # An earlier attempt arrived, and somebody has deleted its message since.
                return replace(attempt, state="sent")
            return _refused(attempt, err)
        return replace(attempt, state="sent", message=message.id)

    async def _find_posted(
        self, campus: Campus, day: date, settings: DigestSettings, since: datetime
    ) -> int | None:
        """Look in the channel for the digest, posted by an attempt of that `since`.

        Raises:
            CannotTellError: there are messages since then that the bot may not read.
        """
        mark = digest_mark(campus, day)
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

    async def _note_health(
        self, campus: Campus, day: date, settings: DigestSettings, outcome: Delivery
    ) -> None:
        """Note in the settings since when posting fails, or that it does no more."""
        if outcome.state == "failed":
            off = is_to_be_switched_off(settings, campus, day)
            log.warning(
                "the digest of channel %s cannot be posted%s: %s",
                settings.channel,
                " and is switched off" if off else "",
                outcome.why,
            )
            noted = replace(
                settings,
                failing_since=settings.failing_since or self._now(),
                off_since=self._now() if off else None,
                off_why=outcome.why,
            )
        elif outcome.state == "sent":
            noted = replace(settings, failing_since=None, off_why=None)
        else:
            return
        if noted != settings:
            await self._store.change_digest(seen=settings, to=noted)

    async def _move(
        self,
        campus: Campus,
        day: date,
        settings: DigestSettings,
        seen: Delivery | None,
        to: Delivery,
    ) -> bool:
        return await self._store.move_delivery(campus.id, day, settings.channel, seen=seen, to=to)


def _refused(attempt: Delivery, err: discord.HTTPException) -> Delivery:
    """Return the record of a refusal.

    Raises:
        HTTPException: it says nothing about the channel, and may be otherwise soon.
    """
    soon = {HTTPStatus.UNAUTHORIZED, HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS}
    if err.status >= HTTPStatus.INTERNAL_SERVER_ERROR or err.status in soon:
        raise err
    return replace(attempt, state="failed", why=f"{err.text or 'refused'} ({err.code})")


def _bears(message: discord.Message, mark: str) -> bool:
    return any(getattr(each, "custom_id", None) == mark for each in _parts(message.components))


def _parts(components: Sequence[Any]) -> list[Any]:
    return [part for each in components for part in (each, *_parts(getattr(each, "children", ())))]


def _words(err: Exception) -> str:
    return f"{type(err).__name__}: {err}" if str(err) else type(err).__name__
