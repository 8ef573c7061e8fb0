"""A process that is kept running: started again when it ends, unless it was taken away."""

import asyncio
import logging
from asyncio.subprocess import Process
from collections.abc import Awaitable, Callable
from contextlib import suppress

from core.errors import StartError
from demo.process_reaper import ProcessReaper
from demo.services import Health
from fakes.discord.model.change_signal import ChangeSignal

log = logging.getLogger(__name__)

_MIN_RESTART_DELAY, _MAX_RESTART_DELAY = 0.2, 10.0
_STABLE_AFTER = 30.0
_READY_TIMEOUT = 30.0
_TERMINATE_TIMEOUT, _KILL_TIMEOUT = 3.0, 1.0


class SupervisedProcess:
    """One process at a time, and how it is.

    Args:
        spawn: Starts it.
        wait_until_ready: Waits until it does what it is for; ends when the process does.
        last_words: Tells what it said last, to be added to a sentence.
        changed: Called after each change of `health`.
    """

    def __init__(
        self,
        name: str,
        *,
        spawn: Callable[[], Awaitable[Process]],
        wait_until_ready: Callable[[], Awaitable[None]],
        last_log_line: Callable[[], str],
        reaper: ProcessReaper,
        on_change: Callable[[], None],
    ) -> None:
        self.health = Health.DOWN
        self.pid: int | None = None
        self._name = name
        self._spawn = spawn
        self._wait_until_ready = wait_until_ready
        self._last_log_line = last_log_line
        self._reaper = reaper
        self._on_change = on_change
        self._signal = ChangeSignal()
        self._exit_count = 0
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start it, and see it ready; it is kept running from now on, also where this raises.

        Raises:
            StartError: it ended instead, or takes too long.
        """
        ends = self._exit_count
        if self._task is None:
            self._task = asyncio.create_task(self._supervise())
        try:
            await self._signal.wait_for(
                lambda: self.health is Health.UP or self._exit_count > ends or None, _READY_TIMEOUT
            )
        except TimeoutError as err:
            raise StartError(f"the {self._name} does not get ready{self._last_log_line()}") from err
        if self.health is not Health.UP:
            raise StartError(f"the {self._name} does not start{self._last_log_line()}")

    async def stop(self) -> None:
        """End it, and leave it so."""
        keeper, self._task = self._task, None
        if keeper:
            keeper.cancel()
            await asyncio.wait([keeper])

    async def _supervise(self) -> None:
        """Start it again whenever it ends, ever later if it does so at once."""
        clock = asyncio.get_running_loop().time
        pause = _MIN_RESTART_DELAY
        while True:
            started_at = clock()
            try:
                await self._run()
            except OSError as err:
                log.warning("the %s cannot be started: %s", self._name, err)
            if clock() - started_at > _STABLE_AFTER:
                pause = _MIN_RESTART_DELAY
            self._exit_count += 1
            self._signal.notify()
            await asyncio.sleep(pause)
            pause = min(2 * pause, _MAX_RESTART_DELAY)

    async def _run(self) -> None:
        """Start it and stay until it has ended; where this is cut off, end it."""
        process = await self._spawn()
        self.pid = process.pid
        self._reaper.watch(process.pid)
        self._set_health(Health.STARTING)
        getting_ready = asyncio.create_task(self._become_ready())
        try:
            code = await process.wait()
            log.warning("the %s ended with code %s and is started again", self._name, code)
        finally:
            getting_ready.cancel()
            await _terminate(process)
            self._reaper.unwatch(process.pid)
            self.pid = None
            self._set_health(Health.DOWN)

    async def _become_ready(self) -> None:
        await self._wait_until_ready()
        self._set_health(Health.UP)

    def _set_health(self, health: Health) -> None:
        self.health = health
        self._signal.notify()
        self._on_change()


async def _terminate(process: Process) -> None:
    """End a process: kindly, and if it takes no notice not."""
    for end, seconds in (
        (process.terminate, _TERMINATE_TIMEOUT),
        (process.kill, _KILL_TIMEOUT),
    ):
        if process.returncode is not None:
            return
        with suppress(ProcessLookupError):
            end()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await process.wait()
