import asyncio
import logging
import threading
from datetime import timedelta

import pytest

from core.images.renderer import ImageRenderer

IN_A_MOMENT = timedelta(seconds=0.05)


@pytest.fixture
async def studio():
    made = ImageRenderer()
    yield made
    await made.close()


@pytest.fixture
async def hasty():
    made = ImageRenderer(timeout=IN_A_MOMENT)
    yield made
    await made.close()


class Easel:
    """Draws when it is allowed to, and counts."""

    def __init__(self):
        self.allowed = threading.Event()
        self.begun = 0

    def draw(self):
        self.begun += 1
        self.allowed.wait(10)
        return b"picture"


@pytest.fixture
def easel():
    made = Easel()
    yield made
    made.allowed.set()


async def test_fifty_who_ask_alike_get_one_drawing(studio, easel):
    asked = [asyncio.create_task(studio.render("key", easel.draw)) for _ in range(50)]
    await asyncio.sleep(0)
    easel.allowed.set()
    assert await asyncio.gather(*asked) == [b"picture"] * 50
    assert easel.begun == 1
    assert await studio.render("key", easel.draw) == b"picture"
    assert easel.begun == 1


async def test_pictures_of_other_keys_are_other_pictures(studio):
    assert await studio.render(("a", 1), lambda: b"1") == b"1"
    assert await studio.render(("a", 2), lambda: b"2") == b"2"
    assert await studio.render(("a", 1), lambda: b"3") == b"1"


async def test_failure_is_logged_and_the_reply_goes_without(studio, caplog):
    def fail():
        raise ZeroDivisionError("no such hour")

    assert await studio.render("key", fail) is None
    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert "no such hour" in caplog.text
    # The next who asks is not told of it.
    assert await studio.render("key", lambda: b"picture") == b"picture"


async def test_what_takes_too_long_is_there_for_the_next(hasty, easel, caplog):
    assert await asyncio.gather(*(hasty.render("key", easel.draw) for _ in range(5))) == [None] * 5
    (record,) = caplog.records
    assert "longer than 0.05 s" in record.getMessage()
    easel.allowed.set()
    found = None
    while not found:
        found = await hasty.render("key", easel.draw)
    assert found == b"picture"
    assert easel.begun == 1


async def test_who_waits_no_longer_does_not_stop_the_drawing(studio, easel):
    impatient = asyncio.create_task(studio.render("key", easel.draw))
    patient = asyncio.create_task(studio.render("key", easel.draw))
    await asyncio.sleep(0)
    impatient.cancel()
    easel.allowed.set()
    assert await patient == b"picture"


async def test_the_oldest_unused_pictures_go_first():
    studio = ImageRenderer(max_bytes=25)
    drawn = []

    async def ask(key):
        def draw():
            drawn.append(key)
            return bytes(10)

        assert await studio.render(key, draw)

    for key in ("a", "b", "a", "c", "a", "b"):
        await ask(key)
    # There is space for two: "c" displaced "b", which had not been asked for since.
    assert drawn == ["a", "b", "c", "b"]
    await studio.close()


async def test_picture_that_is_larger_than_all_the_space_is_given_and_not_kept():
    studio = ImageRenderer(max_bytes=5)
    assert await studio.render("key", lambda: bytes(10)) == bytes(10)
    assert await studio.render("key", lambda: bytes(4)) == bytes(4)
    await studio.close()


async def test_beyond_32_pictures_at_once_replies_go_without(hasty, easel, caplog):
    asked = [asyncio.create_task(hasty.render(key, easel.draw)) for key in range(40)]
    await asyncio.sleep(0)
    refused = [each for each in asked if each.done()]
    assert len(refused) == 8
    assert await asyncio.gather(*asked) == [None] * 40
    assert sum("too many pictures" in each.getMessage() for each in caplog.records) == 8


async def test_who_waits_when_the_studio_closes_goes_without(easel):
    studio = ImageRenderer()
    waiting = asyncio.create_task(studio.render("key", easel.draw))
    await asyncio.sleep(0)
    closing = asyncio.create_task(studio.close())
    assert await waiting is None
    easel.allowed.set()
    await closing


async def test_the_loop_is_free_while_a_picture_is_drawn(studio, easel):
    waiting = asyncio.create_task(studio.render("key", easel.draw))
    while not easel.begun:  # noqa: ASYNC110 - a thread begins it
        await asyncio.sleep(0)
    # It is being drawn now, and we are here.
    easel.allowed.set()
    assert await waiting == b"picture"
