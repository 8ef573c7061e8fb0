"""When a source is asked less, or not any more: limits, and a source that is gone."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from core.errors import (
    SourceError,
    SourceUnavailableError,
)
from core.sources.live25.config import ReadStrategy
from fakes.live25.fault_injection import ResponseFault
from fakes.live25.server import FakeLive25
from tests.core.sources.source_fixtures import MONTH, STRATEGIES, Reader, campus_of, kinds, until
from tests.recordings import FIRST_DAY, Recording

ATTEMPTS = 4


@pytest.mark.parametrize("way", STRATEGIES)
@pytest.mark.parametrize("concurrency", [1, 3, 6])
async def test_no_more_questions_at_once_than_allowed(
    reader: Reader, server: FakeLive25, way: ReadStrategy, concurrency: int
):
    server.latency = 0.005
    server.max_page_size = 10
    campus = campus_of(server.url, way, server.months, concurrency=concurrency)
    await reader.read(days=MONTH[:20], campus=campus)
    assert server.max_in_flight == concurrency


async def test_a_source_that_is_down_is_not_asked_for_every_room(
    reader: Reader, server: FakeLive25
):
    server.months = server.months.copied_to(map(str, range(1, 301)))
    campus = campus_of(server.url, "rooms", server.months)
    server.fault = ResponseFault(status=503)
    with pytest.raises(SourceUnavailableError) as caught:
        await reader.read(campus=campus)
    assert caught.value.kind == "server error 503"
    assert server.request_count <= 60
    assert len(reader.sleep.seconds) <= 6 * ATTEMPTS


async def test_a_closed_port_is_no_answer(reader: Reader, server: FakeLive25):
    await server.stop()
    with pytest.raises(SourceUnavailableError) as caught:
        await reader.read("rooms")
    assert caught.value.kind == "no answer"
    await server.start()
    assert len((await reader.read("rooms")).days[FIRST_DAY]) == 35


async def test_a_source_that_goes_down_half_way_keeps_what_it_told(
    reader: Reader, server: FakeLive25
):
    server.latency = 0.005
    reading = asyncio.create_task(reader.read("rooms"))
    await until(lambda: server.request_count >= 15)
    await server.stop()
    result = await reading
    assert 0 < len(result.days[FIRST_DAY]) < 35
    assert len(result.days[FIRST_DAY]) + len(result.failures[FIRST_DAY]) == 35
    assert set(kinds(result).values()) <= {"no answer", "cut off"}


@pytest.mark.parametrize("share", [2, 3])
@pytest.mark.parametrize(
    "fault", [ResponseFault(status=500), ResponseFault(status=404), ResponseFault("html")]
)
async def test_a_part_of_the_rooms_failing_is_not_the_end(
    reader: Reader, server: FakeLive25, share: int, fault: ResponseFault
):
    server.months = server.months.copied_to(map(str, range(1, 121)))
    failing = list(server.months)[: 120 // share]
    server.room_faults = dict.fromkeys(failing, fault)
    campus = campus_of(server.url, "rooms", server.months)
    result = await reader.read(campus=campus)
    assert kinds(result).keys() == set(failing)
    assert len(result.days[FIRST_DAY]) == 120 - len(failing)


async def test_a_source_that_refuses_is_still_there(reader: Reader, server: FakeLive25):
    """Rooms that fail between rooms that are refused do not add up to a source that is gone."""
    server.months = server.months.copied_to(map(str, range(1, 121)))
    rooms = list(server.months)
    server.room_faults = dict.fromkeys(rooms[:60], ResponseFault(status=500))
    server.room_faults |= dict.fromkeys(rooms[60:], ResponseFault(status=404))
    with pytest.raises(SourceError):
        await reader.read(campus=campus_of(server.url, "rooms", rooms))
    assert len(set(server.requested)) == 120


@pytest.mark.parametrize("way", STRATEGIES)
@pytest.mark.parametrize(
    "fault", [ResponseFault(delay=30), ResponseFault(drip=0.05)], ids=["slow", "drip"]
)
async def test_a_question_takes_no_longer_than_its_limit(
    reader: Reader, server: FakeLive25, way: ReadStrategy, fault: ResponseFault
):
    server.fault = fault
    reader.http_policy = replace(
        reader.http_policy, request_timeout=timedelta(seconds=0.1), max_attempts=2
    )
    campus = campus_of(server.url, way, ["1127"])
    began = asyncio.get_running_loop().time()
    with pytest.raises(SourceUnavailableError) as caught:
        await reader.read(campus=campus)
    assert caught.value.kind == "timed out"
    assert asyncio.get_running_loop().time() - began < 8


@pytest.mark.parametrize("way", STRATEGIES)
async def test_a_reading_takes_no_longer_than_its_limit(
    reader: Reader, server: FakeLive25, recording: Recording, way: ReadStrategy
):
    """What has come by then is kept."""
    stuck = ResponseFault(delay=30)
    server.months = recording.answers()
    server.room_faults = {"1127": stuck, "3034": stuck} if way == "rooms" else {}
    server.day_faults = {MONTH[-1]: stuck}
    reader.http_policy = replace(reader.http_policy, read_timeout=timedelta(seconds=1))
    result = await reader.read(way, MONTH)
    if way == "rooms":
        assert kinds(result) == {"1127": "timed out", "3034": "timed out"}
    else:
        assert len(result.days[FIRST_DAY]) == 35
        assert kinds(result, MONTH[-1]) == dict.fromkeys(server.months, "timed out")
    assert reader.progress[-1] == (35, 35)


async def test_a_reading_can_be_cancelled(reader: Reader, server: FakeLive25):
    server.fault = ResponseFault(delay=30)
    reading = asyncio.create_task(reader.read("rooms"))
    await until(lambda: server.in_flight == 6)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    await until(lambda: server.in_flight == 0)
