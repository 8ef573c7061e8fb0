"""A host of feeds and a session to read them with."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from fakes.ical.server import FakeIcalHost
from tests.core.sources.ical.ical_campus import Reader


@pytest.fixture
async def reader() -> AsyncIterator[Reader]:
    async with FakeIcalHost() as server, aiohttp.ClientSession() as session:
        yield Reader(server, session)
