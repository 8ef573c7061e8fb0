"""A small campus on a fake EMS, and a way to read it."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from fakes.ems.campus import FixedCampus
from fakes.ems.server import FakeEms
from tests.core.sources.ems.ems_campus import EmsReader, lecture, small_campus


@pytest.fixture
def campus() -> FixedCampus:
    """One lecture in room 101, from 09:00 to 10:00."""
    return small_campus(lecture(101, 9, 10))


@pytest.fixture
async def ems(campus: FixedCampus) -> AsyncIterator[FakeEms]:
    async with FakeEms(campus) as server:
        yield server


@pytest.fixture
async def reader(ems: FakeEms) -> AsyncIterator[EmsReader]:
    async with aiohttp.ClientSession() as session:
        yield EmsReader(session, ems)
