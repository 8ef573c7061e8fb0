"""A place for each test, and one campus or two in it."""

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
    place = ApiServer(client, clock, free_port, *campuses)
    await place.open()
    yield place
    await place.close()


@pytest_asyncio.fixture
async def open_api_server(
    client: Redis, clock: Clock, free_port: int
) -> AsyncIterator[Callable[..., object]]:
    """Give a function that opens a place with settings of the test's own."""
    opened = []

    async def make(*campuses: Campus, **settings: str) -> ApiServer:
        place = ApiServer(client, clock, free_port, *(campuses or [make_campus()]))
        opened.append(place)
        await place.open(**settings)
        return place

    yield make
    for each in opened:
        await each.close()
