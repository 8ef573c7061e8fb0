"""A served campus and a session to read it with."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from fakes.live25.server import FakeLive25
from tests.core.sources.source_fixtures import Reader
from tests.recordings import Recording


@pytest.fixture
async def server(recording: Recording) -> AsyncIterator[FakeLive25]:
    """The first three days of it."""
    async with FakeLive25(recording.answers().first_days(3)) as server:
        yield server


@pytest.fixture
async def reader(server: FakeLive25) -> AsyncIterator[Reader]:
    """Reads the server of three days without ever sleeping."""
    async with aiohttp.ClientSession() as session:
        yield Reader(session, server)
