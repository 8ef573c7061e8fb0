"""Counts the steps of a refresh or a digest inside the real bot, and kills it at one of them.

A step is a `send` into a coroutine of the tasks concerned, or a write to a socket by one of
them: so a process dies before each question, after the question is out and after its answer.
"""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Coroutine, Generator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, Literal
from weakref import WeakSet

from discord.ext import tasks

ROOT = str(Path(__file__).parents[2])
_OWN = (f"{ROOT}/core/", f"{ROOT}/cogs/")

Part = Literal["refresh", "digest"]
Report = Callable[..., None]
Work = Coroutine[Any, Any, Any]
AnyLoop = tasks.Loop[Any]

_MAIN = {"refresh": "CampusCoordinator._refresh", "digest": "DigestPublisher.publish"}
"""The coroutine with whose end a refresh or a digest is over."""


@dataclass
class Steps:
    """Counts from the first tick on, until the refresh or digest that it begins is over.

    The refresh or digest waits at its beginning for `go`, so that several processes can be
    let go at once. At step `stop_at` the process kills itself, or with SIGSTOP as `how`
    suspends itself; `ahead` are the seconds that have passed for it by leaps.
    """

    part: Part
    stop_at: int | None
    how: int
    report: Report
    go: asyncio.Event
    taken: int = 0
    over: bool = False
    ahead: float = 0
    _begun: bool = False

    def __post_init__(self) -> None:
        self._concerned: WeakSet[asyncio.Task[Any]] = WeakSet()

    def make_task(
        self, loop: asyncio.AbstractEventLoop, work: Work, **more: Any
    ) -> asyncio.Task[Any]:
        """Make a task as asyncio does, counted where it is concerned: a task factory."""
        tick = self._tick(work)
        if self.over or not (tick or self.is_at_it()):
            return asyncio.Task(work, loop=loop, **more)
        task = asyncio.Task(Counted(self, self._held(work), tick), loop=loop, **more)
        self._concerned.add(task)
        return task

    def is_at_it(self) -> bool:
        """Tell whether the present task is one of those concerned."""
        try:
            return asyncio.current_task() in self._concerned
        except RuntimeError:
            return False

    def _tick(self, work: Work) -> AnyLoop | None:
        """Return the loop whose coroutine that is, if it is the one that begins the part."""
        loop = work.cr_frame.f_locals.get("self") if hasattr(work, "cr_frame") else None
        is_it = isinstance(loop, tasks.Loop) and loop.coro.__name__ == f"{self.part}_loop"
        return loop if is_it else None

    def _held(self, work: Work) -> Work:
        if self._begun or getattr(work, "__qualname__", "") != _MAIN[self.part]:
            return work
        self._begun = True
        return self._main(work)

    async def _main(self, work: Awaitable[Any]) -> Any:
        self.report("held", steps=self.taken)
        await self.go.wait()
        try:
            return await work
        finally:
            self._end()

    def note_tick(self, loop: AnyLoop) -> None:
        """End where a tick is over that found nothing to do."""
        if loop.current_loop and not (self._begun or self.over):
            self._end()

    def _end(self) -> None:
        self.over = True
        self.report("over", steps=self.taken)

    def take(self, place: Callable[[], str]) -> None:
        """Count a step; the last of this process ends here."""
        if self.over:
            return
        self.taken += 1
        if self.taken == self.stop_at:
            self.report("dies", steps=self.taken, place=place())
            os.kill(os.getpid(), self.how)


class Counted(Coroutine[Any, Any, Any]):
    """A coroutine whose every step is counted before it is made."""

    def __init__(self, steps: Steps, work: Work, tick: AnyLoop | None) -> None:
        self._steps = steps
        self._work = work
        self._tick = tick
        self.__qualname__ = getattr(work, "__qualname__", type(work).__qualname__)

    def send(self, value: Any) -> Any:
        """Make the next step."""
        self._steps.take(lambda: f"before {_waiting_at(self._work)}")
        answer = self._work.send(value)
        if self._tick:
            self._steps.note_tick(self._tick)
        return answer

    def throw(self, *fault: Any) -> Any:
        """Make the next step, with an exception."""
        self._steps.take(lambda: f"before {_waiting_at(self._work)}, as it fails")
        return self._work.throw(*fault)

    def close(self) -> None:
        """End it."""
        self._work.close()

    def __await__(self) -> Generator[Any, Any, Any]:
        return self._work.__await__()


def count_writes(steps: Steps) -> None:
    """Count what the tasks concerned write to sockets, once it is out."""
    plain = socket.socket.send

    def send(self: socket.socket, *args: Any) -> int:
        sent = plain(self, *args)
        if steps.is_at_it():
            steps.take(lambda: f"after a write at {_running_at(sys._getframe(1))}")
        return sent

    socket.socket.send = send  # type: ignore[assignment] # in this process alone


class CountingPolicy(asyncio.DefaultEventLoopPolicy):
    """Gives loops that count, and that let the work go on at SIGUSR1."""

    def __init__(self, steps: Steps) -> None:
        super().__init__()
        self._steps = steps

    def new_event_loop(self) -> asyncio.AbstractEventLoop:
        """Return a loop whose tasks are counted."""
        loop = super().new_event_loop()
        loop.set_task_factory(self._steps.make_task)  # type: ignore[arg-type] # coroutines alone
        loop.add_signal_handler(signal.SIGUSR1, self._steps.go.set)
        plain = loop.time
        # Timers run on while a process is suspended.
        loop.time = lambda: plain() + self._steps.ahead  # type: ignore[method-assign]
        return loop


def _waiting_at(work: Any) -> str:
    """Tell where a suspended coroutine stands: the innermost line of ours, and the innermost."""
    found = []
    while work is not None:
        frame = getattr(work, "cr_frame", None) or getattr(work, "gi_frame", None)
        if frame is not None:
            found.append(frame)
        work = getattr(work, "cr_await", None) or getattr(work, "gi_yieldfrom", None)
    return _words(found)


def _running_at(frame: FrameType | None) -> str:
    found = []
    while frame is not None:
        found.append(frame)
        frame = frame.f_back
    return _words(found[::-1])


def _words(frames: list[FrameType]) -> str:
    """Name the innermost frame of the bot's own code, and the innermost of all."""
    frames = [each for each in frames if each.f_code.co_filename != __file__]
    own = [each for each in frames if each.f_code.co_filename.startswith(_OWN)]
    places = dict.fromkeys(_place(each) for each in [*own[-1:], *frames[-1:]])
    return " in ".join(reversed(places)) or "the beginning"


def _place(frame: FrameType) -> str:
    file = Path(frame.f_code.co_filename)
    folder = f"{file.parent.name}/{file.name}"
    return f"{folder}:{frame.f_lineno} {frame.f_code.co_name}"
