"""Builds the demo: a store, a campus, a Discord, a page, and the real bot between them."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from aiohttp import web

from core.campus_file.loader import load_campuses
from core.model.campus import Campus
from core.sources.registry import describe_source
from demo import page
from demo.bot_process import LOG_FILE, supervised_bot
from demo.campus import CAMPUS_ID, demo_ems, demo_live25, write_campus_file
from demo.clock import REAL_TIME
from demo.process_reaper import ProcessReaper
from demo.redis_process import redis_url, supervised_redis
from demo.service_control import DemoServices
from demo.settings import read_settings, requested_campuses
from demo.web_server import FIRST_PORT, add_health_route, serve_page
from demo.workdir import fresh_redis_dir, locked_workdir
from fakes.discord import Channel, FakeDiscord, HumanUser

Reporter = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class RunningDemo:
    """A demo that runs: where it is seen, how it is switched, and who is in it."""

    page_url: str
    services: DemoServices
    discord: FakeDiscord
    general: Channel
    study: Channel
    member: HumanUser
    moderator: HumanUser


@asynccontextmanager
async def start_demo(
    env: Mapping[str, str],
    report: Reporter = lambda _: None,
    *,
    first_port: int = FIRST_PORT,
    campus_kind: str = "25live",
    moment: str = REAL_TIME,
) -> AsyncIterator[RunningDemo]:
    """Start everything, give it, and end everything; `say` is told of each thing that started.

    `env` is the bot's environment but for what the demo brings itself: the Discord, the
    store, and the campus unless one is named. `moment` is what the demo pretends to be.

    Raises:
        SettingsError: the settings are faulty, all faults at once.
        StartError: a part does not start, or another demo has the folder.
    """
    settings, _ = read_settings(env)
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(locked_workdir(settings.data_dir))
        builder = _StackBuilder(
            stack, folder, await stack.enter_async_context(ProcessReaper()), report
        )
        redis_url = await builder.start_redis()
        named = [
            await builder.start_campus(campus_kind) if each == CAMPUS_ID else each
            for each in requested_campuses(env)
        ]
        campuses = load_campuses(named)
        builder.services.campus = campuses[0]
        builder.services.clock.pretend(moment, campuses[0].timezone)
        demo = await builder.start_discord(campuses[0], first_port)
        await builder.start_bot(
            {
                **env,
                **demo.discord.environment,
                "REDIS_URL": redis_url,
                "CAMPUS": "",
                "CAMPUSES": ",".join(named),
            },
            demo.discord,
        )
        yield demo


@dataclass(frozen=True, slots=True)
class _StackBuilder:
    """Starts the parts; `stack` ends them, the last first."""

    stack: AsyncExitStack
    folder: Path
    reaper: ProcessReaper
    report: Reporter
    services: DemoServices = field(default_factory=DemoServices)

    async def start_redis(self) -> str:
        """Start the store with nothing in it, and return its address."""
        folder, lock = await self.stack.enter_async_context(fresh_redis_dir(self.folder))
        store = supervised_redis(folder, lock, self.reaper, self.services.notify_listeners)
        self.services.redis = store
        self.stack.push_async_callback(store.stop)
        await store.start()
        self.report(f"store    Valkey in {folder}")
        self.services.redis_url = redis_url(folder)
        return self.services.redis_url

    async def start_campus(self, kind: str) -> str:
        """Serve the demo campus by a source of a kind, and return the path of its campus file."""
        server = demo_ems() if kind == "ems" else demo_live25()
        await self.stack.enter_async_context(server)
        self.services.campus_server = server
        path = self.folder / "demo.toml"
        write_campus_file(path, server.url, self.services.clock.now().date(), kind)
        return str(path)

    async def start_discord(self, campus: Campus, first_port: int) -> RunningDemo:
        """Start the local Discord and serve its page."""
        self.report(f"campus   {campus.name}: {describe_source(campus.source).label}")
        discord = await self.stack.enter_async_context(FakeDiscord(clock=self.services.clock.now))
        self.report(f"Discord  {discord.origin}")
        demo = _create_guild(discord, self.services, campus.name)
        app = web.Application()
        page.mount(app, discord, self.services)
        add_health_route(app, self.services)
        address = await self.stack.enter_async_context(serve_page(app, first_port=first_port))
        self.report(f"page     {address}")
        return replace(demo, page_url=address)

    async def start_bot(self, env: Mapping[str, str], discord: FakeDiscord) -> None:
        """Start the bot, and see it log in."""
        services = self.services
        bot = supervised_bot(
            self.folder, env, discord, self.reaper, services.notify_listeners, services.clock
        )
        self.services.bot = bot
        self.stack.push_async_callback(bot.stop)
        await bot.start()
        self.report(f"bot      logs to {self.folder / LOG_FILE}")


def _create_guild(discord: FakeDiscord, services: DemoServices, name: str) -> RunningDemo:
    """Put a server with two channels and two people into the Discord, and the bot with them."""
    server = discord.add_guild(name)
    server.add_bot()
    member, moderator = discord.add_user("robin"), discord.add_user("morgan")
    server.add_member(member)
    server.add_member(moderator, is_moderator=True)
    return RunningDemo(
        page_url="",
        services=services,
        discord=discord,
        general=server.add_channel("general"),
        study=server.add_channel("study-rooms"),
        member=member,
        moderator=moderator,
    )
