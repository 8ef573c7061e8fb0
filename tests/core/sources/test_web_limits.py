"""When a source is asked less, or not any more: limits, and a source that is gone."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from core.errors import (
    SourceError,
    SourceUnavailableError,
)
from core.model import ReadingWay
from tests.campus_answers import FIRST_DAY, replicated
from tests.campus_faults import Fault
from tests.campus_server import CampusServer
from tests.core.sources.setting import MONTH, WAYS, Reader, campus_of, kinds, until
from tests.recordings import Recording

ATTEMPTS = 4


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("concurrency", [1, 3, 6])
async def test_no_more_questions_at_once_than_allowed(
    reader: Reader, server: CampusServer, way: ReadingWay, concurrency: int
):
    server.latency = 0.005
    server.most_on_a_page = 10
    campus = campus_of(server.url, way, server.answers, concurrency=concurrency)
    await reader.read(days=MONTH[:20], campus=campus)
    assert server.most_in_flight == concurrency


async def test_a_source_that_is_down_is_not_asked_for_every_room(
    reader: Reader, server: CampusServer
):
    server.answers = replicated(server.answers, 300)
    campus = campus_of(server.url, "rooms", server.answers)
    server.fault = Fault(status=503)
    with pytest.raises(SourceUnavailableError) as caught:
        await reader.read(campus=campus)
    assert caught.value.kind == "server error 503"
    assert server.requests <= 60
    assert len(reader.nap.naps) <= 6 * ATTEMPTS


async def test_a_closed_port_is_no_answer(reader: Reader, server: CampusServer):
    await server.go_down()
    with pytest.raises(SourceUnavailableError) as caught:
        await reader.read("rooms")
    assert caught.value.kind == "no answer"
    await server.come_back()
    assert len((await reader.read("rooms")).days[FIRST_DAY]) == 35


async def test_a_source_that_goes_down_half_way_keeps_what_it_told(
    reader: Reader, server: CampusServer
):
    server.latency = 0.005
    reading = asyncio.create_task(reader.read("rooms"))
    await until(lambda: server.requests >= 15)
    await server.go_down()
    result = await reading
    assert 0 < len(result.days[FIRST_DAY]) < 35
    assert len(result.days[FIRST_DAY]) + len(result.failures[FIRST_DAY]) == 35
    assert set(kinds(result).values()) <= {"no answer", "cut off"}


@pytest.mark.parametrize("share", [2, 3])
@pytest.mark.parametrize("fault", [Fault(status=500), Fault(status=404), Fault("html")])
async def test_a_part_of_the_rooms_failing_is_not_the_end(
    reader: Reader, server: CampusServer, share: int, fault: Fault
):
    server.answers = replicated(server.answers, 120)
    failing = list(server.answers)[: 120 // share]
    server.room_faults = dict.fromkeys(failing, fault)
    campus = campus_of(server.url, "rooms", server.answers)
    result = await reader.read(campus=campus)
    assert kinds(result).keys() == set(failing)
    assert len(result.days[FIRST_DAY]) == 120 - len(failing)


async def test_a_source_that_refuses_is_still_there(reader: Reader, server: CampusServer):
    """Rooms that fail between rooms that are refused do not add up to a source that is gone."""
    server.answers = replicated(server.answers, 120)
    rooms = list(server.answers)
    server.room_faults = dict.fromkeys(rooms[:60], Fault(status=500))
    server.room_faults |= dict.fromkeys(rooms[60:], Fault(status=404))
    with pytest.raises(SourceError):
        await reader.read(campus=campus_of(server.url, "rooms", rooms))
    assert len(set(server.asked)) == 120


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("fault", [Fault(wait=30), Fault(drip=0.05)], ids=["slow", "drip"])
async def test_a_question_takes_no_longer_than_its_limit(
    reader: Reader, server: CampusServer, way: ReadingWay, fault: Fault
):
    server.fault = fault
    reader.manners = replace(reader.manners, question=timedelta(seconds=0.1), attempts=2)
    campus = campus_of(server.url, way, ["1127"])
    began = asyncio.get_running_loop().time()
    with pytest.raises(SourceUnavailableError) as caught:
        await reader.read(campus=campus)
    assert caught.value.kind == "timed out"
    assert asyncio.get_running_loop().time() - began < 8


@pytest.mark.parametrize("way", WAYS)
async def test_a_reading_takes_no_longer_than_its_limit(
    reader: Reader, server: CampusServer, recording: Recording, way: ReadingWay
):
    """What has come by then is kept."""
    stuck = Fault(wait=30)
    server.answers = recording.answers()
    server.room_faults = {"1127": stuck, "3034": stuck} if way == "rooms" else {}
    server.day_faults = {MONTH[-1]: stuck}
    reader.manners = replace(reader.manners, reading=timedelta(seconds=1))
    result = await reader.read(way, MONTH)
    if way == "rooms":
        assert kinds(result) == {"1127": "timed out", "3034": "timed out"}
    else:
        assert len(result.days[FIRST_DAY]) == 35
        assert kinds(result, MONTH[-1]) == dict.fromkeys(server.answers, "timed out")
    assert reader.told[-1] == (35, 35)


async def test_a_reading_can_be_cancelled(reader: Reader, server: CampusServer):
    server.fault = Fault(wait=30)
    reading = asyncio.create_task(reader.read("rooms"))
    await until(lambda: server.in_flight == 6)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    await until(lambda: server.in_flight == 0)
