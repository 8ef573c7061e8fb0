"""The store of the demo: a Valkey of its own that can be taken away and brought back."""

import asyncio
from asyncio.subprocess import Process
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from core.embedded_redis.data_dir import LOG_FILE, PID_FILE, socket_path
from core.embedded_redis.process import find_binary, is_ready, spawn
from demo.last_log_line import last_log_line
from demo.process_reaper import ProcessReaper
from demo.supervisor import SupervisedProcess

_POLL_SECONDS = 0.02


def redis_url(folder: Path) -> str:
    """Return the address of the store whose folder this is."""
    return f"unix://{quote(socket_path(folder))}"


def supervised_redis(
    folder: Path, lock: int, reaper: ProcessReaper, on_change: Callable[[], None]
) -> SupervisedProcess:
    """Return the store, not started yet; its server holds `lock` as long as it lives.

    Raises:
        StartError: there is no server for this machine.
    """
    socket = socket_path(folder)
    command = [str(find_binary()), *_options(folder, socket)]

    async def start() -> Process:
        (folder / PID_FILE).unlink(missing_ok=True)
        return await spawn(command, log_path=folder / LOG_FILE, inherited_lock=lock)

    async def wait_until_ready() -> None:
        while not await is_ready(socket):  # noqa: ASYNC110 - nobody tells, it has to be asked
            await asyncio.sleep(_POLL_SECONDS)

    return SupervisedProcess(
        "store",
        spawn=start,
        wait_until_ready=wait_until_ready,
        last_log_line=lambda: last_log_line(folder / LOG_FILE),
        reaper=reaper,
        on_change=on_change,
    )


def _options(folder: Path, socket: str) -> list[str]:
    options = {
        "port": "0",
        "unixsocket": socket,
        "unixsocketperm": "700",
        "dir": str(folder),
        # By this number the next demo ends it, should a killed one leave it behind.
        "pidfile": str(folder / PID_FILE),
        # What was acknowledged is there again when the store is brought back.
        "appendonly": "yes",
        "save": "",
        "loglevel": "warning",
    }
    return [part for name, value in options.items() for part in (f"--{name}", value)]
