"""Fixtures: an API server for each test, with one campus or with settings of its own."""

from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio
from redis.asyncio import Redis

from core.model.campus import Campus
from tests.api.api_server import ApiServer
from tests.fakes import Clock, make_campus


@pytest.fixture
def campuses() -> list[Campus]:
    return [make_campus()]


@pytest_asyncio.fixture
async def api_server(
    client: Redis, clock: Clock, free_port: int, campuses: list[Campus]
) -> AsyncIterator[ApiServer]:
    api_server = ApiServer(client, clock, free_port, *campuses)
    await api_server.open()
    yield api_server
    await api_server.close()


@pytest_asyncio.fixture
async def open_api_server(
    client: Redis, clock: Clock, free_port: int
) -> AsyncIterator[Callable[..., object]]:
    """Give a function that opens an API server with settings of the test's own."""
    opened = []

    async def make(*campuses: Campus, **settings: str) -> ApiServer:
        api_server = ApiServer(client, clock, free_port, *(campuses or [make_campus()]))
        opened.append(api_server)
        await api_server.open(**settings)
        return api_server

    yield make
    for each in opened:
        await each.close()
