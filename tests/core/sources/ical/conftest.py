"""A host of feeds and a session to read them with."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.core.sources.ical.reader import Reader
from tests.ical_server import FakeIcalHost


@pytest.fixture
async def reader() -> AsyncIterator[Reader]:
    async with FakeIcalHost() as server, aiohttp.ClientSession() as session:
        yield Reader(server, session)
