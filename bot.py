"""EmptyClassroom for Discord: builds every part, hands each what it needs, runs, and stops."""

import asyncio
import hashlib
import json
import logging
import os
import signal
import sys
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta

import aiohttp
import discord
import dotenv
import yarl
from discord import app_commands
from discord.ext import commands

from cogs.answers import Interaction, OldMenu, tell_error
from cogs.digest import Digest
from cogs.morning import Morning
from cogs.rooms import BuildingPress, FreePress, Rooms
from cogs.upkeep import Process, Upkeep
from core.campus import load_campus
from core.config import Settings
from core.embedded import Embedded
from core.errors import ClassroomError, SettingsError, StartError, StoreUnavailableError
from core.logs import OneLine, secrets_of
from core.model import Campus
from core.policy import Policy
from core.schedule import Schedule
from core.sources import open_source
from core.store import Store, SyncedCommands, check, connect

log = logging.getLogger(__name__)

GUILD_FIELDS = ("id", "name", "member_count", "unavailable", "preferred_locale", "owner_id")
"""What is kept of a server; its channels, roles and members come with each interaction."""

_DRAIN_SECONDS = 2.0
_SYNC_LEASE = timedelta(minutes=1)
_LONGEST_PAUSE = 60.0
_ANSWERING = ("CommandTree-invoker", "discord-ui-dynamic-item")


def now() -> datetime:
    """Return the present moment: the only clock of the program."""
    return datetime.now(UTC)


class Tree(app_commands.CommandTree[commands.AutoShardedBot]):
    """The commands; whatever one of them raises is told to the member."""

    async def on_error(self, interaction: Interaction, error: app_commands.AppCommandError) -> None:
        """Answer an interaction that failed."""
        await tell_error(interaction, error)


class Bot(commands.AutoShardedBot):
    """The connection to Discord, with nothing kept that a command does not need."""

    def __init__(self, store: Store) -> None:
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=Tree,
            intents=discord.Intents(guilds=True),
            max_messages=None,
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
            allowed_mentions=discord.AllowedMentions.none(),
            max_ratelimit_timeout=60.0,
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=True, private_channel=True
            ),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
        )
        self._store = store
        self._keep_guilds_slim()

    def _keep_guilds_slim(self) -> None:
        """Keep a twenty-fifth of each server: 1.8 KiB rather than 46.

        A private table of discord.py, which is pinned for it.
        """
        parsers = self._connection.parsers
        parse = parsers["GUILD_CREATE"]
        parsers["GUILD_CREATE"] = lambda data: parse(
            {name: data[name] for name in GUILD_FIELDS if name in data}
        )

    async def setup_hook(self) -> None:
        """Register the buttons, and the commands if they changed; before the gateway opens."""
        self.add_dynamic_items(FreePress, BuildingPress, OldMenu)
        try:
            await self._sync_commands()
        except (discord.HTTPException, aiohttp.ClientError, OSError) as err:
            log.warning("the commands could not be registered, the old ones stay: %s", err)
        except StoreUnavailableError as err:
            log.warning("whether the commands changed cannot be told: %s", err)

    async def _sync_commands(self) -> None:
        """Register the commands with Discord if they differ from what was registered last."""
        application, token = self.application_id or 0, uuid.uuid4().hex
        definition = [command.to_dict(self.tree) for command in self.tree.get_commands()]
        text = json.dumps(definition, sort_keys=True, default=str)
        digest = hashlib.sha256(text.encode()).hexdigest()
        known = await self._store.synced_commands(application)
        if known and known.hash == digest:
            return
        if not await self._store.begin_sync(application, token, lease=_SYNC_LEASE):
            log.info("another process is registering the commands")
            return
        try:
            synced = await self.tree.sync()
        except BaseException:
            await self._store.abandon_sync(application, token)
            raise
        ids = {command.name: command.id for command in synced}
        await self._store.remember_commands(application, token, SyncedCommands(digest, ids))
        log.info("registered %s commands", len(ids))

    async def on_ready(self) -> None:
        """Note that commands are answered from now on; comes again after each new session."""
        log.info("ready as %s in %s servers", self.user, len(self.guilds))

    async def close(self) -> None:
        """Let those who are being answered have their answer, then end."""
        answering = {each for each in asyncio.all_tasks() if each.get_name().startswith(_ANSWERING)}
        if answering:
            await asyncio.wait(answering, timeout=_DRAIN_SECONDS)
        await super().close()


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
    if "RAILWAY_ENV" in os.environ or "DYNO" in os.environ:
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
        campus = load_campus(env.get("CAMPUS", "").strip() or "bu")
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


def main() -> int:
    """Run the program and return its exit code: 0 when it was stopped, 1 when it cannot run."""
    try:
        settings, campus = read_settings(read_environment())
        set_up_logging(settings)
        asyncio.run(run(settings, campus))
    except ClassroomError as err:
        sys.stderr.write(f"{err}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
