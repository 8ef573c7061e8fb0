"""An HTTP API for tests: real sockets, a real Redis, and a booking source under control."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import create_autospec

import aiohttp
from redis.asyncio import Redis

from cogs.http_api.cog import HttpApi
from cogs.services import Services
from cogs.ui.images.service import ImageService
from core.data.coordinator import CampusCoordinator
from core.errors import SourceUnavailableError
from core.metrics import Metrics
from core.model.campus import Campus
from core.model.gateway import GatewayStatus, ShardStatus
from core.preferences import CampusPreferences
from core.registry import CampusRegistry
from core.settings import Settings
from core.store import Store
from core.trends.sampler import OccupancySampler
from tests.fakes import Clock, FakeSource, between, make_policy

TOKEN = "0123456789abcdef"  # noqa: S105 - of the tests


@dataclass
class Response:
    """What was answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    json: Any


class ApiServer:
    """One process's schedules and its web cog, and a client that asks it."""

    def __init__(self, client: Redis, clock: Clock, port: int, *campuses: Campus) -> None:
        self.client, self.clock, self.port = client, clock, port
        self.store = Store(client, now=clock)
        self.sources = {each.id: FakeSource(each) for each in campuses}
        self.coordinators = {
            each.id: CampusCoordinator(
                each, self.sources[each.id], self.store, make_policy(), now=clock
            )
            for each in campuses
        }
        self.connect(0)
        self.http_api: HttpApi | None = None
        self.session: aiohttp.ClientSession | None = None

    @property
    def source(self) -> FakeSource:
        """The first campus's source."""
        return next(iter(self.sources.values()))

    @property
    def coordinator(self) -> CampusCoordinator:
        """The first campus's schedule."""
        return next(iter(self.coordinators.values()))

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    def connect(
        self, *shards: int, of: int = 1, away_since: datetime | None = None, complete: bool = True
    ) -> None:
        """Let these shards be connected to Discord."""
        latency = timedelta(milliseconds=100)
        self.gateway = GatewayStatus(
            tuple(ShardStatus(n, n in shards, latency if n in shards else None) for n in range(of)),
            away_since,
            complete,
        )

    async def open(self, **settings: str) -> None:
        """Open it, with settings as in the environment."""
        env = {"DISCORD_TOKEN": "a.b.c", "PORT": str(self.port), "DAYS_AHEAD": "2", **settings}
        self.sampler = OccupancySampler(self.coordinators, self.store, now=self.clock)
        self.metrics = Metrics()
        services = Services(
            campuses=CampusRegistry(self.coordinators, CampusPreferences(self.store)),
            store=self.store,
            images=create_autospec(ImageService, instance=True),
            sampler=self.sampler,
            settings=Settings.from_env(env),
            started_at=self.clock(),
            gateway=lambda: self.gateway,
            metrics=self.metrics,
            now=self.clock,
        )
        self.http_api = HttpApi(services, lambda: 7)
        await self.http_api.cog_load()
        self.session = aiohttp.ClientSession(self.url, auto_decompress=False)

    async def close(self) -> None:
        """Close it."""
        if self.session:
            await self.session.close()
        if self.http_api:
            await self.http_api.cog_unload()
        for each in self.coordinators.values():
            await each.close()

    async def ask(self, path: str, method: str = "GET", **headers: str) -> Response:
        """Ask; a header is named with underlines."""
        assert self.session
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        sent.setdefault("Accept-Encoding", "identity")
        async with self.session.request(method, path, headers=sent) as answer:
            body = await answer.read()
            is_json = answer.content_type == "application/json" and body[:1] == b"{"
            return Response(
                answer.status, answer.headers, body, await answer.json() if is_json else None
            )

    async def raw(self, *sent: bytes, within: float = 5.0) -> bytes:
        """Send bytes and return all that comes until the other side closes."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            for each in sent:
                writer.write(each)
            async with asyncio.timeout(within):
                return await reader.read()
        finally:
            writer.close()

    def book(self, room: str, *spans: tuple[str, str]) -> None:
        """Book a room at these times, every day."""
        self.source.bookings[room] = [between(*each) for each in spans]

    def fail(self, room: str) -> None:
        """Let a room not be readable."""
        self.source.failing[room] = SourceUnavailableError("timed out")
