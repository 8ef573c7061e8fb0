"""A stage to break things on: the real bot, a guarded Redis, a campus, and who watches them.

    async with chaos_at(TEN) as chaos:          # the fixture of tests/resilience/conftest.py
        bot = await chaos.start_bot()           # chaos.stage is a tests.stage.Stage
        async with chaos.traffic.flowing():     # members ask all the time
            chaos.redis.kill()
            await bot.logs("Redis does not answer")
        chaos.traffic.assert_well()             # each had an answer, and a true one

At its end the context sees that nothing leaked (tests/resilience/secrets.py), that no bot logged an
error and that Discord would have taken all that was sent. Where a bot is to be killed, or the
token to be refused, the same holds.
"""

import secrets as random_secrets
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from urllib.parse import quote
from zoneinfo import ZoneInfo

from redis.asyncio import Redis

from core.store import connect
from fakes.discord import FakeDiscord
from fakes.live25.server import FakeLive25
from tests import oracle
from tests.conftest import RedisProcess
from tests.e2e.environment import BotEnvironment, RunningBot, open_environment, write_campus
from tests.fakes import eventually
from tests.recordings import FIRST_DAY
from tests.resilience.campus_fixture import Grounds
from tests.resilience.reply_checks import Truth
from tests.resilience.secrets import Secrets, all_leaks
from tests.resilience.traffic import Traffic

DAY = FIRST_DAY + timedelta(days=1)
TEN = oracle.clock(oracle.UMD_ZONE, DAY, 10 * 60 + 5)
QUICK = {"REFRESH_COOLDOWN_MINUTES": "0", "DAYS_AHEAD": "2"}

LIBRARYS_OWN = (
    "discord.shard: Attempting a reconnect",
    "discord.app_commands.tree: Ignoring exception in autocomplete",
)
"""What discord.py tells as errors with tracebacks, though it is Discord that is gone."""

StartRedis = Callable[..., RedisProcess]


class GuardedRedis:
    """A Redis that wants a password and keeps what it has when it is killed."""

    def __init__(self, start_redis: StartRedis, folder: Path, password: str) -> None:
        self.password = password
        guard = folder / "guard.conf"
        # Not among the options: everybody on the machine can read those.
        guard.write_text(f'requirepass "{password}"\nappendonly yes\n', encoding="utf-8")
        self._process = start_redis("--include", str(guard))
        self.url = self.url_with(password)

    def url_with(self, password: str) -> str:
        """Return its address with a password."""
        return self._process.url.replace("://", f"://:{quote(password, safe='')}@")

    @asynccontextmanager
    async def client(self) -> AsyncIterator[Redis]:
        """Give a client of it."""
        client = connect(self.url)
        try:
            yield client
        finally:
            await client.aclose()

    def kill(self) -> None:
        """End it without a warning."""
        self._process.kill()

    def start(self) -> None:
        """Start it again with all that it had."""
        self._process.start()

    def replace(self) -> None:
        """Put an empty one in its place."""
        self._process.kill()
        shutil.rmtree(self._process._folder / "appendonlydir")
        self._process.start()

    def pause(self) -> None:
        """Keep it from answering, though it still takes connections."""
        self._process.pause()

    def resume(self) -> None:
        """Let it answer again."""
        self._process.resume()


@dataclass
class OutageEnvironment:
    """Everything that can be broken, and everything that is watched meanwhile."""

    stage: BotEnvironment
    source: FakeLive25
    redis: GuardedRedis
    grounds: Grounds
    secrets: Secrets
    traffic: Traffic

    @property
    def discord(self) -> FakeDiscord:
        """The Discord of the stage."""
        return self.stage.discord

    @property
    def today(self) -> date:
        """The day on campus."""
        return self.stage.clock().astimezone(ZoneInfo(oracle.UMD_ZONE)).date()

    async def start_bot(self, **environment: str) -> RunningBot:
        """Start a bot, and wait until it has its first data and answers from it."""
        bot = await self.stage.start_bot(**environment)
        await bot.logs("ready as")
        await self.stage.member.slash("free")
        return bot

    def tells(self, *oracles: oracle.Oracle, may_lack: bool = False) -> None:
        """Say what is the truth from now on; without an oracle it is the whole campus's."""
        self.traffic.truth = Truth(
            oracles or (self.grounds.says,), self.grounds.labels, may_lack=may_lack
        )

    async def refreshed(self) -> str:
        """Refresh as a moderator does, and return what that says in the end."""
        reply = await self.stage.moderator.slash("refresh")
        await eventually(lambda: not reply.latest().text.startswith("Checking"), within=60)
        return reply.latest().text

    async def status(self) -> str:
        """Return what `/status` says."""
        return (await self.stage.member.slash("status")).text

    async def assert_secrets_kept(self) -> None:
        """See that no secret is where it does not belong."""
        async with self.redis.client() as client:
            leaks = await all_leaks(
                self.secrets, bots=self.stage.bots, discord=self.discord, client=client
            )
        assert leaks == [], "\n".join(leaks)

    def assert_calm(self) -> None:
        """See that no bot logged a fault of its own, and that Discord took all it was sent."""
        lines = [line for bot in self.stage.bots for line in bot.log]
        errors = [line for line in lines if " ERROR " in line or "Traceback" in line]
        ours = [line for line in errors if not any(each in line for each in LIBRARYS_OWN)]
        assert ours == [], "\n".join(ours)
        assert self.discord.violations == [], self.discord.violations


@asynccontextmanager
async def open_outage_environment(
    folder: Path,
    start_redis: StartRedis,
    grounds: Grounds,
    *,
    start: datetime = TEN,
    **settings: str,
) -> AsyncIterator[OutageEnvironment]:
    """Open a stage to break things on; the names of `settings` are those of the environment."""
    secrets = Secrets(
        token=f"Chaos.{random_secrets.token_hex(16)}.Token",
        password=f"pass/{random_secrets.token_hex(12)}#word@:",
        event_names=grounds.event_names,
    )
    redis = GuardedRedis(start_redis, folder, secrets.password)
    async with FakeLive25(grounds.answers) as source:
        address: dict[str, str | int] = {"url": source.url, "read": "rooms"}
        file = write_campus(folder / "umd.toml", address, list(grounds.says.buildings.values()))
        make_discord = partial(FakeDiscord, token=secrets.token)
        async with open_environment(
            folder,
            file,
            redis.url,
            start=start,
            settings={**QUICK, **settings},
            make_discord=make_discord,
        ) as stage:
            traffic = Traffic(stage, Truth((grounds.says,), grounds.labels))
            chaos = OutageEnvironment(stage, source, redis, grounds, secrets, traffic)
            yield chaos
            await chaos.assert_secrets_kept()
            chaos.assert_calm()
