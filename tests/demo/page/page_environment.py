"""The stage of the page: the real bot, the demo campus, a store, and the page in front of them."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Protocol

from aiohttp import web

from demo.campus import demo_live25, write_campus_file
from demo.clock import MOMENTS, PretendedMoment
from demo.page import mount
from demo.services import CannotToggleError, Health, ServiceName, ServiceStatus, ToggleableService
from fakes.discord import FakeDiscord
from fakes.discord.rest.api import BodyValidator
from fakes.live25.server import FakeLive25
from tests.e2e.environment import BotEnvironment, RunningBot, open_environment

TUESDAY_MORNING = datetime(2026, 3, 3, 15, 5, tzinfo=UTC)
"""10:05 on the demo campus, in the middle of a term."""


class RestartableProcess(Protocol):
    """A store that can be ended and started again."""

    def start(self) -> None:
        """Start it and wait until it answers."""

    def kill(self) -> None:
        """End it without a warning."""


@dataclass
class TestServices:
    """The switches of a stage; without `process` the store is the bot's own."""

    environment: BotEnvironment
    campus: FakeLive25
    redis: RestartableProcess | None = None
    bot: RunningBot | None = None
    refuses: str = ""
    pretended: str = ""
    _down: set[ServiceName] = field(default_factory=set)
    _starting: bool = False
    _listeners: list[Callable[[], None]] = field(default_factory=list)

    def statuses(self) -> Mapping[ServiceName, ServiceStatus]:
        """Return how every part is now."""
        bot = Health.STARTING if self._starting else Health.UP if self.bot else Health.DOWN
        return {
            "bot": ServiceStatus(bot, "bot.py", can_toggle=False),
            "store": ServiceStatus(self._health("store"), "Valkey", self.redis is not None),
            "source": ServiceStatus(self._health("source"), "demo campus", can_toggle=True),
        }

    def _health(self, part: ServiceName) -> Health:
        return Health.DOWN if part in self._down else Health.UP

    async def stop(self, service: ToggleableService) -> None:
        """Make a part be gone."""
        if self.refuses:
            raise CannotToggleError(self.refuses)
        if service == "source":
            await self.campus.stop()
        elif self.redis:
            self.redis.kill()
        self._down.add(service)
        self._notify()

    async def start(self, service: ToggleableService) -> None:
        """Make a part be there again."""
        if service == "source":
            await self.campus.start()
        elif self.redis and service in self._down:
            self.redis.start()
        self._down.discard(service)
        self._notify()

    def moments(self) -> Sequence[PretendedMoment]:
        """Return all moments: a stage has the demo's campus."""
        return MOMENTS

    async def pretend(self, moment_id: str) -> None:
        """Note what is to be pretended; a stage has its own time."""
        if self.refuses:
            raise CannotToggleError(self.refuses)
        self.pretended = moment_id
        self._notify()

    async def restart_bot(self) -> None:
        """End the bot and start it again."""
        self._starting = True
        self._notify()
        if self.bot:
            await self.bot.stop()
        self.bot = await self.environment.start_bot()
        self._starting = False
        self._notify()

    def add_listener(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` after each change."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _notify(self) -> None:
        for listener in tuple(self._listeners):
            listener()


@dataclass
class PageEnvironment:
    """A page that is served, and all that is behind it."""

    address: str
    bots: BotEnvironment
    services: TestServices

    def seen_by(self, person: str, *, channel: str = "general") -> str:
        """Return the address at which this person sees the channel."""
        return f"{self.address}/?as={person}&in={channel}"


@asynccontextmanager
async def open_page_environment(
    folder: Path,
    *,
    redis_url: str | None = None,
    process: RestartableProcess | None = None,
    settings: Mapping[str, str] | None = None,
    check: BodyValidator | None = None,
    start: datetime = TUESDAY_MORNING,
) -> AsyncIterator[PageEnvironment]:
    """Serve the page, and start the bot; it has read the campus when this is entered."""
    async with AsyncExitStack() as stack:
        campus = await stack.enter_async_context(demo_live25())
        file = folder / "demo.toml"
        write_campus_file(file, campus.url, start.date())
        make_discord = partial(FakeDiscord, check=check)
        opening = open_environment(
            folder, file, redis_url, start=start, settings=settings, make_discord=make_discord
        )
        stage = await stack.enter_async_context(opening)
        control = TestServices(stage, campus, process)
        app = web.Application()
        mount(app, stage.discord, control)
        address = await _served(stack, app)
        control.bot = await stage.start_bot()
        await control.bot.logs("read ")
        yield PageEnvironment(address, stage, control)


async def _served(stack: AsyncExitStack, app: web.Application) -> str:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return f"http://127.0.0.1:{runner.addresses[0][1]}"
