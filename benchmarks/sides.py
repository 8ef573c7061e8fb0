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

from benchmarks.campuses import made_day, write_campus
from benchmarks.exchange import SECONDS_TO_ANSWER, Asking, Exchange
from benchmarks.processes import BOT, FLOOR_BOT, running
from core.embedded import Embedded
from core.model import DAY, Campus
from core.policy import keep_until
from core.store import Store, connect
from playground.local_discord import LocalDiscord, Seat
from playground.local_discord.interactions import Asked

_MORNING = 10
_HOURS = 24
_WESTERNMOST = -12
SECONDS_TO_LOG_IN = 60.0


def now() -> datetime:
    """Return the present moment."""
    return datetime.now(UTC)


def morning_zone() -> ZoneInfo:
    """Return a zone in which it is between ten and eleven in the morning.

    A campus there has its rooms open and its classes on, whenever it is measured.
    """
    ahead = _MORNING - now().hour
    if ahead < _WESTERNMOST:
        ahead += _HOURS
    return ZoneInfo(f"Etc/GMT{-ahead:+d}")


@dataclass(frozen=True, slots=True)
class Side:
    """A Discord with one member in one channel; the bot that is logged in is a process."""

    discord: LocalDiscord
    seat: Seat
    exchange: Exchange
    folder: Path

    @asynccontextmanager
    async def real_bot(self, settings: Mapping[str, str]) -> AsyncIterator[Process]:
        """Let the real bot log in, with its commands."""
        env = {**self.discord.environment, "LOG_LEVEL": "WARNING", **settings}
        async with running(BOT, env, self.folder) as process:
            await self._logged_in(process, self.discord.ready(SECONDS_TO_LOG_IN))
            yield process

    @asynccontextmanager
    async def floor_bot(
        self, answers: Mapping[str, object] | None = None
    ) -> AsyncIterator[Process]:
        """Let the floor bot log in; it has constant answers of these sizes, or no commands."""
        script = list(FLOOR_BOT)
        if answers is not None:
            told = self.folder / "answers.json"
            told.write_text(json.dumps(answers), encoding="utf-8")
            script.append(str(told))
        async with running(script, self.discord.environment, self.folder) as process:
            ready = self.discord.ready(SECONDS_TO_LOG_IN, with_commands=False)
            await self._logged_in(process, ready)
            yield process

    async def ask_after_all_servers(self) -> None:
        """Return when the bot has taken in all servers it is in: it answers after them."""
        data = {"id": "1", "name": "free", "type": 1}
        owners = {"0": str(self.seat.channel.server.id)} if self.seat.channel.server else {}
        await self.exchange.asked(self.seat, Asking(Asked.COMMAND, data, owners, {}, None))

    async def _logged_in(self, process: Process, ready: Coroutine[None, None, None]) -> None:
        """Wait until a bot is ready, or say why it never will be."""
        waiting, ended = asyncio.create_task(ready), asyncio.create_task(process.wait())
        await asyncio.wait({waiting, ended}, return_when=asyncio.FIRST_COMPLETED)
        ended.cancel()
        if not (waiting.done() and waiting.exception() is None):
            waiting.cancel()
            raise RuntimeError((self.folder / "log").read_text(encoding="utf-8"))


@asynccontextmanager
async def open_side() -> AsyncIterator[Side]:
    """Open a Discord that no bot has joined yet."""
    with tempfile.TemporaryDirectory(prefix="bench") as folder:
        discord = LocalDiscord(answer_within=SECONDS_TO_ANSWER)
        exchange = Exchange(discord)
        async with discord:
            server = discord.add_server("Terriers")
            server.add_bot()
            ana = discord.add_person("ana")
            server.join(ana)
            yield Side(discord, ana.at(server.add_channel("general")), exchange, Path(folder))


@asynccontextmanager
async def stored(
    campus: Campus, *, days_ahead: int, is_served: bool = True
) -> AsyncIterator[dict[str, str]]:
    """Store a campus's days; give the settings of a bot that finds them.

    They were read just now, so that no refresh is due. With `is_served` their Redis runs,
    otherwise the bot has to start it.
    """
    with tempfile.TemporaryDirectory(prefix="bench") as name:
        folder = Path(name)
        write_campus(campus, folder / "campus.toml")
        settings = {
            "CAMPUS": str(folder / "campus.toml"),
            "DAYS_AHEAD": str(days_ahead),
            "REFRESH_EVERY_MINUTES": "0",
        }
        async with Embedded(folder) as embedded:
            await _fill(embedded.url, campus, days_ahead)
            if is_served:
                yield {**settings, "REDIS_URL": embedded.url}
        if not is_served:
            yield {**settings, "DATA_DIR": str(folder)}


async def _fill(url: str, campus: Campus, days_ahead: int) -> None:
    client, read_at = connect(url), now()
    today = campus.day_of(read_at)
    days = [today + DAY * ahead for ahead in range(days_ahead + 1)]
    snapshots = [made_day(campus, day, read_at=read_at) for day in days]
    await Store(client, now=now).restore(campus.id, snapshots, partial(keep_until, campus))
    await client.aclose()
