"""The stage of the end-to-end tests: the real bot.py as a process, and all it talks to."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from fakes.discord import Channel, FakeDiscord, Guild, HumanUser, UserClient
from fakes.discord.openapi_check import OpenApiValidator, find_openapi, read_openapi
from tests.fakes import eventually
from tests.generated.openapi import openapi
from tests.oracle import UMD_ZONE, Hours

ROOT = Path(__file__).parents[2]

BOT = str(ROOT / "bot.py")

_INHERITED = ("PATH", "HOME", "LANG", "SSL_CERT_FILE", "PYTHONDONTWRITEBYTECODE")


class TravelledClock:
    """The clock of a test's world: it runs, but from another moment."""

    def __init__(self, start: datetime | None = None) -> None:
        self.offset = start - datetime.now(UTC) if start else timedelta()

    def __call__(self) -> datetime:
        """Return the present moment of that world."""
        return datetime.now(UTC) + self.offset


@dataclass
class RunningBot:
    """A process of the bot, and the lines that it has logged."""

    process: asyncio.subprocess.Process
    log: list[str] = field(default_factory=list)
    reading: asyncio.Task[None] | None = None

    async def read_log(self) -> None:
        """Collect what it logs until it ends."""
        assert self.process.stderr
        async for line in self.process.stderr:
            self.log.append(line.decode().rstrip("\n"))

    def logged(self, text: str) -> list[str]:
        """Return the lines that hold a text."""
        return [line for line in self.log if text in line]

    async def logs(self, text: str, *, within: float = 20.0) -> None:
        """Wait until it logs a text."""
        try:
            await eventually(lambda: bool(self.logged(text)), within=within)
        except TimeoutError:
            raise AssertionError(f"{text!r} was not logged:\n" + "\n".join(self.log)) from None

    async def stop(self) -> int:
        """End it as a host does, and return its exit code; it has five seconds."""
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
        return await self._end(5.0)

    async def kill(self) -> None:
        """End it without a warning."""
        if self.process.returncode is None:
            self.process.kill()
        await self._end(5.0)

    async def _end(self, seconds: float) -> int:
        async with asyncio.timeout(seconds):
            code = await self.process.wait()
        if self.reading:
            await self.reading
        return code


@dataclass(repr=False)  # pytest's loops ask for it thrice a test, and it holds all that was said
class BotEnvironment:
    """A Discord with a server, two channels, a member and a moderator; and bots that join it."""

    discord: FakeDiscord
    clock: TravelledClock
    environment: dict[str, str]
    folder: Path
    server: Guild
    general: Channel
    study: Channel
    ana: HumanUser
    mo: HumanUser
    bots: list[RunningBot] = field(default_factory=list)

    @property
    def member(self) -> UserClient:
        """Where the member sits."""
        return self.ana.at(self.general)

    @property
    def moderator(self) -> UserClient:
        """Where the moderator sits."""
        return self.mo.at(self.general)

    async def start_bot(self, **environment: str) -> RunningBot:
        """Start bot.py and wait until it answers commands."""
        before = self.discord.identify_count
        bot = await self.launch_bot(**environment)
        try:
            await eventually(
                lambda: self.discord.identify_count > before or bot.process.returncode is not None,
                within=20,
            )
            await self.discord.wait_until_ready(20)
        except TimeoutError:
            raise AssertionError("the bot is not ready:\n" + "\n".join(bot.log)) from None
        assert bot.process.returncode is None, "\n".join(bot.log)
        return bot

    async def launch_bot(self, **environment: str) -> RunningBot:
        """Start bot.py and wait for nothing."""
        offset = f"{self.clock.offset.total_seconds():.3f}"
        script = [str(ROOT / "tests" / "bot_at.py"), offset] if self.clock.offset else [BOT]
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *script,
            cwd=self.folder,
            env={**self.environment, **environment},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        bot = RunningBot(process)
        bot.reading = asyncio.create_task(bot.read_log())
        self.bots.append(bot)
        return bot


@cache
def schema_checker() -> OpenApiValidator:
    """Return Discord's own schema where its file is at hand, else our small one; made once."""
    path = find_openapi(os.environ)
    return OpenApiValidator(read_openapi(path) if path else openapi())


@asynccontextmanager
async def open_environment(
    folder: Path,
    campus_file: Path,
    redis_url: str | None,
    *,
    start: datetime | None = None,
    settings: Mapping[str, str] | None = None,
    make_discord: Callable[..., FakeDiscord] = FakeDiscord,
) -> AsyncIterator[BotEnvironment]:
    """Open a stage; every bot that is still on it at the end is killed."""
    clock = TravelledClock(start)
    async with make_discord(clock=clock) as discord:
        server = discord.add_guild("Terriers")
        server.add_bot()
        ana, mo = discord.add_user("ana"), discord.add_user("mo")
        server.add_member(ana)
        server.add_member(mo, is_moderator=True)
        stage = BotEnvironment(
            discord=discord,
            clock=clock,
            environment={
                **{name: os.environ[name] for name in _INHERITED if name in os.environ},
                **discord.environment,
                **({"REDIS_URL": redis_url} if redis_url else {}),
                "CAMPUS": str(campus_file),
                "DATA_DIR": str(folder / "data"),
                **(settings or {}),
            },
            folder=folder,
            server=server,
            general=server.add_channel("general"),
            study=server.add_channel("study-rooms"),
            ana=ana,
            mo=mo,
        )
        try:
            yield stage
        finally:
            for bot in stage.bots:
                await bot.kill()


def write_campus(
    path: Path,
    source: Mapping[str, str | int],
    buildings: Sequence[Hours],
    *,
    zone: str = UMD_ZONE,
    campus_id: str = "umd",
    name: str = "University of Maryland",
) -> Path:
    """Write the file of a campus with those buildings, read from `source`."""
    values = {"id": campus_id, "name": name, "timezone": zone}
    lines = [f"{key} = {json.dumps(value)}" for key, value in values.items()]
    lines += ["[source]", 'kind = "25live"']
    lines += [f"{key} = {json.dumps(value)}" for key, value in source.items()]
    for each in buildings:
        rooms = [f"{{ id = {json.dumps(r.id)}, name = {json.dumps(r.name)} }}" for r in each.rooms]
        lines += ["[[buildings]]", f"code = {json.dumps(each.code)}", f'name = "{each.code} Hall"']
        lines += [f"opens = {json.dumps(each.opens)}", f"closes = {json.dumps(each.closes)}"]
        lines += [f"rooms = [{', '.join(rooms)}]"]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
