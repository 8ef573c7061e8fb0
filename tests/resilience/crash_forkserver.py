"""Forks the real bot.py, over and over, from a process that has imported all it needs.

`python -m tests.resilience.crash_forkserver` reads orders from standard input, one JSON a line,
forks a bot for each, and writes to standard output how it ends. Starting Python and importing
discord.py takes most of a start, and a proof at hundreds of points starts many.
"""

import asyncio
import json
import os
import runpy
import select
import signal
import sys
import traceback
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import time_machine

import app.factory  # noqa: F401 - its modules are loaded when bot.py runs
import cogs.ui.images.render  # noqa: F401 - same
from tests.resilience.crash_steps import ROOT, CountingPolicy, Steps, count_writes

Order = dict[str, Any]


def tell(number: int, event: str, **more: Any) -> None:
    """Write one line, in one piece."""
    os.write(1, json.dumps({"number": number, "event": event, **more}).encode() + b"\n")


def be_a_bot(order: Order) -> None:
    """Run bot.py as if it were another moment; with SIGUSR2 it is a while later."""
    number = order["number"]
    os.environ.clear()
    os.environ.update(order["environment"])
    os.chdir(order["folder"])
    os.dup2(os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND), 2)
    steps = Steps(
        order["part"],
        order["stop_at"],
        order["how"],
        lambda event, **more: tell(number, event, **more),
        asyncio.Event(),
    )
    if not order["held"]:
        steps.go.set()
    count_writes(steps)
    asyncio.set_event_loop_policy(CountingPolicy(steps))
    moment = datetime.now(UTC) + timedelta(seconds=order["offset"])
    with time_machine.travel(moment, tick=True) as traveller:

        def leap(*_: object) -> None:
            traveller.shift(order["leap"])
            steps.ahead += order["leap"]

        signal.signal(signal.SIGUSR2, leap)
        sys.argv[:] = ["bot.py"]
        runpy.run_path(str(Path(ROOT) / "bot.py"), run_name="__main__")


def fork(order: Order) -> int:
    """Fork a bot and return its process id; the bot never returns from here."""
    if pid := os.fork():
        return pid
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    try:
        be_a_bot(order)
    except SystemExit as err:
        os._exit(err.code if isinstance(err.code, int) else 1)
    except BaseException:  # noqa: BLE001 - it goes to the log, and the process ends
        traceback.print_exc()
    os._exit(70)


def bury(numbers: dict[int, int]) -> None:
    """Tell of those that have ended."""
    while numbers:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if not pid:
            return
        tell(numbers.pop(pid), "ended", code=os.waitstatus_to_exitcode(status))


def main() -> None:
    """Fork until standard input ends."""
    # A plain read would sleep through the signal that comes just before it.
    woken, waker = os.pipe()
    for end in (woken, waker):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(waker)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    numbers: dict[int, int] = {}
    unread = b""
    while True:
        ready, _, _ = select.select([0, woken], [], [])
        if woken in ready:
            os.read(woken, 4096)
        bury(numbers)
        if 0 in ready:
            read = os.read(0, 65536)
            if not read:
                # Whoever gave the orders is gone; none of ours is to outlive it.
                os.killpg(0, signal.SIGKILL)
            *lines, unread = (unread + read).split(b"\n")
            for line in lines:
                order = json.loads(line)
                numbers[pid := fork(order)] = order["number"]
                tell(order["number"], "forked", pid=pid)


if __name__ == "__main__":
    main()
