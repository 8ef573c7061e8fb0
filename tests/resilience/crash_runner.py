"""Bots that die where they are told to: forked from one zygote, each at a step of its own."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.resilience.crash_steps import ROOT, Part

PATIENCE = 30.0
"""Seconds for anything that a process does before it counts as stuck; the machine may be busy."""


@dataclass(eq=False)
class Doomed:
    """A process of the bot that may die; one that is `held` waits for `go` before it begins.

    `place` is where it stood at its last step, `steps` how many it took until then.
    """

    stop_at: int | None
    log: Path
    pid: int | None = None
    events: set[str] = field(default_factory=set)
    steps: int = 0
    place: str = ""
    code: int | None = None
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def is_dead(self) -> bool:
        """Tell whether it has ended."""
        return "ended" in self.events

    def __str__(self) -> str:
        if self.place:
            return f"one stopped at step {self.stop_at}, {self.place}"
        return f"one that was to stop at step {self.stop_at} took {self.steps}"

    def learn(self, event: str, *, pid: int | None = None, **more: Any) -> None:
        """Take note of what the zygote or the process itself tells."""
        self.events.add(event)
        self.pid = pid or self.pid
        self.steps = more.get("steps", self.steps)
        self.place = more.get("place", self.place)
        self.code = more.get("code", self.code)
        self._news.set()

    async def until(self, *events: str) -> None:
        """Wait until one of those has happened."""
        async with asyncio.timeout(PATIENCE):
            while not self.events.intersection(events):
                assert "lost" not in self.events, "the zygote has ended"
                self._news.clear()
                await self._news.wait()

    def go(self) -> None:
        """Let it begin."""
        self._signal(signal.SIGUSR1)

    def leap(self) -> None:
        """Let it be later for it."""
        self._signal(signal.SIGUSR2)

    def wake(self) -> None:
        """Let it go on where it suspended itself."""
        self._signal(signal.SIGCONT)

    async def kill(self) -> None:
        """End it without a warning."""
        self._signal(signal.SIGKILL)
        await self.until("ended")

    def _signal(self, number: int) -> None:
        # Not its number alone: another process may have that by now.
        if not self.is_dead and self.pid:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)


class Zygote:
    """Forks bots."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._children: list[Doomed] = []

    async def fork(
        self,
        part: Part,
        stop_at: int | None,
        *,
        environment: Mapping[str, str],
        folder: Path,
        offset: float,
        leap: float = 0,
        held: bool = False,
        how: int = signal.SIGKILL,
    ) -> Doomed:
        """Start bot.py `offset` seconds from now, to die at that step of that part."""
        number = len(self._children)
        child = Doomed(stop_at, folder / f"bot-{number}.log")
        self._children.append(child)
        order = {
            "number": number,
            "part": part,
            "stop_at": stop_at,
            "environment": dict(environment),
            "folder": str(folder),
            "log": str(child.log),
            "offset": offset,
            "leap": leap,
            "held": held,
            "how": how,
        }
        assert self._process.stdin
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        await child.until("forked")
        return child

    async def listen(self) -> None:
        """Pass on what is told of each process."""
        assert self._process.stdout
        async for line in self._process.stdout:
            told = json.loads(line)
            self._children[told.pop("number")].learn(told.pop("event"), **told)
        for child in self._children:
            child.learn("lost")

    async def end(self) -> None:
        """End it with all that it has forked."""
        if self._process.returncode is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        await self._process.wait()


@asynccontextmanager
async def opened_zygote() -> AsyncIterator[Zygote]:
    """Start a zygote; at the end all its processes are killed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.resilience.crash_forkserver"),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    zygote = Zygote(process)
    listening = asyncio.create_task(zygote.listen())
    try:
        yield zygote
    finally:
        await zygote.end()
        await listening


async def wait_for(holds: Callable[[], Awaitable[bool]], otherwise: str) -> None:
    """Wait until something that is asked of Redis holds; fail where it never does."""
    try:
        async with asyncio.timeout(PATIENCE):
            while not await holds():  # noqa: ASYNC110 - what is waited for knows of no event
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise AssertionError(otherwise) from None
