"""The composition root: builds every part, runs the bot, and shuts it down."""

import asyncio
import logging
import signal
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack, suppress
from datetime import datetime

import discord

from app.client import Bot
from app.cog_loader import load_cogs
from app.connection import connect_with_retry, override_discord_urls
from app.gateway_monitor import GatewayMonitor
from app.heartbeat import measure_heartbeats
from cogs.services import Services
from cogs.ui.images.service import ImageService
from core.data.coordinator import CampusCoordinator
from core.data.refresh_policy import RefreshPolicy
from core.images.renderer import ImageRenderer
from core.metrics import Metrics
from core.model.campus import Campus
from core.preferences import CampusPreferences
from core.registry import CampusRegistry
from core.settings import Settings
from core.sources.http_redirects import open_session
from core.sources.priority_limiter import PriorityLimiter
from core.sources.registry import create_source
from core.store.opening import open_store
from core.trends.sampler import OccupancySampler

log = logging.getLogger(__name__)


async def run_bot(
    settings: Settings,
    campuses: Sequence[Campus],
    redis_url: str,
    *,
    now: Callable[[], datetime],
) -> None:
    """Build the program, and run it until a signal stops it.

    Raises:
        StartError: Redis, Discord or the HTTP port is not available.
    """
    override_discord_urls(settings.discord_api_url, settings.discord_gateway_url)
    measure_heartbeats()
    # The bot never speaks in voice channels, so it needs no warning about missing voice libraries.
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(
            open_store(settings, [each.id for each in campuses], redis_url, now=now)
        )
        session = await stack.enter_async_context(open_session())
        limiter = PriorityLimiter(settings.max_concurrent_requests)
        coordinators = {
            campus.id: CampusCoordinator(
                campus,
                create_source(campus, session, limiter=limiter),
                store,
                refresh_policy(settings),
                now=now,
            )
            for campus in campuses
        }
        for schedule in coordinators.values():
            stack.push_async_callback(schedule.close)
        metrics = Metrics()
        preferences = CampusPreferences(store)
        await preferences.load()
        bot = await stack.enter_async_context(Bot(store, metrics))
        renderer = ImageRenderer()
        stack.push_async_callback(renderer.close)
        sampler = OccupancySampler(coordinators, store, now=now)
        await asyncio.gather(*(each.load() for each in coordinators.values()))
        services = Services(
            campuses=CampusRegistry(coordinators, preferences),
            store=store,
            images=ImageService(renderer),
            sampler=sampler,
            settings=settings,
            started_at=now(),
            metrics=metrics,
            gateway=GatewayMonitor(bot, now=now).status,
            now=now,
        )
        # On connect, so that neither the start nor the first member waits for it.
        bot.add_listener(services.images.preload, "on_connect")
        await load_cogs(bot, services)
        await run_until_stopped(bot, settings.discord_token)


def refresh_policy(settings: Settings) -> RefreshPolicy:
    """Return the refresh policy that the settings describe."""
    return RefreshPolicy(
        min_gap=settings.min_gap,
        cooldown=settings.refresh_cooldown,
        refresh_time=settings.refresh_time,
        refresh_every=settings.refresh_every,
        stale_after=settings.stale_after,
        days_ahead=settings.days_ahead,
    )


async def run_until_stopped(bot: Bot, token: str) -> None:
    """Run the bot until a signal stops it or Discord rejects it for good."""
    running = asyncio.create_task(connect_with_retry(bot, token))
    stop = running.cancel
    with suppress(NotImplementedError):  # Windows has no such handlers.
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop)
    try:
        await running
    except asyncio.CancelledError:
        log.info("stopping")
