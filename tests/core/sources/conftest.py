"""A served campus and a session to read it with."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.campus_answers import first_days
from tests.campus_server import CampusServer
from tests.core.sources.setting import Reader
from tests.recordings import Recording


@pytest.fixture
async def server(recording: Recording) -> AsyncIterator[CampusServer]:
    """The first three days of it."""
    async with CampusServer(first_days(recording.answers(), 3)) as server:
        yield server


@pytest.fixture
async def reader(server: CampusServer) -> AsyncIterator[Reader]:
    """Reads the server of three days without ever sleeping."""
    async with aiohttp.ClientSession() as session:
        yield Reader(session, server)
