"""The clock of the tests' own loop."""

import asyncio
import sys
import time

import pytest


async def test_work_takes_no_time():
    clock = asyncio.get_running_loop().time
    began = clock()
    time.sleep(0.2)  # noqa: ASYNC251 - stands for work on a slow machine
    await asyncio.sleep(0)
    assert clock() - began < 0.1


async def test_a_limit_outlasts_work_that_is_longer():
    async with asyncio.timeout(0.1):
        for _ in range(3):
            time.sleep(0.1)  # noqa: ASYNC251 - as above
            await asyncio.sleep(0)


async def test_a_pause_takes_the_time_that_it_takes():
    clock = asyncio.get_running_loop().time
    began, began_outside = clock(), time.monotonic()
    await asyncio.sleep(0.05)
    assert clock() - began >= 0.05
    assert time.monotonic() - began_outside >= 0.05


async def test_another_process_is_waited_for_no_longer_than_the_limit():
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", "input()", stdin=-1)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await process.wait()
    await process.communicate(b"\n")


async def test_a_loop_without_pauses_comes_to_its_limit():
    async def poll():
        while True:  # noqa: ASYNC110 - a flood is no event
            await asyncio.sleep(0)

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(poll(), 0.1)
