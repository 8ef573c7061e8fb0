"""The bot's side of the process that understands calendars: started when needed, ended after."""

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from pathlib import Path
from typing import Self

import msgspec

from core.errors import SourceFormatError, SourceUnavailableError
from core.sources.ical.parser_protocol import (
    REPLY_LENGTH,
    REQUEST_HEADER,
    ParsedFeed,
    ParseError,
    ParseJob,
)

_ROOT = Path(__file__).parents[3]
_MODULE = "core.sources.ical.parser_worker"
# Longer than the process's own limit, which is in seconds of work.
_PARSE_TIMEOUT = 180.0
# A feed of 24 MB at once would hold up the event loop while it is copied.
_CHUNK_BYTES = 256 * 1024

# The parser of foreign text must not see the bot's own environment. Windows starts no process
# without its variables; `bot.py` removes the secrets from them.
_ENVIRONMENT: dict[str, str] | None = None if sys.platform == "win32" else {}

_reply_decoder = msgspec.msgpack.Decoder(tuple[ParsedFeed | None, ParseError | None])


class ParserProcess:
    """Understands one feed after another; a feed that ends the process fails alone."""

    def __init__(self) -> None:
        self._process: Process | None = None
        self._lock = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stop()

    async def parse(self, job: ParseJob, feed: bytes) -> ParsedFeed:
        """Return what a feed tells.

        Raises:
            SourceError: it is not understood, or takes more time or memory than it may.
        """
        async with self._lock:
            try:
                async with asyncio.timeout(_PARSE_TIMEOUT):
                    parsed, error = _reply_decoder.decode(await self._exchange(job, feed))
            except TimeoutError as err:
                await self._stop()
                raise SourceFormatError("too large", "takes too long") from err
            except (asyncio.IncompleteReadError, ConnectionError) as err:
                raise await self._crash_error() from err
            except asyncio.CancelledError:
                # An answer that nobody read would be taken for that of the next feed.
                await self._stop()
                raise
        if parsed is None:
            assert error is not None  # noqa: S101 - one of the two, for the type checker
            raise SourceFormatError(error.kind, error.detail)
        return parsed

    async def _exchange(self, job: ParseJob, feed: bytes) -> bytes:
        process = await self._ensure_started()
        assert process.stdin is not None  # noqa: S101 - it was asked for
        assert process.stdout is not None  # noqa: S101 - same
        head = msgspec.msgpack.encode(job)
        process.stdin.write(REQUEST_HEADER.pack(len(head), len(feed)) + head)
        for first in range(0, len(feed), _CHUNK_BYTES):
            process.stdin.write(feed[first : first + _CHUNK_BYTES])
            await process.stdin.drain()
        [size] = REPLY_LENGTH.unpack(await process.stdout.readexactly(REPLY_LENGTH.size))
        return await process.stdout.readexactly(size)

    async def _ensure_started(self) -> Process:
        if self._process is None:
            try:
                self._process = await asyncio.create_subprocess_exec(
                    sys.executable,
                    "-m",
                    _MODULE,
                    cwd=_ROOT,
                    env=_ENVIRONMENT,
                    stdin=PIPE,
                    stdout=PIPE,
                    # Whatever is said there may be about events.
                    stderr=DEVNULL,
                )
            except OSError as err:
                raise SourceUnavailableError("no process", os.strerror(err.errno or 0)) from err
        return self._process

    async def _crash_error(self) -> SourceFormatError:
        """Return why the process ended in the middle: by the system's limits, or by itself."""
        code = await self._process.wait() if self._process else 0
        await self._stop()
        kind = "too large" if code < 0 else "not understood"
        return SourceFormatError(kind, f"its process ended with {code}")

    async def _stop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
