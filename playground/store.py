"""The store of the playground: a Valkey of its own that can be taken away and brought back."""

import asyncio
from asyncio.subprocess import Process
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from core.embedded.folder import LOG, PID, socket_path
from core.embedded.process import answers, own_binary, spawn
from playground.kept import Kept
from playground.last_words import last_words
from playground.warden import Warden

_SECONDS_BETWEEN_LOOKS = 0.02


def store_url(folder: Path) -> str:
    """Return the address of the store whose folder this is."""
    return f"unix://{quote(socket_path(folder))}"


def kept_store(folder: Path, lock: int, warden: Warden, changed: Callable[[], None]) -> Kept:
    """Return the store, not started yet; its server holds `lock` as long as it lives.

    Raises:
        StartError: there is no server for this machine.
    """
    socket = socket_path(folder)
    command = [str(own_binary()), *_options(folder, socket)]

    async def start() -> Process:
        (folder / PID).unlink(missing_ok=True)
        return await spawn(command, output=folder / LOG, holding=lock)

    async def until_it_answers() -> None:
        while not await answers(socket):  # noqa: ASYNC110 - nobody tells, it has to be asked
            await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)

    return Kept(
        "store",
        spawn=start,
        until_ready=until_it_answers,
        last_words=lambda: last_words(folder / LOG),
        warden=warden,
        changed=changed,
    )


def _options(folder: Path, socket: str) -> list[str]:
    options = {
        "port": "0",
        "unixsocket": socket,
        "unixsocketperm": "700",
        "dir": str(folder),
        # By this number the next playground ends it, should a killed one leave it behind.
        "pidfile": str(folder / PID),
        # What was acknowledged is there again when the store is brought back.
        "appendonly": "yes",
        "save": "",
        "loglevel": "warning",
    }
    return [part for name, value in options.items() for part in (f"--{name}", value)]
