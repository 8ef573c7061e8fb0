"""EmptyClassroom for Discord: builds every part, hands each what it needs, runs, and stops."""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import UTC, datetime

import aiohttp
import discord
import dotenv

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
from core.campus import load_campuses
from core.config import Settings, named_campuses
from core.embedded import Embedded
from core.errors import ClassroomError, SettingsError
from core.logs import OneLine, secrets_of
from core.model import Campus
from core.picks import Picks
from core.pictures.studio import Studio
from core.policy import Policy
from core.sampler import Sampler
from core.schedule import Schedule
from core.sources import Turns, open_source
from core.store import Store, check, connect

log = logging.getLogger(__name__)


def now() -> datetime:
    """Return the present moment: the only clock of the program."""
    return datetime.now(UTC)


async def run(settings: Settings, campuses: Sequence[Campus]) -> None:
    """Build the program, and run it until it is told to stop.

    Raises:
        StartError: something that it cannot do without is not there.
    """
    point_discord(settings.discord_api_url, settings.discord_gateway_url)
    # It has nothing to say, so that it need not be told what it lacks for speaking.
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(opened_store(settings))
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
        await add_cogs(bot, served, store, Pictures(studio), sampler, settings)
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
async def opened_store(settings: Settings) -> AsyncIterator[Store]:
    """Reach the Redis that is set, or start one; seen to work before anything else starts."""
    async with AsyncExitStack() as stack:
        url = settings.redis_url
        if url is None:
            url = (await stack.enter_async_context(Embedded(settings.data_dir))).url
        client = connect(url)
        stack.push_async_callback(client.aclose)
        await check(client)
        yield Store(client, now=now)


async def add_cogs(
    bot: Bot,
    campuses: Campuses,
    store: Store,
    pictures: Pictures,
    sampler: Sampler,
    settings: Settings,
) -> None:
    """Hand each cog what it uses."""
    process = Process(started_at=now(), gateway_latency=lambda: bot.latency)
    if settings.port:
        # Imported only here: a bot without a port starts a tenth sooner.
        from cogs.web.cog import Web  # noqa: PLC0415

        # First: it opens the port, and if that is taken nothing else is under way.
        await bot.add_cog(
            Web(campuses, store, sampler, settings, gateway_latency=lambda: bot.latency, now=now)
        )
    # Once Discord has let us in: the start does not wait for it, and no member either.
    bot.add_listener(pictures.prepare, "on_connect")
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


def read_environment() -> Mapping[str, str]:
    """Return the environment, with what `.env` adds where no host has set it all."""
    if is_hosted():
        return os.environ
    from_file = {name: value for name, value in dotenv.dotenv_values(".env").items() if value}
    return {**from_file, **os.environ}


def read_settings(env: Mapping[str, str]) -> tuple[Settings, Sequence[Campus]]:
    """Read the environment and the campus files it names, and tell all their faults at once."""
    faults: list[str] = []
    campuses: Sequence[Campus] = ()
    settings: Settings | None = None
    try:
        settings = Settings.from_env(env)
    except SettingsError as err:
        faults += err.faults
    try:
        campuses = load_campuses(named_campuses(env))
    except SettingsError as err:
        faults += err.faults
    if settings is None or faults:
        raise SettingsError(faults)
    return settings, campuses


def set_up_logging(settings: Settings) -> None:
    """Log to standard error, one line an event."""
    handler = logging.StreamHandler()
    secrets = secrets_of(settings.discord_token, settings.redis_url, settings.api_token)
    handler.setFormatter(OneLine(secrets))
    logging.basicConfig(level=settings.log_level, handlers=[handler])
    # Below this discord.py logs whole payloads, which hold what members type.
    logging.getLogger("discord").setLevel(max(logging.INFO, logging.getLogger().level))


def wants_playground(arguments: Sequence[str], env: Mapping[str, str]) -> bool:
    """Tell whether to run in the playground: asked to, or at home without a token.

    A host that lacks the token is told so instead; nobody would find a page there.
    """
    return bool(arguments) or not (env.get("DISCORD_TOKEN", "").strip() or is_hosted())


def is_hosted() -> bool:
    """Tell whether this runs on a host that sets the whole environment itself."""
    return "RAILWAY_ENV" in os.environ or "DYNO" in os.environ


def main(arguments: Sequence[str] = ()) -> int:
    """Run the program and return its exit code.

    0 when it was stopped, 1 when it cannot run, 2 when the arguments are not understood.
    """
    if arguments and arguments[0] in {"discover", "check"}:
        # Imported only here: a bot on Discord finds no campus.
        import console  # noqa: PLC0415

        return console.main(arguments, now=now)
    if list(arguments) not in ([], ["--playground"]):
        sys.stderr.write("usage: python bot.py [--playground | discover ... | check ...]\n")
        return 2
    env = read_environment()
    if wants_playground(arguments, env):
        # Imported only here: a bot on Discord has no use for a Discord of its own.
        from playground import run as playground  # noqa: PLC0415

        return playground.main(env)
    try:
        settings, campuses = read_settings(env)
        set_up_logging(settings)
        asyncio.run(run(settings, campuses))
    except ClassroomError as err:
        sys.stderr.write(f"{err}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
