"""Sees to it that nothing the demo started outlives it, not even when it is killed."""

import asyncio
import sys
from types import TracebackType
from typing import Self

# Its input ends when the demo does, however that ends. A process of its own, because
# only Linux can be asked to end a child with its parent, and a child may take no notice.
_REAPER_SCRIPT = """
import os, signal, sys, time
watched = set()
def send(number):
    for pid in tuple(watched):
        try:
            os.kill(pid, number)
        except OSError:
            watched.discard(pid)
for line in sys.stdin:
    (watched.add if line[0] == "+" else watched.discard)(int(line[1:]))
send(signal.SIGTERM)
end = time.monotonic() + 2
while watched and time.monotonic() < end:
    time.sleep(0.05)
    send(0)
send(signal.SIGKILL)
"""


class ProcessReaper:
    """A process that ends those it was told of, should the demo go without doing so."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-I", "-S", "-c", _REAPER_SCRIPT),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            # Neither a Ctrl-C nor what kills the whole group is for it.
            process_group=0,
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        err: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process and self._process.stdin:
            self._process.stdin.close()
            await self._process.wait()

    def watch(self, pid: int) -> None:
        """End this process if the demo goes first."""
        self._send(f"+{pid}\n")

    def unwatch(self, pid: int) -> None:
        """Take no more notice of a process that has ended: its number may become another's."""
        self._send(f"-{pid}\n")

    def _send(self, line: str) -> None:
        if self._process and self._process.stdin and not self._process.stdin.is_closing():
            self._process.stdin.write(line.encode())
