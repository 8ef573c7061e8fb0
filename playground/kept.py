"""A process that is kept running: started again when it ends, unless it was taken away."""

import asyncio
import logging
from asyncio.subprocess import Process
from collections.abc import Awaitable, Callable
from contextlib import suppress

from core.errors import StartError
from playground.control import Health
from playground.local_discord.waiting import Pulse
from playground.warden import Warden

log = logging.getLogger(__name__)

_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.2, 10.0
_SECONDS_TO_COUNT_AS_STABLE = 30.0
_SECONDS_TO_BE_READY = 30.0
_SECONDS_TO_STOP, _SECONDS_TO_KILL = 3.0, 1.0


class Kept:
    """One process at a time, and how it is.

    Args:
        spawn: Starts it.
        until_ready: Waits until it does what it is for; ends when the process does.
        last_words: Tells what it said last, to be added to a sentence.
        changed: Called after each change of `health`.
    """

    def __init__(
        self,
        name: str,
        *,
        spawn: Callable[[], Awaitable[Process]],
        until_ready: Callable[[], Awaitable[None]],
        last_words: Callable[[], str],
        warden: Warden,
        changed: Callable[[], None],
    ) -> None:
        self.health = Health.DOWN
        self.pid: int | None = None
        self._name = name
        self._spawn = spawn
        self._until_ready = until_ready
        self._last_words = last_words
        self._warden = warden
        self._changed = changed
        self._pulse = Pulse()
        self._ends = 0
        self._keeper: asyncio.Task[None] | None = None

    async def bring_back(self) -> None:
        """Start it, and see it ready; it is kept running from now on, also where this raises.

        Raises:
            StartError: it ended instead, or takes too long.
        """
        ends = self._ends
        if self._keeper is None:
            self._keeper = asyncio.create_task(self._keep())
        try:
            await self._pulse.until(
                lambda: self.health is Health.UP or self._ends > ends or None, _SECONDS_TO_BE_READY
            )
        except TimeoutError as err:
            raise StartError(f"the {self._name} does not get ready{self._last_words()}") from err
        if self.health is not Health.UP:
            raise StartError(f"the {self._name} does not start{self._last_words()}")

    async def take_away(self) -> None:
        """End it, and leave it so."""
        keeper, self._keeper = self._keeper, None
        if keeper:
            keeper.cancel()
            await asyncio.wait([keeper])

    async def _keep(self) -> None:
        """Start it again whenever it ends, ever later if it does so at once."""
        clock = asyncio.get_running_loop().time
        pause = _SHORTEST_PAUSE
        while True:
            started_at = clock()
            try:
                await self._run()
            except OSError as err:
                log.warning("the %s cannot be started: %s", self._name, err)
            if clock() - started_at > _SECONDS_TO_COUNT_AS_STABLE:
                pause = _SHORTEST_PAUSE
            self._ends += 1
            self._pulse.beat()
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    async def _run(self) -> None:
        """Start it and stay until it has ended; where this is cut off, end it."""
        process = await self._spawn()
        self.pid = process.pid
        self._warden.watch(process.pid)
        self._show(Health.STARTING)
        getting_ready = asyncio.create_task(self._get_ready())
        try:
            code = await process.wait()
            log.warning("the %s ended with code %s and is started again", self._name, code)
        finally:
            getting_ready.cancel()
            await _end(process)
            self._warden.forget(process.pid)
            self.pid = None
            self._show(Health.DOWN)

    async def _get_ready(self) -> None:
        await self._until_ready()
        self._show(Health.UP)

    def _show(self, health: Health) -> None:
        self.health = health
        self._pulse.beat()
        self._changed()


async def _end(process: Process) -> None:
    """End a process: kindly, and if it takes no notice not."""
    for end, seconds in (
        (process.terminate, _SECONDS_TO_STOP),
        (process.kill, _SECONDS_TO_KILL),
    ):
        if process.returncode is not None:
            return
        with suppress(ProcessLookupError):
            end()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await process.wait()
