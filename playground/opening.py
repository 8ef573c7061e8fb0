"""Builds the playground: a store, a campus, a Discord, a page, and the real bot between them."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from aiohttp import web

from core.campus import load_campuses
from core.model import Campus, Live25Settings
from playground import page
from playground.bot_process import LOG, kept_bot
from playground.campus import CAMPUS_ID, DemoCampus, write_campus
from playground.door import PORT, add_health, open_page
from playground.folder import claimed_folder, empty_store_folder
from playground.local_discord import Channel, LocalDiscord, Person
from playground.settings import campuses_of, read_settings
from playground.store import kept_store, store_url
from playground.switchboard import Switchboard
from playground.warden import Warden

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Playground:
    """A playground that runs: where it is seen, how it is switched, and who is in it."""

    page: str
    control: Switchboard
    discord: LocalDiscord
    general: Channel
    study: Channel
    member: Person
    moderator: Person


@asynccontextmanager
async def opened(
    env: Mapping[str, str], say: Say = lambda _: None, *, first_port: int = PORT
) -> AsyncIterator[Playground]:
    """Start everything, give it, and end everything; `say` is told of each thing that started.

    `env` is the bot's environment but for what the playground brings itself: the Discord, the
    store, and the campus unless one is named.

    Raises:
        SettingsError: the settings are faulty, all faults at once.
        StartError: a part does not start, or another playground has the folder.
    """
    settings, _ = read_settings(env)
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(claimed_folder(settings.data_dir))
        parts = _Parts(stack, folder, await stack.enter_async_context(Warden()), say)
        redis_url = await parts.open_store()
        named = [
            await parts.open_demo() if each == CAMPUS_ID else each for each in campuses_of(env)
        ]
        campuses = load_campuses(named)
        parts.control.campus = campuses[0]
        playground = await parts.open_discord(campuses[0], first_port)
        await parts.open_bot(
            {
                **env,
                **playground.discord.environment,
                "REDIS_URL": redis_url,
                "CAMPUS": "",
                "CAMPUSES": ",".join(named),
            },
            playground.discord,
        )
        yield playground


@dataclass(frozen=True, slots=True)
class _Parts:
    """Starts the parts; `stack` ends them, the last first."""

    stack: AsyncExitStack
    folder: Path
    warden: Warden
    say: Say
    control: Switchboard = field(default_factory=Switchboard)

    async def open_store(self) -> str:
        """Start the store with nothing in it, and return its address."""
        folder, lock = await self.stack.enter_async_context(empty_store_folder(self.folder))
        store = kept_store(folder, lock, self.warden, self.control.changed)
        self.control.store = store
        self.stack.push_async_callback(store.take_away)
        await store.bring_back()
        self.say(f"store    Valkey in {folder}")
        return store_url(folder)

    async def open_demo(self) -> str:
        """Serve the demo campus, and return the path of its campus file."""
        self.control.demo = await self.stack.enter_async_context(DemoCampus())
        path = self.folder / "demo.toml"
        write_campus(path, self.control.demo.url)
        return str(path)

    async def open_discord(self, campus: Campus, first_port: int) -> Playground:
        """Start the local Discord and serve its page."""
        # A feed's address is often its key.
        place = campus.source.url if isinstance(campus.source, Live25Settings) else "iCalendar"
        self.say(f"campus   {campus.name}: {place}")
        discord = await self.stack.enter_async_context(LocalDiscord())
        self.say(f"Discord  {discord.origin}")
        playground = _furnished(discord, self.control, campus.name)
        app = web.Application()
        page.mount(app, discord, self.control)
        add_health(app, self.control)
        address = await self.stack.enter_async_context(open_page(app, first_port=first_port))
        self.say(f"page     {address}")
        return replace(playground, page=address)

    async def open_bot(self, env: Mapping[str, str], discord: LocalDiscord) -> None:
        """Start the bot, and see it log in."""
        bot = kept_bot(self.folder, env, discord, self.warden, self.control.changed)
        self.control.bot = bot
        self.stack.push_async_callback(bot.take_away)
        await bot.bring_back()
        self.say(f"bot      logs to {self.folder / LOG}")


def _furnished(discord: LocalDiscord, control: Switchboard, name: str) -> Playground:
    """Put a server with two channels and two people into the Discord, and the bot with them."""
    server = discord.add_server(name)
    server.add_bot()
    member, moderator = discord.add_person("robin"), discord.add_person("morgan")
    server.join(member)
    server.join(moderator, moderator=True)
    return Playground(
        page="",
        control=control,
        discord=discord,
        general=server.add_channel("general"),
        study=server.add_channel("study-rooms"),
        member=member,
        moderator=moderator,
    )
