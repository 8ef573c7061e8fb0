"""Drawing that holds up nobody: off the loop, once for all who ask alike, and never for long."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

log = logging.getLogger(__name__)

RENDER_TIMEOUT = timedelta(seconds=1.5)
"""What a reply waits for its picture; Discord waits three seconds for the reply."""

_MAX_CACHE_BYTES = 32 * 1024 * 1024
_MAX_PENDING = 32
"""Pictures being drawn or waiting for it; beyond that replies go without."""


class ImageRenderer:
    """Draws pictures in a thread of its own and keeps the last ones.

    A picture that comes too late for its reply is there for the next one that asks.
    """

    def __init__(
        self, *, timeout: timedelta = RENDER_TIMEOUT, max_bytes: int = _MAX_CACHE_BYTES
    ) -> None:
        self._timeout = timeout
        self._max_bytes = max_bytes
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="pictures")
        self._cache: OrderedDict[Hashable, bytes] = OrderedDict()
        self._size = 0
        self._pending: dict[Hashable, asyncio.Task[bytes | None]] = {}
        self._timed_out: set[Hashable] = set()

    async def render(self, key: Hashable, draw: Callable[[], bytes]) -> bytes | None:
        """Return the picture of that key, drawn by `draw` unless it has been.

        The key names all that the picture depends on: data of another reading is another key.
        None where drawing fails or takes too long; the log says why.
        """
        if key in self._cache:
            self._cache.move_to_end(key)
            return self._cache[key]
        task = self._pending.get(key)
        if task is None:
            if len(self._pending) >= _MAX_PENDING:
                log.warning("too many pictures at once: a reply goes without")
                return None
            task = self._pending[key] = asyncio.create_task(self._render(key, draw))
        await asyncio.wait([task], timeout=self._timeout.total_seconds())
        if not task.done():
            self._log_timeout(key)
            return None
        return None if task.cancelled() else task.result()

    def _log_timeout(self, key: Hashable) -> None:
        # Once for all who wait for it.
        if key not in self._timed_out:
            self._timed_out.add(key)
            seconds = self._timeout.total_seconds()
            log.warning("a picture takes longer than %g s: replies go without it", seconds)

    async def _render(self, key: Hashable, draw: Callable[[], bytes]) -> bytes | None:
        loop = asyncio.get_running_loop()
        try:
            picture = await loop.run_in_executor(self._pool, draw)
        except Exception:
            # Whatever is wrong with a picture, its reply has the same in words.
            log.exception("a picture could not be drawn")
            return None
        finally:
            del self._pending[key]
            self._timed_out.discard(key)
        self._store(key, picture)
        return picture

    def _store(self, key: Hashable, image: bytes) -> None:
        self._cache[key] = image
        self._size += len(image)
        while self._size > self._max_bytes:
            _, oldest = self._cache.popitem(last=False)
            self._size -= len(oldest)

    async def close(self) -> None:
        """Draw no more."""
        for task in self._pending.values():
            task.cancel()
        await asyncio.gather(*self._pending.values(), return_exceptions=True)
        self._pool.shutdown(wait=False, cancel_futures=True)
