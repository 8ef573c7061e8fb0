"""The local Discord: one port, everything behind it, and the handles to drive it."""

from __future__ import annotations

import secrets
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Self

from aiohttp import web

from playground.local_discord.gateway import Gateway
from playground.local_discord.heavy import furnish
from playground.local_discord.people import Person
from playground.local_discord.snowflakes import Clock, wall_clock
from playground.local_discord.uploads import WHOLE_REQUEST, add_cdn
from playground.local_discord.web import API, Api, BodyCheck
from playground.local_discord.world import World

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from types import TracebackType

    from playground.local_discord.commands import Commands
    from playground.local_discord.interactions import Interaction
    from playground.local_discord.messages import Message, Version
    from playground.local_discord.model import Server
    from playground.local_discord.replies import Reply
    from playground.local_discord.requests import RequestLog, Violation

HOST = "127.0.0.1"


class LocalDiscord:
    """A Discord on this machine.

    `async with LocalDiscord() as discord:` opens it on a free port. Everything it does is in its
    parts: `world` (what exists), `gateway`, `requests`, `violations`, `faults`, `limits`,
    `commands`.

    Args:
        check: Holds every body against Discord's own schema; None leaves that out.
        port: 0 takes any free port.
        clock: Tells the time; ids, deadlines and limits go by it.
        answer_within: How many seconds the bot has for the first response (Discord: 3).
        token: The bot's; made up when None.
    """

    def __init__(
        self,
        *,
        check: BodyCheck | None = None,
        port: int = 0,
        clock: Clock = wall_clock,
        answer_within: float = 3.0,
        token: str | None = None,
        app_name: str = "EmptyClassroom",
    ) -> None:
        self.token = token or secrets.token_urlsafe(32)
        self.world = World(clock, app_name=app_name)
        self.answer_within = answer_within
        self.gateway = Gateway(self.world, self.token)
        self.port = port
        self._api = Api(self.world, self.gateway, self.token, check)
        self.faults = self._api.faults
        self.limits = self._api.limits
        self.app = web.Application(client_max_size=2 * WHOLE_REQUEST)
        self._api.add_to(self.app)
        add_cdn(self.app, self.world)
        self.app.router.add_get("/gateway", self.gateway.serve)
        self.app.router.add_get("/gateway/", self.gateway.serve)
        self._runner: web.AppRunner | None = None
        self._site: web.TCPSite | None = None

    @property
    def requests(self) -> RequestLog:
        """Every request so far, oldest first."""
        return self._api.requests

    @property
    def violations(self) -> list[Violation]:
        """Every body that Discord would not have accepted."""
        return self._api.violations

    @property
    def commands(self) -> Commands:
        """The bot's commands, and the servers' overrides of who may use them."""
        return self.world.commands

    @property
    def answer_within(self) -> float:
        """How many seconds the bot has for the first response."""
        return self.world.answer_window.total_seconds()

    @answer_within.setter
    def answer_within(self, seconds: float) -> None:
        self.world.answer_window = timedelta(seconds=seconds)

    @property
    def origin(self) -> str:
        """Where everything is served."""
        return f"http://{HOST}:{self.port}"

    @property
    def api_url(self) -> str:
        """What a bot takes for the REST API."""
        return self.origin + API

    @property
    def gateway_url(self) -> str:
        """What a bot takes for the gateway."""
        return f"ws://{HOST}:{self.port}/gateway"

    @property
    def environment(self) -> dict[str, str]:
        """The variables that make a bot log in here."""
        return {
            "DISCORD_TOKEN": self.token,
            "DISCORD_API_URL": self.api_url,
            "DISCORD_GATEWAY_URL": self.gateway_url,
        }

    @property
    def identifies(self) -> int:
        """How many times a shard has logged in afresh."""
        return self.gateway.identifies

    @property
    def resumes(self) -> int:
        """How many times a shard has picked up where it had lost its line."""
        return self.gateway.resumes

    async def __aenter__(self) -> Self:
        self._runner = web.AppRunner(self.app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await self.open_door()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.faults.clear()
        await self.gateway.close()
        if self._runner is not None:
            await self._runner.cleanup()

    async def open_door(self) -> None:
        """Accept connections, on the same port as before."""
        if self._runner is None or self._site is not None:
            return
        self._site = web.TCPSite(self._runner, HOST, self.port, reuse_address=True)
        await self._site.start()
        self.port = int(self._runner.addresses[0][1])
        self.gateway.url = self.gateway_url
        self.world.cdn_url = self.origin + "/cdn"

    async def close_door(self) -> None:
        """Be gone: break all connections and refuse new ones until `open_door()`."""
        if self._runner is None or self._site is None:
            return
        await self._site.stop()
        self._site = None
        await self.gateway.drop(None)
        if self._runner.server is not None:
            for connection in self._runner.server.connections:
                if connection.transport is not None:
                    connection.transport.abort()

    @asynccontextmanager
    async def outage(self) -> AsyncIterator[None]:
        """Be gone for as long as this context lasts."""
        await self.close_door()
        try:
            yield
        finally:
            await self.open_door()

    def add_server(self, name: str, *, heavy: bool = False) -> Server:
        """Create a server; the bot is in it after its `add_bot()`.

        A heavy one has 30 roles, 40 channels and 20 emojis.
        """
        server = self.world.add_server(name)
        if heavy:
            furnish(server)
        return server

    def add_person(self, name: str, *, user_installed: bool = False) -> Person:
        """Create somebody; `user_installed` if they have added the bot to their own account."""
        person = Person(self.world.ids.next(), name, stage=self, user_installed=user_installed)
        self.world.users[person.id] = person
        return person

    def ask(self, interaction: Interaction) -> None:
        """Send an interaction to every process that has the right shard."""
        self.world.begin(interaction)
        server = interaction.channel.server
        server_id = server.id if server else None
        self.gateway.sessions.dispatch(server_id, "INTERACTION_CREATE", interaction.payload)

    async def ready(
        self, patience: float = 30.0, *, shards: int = 1, with_commands: bool = True
    ) -> None:
        """Wait until `shards` shards are logged in and the bot's commands are registered.

        Raises:
            TimeoutError: They are not.
        """
        await self.gateway.until(lambda: len(self.gateway.sessions.live) >= shards, patience)
        for session in self.gateway.sessions.live:
            if session.line is not None:
                await session.line.flushed()
        if with_commands:
            await self.requests.pulse.until(lambda: self.commands.syncs or None, patience)

    async def gone(self, patience: float = 10.0) -> None:
        """Wait until no bot is connected.

        Raises:
            TimeoutError: One still is.
        """
        await self.gateway.until(lambda: not self.gateway.sessions.live, patience)

    async def edits_of(self, reply: Reply, count: int = 1) -> list[Version]:
        """Wait until a reply was edited `count` times since it first said something.

        Raises:
            NoAnswer: It was not.
        """
        return await reply.edits(count)

    def posted(self) -> list[Message]:
        """Return every public message in every server, oldest first."""
        channels = [channel for s in self.world.servers.values() for channel in s.channels.values()]
        found = [message for channel in channels for message in channel.messages]
        return sorted(found, key=lambda message: message.id)
