"""Drawing that holds up nobody: off the loop, once for all who ask alike, and never for long."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

log = logging.getLogger(__name__)

PATIENCE = timedelta(seconds=1.5)
"""What a reply waits for its picture; Discord waits three seconds for the reply."""

_MOST_BYTES = 32 * 1024 * 1024
_MOST_BEGUN = 32
"""Pictures being drawn or waiting for it; beyond that replies go without."""


class Studio:
    """Draws pictures in a thread of its own and keeps the last ones.

    A picture that comes too late for its reply is there for the next one that asks.
    """

    def __init__(self, *, patience: timedelta = PATIENCE, most_bytes: int = _MOST_BYTES) -> None:
        self._patience = patience
        self._most_bytes = most_bytes
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="pictures")
        self._drawn: OrderedDict[Hashable, bytes] = OrderedDict()
        self._size = 0
        self._begun: dict[Hashable, asyncio.Task[bytes | None]] = {}
        self._late: set[Hashable] = set()

    async def picture(self, key: Hashable, draw: Callable[[], bytes]) -> bytes | None:
        """Return the picture of that key, drawn by `draw` unless it has been.

        The key names all that the picture depends on: data of another reading is another key.
        None where drawing fails or takes too long; the log says why.
        """
        if key in self._drawn:
            self._drawn.move_to_end(key)
            return self._drawn[key]
        task = self._begun.get(key)
        if task is None:
            if len(self._begun) >= _MOST_BEGUN:
                log.warning("too many pictures at once: a reply goes without")
                return None
            task = self._begun[key] = asyncio.create_task(self._draw(key, draw))
        await asyncio.wait([task], timeout=self._patience.total_seconds())
        if not task.done():
            self._warn_of_delay(key)
            return None
        return None if task.cancelled() else task.result()

    def _warn_of_delay(self, key: Hashable) -> None:
        # Once for all who wait for it.
        if key not in self._late:
            self._late.add(key)
            seconds = self._patience.total_seconds()
            log.warning("a picture takes longer than %g s: replies go without it", seconds)

    async def _draw(self, key: Hashable, draw: Callable[[], bytes]) -> bytes | None:
        loop = asyncio.get_running_loop()
        try:
            picture = await loop.run_in_executor(self._pool, draw)
        except Exception:
            # Whatever is wrong with a picture, its reply has the same in words.
            log.exception("a picture could not be drawn")
            return None
        finally:
            del self._begun[key]
            self._late.discard(key)
        self._keep(key, picture)
        return picture

    def _keep(self, key: Hashable, picture: bytes) -> None:
        self._drawn[key] = picture
        self._size += len(picture)
        while self._size > self._most_bytes:
            _, oldest = self._drawn.popitem(last=False)
            self._size -= len(oldest)

    async def close(self) -> None:
        """Draw no more."""
        for task in self._begun.values():
            task.cancel()
        await asyncio.gather(*self._begun.values(), return_exceptions=True)
        self._pool.shutdown(wait=False, cancel_futures=True)
