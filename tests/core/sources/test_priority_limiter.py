"""Who asks next when several campuses want to: the one that was read the longest ago."""

import asyncio
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from core.sources.http_policy import HttpPolicy
from core.sources.live25.source import Live25Source
from core.sources.priority_limiter import PriorityLimiter
from core.sources.registry import create_source
from fakes.live25.fault_injection import ResponseFault
from fakes.live25.server import FakeLive25
from tests.core.sources.source_fixtures import AT, campus_of, until
from tests.recordings import FIRST_DAY, Recording

NEW, OLD = datetime(2026, 3, 3, 12, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)


class Queue:
    """Takes turns by name and notes in which order they came."""

    def __init__(self, at_most: int) -> None:
        self.turns = PriorityLimiter(at_most)
        self.came: list[str] = []
        self.leave = asyncio.Event()

    async def ask(self, name: str, last_read: datetime | None) -> None:
        async with self.turns.acquire(last_read):
            self.came.append(name)
            await self.leave.wait()

    async def join(self, name: str, last_read: datetime | None) -> asyncio.Task[None]:
        task = asyncio.create_task(self.ask(name, last_read))
        await asyncio.sleep(0)
        return task


async def test_no_more_than_allowed_have_a_turn():
    queue = Queue(3)
    tasks = [await queue.join(str(n), NEW) for n in range(8)]
    await asyncio.sleep(0.01)
    assert queue.came == ["0", "1", "2"]
    queue.leave.set()
    await asyncio.gather(*tasks)
    assert queue.came == [str(n) for n in range(8)]


async def test_the_least_fresh_is_next_and_the_never_read_first():
    queue = Queue(1)
    order = [("first", NEW), ("new 1", NEW), ("old", OLD), ("never", None), ("new 2", NEW)]
    tasks = [await queue.join(*each) for each in order]
    queue.leave.set()
    await asyncio.gather(*tasks)
    assert queue.came == ["first", "never", "old", "new 1", "new 2"]


@pytest.mark.parametrize("granted", [False, True])
async def test_who_goes_away_while_waiting_takes_no_turn_along(*, granted: bool):
    queue = Queue(1)
    first = await queue.join("first", NEW)
    second = await queue.join("second", OLD)
    third = await queue.join("third", NEW)
    if granted:
        # The turn is given to the second, which is cancelled before it can go on.
        first.cancel()
        await asyncio.wait([first])
        queue_was = list(queue.came)
        second.cancel()
        assert queue_was in (["first"], ["first", "second"])
    else:
        second.cancel()
        await asyncio.wait([second])
    queue.leave.set()
    await asyncio.wait([first, second, third])
    assert queue.came[-1] == "third"
    async with asyncio.timeout(1), queue.turns.acquire(None):
        pass


async def test_a_turn_given_to_somebody_who_is_cancelled_is_given_on():
    turns = PriorityLimiter(1)
    came = []

    async def ask(name: str) -> None:
        async with turns.acquire(NEW):
            came.append(name)

    async with turns.acquire(NEW):
        second = asyncio.create_task(ask("second"))
        third = asyncio.create_task(ask("third"))
        await asyncio.sleep(0)
    # Both at once: the turn was given to the second in this very step.
    second.cancel()
    await asyncio.wait([second, third])
    assert came == ["third"]


def open_source(
    server: FakeLive25, session: aiohttp.ClientSession, limiter: PriorityLimiter
) -> Live25Source:
    campus = campus_of(server.url, "rooms", server.months)
    source = create_source(campus, session, HttpPolicy(), limiter)
    assert isinstance(source, Live25Source)
    return source


async def test_campuses_share_one_limit(recording: Recording):
    async with (
        aiohttp.ClientSession() as session,
        FakeLive25(recording.answers(), latency=0.002) as one,
        FakeLive25(recording.answers(), latency=0.002) as other,
    ):
        turns = PriorityLimiter(8)
        most = 0

        async def watch() -> None:
            nonlocal most
            while True:
                most = max(most, one.in_flight + other.in_flight)
                await asyncio.sleep(0)

        watching = asyncio.create_task(watch())
        await asyncio.gather(
            *(
                open_source(each, session, turns).read([FIRST_DAY], at=AT, progress=lambda *_: None)
                for each in (one, other)
            )
        )
        watching.cancel()
        assert one.max_in_flight <= 6
        assert other.max_in_flight <= 6
        assert 6 < most <= 8


async def test_a_campus_that_hangs_holds_its_own_turns_only(recording: Recording):
    """And while it waits to ask again, none."""
    asleep = asyncio.Event()

    async def sleep_for_ever(_: float) -> None:
        asleep.set()
        await asyncio.Event().wait()

    async with (
        aiohttp.ClientSession() as session,
        FakeLive25(recording.answers()) as well,
        FakeLive25(recording.answers(), fault=ResponseFault(status=503)) as ill,
    ):
        turns = PriorityLimiter(6)
        campus = campus_of(ill.url, "rooms", ill.months)
        source = create_source(campus, session, HttpPolicy(sleep=sleep_for_ever), turns)
        hanging = asyncio.create_task(source.read([FIRST_DAY], at=AT, progress=lambda *_: None))
        await until(lambda: ill.request_count == 6)
        await asleep.wait()
        result = await open_source(well, session, turns).read(
            [FIRST_DAY], at=AT, progress=lambda *_: None
        )
        assert len(result.days[FIRST_DAY]) == 35
        hanging.cancel()
        await asyncio.wait([hanging])


async def test_the_campus_that_was_read_longest_ago_is_served_first(recording: Recording):
    async with (
        aiohttp.ClientSession() as session,
        FakeLive25(recording.answers(), latency=0.005) as fresh,
        FakeLive25(recording.answers(), latency=0.005) as old,
    ):
        turns = PriorityLimiter(1)
        ends: list[str] = []

        async def read(server: FakeLive25, name: str, last_read: datetime) -> None:
            await open_source(server, session, turns).read(
                [FIRST_DAY], at=AT, progress=lambda *_: None, last_read=last_read
            )
            ends.append(name)

        first = asyncio.create_task(read(fresh, "fresh", NEW))
        await until(lambda: fresh.request_count >= 2)
        second = asyncio.create_task(read(old, "old", NEW - timedelta(hours=3)))
        await asyncio.gather(first, second)
        assert ends == ["old", "fresh"]
