"""The stage of the page: the real bot, the demo campus, a store, and the page in front of them."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Protocol

from aiohttp import web

from playground.campus import DemoCampus, write_campus
from playground.control import CannotSwitchError, Health, Part, Standing, Switchable
from playground.local_discord import LocalDiscord
from playground.local_discord.web import BodyCheck
from playground.page import mount
from tests.stage import RunningBot, Stage, open_stage

TUESDAY_MORNING = datetime(2026, 3, 3, 15, 5, tzinfo=UTC)
"""10:05 on the demo campus, in the middle of a term."""


class StoreProcess(Protocol):
    """A store that can be ended and started again."""

    def start(self) -> None:
        """Start it and wait until it answers."""

    def kill(self) -> None:
        """End it without a warning."""


@dataclass
class StageControl:
    """The switches of a stage; without `process` the store is the bot's own."""

    stage: Stage
    campus: DemoCampus
    process: StoreProcess | None = None
    bot: RunningBot | None = None
    refuses: str = ""
    _down: set[Part] = field(default_factory=set)
    _starting: bool = False
    _listeners: list[Callable[[], None]] = field(default_factory=list)

    def standings(self) -> Mapping[Part, Standing]:
        """Return how every part is now."""
        bot = Health.STARTING if self._starting else Health.UP if self.bot else Health.DOWN
        return {
            "bot": Standing(bot, "bot.py", can_switch=False),
            "store": Standing(self._health("store"), "Valkey", self.process is not None),
            "source": Standing(self._health("source"), "demo campus", can_switch=True),
        }

    def _health(self, part: Part) -> Health:
        return Health.DOWN if part in self._down else Health.UP

    async def take_away(self, part: Switchable) -> None:
        """Make a part be gone."""
        if self.refuses:
            raise CannotSwitchError(self.refuses)
        if part == "source":
            await self.campus.close()
        elif self.process:
            self.process.kill()
        self._down.add(part)
        self._changed()

    async def bring_back(self, part: Switchable) -> None:
        """Make a part be there again."""
        if part == "source":
            await self.campus.open()
        elif self.process and part in self._down:
            self.process.start()
        self._down.discard(part)
        self._changed()

    async def restart_bot(self) -> None:
        """End the bot and start it again."""
        self._starting = True
        self._changed()
        if self.bot:
            await self.bot.stop()
        self.bot = await self.stage.start_bot()
        self._starting = False
        self._changed()

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` after each change."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _changed(self) -> None:
        for listener in tuple(self._listeners):
            listener()


@dataclass
class PageStage:
    """A page that is served, and all that is behind it."""

    address: str
    stage: Stage
    control: StageControl

    def seen_by(self, person: str, *, channel: str = "general") -> str:
        """Return the address at which this person sees the channel."""
        return f"{self.address}/?as={person}&in={channel}"


@asynccontextmanager
async def open_page_stage(
    folder: Path,
    *,
    redis_url: str | None = None,
    process: StoreProcess | None = None,
    settings: Mapping[str, str] | None = None,
    check: BodyCheck | None = None,
    start: datetime = TUESDAY_MORNING,
) -> AsyncIterator[PageStage]:
    """Serve the page, and start the bot; it has read the campus when this is entered."""
    async with AsyncExitStack() as stack:
        campus = await stack.enter_async_context(DemoCampus())
        file = folder / "demo.toml"
        write_campus(file, campus.url)
        make_discord = partial(LocalDiscord, check=check)
        opening = open_stage(
            folder, file, redis_url, start=start, settings=settings, make_discord=make_discord
        )
        stage = await stack.enter_async_context(opening)
        control = StageControl(stage, campus, process)
        app = web.Application()
        mount(app, stage.discord, control)
        address = await _served(stack, app)
        control.bot = await stage.start_bot()
        await control.bot.logs("read ")
        yield PageStage(address, stage, control)


async def _served(stack: AsyncExitStack, app: web.Application) -> str:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return f"http://127.0.0.1:{runner.addresses[0][1]}"
