"""A source that means harm on the wire: the hostile room fails, the others are known.

Time and memory stay within the limits of `HttpPolicy`, which most of these tests make smaller.
"""

import asyncio
import json
import logging
import os
import sys
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import aiohttp
import pytest

from core.errors import SourceError
from core.sources.base import ReadResult
from core.sources.http_policy import HttpPolicy
from core.sources.live25.config import ReadStrategy
from core.sources.registry import create_source
from tests.core.sources.source_fixtures import AT, campus_of
from tests.core.sources.test_hostile import ServerScript, send, serve_script
from tests.recordings import FIRST_DAY
from tests.resilience.body_mutations import mutated
from tests.resilience.generated_days import dice
from tests.resilience.generated_items import EVENT, names_in
from tests.resilience.hostile_bodies import BODIES
from tests.resilience.hostile_servers import SPEECHES, WAITED_FOR, WHOLE, two_faced

ROOT = Path(__file__).resolve().parents[2]
MEGABYTE = 1024 * 1024
SHORT, LONG = 150, 20_000
"""Mutants of whole HTTP answers, in the tests that always run and in the long one."""

SELDOM = {"a hundred megabytes in chunks", "a hundred megabytes of bare deflate"}
"""Tried in the long form only: others are much like them."""

_BOUND = 60
"""Seconds after which a reading that keeps to its limits has long ended."""


def manners(question: float = 10) -> HttpPolicy:
    return HttpPolicy(
        request_timeout=timedelta(seconds=question),
        read_timeout=timedelta(seconds=20),
        max_body=MEGABYTE,
        max_attempts=1,
        backoff=timedelta(milliseconds=1),
    )


async def read(url: str, limits: HttpPolicy) -> ReadResult:
    """Read two rooms for a day."""
    campus = campus_of(url, "rooms", ["1", "2"])
    async with asyncio.timeout(_BOUND), aiohttp.ClientSession() as session:
        source = create_source(campus, session, limits)
        return await source.read([FIRST_DAY], at=AT, progress=lambda *_: None)


async def read_beside(speech: ServerScript, limits: HttpPolicy) -> None:
    """Read the hostile room, which fails, and another, which is known."""
    async with two_faced(speech) as url:
        result = await read(url, limits)
    assert list(result.days[FIRST_DAY]) == ["2"]
    (err,) = result.failures[FIRST_DAY].values()
    assert EVENT not in f"{err} {err.__cause__}"


@pytest.mark.parametrize("name", sorted(SPEECHES.keys() - WAITED_FOR))
async def test_a_hostile_answer_about_one_room_leaves_the_other_known(
    name: str, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    await read_beside(SPEECHES[name], manners())
    assert not names_in(caplog.records)


async def test_endless_answers_about_one_room_leave_the_other_known(
    caplog: pytest.LogCaptureFixture,
):
    """All at once: each would have to be waited for."""
    caplog.set_level(logging.DEBUG)
    limits = manners(2)
    await asyncio.gather(*(read_beside(SPEECHES[name], limits) for name in sorted(WAITED_FOR)))
    assert not names_in(caplog.records)


async def test_redirects_that_go_round_in_circles_are_not_followed():
    asked: list[int] = []

    def to(place: bytes) -> ServerScript:
        head = b"HTTP/1.1 302 Found\r\nLocation: " + place + b"\r\nContent-Length: 0\r\n\r\n"

        async def speech(writer: asyncio.StreamWriter) -> None:
            asked.append(1)
            writer.write(head)

        return speech

    async with serve_script(to(b"/run")) as one, serve_script(to(one.encode())) as other:
        with pytest.raises(SourceError, match="redirected"):
            await read(other, manners())
    assert len(asked) == 2


async def judge_mutants(random: Random, number: int) -> int:
    """Return how many mutants of a whole HTTP answer were refused; none does any harm."""
    refused = 0
    for turn in range(number):
        sent = mutated(random, WHOLE)[:MEGABYTE]
        async with two_faced(send(sent)) as url:
            try:
                result = await read(url, manners())
            except Exception as err:
                raise AssertionError(f"mutant {turn}: {sent[:2000]!r}") from err
        assert "2" in result.days[FIRST_DAY], f"mutant {turn}: {sent[:2000]!r}"
        known, failed = result.days[FIRST_DAY], result.failures[FIRST_DAY]
        assert len({*known, *failed}) == len(known) + len(failed) == 2
        refused += len(failed)
    return refused


async def test_mutants_of_whole_answers(caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    assert await judge_mutants(dice(27), SHORT) > SHORT // 3
    assert not names_in(caplog.records)


@pytest.mark.soak
@pytest.mark.timeout(2 * 60 * 60)
async def test_mutants_of_whole_answers_without_end(caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    for seed in range(first := int.from_bytes(os.urandom(4)), first + LONG // 500):
        try:
            await judge_mutants(dice(seed), 500)
        except AssertionError as err:
            raise AssertionError(f"seed {seed}: {err}") from err
        assert not names_in(caplog.records)
        caplog.clear()


def sending(name: str) -> ServerScript:
    async def speech(writer: asyncio.StreamWriter) -> None:
        for part in BODIES[name]():
            writer.write(part)
            await writer.drain()

    return speech


async def measured(name: str, way: ReadStrategy) -> dict[str, Any]:
    """Return how a process of its own fared that read such a body: kind, and bytes grown."""
    async with serve_script(sending(name)) as url:
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.resilience.measured_reader", url, way),
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
        )
        said, _ = await child.communicate()
    assert child.returncode == 0
    told: dict[str, Any] = json.loads(said)
    return told


MUCH = [
    pytest.param(name, marks=pytest.mark.soak if name in SELDOM else ())
    for name in BODIES
    if "hundred" in name
]


@pytest.mark.parametrize("name", MUCH)
async def test_a_hundred_megabytes_are_not_kept(name: str):
    """No more than the limit, once, and what the libraries hold meanwhile."""
    told = await measured(name, "rooms")
    assert told["kind"] == "too large"
    assert told["grew"] < 2 * HttpPolicy().max_body


@pytest.mark.parametrize("name", [each for each in BODIES if "eight" in each])
async def test_eight_megabytes_of_small_parts_take_little(name: str):
    """The body keeps to the limit; what is made of it must not be many times as large."""
    told = await measured(name, "reservations" if "reservations" in name else "rooms")
    assert told["kind"] == "not understood"
    assert told["grew"] < 8 * HttpPolicy().max_body
