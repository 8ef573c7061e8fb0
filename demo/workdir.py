"""The folder of a demo: one at a time has it, and begins with nothing in its store."""

import os
import shutil
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from core.embedded_redis.data_dir import LOG_FILE, PID_FILE, lock_data_dir, try_lock
from core.errors import StartError

_LOCK_FILE = "lock"
_REDIS_DIR = "redis"
_REDIS_DATA = "appendonlydir"


@contextmanager
def locked_workdir(data_dir: Path) -> Iterator[Path]:
    """Give the folder `data`/demo for as long as this context lasts.

    Raises:
        StartError: another demo has it, or it cannot be made.
    """
    if sys.platform == "win32":
        raise StartError("the demo does not run on Windows itself: use WSL")
    folder = data_dir.resolve() / "demo"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = try_lock(folder / _LOCK_FILE)
    except OSError as err:
        raise StartError(f"no demo in {folder}: {err}") from err
    if lock is None:
        raise StartError(
            f"another demo runs in {folder}: stop it, or set another DATA_DIR for this one"
        )
    try:
        yield folder
    finally:
        os.close(lock)


@asynccontextmanager
async def fresh_redis_dir(workdir: Path) -> AsyncIterator[tuple[Path, int]]:
    """Give the store's folder with nothing in it, and the lock that its server is to hold.

    A server that a killed demo left behind is ended first.

    Raises:
        StartError: it cannot be ended.
    """
    path = workdir / _REDIS_DIR
    path.mkdir(mode=0o700, exist_ok=True)
    locks = await lock_data_dir(path)
    try:
        shutil.rmtree(path / _REDIS_DATA, ignore_errors=True)
        for name in (LOG_FILE, PID_FILE):
            (path / name).unlink(missing_ok=True)
        yield path, locks[-1]
    finally:
        for lock in locks:
            os.close(lock)
