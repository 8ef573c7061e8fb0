"""The stage: a local Discord with a server in it, and a real bot logged in."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import aiohttp
import discord
import pytest
import yarl

from fakes.discord import Channel, FakeDiscord, Guild, HumanUser
from fakes.discord.openapi_check import OpenApiValidator
from tests.e2e.environment import schema_checker
from tests.fake_discord.sample_bot import SampleBot
from tests.fake_discord.scripted_bot import COMMAND, ScriptedBot

AnyBot = TypeVar("AnyBot", bound=discord.Client)
Raw = Callable[..., Any]


@dataclass
class DiscordEnvironment:
    """Everybody and everything a test needs."""

    discord: FakeDiscord
    guild: Guild
    general: Channel
    study: Channel
    ana: HumanUser
    mo: HumanUser


@pytest.fixture(scope="session")
def checker() -> OpenApiValidator:
    """Discord's own schema where its file is at hand, else a small one."""
    return schema_checker()


@pytest.fixture
async def stage(checker) -> AsyncIterator[DiscordEnvironment]:
    """Open a Discord with one server; no bot yet. No test may leave a violation behind.

    Ten seconds instead of three for a response: a test about the limit sets its own.
    """
    async with FakeDiscord(check=checker, response_timeout=10) as local:
        server = local.add_guild("Terriers")
        general, study = server.add_channel("general"), server.add_channel("study-rooms")
        server.add_bot()
        ana, mo = local.add_user("ana"), local.add_user("mo")
        server.add_member(ana)
        server.add_member(mo, is_moderator=True)
        yield DiscordEnvironment(local, server, general, study, ana, mo)
        assert local.violations == []


@pytest.fixture
def addresses(stage, monkeypatch) -> None:
    """Point discord.py at the local Discord."""
    gateway = yarl.URL(stage.discord.gateway_url)
    monkeypatch.setattr(discord.http.Route, "BASE", stage.discord.api_url)
    monkeypatch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", gateway)


@asynccontextmanager
async def running(bot: AnyBot, token: str) -> AsyncIterator[AnyBot]:
    """Log a bot in for as long as this context lasts."""
    task = asyncio.create_task(bot.start(token))
    try:
        yield bot
    finally:
        await bot.close()
        await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
async def bot(stage, addresses) -> AsyncIterator[SampleBot]:
    """Return a bot that is ready."""
    async with running(SampleBot(), stage.discord.token) as one:
        await stage.discord.wait_until_ready(10)
        await one.wait_until_ready()
        yield one


@pytest.fixture
async def raw(stage) -> AsyncIterator[Raw]:
    """Return a way to ask the API by hand: method, path, body ▸ status, answer."""
    headers = {
        "Authorization": f"Bot {stage.discord.token}",
        "User-Agent": "DiscordBot (https://example.org, 1.0)",
    }
    async with aiohttp.ClientSession(headers=headers) as session:

        async def ask(
            method: str, path: str, body: object = None, **options: Any
        ) -> tuple[int, Any]:
            if body is not None:
                options["json"] = body
            url = stage.discord.api_url + path
            async with session.request(method, url, **options) as response:
                if response.content_type == "application/json":
                    assert response.headers["Content-Type"] == "application/json"
                    return response.status, await response.json()
                return response.status, await response.text()

        yield ask


@pytest.fixture
def puppet(stage, raw):
    stage.discord.commands.replace_all([COMMAND])
    return ScriptedBot(stage, raw)


@pytest.fixture
def seat(stage):
    return stage.ana.at(stage.general, timeout=0.2)


@dataclass
class BodySender:
    """Sends a body, and knows where."""

    send: Any
    discord: FakeDiscord
    channel: Channel

    def __call__(self, method, path, body):
        return self.send(method, path, body)


@pytest.fixture
async def ask():
    """Return a way to send a body to a Discord without schema, and that Discord."""
    async with FakeDiscord() as local, aiohttp.ClientSession() as session:
        server = local.add_guild("Terriers")
        server.add_bot()
        channel = server.add_channel("general")
        headers = {"Authorization": f"Bot {local.token}", "User-Agent": "DiscordBot (x, 1)"}

        async def send(method, path, body):
            path = path.format(channel=channel.id, app=local.state.bot.id)
            request = session.request(method, local.api_url + path, json=body, headers=headers)
            async with request as response:
                return response.status, await response.json()

        yield BodySender(send, local, channel)
