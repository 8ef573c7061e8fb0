"""What one question is about: pages, batches, months, and answers that do not fit it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from core.errors import SourceError
from fakes.live25.fault_injection import ResponseFault
from fakes.live25.server import FakeLive25
from tests.core.sources.source_fixtures import MONTH, Reader, campus_of, kinds
from tests.recordings import FIRST_DAY, LAST_DAY, Recording


@pytest.fixture
async def server(recording: Recording) -> AsyncIterator[FakeLive25]:
    """The whole month."""
    async with FakeLive25(recording.answers()) as server:
        yield server


async def test_a_search_goes_through_all_pages(reader: Reader, server: FakeLive25):
    server.max_page_size = 8
    result = await reader.read("search", MONTH[:3])
    assert server.request_count == 3 * 5
    assert [len(result.days[day]) for day in MONTH[:3]] == [35, 35, 35]
    pages = sorted(each.partition("&page=")[2][:1] for each in server.requested)
    assert pages == [""] * 3 + ["2"] * 3 + ["3"] * 3 + ["4"] * 3 + ["5"] * 3


async def test_a_page_that_fails_fails_its_own_rooms(reader: Reader, server: FakeLive25):
    server.max_page_size = 20
    server.day_faults = {FIRST_DAY: ResponseFault("html", skip=1)}
    result = await reader.read("search")
    assert list(result.days[FIRST_DAY]) == list(server.months)[:20]
    assert kinds(result) == dict.fromkeys(list(server.months)[20:], "login page")


async def test_a_search_with_absurdly_many_pages_is_not_followed(
    reader: Reader, server: FakeLive25
):
    server.max_page_size = 1
    server.months = server.months.copied_to(map(str, range(1, 61)))
    result = await reader.read("search", campus=campus_of(server.url, "search", ["1", "60"]))
    assert server.request_count == 1
    assert kinds(result) == {"60": "not understood"}


async def test_a_room_outside_the_search_is_not_in_the_answer(reader: Reader, server: FakeLive25):
    rooms = [*server.months, "99999"]
    for way in ("rooms", "search"):
        result = await reader.read(campus=campus_of(server.url, way, rooms))
        expected = {"rooms": "no data", "search": "not in the answer"}[way]
        assert kinds(result) == {"99999": expected}


async def test_days_after_the_answer_ends_are_failures(reader: Reader):
    late = LAST_DAY + timedelta(1)
    result = await reader.read("rooms", [*MONTH, late])
    assert len(result.days[LAST_DAY]) == 35
    assert not result.days[late]
    assert set(kinds(result, late).values()) == {"not in the answer"}


async def test_an_answer_about_another_room_is_not_taken(reader: Reader, server: FakeLive25):
    server.months["1127"] = server.months["2649"]
    result = await reader.read("rooms")
    assert kinds(result) == {"1127": "not in the answer"}


async def test_an_answer_about_another_day_is_not_taken(
    reader: Reader, server: FakeLive25, recording: Recording
):
    server.months = recording.answers(first_day=FIRST_DAY - timedelta(1))
    result = await reader.read("rooms", MONTH)
    assert len(result.days[LAST_DAY - timedelta(1)]) == 35
    assert set(kinds(result, LAST_DAY).values()) == {"not in the answer"}


async def test_reservations_are_asked_in_batches(reader: Reader, server: FakeLive25):
    server.months = server.months.copied_to(map(str, range(1, 91)))
    result = await reader.read("reservations", MONTH[:7])
    assert server.request_count == 3 * 3
    assert not any(result.failures.values())
    assert max(each.count("+") for each in server.requested) <= 39 + 4


async def test_a_batch_that_is_too_large_is_asked_in_halves(reader: Reader, server: FakeLive25):
    reader.http_policy = replace(reader.http_policy, max_body=40_000)
    result = await reader.read("reservations", MONTH[:3])
    assert server.request_count > 3
    assert not any(result.failures.values())
    assert len(result.days[FIRST_DAY]) == 35


async def test_one_room_and_day_that_is_too_large_fails_alone(reader: Reader, server: FakeLive25):
    server.room_faults = {"1127": ResponseFault("oversized")}
    result = await reader.read("reservations", MONTH[:2])
    assert kinds(result) == kinds(result, MONTH[1]) == {"1127": "too large"}
    assert len(result.days[FIRST_DAY]) == 34


async def test_a_source_that_always_answers_too_much_is_soon_left_alone(
    reader: Reader, server: FakeLive25
):
    reader.http_policy = replace(reader.http_policy, max_body=10)
    with pytest.raises(SourceError, match="too large"):
        await reader.read("reservations", MONTH[:9])
    assert server.request_count < 50


async def test_a_batch_that_fails_fails_its_own_days(reader: Reader, server: FakeLive25):
    server.day_faults = {MONTH[4]: ResponseFault(status=404)}
    result = await reader.read("reservations", MONTH[:7])
    assert [len(result.days[day]) for day in MONTH[:7]] == [35, 35, 35, 0, 0, 0, 35]
    assert set(kinds(result, MONTH[3]).values()) == {"not found"}
