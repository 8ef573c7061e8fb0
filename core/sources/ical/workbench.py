"""The bot's side of the process that understands calendars: started when needed, ended after."""

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from pathlib import Path
from typing import Self

import msgspec

from core.errors import SourceChangedError, SourceUnavailableError
from core.sources.ical.messages import HEADER, LENGTH, Fault, Job, Told

_ROOT = Path(__file__).parents[3]
_MODULE = "core.sources.ical.worker"
# Longer than the process's own limit, which is in seconds of work.
_PATIENCE = 180.0

_answers = msgspec.msgpack.Decoder(tuple[Told | None, Fault | None])


class Workbench:
    """Understands one feed after another; a feed that ends the process fails alone."""

    def __init__(self) -> None:
        self._process: Process | None = None
        self._turn = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._end()

    async def understand(self, job: Job, feed: bytes) -> Told:
        """Return what a feed tells.

        Raises:
            SourceError: it is not understood, or takes more time or memory than it may.
        """
        async with self._turn:
            try:
                async with asyncio.timeout(_PATIENCE):
                    told, fault = _answers.decode(await self._exchange(job, feed))
            except TimeoutError as err:
                await self._end()
                raise SourceChangedError("too large", "takes too long") from err
            except (asyncio.IncompleteReadError, ConnectionError) as err:
                raise await self._broken_off() from err
            except asyncio.CancelledError:
                # An answer that nobody read would be taken for that of the next feed.
                await self._end()
                raise
        if told is None:
            assert fault is not None  # noqa: S101 - one of the two, for the type checker
            raise SourceChangedError(fault.kind, fault.detail)
        return told

    async def _exchange(self, job: Job, feed: bytes) -> bytes:
        process = await self._started()
        assert process.stdin is not None  # noqa: S101 - it was asked for
        assert process.stdout is not None  # noqa: S101 - same
        head = msgspec.msgpack.encode(job)
        process.stdin.write(HEADER.pack(len(head), len(feed)) + head)
        process.stdin.write(feed)
        await process.stdin.drain()
        [size] = LENGTH.unpack(await process.stdout.readexactly(LENGTH.size))
        return await process.stdout.readexactly(size)

    async def _started(self) -> Process:
        if self._process is None:
            try:
                self._process = await asyncio.create_subprocess_exec(
                    sys.executable,
                    "-m",
                    _MODULE,
                    cwd=_ROOT,
                    stdin=PIPE,
                    stdout=PIPE,
                    # Whatever is said there may be about events.
                    stderr=DEVNULL,
                )
            except OSError as err:
                raise SourceUnavailableError("no process", os.strerror(err.errno or 0)) from err
        return self._process

    async def _broken_off(self) -> SourceChangedError:
        """Return why the process ended in the middle: by the system's limits, or by itself."""
        code = await self._process.wait() if self._process else 0
        await self._end()
        kind = "too large" if code < 0 else "not understood"
        return SourceChangedError(kind, f"its process ended with {code}")

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
