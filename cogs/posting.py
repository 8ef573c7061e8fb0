"""Posting a digest exactly once, whatever breaks in between.

Source: `docs/discord.md`, "Posting once" and "Rate limits".
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from http import HTTPStatus

import aiohttp
import discord
from discord import ui
from discord.ext import commands

from cogs.invalid_requests import InvalidRequests
from cogs.looking import CannotTellError, Look
from cogs.pace import Pace
from cogs.pictures import Picture
from cogs.replies.digest import digest_mark
from core.delivery import (
    POST_WITHIN,
    Step,
    is_to_be_switched_off,
    may_still_send,
    next_step,
    nonce,
)
from core.errors import StoreUnavailableError
from core.model import Campus
from core.store import Delivery, DigestSettings, Store

log = logging.getLogger(__name__)

_REQUESTS_A_SECOND = 48
_AT_ONCE = 40
_UNKNOWN_MESSAGE = 10008
_MISSING_PERMISSIONS = 50013

_Transient = (discord.HTTPException, discord.RateLimited, aiohttp.ClientError, OSError)
"""What may be otherwise in half a minute; `TimeoutError` is an `OSError`."""


@dataclass(frozen=True, slots=True)
class Illustrated:
    """What a digest says where it may bring a picture, and that picture."""

    view: ui.LayoutView
    picture: Picture


@dataclass(frozen=True, slots=True)
class Post:
    """The digest of one channel and day: where it goes, and what it says."""

    campus: Campus
    day: date
    settings: DigestSettings
    view: ui.LayoutView
    illustrated: Illustrated | None = None

    @property
    def channel(self) -> int:
        """The id of the channel."""
        return self.settings.channel


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
        self._look = Look(bot, self._pace)
        self._invalid = InvalidRequests(now=now)
        self._places = asyncio.Semaphore(_AT_ONCE)

    async def post(self, post: Post, seen: Delivery | None) -> None:
        """Take the next step with the digest of a channel and day, as it was last seen.

        None while Discord refuses so much that it may shut us out: the next tick comes again.
        """
        if self._invalid.are_too_many:
            return
        async with self._places:
            try:
                await self._deliver(post, seen)
            except _Transient as err:
                self._invalid.note(err)
                log.warning(
                    "the digest of channel %s is tried again: %s", post.channel, _words(err)
                )
            except StoreUnavailableError:
                # What was sent is found again by its nonce or in the channel's history.
                log.warning("the digest of channel %s could not be noted", post.channel)
            except Exception:
                # A fault of ours in one channel must not hold up the others.
                log.exception("the digest of channel %s could not be posted", post.channel)

    async def _deliver(self, post: Post, seen: Delivery | None) -> None:
        outcome = await self._next_attempt(post, seen)
        if outcome.state == "sending":
            if not await self._move(post, seen, outcome):
                return
            seen, outcome = outcome, await self._send(post, outcome)
        # Before the delivery, so that whoever is cut off in between comes back to note it.
        await self._note_health(post, outcome)
        await self._move(post, seen, outcome)

    async def _next_attempt(self, post: Post, seen: Delivery | None) -> Delivery:
        """Return the record to go on with: another attempt, or what a look at the channel told."""
        if seen is None:
            return self._first_attempt()
        if next_step(seen, self._now()) is Step.POST_AGAIN:
            return replace(seen, attempts=seen.attempts + 1)
        try:
            async with asyncio.timeout(POST_WITHIN.total_seconds()):
                mark = digest_mark(post.campus, post.day)
                message = await self._look.find(post.settings, mark, seen.since)
        except CannotTellError:
            return replace(seen, state="skipped", why="it could not be seen whether it was posted")
        except discord.HTTPException as err:
            return self._refused(seen, err)
        return replace(seen, state="sent", message=message) if message else self._first_attempt()

    def _first_attempt(self) -> Delivery:
        return Delivery(state="sending", since=self._now(), attempts=1, message=None, why=None)

    async def _send(self, post: Post, attempt: Delivery) -> Delivery:
        """Send the message and return what became of it."""
        try:
            async with asyncio.timeout(POST_WITHIN.total_seconds()):
                await self._pace.turn()
                if not may_still_send(attempt, self._now()):
                    # Suspended since its claim: another process may have posted it, and Discord
                    # may have forgotten the nonce.
                    raise TimeoutError("it was claimed too long ago")
                message = await self._say(post)
        except discord.HTTPException as err:
            if err.code == _UNKNOWN_MESSAGE:
                # An earlier attempt arrived, and somebody has deleted its message since.
                return replace(attempt, state="sent")
            return self._refused(attempt, err)
        return replace(attempt, state="sent", message=message.id)

    async def _say(self, post: Post) -> discord.Message:
        """Send what there is to say; in words alone where the bot may not send files."""
        settings = post.settings
        channel = self._bot.get_partial_messageable(post.channel, guild_id=settings.guild)
        mark = nonce(post.campus, post.channel, post.day)
        if post.illustrated and settings.pictures:
            file = post.illustrated.picture.file()
            try:
                return await channel.send(
                    view=post.illustrated.view, file=file, nonce=mark, silent=True
                )
            except discord.Forbidden as err:
                if err.code != _MISSING_PERMISSIONS:
                    raise
                # Perhaps it is just the file that it may not send any more.
                self._invalid.note(err)
                await self._pace.turn()
        return await channel.send(view=post.view, nonce=mark, silent=True)

    def _refused(self, attempt: Delivery, err: discord.HTTPException) -> Delivery:
        """Return the record of a refusal.

        Raises:
            HTTPException: it says nothing about the channel, and may be otherwise soon.
        """
        soon = {HTTPStatus.UNAUTHORIZED, HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS}
        if err.status >= HTTPStatus.INTERNAL_SERVER_ERROR or err.status in soon:
            raise err
        self._invalid.note(err)
        return replace(attempt, state="failed", why=f"{err.text or 'refused'} ({err.code})")

    async def _note_health(self, post: Post, outcome: Delivery) -> None:
        """Note in the settings since when posting fails, or that it does no more."""
        settings = post.settings
        if outcome.state == "failed":
            off = is_to_be_switched_off(settings, post.campus, post.day)
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

    async def _move(self, post: Post, seen: Delivery | None, to: Delivery) -> bool:
        return await self._store.move_delivery(
            post.campus.id, post.day, post.channel, seen=seen, to=to
        )


def _words(err: Exception) -> str:
    return f"{type(err).__name__}: {err}" if str(err) else type(err).__name__
