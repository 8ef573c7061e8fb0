"""Posting a digest exactly once, whatever breaks in between.

Source: `docs/discord.md`, "Posting once" and "Rate limits".
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

import discord
from discord import ui
from discord.ext import commands

from cogs.digest.channel_history import ChannelHistory, HistoryUnreadableError
from cogs.digest.invalid_request_guard import InvalidRequestGuard
from cogs.digest.rate_limiter import EvenRateLimiter
from cogs.ui.discord_errors import (
    MISSING_PERMISSIONS,
    REQUEST_ERRORS,
    UNKNOWN_MESSAGE,
    DiscordFailure,
    classify,
    describe,
)
from cogs.ui.image_attachment import ImageAttachment
from cogs.ui.replies.digest import digest_custom_id
from core.digests.schedule import (
    SEND_TIMEOUT,
    DeliveryStep,
    decide_step,
    is_safe_to_send,
    message_nonce,
    should_disable,
)
from core.errors import StoreUnavailableError
from core.metrics import Metrics
from core.model.campus import Campus
from core.model.digest import Delivery, DigestSettings
from core.store import Store

log = logging.getLogger(__name__)

_MAX_REQUESTS_PER_SECOND = 48
_MAX_CONCURRENT_POSTS = 40


@dataclass(frozen=True, slots=True)
class WithImage:
    """What a digest says where it may bring a picture, and that picture."""

    view: ui.LayoutView
    image: ImageAttachment


@dataclass(frozen=True, slots=True)
class DigestPost:
    """The digest of one channel and day: where it goes, and what it says."""

    campus: Campus
    day: date
    settings: DigestSettings
    view: ui.LayoutView
    with_image: WithImage | None = None
    lost_since: datetime | None = None
    """When it was due, if that is so long ago that a record of it may have been lost."""

    @property
    def channel(self) -> int:
        """The id of the channel."""
        return self.settings.channel_id


class DigestPublisher:
    """Posts digests, and keeps a record of each in Redis.

    The record is claimed before the message is sent, so that no other process sends it, and
    the message carries a nonce, so that sending it again soon makes no second one. Where too
    much time has passed for that, the channel is looked at first.
    """

    def __init__(
        self,
        bot: commands.AutoShardedBot,
        store: Store,
        metrics: Metrics,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._bot = bot
        self._store = store
        self._posts = metrics.posts
        self._now = now
        self._rate_limiter = EvenRateLimiter(_MAX_REQUESTS_PER_SECOND)
        self._history = ChannelHistory(bot, self._rate_limiter)
        self._invalid_requests = InvalidRequestGuard(now=now)
        self._slots = asyncio.Semaphore(_MAX_CONCURRENT_POSTS)

    async def publish(self, post: DigestPost, seen: Delivery | None) -> None:
        """Take the next step with the digest of a channel and day, as it was last seen.

        None while Discord refuses so much that it may shut us out: the next tick comes again.
        """
        if self._invalid_requests.is_exhausted:
            return
        async with self._slots:
            try:
                await self._deliver(post, seen)
            except REQUEST_ERRORS as err:
                self._invalid_requests.record(err)
                log.warning(
                    "the digest of channel %s is tried again: %s",
                    post.channel,
                    describe(err),
                )
            except StoreUnavailableError:
                # What was sent is found again by its nonce or in the channel's history.
                log.warning("the digest of channel %s could not be noted", post.channel)
            except Exception:
                # A fault of ours in one channel must not hold up the others.
                log.exception("the digest of channel %s could not be posted", post.channel)

    async def _deliver(self, post: DigestPost, seen: Delivery | None) -> None:
        outcome = await self._next_attempt(post, seen)
        if outcome.state == "sending":
            if not await self._compare_and_set(post, seen, outcome):
                return
            seen, outcome = outcome, await self._send(post, outcome)
        # Before the delivery, so that whoever is cut off in between comes back to note it.
        await self._record_health(post, outcome)
        self._posts.add("digest", outcome.state)
        await self._compare_and_set(post, seen, outcome)

    async def _next_attempt(self, post: DigestPost, seen: Delivery | None) -> Delivery:
        """Return the record to go on with: another attempt, or what a look at the channel told."""
        if seen is None:
            return await self._unrecorded_delivery(post) or self._first_attempt()
        if decide_step(seen, self._now()) is DeliveryStep.RESEND:
            return replace(seen, attempts=seen.attempts + 1)
        try:
            async with asyncio.timeout(SEND_TIMEOUT.total_seconds()):
                custom_id = digest_custom_id(post.campus, post.day)
                message = await self._history.find_digest(post.settings, custom_id, seen.started_at)
        except HistoryUnreadableError:
            return replace(
                seen, state="skipped", reason="it could not be seen whether it was posted"
            )
        except discord.HTTPException as err:
            return self._record_refusal(seen, err)
        return replace(seen, state="sent", message_id=message) if message else self._first_attempt()

    async def _unrecorded_delivery(self, post: DigestPost) -> Delivery | None:
        """Return the record of a digest that is in the channel though Redis knows none."""
        if post.lost_since is None:
            return None
        try:
            async with asyncio.timeout(SEND_TIMEOUT.total_seconds()):
                custom_id = digest_custom_id(post.campus, post.day)
                message = await self._history.find_unrecorded_digest(
                    post.settings, custom_id, post.lost_since
                )
        except (discord.Forbidden, discord.NotFound) as err:
            # Most likely it was not posted; if the channel is gone, sending will tell.
            self._invalid_requests.record(err)
            return None
        if message is None:
            return None
        log.warning("a digest was posted of which Redis has lost the record")
        return Delivery(state="sent", started_at=self._now(), message_id=message)

    def _first_attempt(self) -> Delivery:
        return Delivery(
            state="sending", started_at=self._now(), attempts=1, message_id=None, reason=None
        )

    async def _send(self, post: DigestPost, attempt: Delivery) -> Delivery:
        """Send the message and return what became of it."""
        try:
            async with asyncio.timeout(SEND_TIMEOUT.total_seconds()):
                await self._rate_limiter.acquire()
                if not is_safe_to_send(attempt, self._now()):
                    # Suspended since its claim: another process may have posted it, and Discord
                    # may have forgotten the nonce.
                    raise TimeoutError("it was claimed too long ago")
                message = await self._send_message(post)
        except discord.HTTPException as err:
            if err.code == UNKNOWN_MESSAGE:
                # An earlier attempt arrived, and somebody has deleted its message since.
                return replace(attempt, state="sent")
            return self._record_refusal(attempt, err)
        return replace(attempt, state="sent", message_id=message.id)

    async def _send_message(self, post: DigestPost) -> discord.Message:
        """Send what there is to say; in words alone where the bot may not send files."""
        settings = post.settings
        channel = self._bot.get_partial_messageable(post.channel, guild_id=settings.guild_id)
        nonce = message_nonce(post.campus, post.channel, post.day)
        if post.with_image and settings.with_images:
            file = post.with_image.image.file()
            try:
                return await channel.send(
                    view=post.with_image.view, file=file, nonce=nonce, silent=True
                )
            except discord.Forbidden as err:
                if err.code != MISSING_PERMISSIONS:
                    raise
                # Perhaps it is just the file that it may not send any more.
                self._invalid_requests.record(err)
                await self._rate_limiter.acquire()
        return await channel.send(view=post.view, nonce=nonce, silent=True)

    def _record_refusal(self, attempt: Delivery, err: discord.HTTPException) -> Delivery:
        """Return the record of a refusal.

        Raises:
            HTTPException: it says nothing about the channel, and may be otherwise soon.
        """
        if classify(err) is DiscordFailure.TRANSIENT:
            raise err
        self._invalid_requests.record(err)
        return replace(attempt, state="failed", reason=f"{err.text or 'refused'} ({err.code})")

    async def _record_health(self, post: DigestPost, outcome: Delivery) -> None:
        """Note in the settings since when posting fails, or that it does no more."""
        settings = post.settings
        if outcome.state == "failed":
            off = should_disable(settings, post.campus, post.day)
            log.warning(
                "the digest of channel %s cannot be posted%s: %s",
                settings.channel_id,
                " and is switched off" if off else "",
                outcome.reason,
            )
            updated = replace(
                settings,
                failing_since=settings.failing_since or self._now(),
                disabled_since=self._now() if off else None,
                disabled_reason=outcome.reason,
            )
        elif outcome.state == "sent":
            updated = replace(settings, failing_since=None, disabled_reason=None)
        else:
            return
        if updated != settings:
            await self._store.compare_and_set_settings(expected=settings, new=updated)

    async def _compare_and_set(self, post: DigestPost, seen: Delivery | None, to: Delivery) -> bool:
        return await self._store.compare_and_set_delivery(
            post.campus.id, post.day, post.channel, expected=seen, new=to
        )
