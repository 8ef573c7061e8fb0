"""Fixtures of the resilience tests.

`chaos_at` opens a stage on which everything can be broken (tests/resilience/outage_environment.py):

    async def test_something(chaos_at):
        async with chaos_at(TEN, REFRESH_TIME="06:00") as chaos:   # settings are optional
            bot = await chaos.start_bot()
            async with chaos.traffic.flowing():
                ...

A test may open several, one after the other. When the context ends, secrets have to be where
they belong (`tests/resilience/secrets.py`) and the logs free of errors; Redis has to run again by
then.
"""

import gc
import warnings
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from pathlib import Path

import pytest

from tests.recordings import Recording
from tests.resilience.campus_fixture import Grounds, grounds
from tests.resilience.outage_environment import (
    TEN,
    OutageEnvironment,
    StartRedis,
    open_outage_environment,
)

ChaosAt = Callable[..., AbstractAsyncContextManager[OutageEnvironment]]


@pytest.fixture(scope="module", autouse=True)
def cleared_away() -> Iterator[None]:
    """Clear away, behind each module, the halves of connections whose other ends were killed.

    They are nobody's to close; found later, they would be blamed on another test.
    """
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.fixture
def campus(recording: Recording) -> Grounds:
    """Give a campus whose answers and truth the test may change."""
    return grounds(recording)


@pytest.fixture
def chaos_at(
    tmp_path_factory: pytest.TempPathFactory, start_redis: StartRedis, campus: Grounds
) -> ChaosAt:
    """Give a way to open a stage to break things on, at a moment."""

    @asynccontextmanager
    async def opened(start: datetime = TEN, **settings: str) -> AsyncIterator[OutageEnvironment]:
        folder: Path = tmp_path_factory.mktemp("chaos")
        async with open_outage_environment(
            folder, start_redis, campus, start=start, **settings
        ) as chaos:
            yield chaos

    return opened
