"""The subcommand `demo`: runs the demo until it is stopped."""

import asyncio
import logging
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress

from core.errors import ClassroomError
from demo.stack import start_demo

log = logging.getLogger(__name__)

_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")


def main(env: Mapping[str, str], campus_kind: str = "25live") -> int:
    """Run the demo; return 0 when it was stopped, 1 when it cannot run.

    `env` is the environment, with what the operator has set for the bot; `campus_kind` is the
    kind of source that serves the demo campus.
    """
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s")
    try:
        asyncio.run(_run(env, campus_kind))
    except ClassroomError as err:
        sys.stderr.write(f"{err}\n")
        return 1
    return 0


async def _run(env: Mapping[str, str], campus_kind: str) -> None:
    task = asyncio.create_task(_run_until_cancelled(env, campus_kind))

    def stop() -> None:
        # Only once: a second Ctrl-C must not cut off what ends the processes.
        if not task.cancelling():
            task.cancel()

    for name in _SIGNALS:
        with suppress(NotImplementedError, AttributeError):  # Windows has neither.
            asyncio.get_running_loop().add_signal_handler(getattr(signal, name), stop)
    try:
        await task
    except asyncio.CancelledError:
        _print("Stopped.")


async def _run_until_cancelled(env: Mapping[str, str], campus_kind: str) -> None:
    _print("EmptyClassroom's demo: everything runs on this computer; no Discord account needed.")
    async with start_demo(
        env, report=lambda line: _print(f"  {line}"), campus_kind=campus_kind
    ) as running:
        _print(f"Open {running.page_url} in a browser. Ctrl-C ends everything.")
        await asyncio.Event().wait()


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
