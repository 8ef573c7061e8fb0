"""Renders images in a thread, once for equal keys, with a cache and a timeout."""

import asyncio
import logging
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

from core.byte_cache import ByteLruCache
from core.coalescing import Coalescer

log = logging.getLogger(__name__)

RENDER_TIMEOUT = timedelta(seconds=1.5)
"""What a reply waits for its picture; Discord waits three seconds for the reply."""

_MAX_CACHE_BYTES = 32 * 1024 * 1024
_MAX_PENDING = 32
"""Pictures being drawn or waiting for it; beyond that replies go without."""


class ImageRenderer:
    """Renders images in one thread and caches the last ones.

    An image that comes too late for its reply is there for the next reply that needs it.
    """

    def __init__(
        self, *, timeout: timedelta = RENDER_TIMEOUT, max_bytes: int = _MAX_CACHE_BYTES
    ) -> None:
        self._timeout = timeout
        self._max_bytes = max_bytes
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="pictures")
        self._cache = ByteLruCache[Hashable, bytes](max_bytes, size_of=len)
        self._pending = Coalescer[Hashable, bytes | None]()
        self._timed_out: set[Hashable] = set()

    async def render(self, key: Hashable, draw: Callable[[], bytes]) -> bytes | None:
        """Return the image of that key, rendered by `draw` unless it is cached.

        The key names everything that the image depends on: newer data is another key.
        None where rendering fails or takes too long; the log says why.
        """
        if (image := self._cache.get(key)) is not None:
            return image
        if key not in self._pending and len(self._pending) >= _MAX_PENDING:
            log.warning("too many pictures at once: a reply goes without")
            return None
        task = self._pending.start(key, partial(self._render, key, draw))
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
            image = await loop.run_in_executor(self._pool, draw)
        except Exception:
            # Whatever is wrong with a picture, its reply has the same in words.
            log.exception("a picture could not be drawn")
            return None
        finally:
            self._timed_out.discard(key)
        if len(image) <= self._max_bytes:
            self._cache.put(key, image)
        return image

    async def close(self) -> None:
        """Render no more."""
        await self._pending.close()
        self._pool.shutdown(wait=False, cancel_futures=True)
