"""The bot of the playground: `python bot.py`, as on any host, pointed at what is local."""

import asyncio
import math
import sys
from asyncio.subprocess import Process
from collections.abc import Callable, Mapping
from pathlib import Path

from core.embedded.process import with_death_signal
from playground.kept import Kept
from playground.last_words import last_words
from playground.local_discord import LocalDiscord
from playground.warden import Warden

LOG = "bot.log"

_BOT = Path(__file__).parents[1] / "bot.py"


def kept_bot(
    folder: Path,
    env: Mapping[str, str],
    discord: LocalDiscord,
    warden: Warden,
    changed: Callable[[], None],
) -> Kept:
    """Return the bot, not started yet: it runs in `env` and logs into `folder`."""
    log = folder / LOG
    log.unlink(missing_ok=True)
    logins = discord.identifies

    async def start() -> Process:
        nonlocal logins
        logins = discord.identifies
        with log.open("ab") as output:
            return await asyncio.create_subprocess_exec(
                *with_death_signal([sys.executable, str(_BOT)]),
                env=dict(env),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                # A Ctrl-C in the terminal is for the playground, which ends it in its turn.
                process_group=0,
            )

    async def until_it_listens() -> None:
        """Wait for this process to log in; it has registered its commands by then."""
        await discord.gateway.until(lambda: discord.identifies > logins, math.inf)

    return Kept(
        "bot",
        spawn=start,
        until_ready=until_it_listens,
        last_words=lambda: last_words(log),
        warden=warden,
        changed=changed,
    )
