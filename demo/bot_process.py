"""The bot of the demo: `python bot.py`, as on any host, pointed at what is local."""

import asyncio
import math
import sys
from asyncio.subprocess import Process
from collections.abc import Callable, Mapping
from pathlib import Path

from core.embedded_redis.process import with_parent_death_signal
from demo.clock import DemoClock
from demo.last_log_line import last_log_line
from demo.process_reaper import ProcessReaper
from demo.supervisor import SupervisedProcess
from fakes.discord import FakeDiscord

LOG_FILE = "bot.log"

_BOT_SCRIPT = Path(__file__).parents[1] / "bot.py"
_SCRIPT_AHEAD = Path(__file__).with_name("bot_ahead.py")


def supervised_bot(
    folder: Path,
    env: Mapping[str, str],
    discord: FakeDiscord,
    reaper: ProcessReaper,
    on_change: Callable[[], None],
    clock: DemoClock,
) -> SupervisedProcess:
    """Return the bot, not started yet: it runs in `env` and logs into `folder`.

    Where the viewer pretends another time it runs at that.
    """
    log = folder / LOG_FILE
    log.unlink(missing_ok=True)
    identify_count = discord.identify_count

    async def start() -> Process:
        nonlocal identify_count
        identify_count = discord.identify_count
        with log.open("ab") as output:
            return await asyncio.create_subprocess_exec(
                *with_parent_death_signal([sys.executable, *_script(clock)]),
                env=dict(env),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                # A Ctrl-C in the terminal is for the demo, which ends it in its turn.
                process_group=0,
            )

    async def wait_until_ready() -> None:
        """Wait for this process to log in; it has registered its commands by then."""
        await discord.gateway.wait_until(lambda: discord.identify_count > identify_count, math.inf)

    return SupervisedProcess(
        "bot",
        spawn=start,
        wait_until_ready=wait_until_ready,
        last_log_line=lambda: last_log_line(log),
        reaper=reaper,
        on_change=on_change,
    )


def _script(clock: DemoClock) -> list[str]:
    if not clock.ahead:
        return [str(_BOT_SCRIPT)]
    return [str(_SCRIPT_AHEAD), str(clock.ahead.total_seconds())]
