"""The operator's commands `export` and `import`: a backup to a file, and back."""

import argparse
import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack, suppress
from datetime import datetime
from pathlib import Path

from core.embedded_redis import EmbeddedRedis
from core.errors import StartError
from core.settings import Settings
from core.store.backup import export_backup, import_backup
from core.store.opening import open_store
from core.store.store import Store


def run(
    options: argparse.Namespace,
    settings: Settings,
    campuses: Sequence[str],
    *,
    now: Callable[[], datetime],
) -> int:
    """Run `export` or `import`; return the exit code.

    Raises:
        ClassroomError: the store or the file cannot be used.
    """
    asyncio.run(_run(options, settings, campuses, now))
    return 0


async def _run(
    options: argparse.Namespace,
    settings: Settings,
    campuses: Sequence[str],
    now: Callable[[], datetime],
) -> None:
    async with AsyncExitStack() as stack:
        url = settings.redis_url
        if url is None:
            redis = await stack.enter_async_context(EmbeddedRedis(settings.data_dir))
            url = redis.url
        store = await stack.enter_async_context(open_store(settings, campuses, url, now=now))
        work = _export if options.command == "export" else _import
        _log(await work(store, Path(options.file), campuses, now))


async def _export(
    store: Store, path: Path, campuses: Sequence[str], now: Callable[[], datetime]
) -> str:
    text = await export_backup(store, campuses, now())
    await asyncio.to_thread(_write_private, path, text)
    return f"exported to {path}"


async def _import(
    store: Store, path: Path, _campuses: Sequence[str], now: Callable[[], datetime]
) -> str:
    try:
        text = await asyncio.to_thread(path.read_bytes)
    except OSError as err:
        raise StartError(f"{path} cannot be read: {err.strerror}") from err
    done = await import_backup(store, text, now=now)
    return f"imported {done.digests} digests, {done.choices} choices and {done.counts} counts"


def _write_private(path: Path, text: bytes) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    partial = path.with_name(f"{path.name}.partial")
    try:
        with suppress(FileNotFoundError):
            partial.unlink()
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as err:
        raise StartError(f"{path} cannot be written: {err.strerror}") from err


def _log(line: str) -> None:
    sys.stderr.write(f"{line}\n")
