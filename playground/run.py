"""The subcommand `demo`: runs the playground until it is stopped."""

import asyncio
import logging
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress

from core.errors import ClassroomError
from playground.opening import opened

log = logging.getLogger(__name__)

_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")


def main(env: Mapping[str, str]) -> int:
    """Run the playground; return 0 when it was stopped, 1 when it cannot run.

    `env` is the environment, with what the operator has set for the bot.
    """
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s")
    try:
        asyncio.run(_run(env))
    except ClassroomError as err:
        sys.stderr.write(f"{err}\n")
        return 1
    return 0


async def _run(env: Mapping[str, str]) -> None:
    playing = asyncio.create_task(_play(env))

    def stop() -> None:
        # Only once: a second Ctrl-C must not cut off what ends the processes.
        if not playing.cancelling():
            playing.cancel()

    for name in _SIGNALS:
        with suppress(NotImplementedError, AttributeError):  # Windows has neither.
            asyncio.get_running_loop().add_signal_handler(getattr(signal, name), stop)
    try:
        await playing
    except asyncio.CancelledError:
        _say("Stopped.")


async def _play(env: Mapping[str, str]) -> None:
    _say("EmptyClassroom's demo: all of it on this machine, no Discord account needed.")
    async with opened(env, say=lambda line: _say(f"  {line}")) as playground:
        _say(f"Open {playground.page} in a browser. Ctrl-C ends everything.")
        await asyncio.Event().wait()


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
