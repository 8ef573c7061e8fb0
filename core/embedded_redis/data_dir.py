"""The data directory of the embedded Redis: its lock, and the files in it."""

import asyncio
import hashlib
import logging
import os
import signal
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from core.embedded_redis.process import KILL_TIMEOUT_SECONDS, TERMINATE_TIMEOUT_SECONDS
from core.errors import StartError

log = logging.getLogger(__name__)

PID_FILE = "server.pid"
LOG_FILE = "server.log"
SERVER_LOCK = "server.lock"
_BOT_LOCK = "bot.lock"

_MAX_SOCKET_PATH = 100
"""The limit is 103 bytes on macOS and 107 on Linux."""

_LOCK_POLL_SECONDS = 0.01


def socket_path(folder: Path) -> str:
    """Return where the socket is: in the folder, or where that is too long, in a temporary one."""
    path = folder / "socket"
    if len(os.fsencode(path)) <= _MAX_SOCKET_PATH:
        return str(path)
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    short = Path(tempfile.gettempdir()) / f"ec-{os.getuid()}-{name}"
    short.mkdir(mode=0o700, exist_ok=True)
    found = short.lstat()
    # Somebody else may have made it first, to be handed what the bot stores.
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise StartError(f"{short} belongs to somebody else; set a shorter DATA_DIR")
    return str(short / "socket")


async def lock_data_dir(folder: Path) -> list[int]:
    """Return the locks on a folder: the bot's, and the one that its server holds as well.

    The kernel lets go of them when their holders end, however they end. So if only the
    second is held, its holder is a server without a bot.
    """
    bot = try_lock(folder / _BOT_LOCK)
    if bot is None:
        raise StartError(
            f"another bot uses {folder.parent}: stop it, or set another DATA_DIR or a REDIS_URL"
        )
    try:
        server = try_lock(folder / SERVER_LOCK)
        return [bot, await _terminate_orphan(folder) if server is None else server]
    except BaseException:
        os.close(bot)
        raise


def try_lock(path: Path) -> int | None:
    """Return a lock that ends with its holders, None where another process has it."""
    import fcntl  # noqa: PLC0415 - Windows has none, and must get as far as to be told so

    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return None
    except BaseException:
        os.close(lock)
        raise
    return lock


async def _terminate_orphan(folder: Path) -> int:
    """End the server that holds the lock, and take it.

    Its number is right: it wrote it while it held the lock, which it still does.
    """
    for number, seconds in (
        (signal.SIGTERM, TERMINATE_TIMEOUT_SECONDS),
        (signal.SIGKILL, KILL_TIMEOUT_SECONDS),
    ):
        _signal_recorded_process(folder / PID_FILE, number)
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                lock = await _wait_for_lock(folder / SERVER_LOCK)
            log.info("ended the embedded Redis of a bot that was killed")
            return lock
    raise StartError(f"a Redis that a killed bot left behind uses {folder}, and cannot be ended")


def _signal_recorded_process(recorded: Path, number: int) -> None:
    with suppress(OSError, ValueError):
        pid = int(recorded.read_text())
        if pid > 1:  # Others mean a whole group of processes, or all.
            os.kill(pid, number)


async def _wait_for_lock(path: Path) -> int:
    lock = try_lock(path)
    while lock is None:
        await asyncio.sleep(_LOCK_POLL_SECONDS)
        lock = try_lock(path)
    return lock
