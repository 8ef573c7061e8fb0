"""The program: every part is built, handed what it needs, run, and stopped."""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import datetime

import aiohttp
import discord

from cogs.campuses import Campuses
from cogs.choosing import Choosing
from cogs.client import Bot
from cogs.connecting import point_discord, stay_connected
from cogs.digest import Digest
from cogs.morning import Morning
from cogs.pictures import Pictures
from cogs.room import RoomWeeks
from cogs.rooms import Rooms
from cogs.trends import Trends
from cogs.upkeep import Process, Upkeep
from core.config import Settings
from core.model import Campus
from core.picks import Picks
from core.pictures.studio import Studio
from core.policy import Policy
from core.sampler import Sampler
from core.schedule import Schedule
from core.sources import Turns, open_source
from core.store import Store, check, connect

log = logging.getLogger(__name__)


async def run(
    settings: Settings,
    campuses: Sequence[Campus],
    redis_url: str,
    *,
    now: Callable[[], datetime],
) -> None:
    """Build the program, and run it until it is told to stop.

    Raises:
        StartError: something that it cannot do without is not there.
    """
    point_discord(settings.discord_api_url, settings.discord_gateway_url)
    # It has nothing to say, so that it need not be told what it lacks for speaking.
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(opened_store(redis_url, now=now))
        session = await stack.enter_async_context(aiohttp.ClientSession())
        turns = Turns(settings.read_at_once)
        schedules = {
            campus.id: Schedule(
                campus,
                open_source(campus, session, turns=turns),
                store,
                policy(settings),
                now=now,
            )
            for campus in campuses
        }
        for schedule in schedules.values():
            stack.push_async_callback(schedule.close)
        picks = Picks(store)
        await picks.load()
        bot = await stack.enter_async_context(Bot(store))
        studio = Studio()
        stack.push_async_callback(studio.close)
        sampler = Sampler(schedules, store, now=now)
        await asyncio.gather(*(each.load() for each in schedules.values()))
        served = Campuses(schedules, picks)
        await add_cogs(bot, served, store, Pictures(studio), sampler, settings, now=now)
        await run_until_stopped(bot, settings.discord_token)


def policy(settings: Settings) -> Policy:
    """Return what the settings decide about refreshes."""
    return Policy(
        min_gap=settings.min_gap,
        cooldown=settings.refresh_cooldown,
        refresh_time=settings.refresh_time,
        refresh_every=settings.refresh_every,
        stale_after=settings.stale_after,
        days_ahead=settings.days_ahead,
    )


@asynccontextmanager
async def opened_store(redis_url: str, *, now: Callable[[], datetime]) -> AsyncIterator[Store]:
    """Reach Redis, and see that it works before anything else starts."""
    client = connect(redis_url)
    try:
        await check(client)
        yield Store(client, now=now)
    finally:
        await client.aclose()


async def add_cogs(
    bot: Bot,
    campuses: Campuses,
    store: Store,
    pictures: Pictures,
    sampler: Sampler,
    settings: Settings,
    *,
    now: Callable[[], datetime],
) -> None:
    """Hand each cog what it uses."""
    # Once Discord has let us in: the start does not wait for it, and no member either.
    bot.add_listener(pictures.prepare, "on_connect")
    process = Process(started_at=now(), gateway_latency=lambda: bot.latency)
    if settings.port:
        # Imported only here: a bot without a port starts a tenth sooner.
        from cogs.web.cog import Web  # noqa: PLC0415

        # First: it opens the port, and if that is taken nothing else is under way.
        await bot.add_cog(
            Web(campuses, store, sampler, settings, gateway_latency=lambda: bot.latency, now=now)
        )
    digest = Digest(campuses, store, pictures, digest_time=settings.digest_time, now=now)
    await bot.add_cog(Rooms(campuses, pictures, sampler, now=now))
    await bot.add_cog(RoomWeeks(campuses, pictures, now=now))
    await bot.add_cog(Upkeep(campuses, store, sampler, digest, process, now=now))
    await bot.add_cog(digest)
    await bot.add_cog(Trends(campuses, sampler, pictures, now=now))
    if campuses.is_choice:
        await bot.add_cog(Choosing(campuses, store))
    await bot.add_cog(Morning(bot, campuses, store, pictures, now=now))


async def run_until_stopped(bot: Bot, token: str) -> None:
    """Run the bot until a signal comes or Discord turns it away for good."""
    running = asyncio.create_task(stay_connected(bot, token))
    stop = running.cancel
    with suppress(NotImplementedError):  # Windows has no such handlers.
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop)
    try:
        await running
    except asyncio.CancelledError:
        log.info("stopping")
