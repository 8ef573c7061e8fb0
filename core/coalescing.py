"""Request coalescing: callers that need the same value share one computation of it."""

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from typing import Any, Generic, TypeVar

_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")

Compute = Callable[[], Coroutine[Any, Any, _Value]]


class Coalescer(Generic[_Key, _Value]):
    """Runs at most one computation a key at a time; callers with an equal key share its result.

    A caller that is cancelled does not cancel the computation, which others may wait for. An
    exception reaches every caller that waits. With `keep_results` a finished computation, failed
    or not, answers later callers too, until `clear` drops it.
    """

    def __init__(self, *, keep_results: bool = False) -> None:
        self._keep_results = keep_results
        self._tasks: dict[_Key, asyncio.Task[_Value]] = {}

    def __len__(self) -> int:
        return len(self._tasks)

    def __contains__(self, key: _Key) -> bool:
        return key in self._tasks

    async def run(self, key: _Key, compute: Compute[_Value]) -> _Value:
        """Return the result for `key`, computed by `compute` unless that is under way."""
        task = self.start(key, compute)
        # Not `asyncio.shield`: since Python 3.15 it reports an exception whose caller is gone.
        await asyncio.wait((task,))
        return task.result()

    def start(self, key: _Key, compute: Compute[_Value]) -> asyncio.Task[_Value]:
        """Return the task that computes `key`, started unless it is under way."""
        task = self._tasks.get(key)
        if task is None:
            task = self._tasks[key] = asyncio.create_task(compute())
            task.add_done_callback(lambda done: self._on_done(key, done))
        return task

    def _on_done(self, key: _Key, task: asyncio.Task[_Value]) -> None:
        if not task.cancelled():
            # Marks the exception as seen: all callers may have been cancelled meanwhile.
            task.exception()
        if not self._keep_results and self._tasks.get(key) is task:
            del self._tasks[key]

    def clear(self) -> None:
        """Forget all results; computations under way go on for those who wait for them."""
        self._tasks.clear()

    async def close(self, *, timeout: float | None = None) -> None:  # noqa: ASYNC109 - see below
        """Cancel what is under way and wait for its end, `timeout` seconds at most.

        Not raised on a timeout: in Python 3.11 a cancellation can be lost while Redis is asked,
        and the end of the program cancels once more.
        """
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=timeout)
