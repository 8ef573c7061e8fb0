"""The processes that are measured: the real bot, and the floor that it is compared with."""

import asyncio
import os
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from core.embedded_redis.process import with_parent_death_signal

_ROOT = Path(__file__).parents[1]
BOT = (str(_ROOT / "bot.py"),)
# With -P: their folder is not searched for modules, where `http` would be the benchmark.
BASELINE_BOT = ("-P", str(_ROOT / "benchmarks" / "baseline_bot.py"))
BASELINE_HTTP = ("-P", str(_ROOT / "benchmarks" / "baseline_http.py"))

_INHERITED = ("PATH", "HOME", "LANG", "SSL_CERT_FILE", "PYTHONDONTWRITEBYTECODE")
_STOP_TIMEOUT = 10.0


@asynccontextmanager
async def run_script(
    script: Sequence[str],
    env: Mapping[str, str],
    folder: Path,
    *,
    without_death_signal: bool = False,
) -> AsyncIterator[Process]:
    """Run a script of Python as long as this context lasts; it logs into `folder`.

    The signal that ends it with its parent costs a moment at its start; `without_death_signal`
    leaves it out.
    """
    command = [sys.executable, *script]
    with (folder / "log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            *(command if without_death_signal else with_parent_death_signal(command)),
            cwd=folder,
            env={**_inherited(), **env},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        yield process
    finally:
        await _stop(process)


def _inherited() -> dict[str, str]:
    return {name: os.environ[name] for name in _INHERITED if name in os.environ}


async def _stop(process: Process) -> None:
    if process.returncode is None:
        process.terminate()
    try:
        async with asyncio.timeout(_STOP_TIMEOUT):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


async def resident_kib(process: Process) -> float:
    """Return how much of a process is in memory, in KiB."""
    asking = await asyncio.create_subprocess_exec(
        *("ps", "-o", "rss=", "-p", str(process.pid)), stdout=asyncio.subprocess.PIPE
    )
    answer, _ = await asking.communicate()
    return float(answer)
