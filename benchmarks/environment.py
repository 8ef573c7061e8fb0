"""The two sides of a comparison: the real bot and the floor, each on a Discord of its own."""

import asyncio
import json
import tempfile
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from benchmarks.generated_campus import generate_day, write_campus_file
from benchmarks.interaction_timer import RESPONSE_TIMEOUT, InteractionTimer, RecordedInteraction
from benchmarks.processes import BASELINE_BOT, BOT, run_script
from core.data.refresh_policy import snapshot_expiry
from core.embedded_redis import EmbeddedRedis
from core.model.calendar import DAY
from core.model.campus import Campus
from core.store import Store, connect
from fakes.discord import FakeDiscord, UserClient
from fakes.discord.model.enums import InteractionType

_MORNING_HOUR = 10
_HOURS = 24
_MIN_UTC_OFFSET = -12
LOGIN_TIMEOUT = 60.0


def now() -> datetime:
    """Return the present moment."""
    return datetime.now(UTC)


def morning_zone() -> ZoneInfo:
    """Return a zone in which it is between ten and eleven in the morning.

    A campus there has its rooms open and its classes on, whenever it is measured.
    """
    ahead = _MORNING_HOUR - now().hour
    if ahead < _MIN_UTC_OFFSET:
        ahead += _HOURS
    return ZoneInfo(f"Etc/GMT{-ahead:+d}")


@dataclass(frozen=True, slots=True)
class BenchmarkEnvironment:
    """A Discord with one member in one channel; the bot that is logged in is a process."""

    discord: FakeDiscord
    client: UserClient
    timer: InteractionTimer
    folder: Path

    @asynccontextmanager
    async def run_candidate(self, settings: Mapping[str, str]) -> AsyncIterator[Process]:
        """Let the real bot log in, with its commands."""
        env = {**self.discord.environment, "LOG_LEVEL": "WARNING", **settings}
        async with run_script(BOT, env, self.folder) as process:
            await self._wait_until_ready(process, self.discord.wait_until_ready(LOGIN_TIMEOUT))
            yield process

    @asynccontextmanager
    async def run_baseline(
        self, answers: Mapping[str, object] | None = None
    ) -> AsyncIterator[Process]:
        """Let the floor bot log in; it has constant answers of these sizes, or no commands."""
        script = list(BASELINE_BOT)
        if answers is not None:
            told = self.folder / "answers.json"
            told.write_text(json.dumps(answers), encoding="utf-8")
            script.append(str(told))
        async with run_script(script, self.discord.environment, self.folder) as process:
            ready = self.discord.wait_until_ready(LOGIN_TIMEOUT, with_commands=False)
            await self._wait_until_ready(process, ready)
            yield process

    async def wait_until_guilds_loaded(self) -> None:
        """Return when the bot has taken in all servers it is in: it answers after them."""
        data = {"id": "1", "name": "free", "type": 1}
        owners = {"0": str(self.client.channel.guild.id)} if self.client.channel.guild else {}
        await self.timer.record(
            self.client, RecordedInteraction(InteractionType.COMMAND, data, owners, {}, None)
        )

    async def _wait_until_ready(self, process: Process, ready: Coroutine[None, None, None]) -> None:
        """Wait until a bot is ready, or say why it never will be."""
        waiting, ended = asyncio.create_task(ready), asyncio.create_task(process.wait())
        await asyncio.wait({waiting, ended}, return_when=asyncio.FIRST_COMPLETED)
        ended.cancel()
        if not (waiting.done() and waiting.exception() is None):
            waiting.cancel()
            raise RuntimeError((self.folder / "log").read_text(encoding="utf-8"))


@asynccontextmanager
async def open_environment() -> AsyncIterator[BenchmarkEnvironment]:
    """Open a Discord that no bot has joined yet."""
    with tempfile.TemporaryDirectory(prefix="bench") as folder:
        discord = FakeDiscord(response_timeout=RESPONSE_TIMEOUT)
        exchange = InteractionTimer(discord)
        async with discord:
            server = discord.add_guild("Terriers")
            server.add_bot()
            ana = discord.add_user("ana")
            server.add_member(ana)
            yield BenchmarkEnvironment(
                discord, ana.at(server.add_channel("general")), exchange, Path(folder)
            )


@asynccontextmanager
async def stored_campus(
    campus: Campus, *, days_ahead: int, redis_runs: bool = True
) -> AsyncIterator[dict[str, str]]:
    """Store a campus's days; give the settings of a bot that finds them.

    They were read just now, so that no refresh is due. With `redis_runs` their Redis runs,
    otherwise the bot has to start it.
    """
    with tempfile.TemporaryDirectory(prefix="bench") as name:
        folder = Path(name)
        write_campus_file(campus, folder / "campus.toml")
        settings = {
            "CAMPUS": str(folder / "campus.toml"),
            "DAYS_AHEAD": str(days_ahead),
            "REFRESH_EVERY_MINUTES": "0",
        }
        async with EmbeddedRedis(folder) as embedded:
            await _store_days(embedded.url, campus, days_ahead)
            if redis_runs:
                yield {**settings, "REDIS_URL": embedded.url}
        if not redis_runs:
            yield {**settings, "DATA_DIR": str(folder)}


async def _store_days(url: str, campus: Campus, days_ahead: int) -> None:
    client, read_at = connect(url), now()
    today = campus.local_date(read_at)
    days = [today + DAY * ahead for ahead in range(days_ahead + 1)]
    snapshots = [generate_day(campus, day, read_at=read_at) for day in days]
    await Store(client, now=now).restore(campus.id, snapshots, partial(snapshot_expiry, campus))
    await client.aclose()
