"""Coalescing: one computation a key, whoever waits for it and whoever goes away."""

import asyncio
import gc

import pytest

from core.coalescing import Coalescer


class Work:
    """A computation that counts its runs and waits until the test lets it end."""

    def __init__(self):
        self.runs = 0
        self.gate = asyncio.Event()
        self.error = None

    async def __call__(self):
        self.runs += 1
        await self.gate.wait()
        if self.error:
            raise self.error
        return self.runs


@pytest.fixture
def work():
    return Work()


async def waiting(coalescer, work, callers, key="key"):
    tasks = [asyncio.create_task(coalescer.run(key, work)) for _ in range(callers)]
    await asyncio.sleep(0)
    return tasks


async def test_concurrent_callers_share_one_computation(work):
    tasks = await waiting(Coalescer(), work, 50)
    work.gate.set()
    assert await asyncio.gather(*tasks) == [1] * 50


async def test_each_key_has_a_computation_of_its_own(work):
    coalescer = Coalescer[str, int]()
    tasks = [*await waiting(coalescer, work, 1, "a"), *await waiting(coalescer, work, 1, "b")]
    assert len(coalescer) == 2
    work.gate.set()
    await asyncio.gather(*tasks)
    assert work.runs == 2


async def test_a_finished_computation_is_forgotten(work):
    coalescer = Coalescer[str, int]()
    work.gate.set()
    assert [await coalescer.run("key", work) for _ in range(2)] == [1, 2]
    await asyncio.sleep(0)
    assert "key" not in coalescer


async def test_kept_results_answer_later_callers_until_they_are_cleared(work):
    coalescer = Coalescer[str, int](keep_results=True)
    work.gate.set()
    assert [await coalescer.run("key", work) for _ in range(2)] == [1, 1]
    coalescer.clear()
    assert await coalescer.run("key", work) == 2


async def test_clearing_leaves_a_running_computation_to_its_callers(work):
    coalescer = Coalescer[str, int]()
    (before,) = await waiting(coalescer, work, 1)
    coalescer.clear()
    later = Work()
    (after,) = await waiting(coalescer, later, 1)
    work.gate.set()
    assert await before == 1
    await asyncio.sleep(0)
    assert "key" in coalescer, "the end of the first does not forget the second"
    later.gate.set()
    assert await after == 1


async def test_a_cancelled_caller_does_not_cancel_the_computation(work):
    first, second = await waiting(Coalescer(), work, 2)
    first.cancel()
    await asyncio.sleep(0)
    work.gate.set()
    assert await second == 1


async def test_an_exception_reaches_every_caller(work):
    tasks = await waiting(Coalescer(), work, 3)
    work.error = ValueError("broken")
    work.gate.set()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert [str(err) for err in results] == ["broken"] * 3


async def test_an_exception_that_nobody_waits_for_is_not_reported(work):
    """Without it, asyncio would log `Task exception was never retrieved`."""
    reported = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: reported.append(context))
    (caller,) = await waiting(Coalescer(), work, 1)
    caller.cancel()
    await asyncio.wait([caller])
    work.error = ValueError("broken")
    work.gate.set()
    for _ in range(3):
        await asyncio.sleep(0)
    gc.collect()
    assert reported == []


async def test_closing_cancels_what_is_under_way(work):
    coalescer = Coalescer[str, int]()
    (caller,) = await waiting(coalescer, work, 1)
    await coalescer.close()
    assert not len(coalescer), "it waits for the end"
    with pytest.raises(asyncio.CancelledError):
        await caller


async def test_closing_waits_no_longer_than_it_may():
    coalescer = Coalescer[str, int]()
    ended = asyncio.Event()

    async def stubborn():
        while not ended.is_set():
            try:
                await ended.wait()
            except asyncio.CancelledError:
                continue

    task = coalescer.start("key", stubborn)
    await asyncio.sleep(0)
    await coalescer.close(timeout=0.01)
    assert not task.done()
    ended.set()
    await task
