"""The local Discord: one port, everything behind it, and the handles to drive it."""

from __future__ import annotations

import secrets
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Self

from aiohttp import web

from fakes.discord.client.user_client import HumanUser
from fakes.discord.gateway.gateway import Gateway
from fakes.discord.model.large_guild import populate
from fakes.discord.model.snowflakes import Clock, utc_now
from fakes.discord.model.state import DiscordState
from fakes.discord.rest.api import API_PREFIX, BodyValidator, RestApi
from fakes.discord.rest.uploads import MAX_REQUEST_SIZE, add_cdn_route

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from types import TracebackType

    from fakes.discord.model.command_registry import CommandRegistry
    from fakes.discord.model.entities import Guild, Interaction, Message
    from fakes.discord.rest.request_log import RequestLog, Violation

HOST = "127.0.0.1"


class FakeDiscord:
    """A Discord on this machine.

    `async with FakeDiscord() as discord:` opens it on a free port. Everything it does is in its
    parts: `world` (what exists), `gateway`, `requests`, `violations`, `faults`, `limits`,
    `commands`.

    Args:
        check: Holds every body against Discord's own schema; None leaves that out.
        port: 0 takes any free port.
        clock: Tells the time; ids, deadlines and limits go by it.
        response_timeout: How many seconds the bot has for the first response (Discord: 3).
        token: The bot's; made up when None.
    """

    def __init__(
        self,
        *,
        check: BodyValidator | None = None,
        port: int = 0,
        clock: Clock = utc_now,
        response_timeout: float = 3.0,
        token: str | None = None,
        app_name: str = "EmptyClassroom",
    ) -> None:
        self.token = token or secrets.token_urlsafe(32)
        self.state = DiscordState(clock, app_name=app_name)
        self.response_timeout = response_timeout
        self.gateway = Gateway(self.state, self.token)
        self.port = port
        self._api = RestApi(self.state, self.gateway, self.token, check)
        self.faults = self._api.faults
        self.limits = self._api.limits
        self.app = web.Application(client_max_size=2 * MAX_REQUEST_SIZE)
        self._api.add_routes(self.app)
        add_cdn_route(self.app, self.state)
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
    def commands(self) -> CommandRegistry:
        """The bot's commands, and the servers' overrides of who may use them."""
        return self.state.commands

    @property
    def response_timeout(self) -> float:
        """How many seconds the bot has for the first response."""
        return self.state.response_window.total_seconds()

    @response_timeout.setter
    def response_timeout(self, seconds: float) -> None:
        self.state.response_window = timedelta(seconds=seconds)

    @property
    def origin(self) -> str:
        """Where everything is served."""
        return f"http://{HOST}:{self.port}"

    @property
    def api_url(self) -> str:
        """What a bot takes for the REST API."""
        return self.origin + API_PREFIX

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
    def identify_count(self) -> int:
        """How many times a shard has logged in afresh."""
        return self.gateway.identify_count

    @property
    def resume_count(self) -> int:
        """How many times a shard has picked up where it had lost its line."""
        return self.gateway.resume_count

    async def __aenter__(self) -> Self:
        self._runner = web.AppRunner(self.app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await self.accept_connections()
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

    async def accept_connections(self) -> None:
        """Accept connections, on the same port as before."""
        if self._runner is None or self._site is not None:
            return
        self._site = web.TCPSite(self._runner, HOST, self.port, reuse_address=True)
        await self._site.start()
        self.port = int(self._runner.addresses[0][1])
        self.gateway.url = self.gateway_url
        self.state.cdn_url = self.origin + "/cdn"

    async def refuse_connections(self) -> None:
        """Be gone: break all connections and refuse new ones until `accept_connections()`."""
        if self._runner is None or self._site is None:
            return
        await self._site.stop()
        self._site = None
        await self.gateway.disconnect(None)
        if self._runner.server is not None:
            for connection in self._runner.server.connections:
                if connection.transport is not None:
                    connection.transport.abort()

    @asynccontextmanager
    async def outage(self) -> AsyncIterator[None]:
        """Be gone for as long as this context lasts."""
        await self.refuse_connections()
        try:
            yield
        finally:
            await self.accept_connections()

    def add_guild(self, name: str, *, is_large: bool = False) -> Guild:
        """Create a server; the bot is in it after its `add_bot()`.

        A heavy one has 30 roles, 40 channels and 20 emojis.
        """
        guild = self.state.add_guild(name)
        if is_large:
            populate(guild)
        return guild

    def add_user(self, name: str, *, user_installed: bool = False) -> HumanUser:
        """Create somebody; `user_installed` if they have added the bot to their own account."""
        person = HumanUser(self.state.ids.next(), name, backend=self, user_installed=user_installed)
        self.state.users[person.id] = person
        return person

    def send_interaction(self, interaction: Interaction) -> None:
        """Send an interaction to every process that has the right shard."""
        self.state.add_interaction(interaction)
        server = interaction.channel.guild
        server_id = server.id if server else None
        self.gateway.sessions.dispatch(server_id, "INTERACTION_CREATE", interaction.payload)

    async def wait_until_ready(
        self, timeout: float = 30.0, *, shards: int = 1, with_commands: bool = True
    ) -> None:
        """Wait until `shards` shards are logged in and the bot's commands are registered.

        Raises:
            TimeoutError: They are not.
        """
        await self.gateway.wait_until(
            lambda: len(self.gateway.sessions.connected) >= shards, timeout
        )
        for session in self.gateway.sessions.connected:
            if session.writer is not None:
                await session.writer.flush()
        if with_commands:
            await self.requests.signal.wait_for(lambda: self.commands.sync_count or None, timeout)

    async def wait_until_disconnected(self, timeout: float = 10.0) -> None:
        """Wait until no bot is connected.

        Raises:
            TimeoutError: One still is.
        """
        await self.gateway.wait_until(lambda: not self.gateway.sessions.connected, timeout)

    def public_messages(self) -> list[Message]:
        """Return every public message in every server, oldest first."""
        channels = [channel for s in self.state.guilds.values() for channel in s.channels.values()]
        found = [message for channel in channels for message in channel.messages]
        return sorted(found, key=lambda message: message.id)
