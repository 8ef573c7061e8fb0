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
import yarl

from cogs.client import Bot
from cogs.digest import Digest
from cogs.morning import Morning
from cogs.rooms import Rooms
from cogs.upkeep import Process, Upkeep
from core.campus import load_campus
from core.config import DEFAULT_CAMPUS, Settings
from core.embedded import Embedded
from core.errors import ClassroomError, SettingsError, StartError
from core.logs import OneLine, secrets_of
from core.model import Campus
from core.policy import Policy
from core.schedule import Schedule
from core.sources import open_source
from core.store import Store, check, connect

log = logging.getLogger(__name__)

_LONGEST_PAUSE = 60.0


def now() -> datetime:
    """Return the present moment: the only clock of the program."""
    return datetime.now(UTC)


async def run(settings: Settings, campus: Campus) -> None:
    """Build the program, and run it until it is told to stop.

    Raises:
        StartError: something that it cannot do without is not there.
    """
    point_discord(settings)
    # It has nothing to say, so that it need not be told what it lacks for speaking.
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(opened_store(settings))
        session = await stack.enter_async_context(aiohttp.ClientSession())
        schedule = Schedule(campus, open_source(campus, session), store, policy(settings), now=now)
        stack.push_async_callback(schedule.close)
        bot = await stack.enter_async_context(Bot(store))
        await add_cogs(bot, {campus.id: schedule}, store, settings)
        await schedule.load()
        await run_until_stopped(bot, settings.discord_token)


def point_discord(settings: Settings) -> None:
    """Point discord.py at another server than Discord's, where the settings name one."""
    if settings.discord_api_url:
        discord.http.Route.BASE = settings.discord_api_url
    if settings.discord_gateway_url:
        gateway = yarl.URL(settings.discord_gateway_url)
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = gateway


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
    bot: Bot, schedules: Mapping[str, Schedule], store: Store, settings: Settings
) -> None:
    """Hand each cog what it uses."""
    digest = Digest(schedules, store, digest_time=settings.digest_time, now=now)
    process = Process(started_at=now(), gateway_latency=lambda: bot.latency)
    await bot.add_cog(Rooms(schedules, now=now))
    await bot.add_cog(Upkeep(schedules, store, digest, process, now=now))
    await bot.add_cog(digest)
    await bot.add_cog(Morning(bot, schedules, store, now=now))


async def run_until_stopped(bot: Bot, token: str) -> None:
    """Run the bot until a signal comes or Discord turns it away for good."""
    running = asyncio.create_task(_connect(bot, token))
    stop = running.cancel
    with suppress(NotImplementedError):  # Windows has no such handlers.
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop)
    try:
        await running
    except asyncio.CancelledError:
        log.info("stopping")


async def _connect(bot: Bot, token: str) -> None:
    """Log in and stay connected, however often Discord cannot be reached at first."""
    pause = 1.0
    while True:
        try:
            if bot.application_id is None:
                await bot.login(token)
            await bot.connect()
        except discord.LoginFailure as err:
            raise StartError("DISCORD_TOKEN: Discord does not accept it") from err
        except discord.ConnectionClosed as err:
            raise StartError(f"Discord ended the connection for good (code {err.code})") from err
        except (
            discord.HTTPException,
            discord.GatewayNotFound,
            aiohttp.ClientError,
            OSError,
        ) as err:
            if bot.is_closed():
                raise StartError(f"Discord cannot be reached: {err}") from err
            log.warning("Discord cannot be reached, next try in %.0f s: %s", pause, err)
            if bot.application_id is None:
                await bot.http.close()
                # It was closed with its session; the next login makes a new one.
                bot.http.connector = discord.utils.MISSING
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
        else:
            return


def read_environment() -> Mapping[str, str]:
    """Return the environment, with what `.env` adds where no host has set it all."""
    if is_hosted():
        return os.environ
    from_file = {name: value for name, value in dotenv.dotenv_values(".env").items() if value}
    return {**from_file, **os.environ}


def read_settings(env: Mapping[str, str]) -> tuple[Settings, Campus]:
    """Read the environment and the campus file it names, and tell all their faults at once."""
    faults: list[str] = []
    campus: Campus | None = None
    settings: Settings | None = None
    try:
        settings = Settings.from_env(env)
    except SettingsError as err:
        faults += err.faults
    try:
        campus = load_campus(env.get("CAMPUS", "").strip() or DEFAULT_CAMPUS)
    except SettingsError as err:
        faults += err.faults
    if settings is None or campus is None:
        raise SettingsError(faults)
    return settings, campus


def set_up_logging(settings: Settings) -> None:
    """Log to standard error, one line an event."""
    handler = logging.StreamHandler()
    handler.setFormatter(OneLine(secrets_of(settings.discord_token, settings.redis_url)))
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
    if list(arguments) not in ([], ["--playground"]):
        sys.stderr.write("usage: python bot.py [--playground]\n")
        return 2
    env = read_environment()
    if wants_playground(arguments, env):
        # Imported only here: a bot on Discord has no use for a Discord of its own.
        from playground import run as playground  # noqa: PLC0415

        return playground.main(env)
    try:
        settings, campus = read_settings(env)
        set_up_logging(settings)
        asyncio.run(run(settings, campus))
    except ClassroomError as err:
        sys.stderr.write(f"{err}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
