"""All three ways of reading 25Live, from a server that holds a month of a campus."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest

from core.errors import SourceError
from core.model.interval import Interval
from core.sources.http_request import USER_AGENT
from core.sources.live25.config import ReadStrategy
from fakes.live25.bookings import SEARCH_ID, subject_date
from fakes.live25.fault_injection import ResponseFault
from fakes.live25.server import FakeLive25
from tests.core.sources.source_fixtures import (
    AT,
    MONTH,
    STRATEGIES,
    UNKNOWN,
    Reader,
    campus_of,
    clock,
    minutes_of_day,
    recorded_minutes,
)
from tests.recordings import FIRST_DAY, Recording


@pytest.fixture
async def server(recording: Recording) -> AsyncIterator[FakeLive25]:
    """The whole month."""
    async with FakeLive25(recording.answers()) as server:
        yield server


@pytest.mark.parametrize("way", STRATEGIES)
@pytest.mark.parametrize("window", [(7, 23), None])
async def test_every_minute_is_as_recorded(
    reader: Reader,
    server: FakeLive25,
    recording: Recording,
    way: ReadStrategy,
    window: tuple[int, int] | None,
):
    server.grid_hours = window
    result = await reader.read(way, MONTH)
    building = campus_of(server.url, way, server.months).buildings[0]
    compared = 0
    for room, answer in recording.answers().items():
        for subject in answer["subjects"]:
            day = subject_date(subject)
            found = minutes_of_day(result.days[day][room], building.window_on(day))
            assert found == recorded_minutes(subject["items"], day, (7, 23)), (room, day)
            compared += 1
    assert compared == 35 * 31
    assert not any(result.failures.values())


@pytest.mark.parametrize("way", STRATEGIES)
async def test_room_days_carry_when_the_reading_began(reader: Reader, way: ReadStrategy):
    result = await reader.read(way)
    assert {room.read_at for room in result.days[FIRST_DAY].values()} == {AT}


@pytest.mark.parametrize("way", STRATEGIES)
async def test_closures_are_told_apart_from_bookings(
    reader: Reader, recording: Recording, way: ReadStrategy
):
    holiday = recording.holiday()
    room = (await reader.read(way, [holiday])).days[holiday]["1127"]
    facts = recording.oracle().knowledge[holiday]["1127"]
    assert {(each.start, each.end) for each in room.bookings} == set(facts.bookings)
    assert {(each.start, each.end) for each in room.closures} == set(facts.closures)
    assert set(facts.closures) == {
        (clock(holiday, 7), clock(holiday, 23)),
        (clock(holiday, 22), clock(holiday, 23)),
    }


@pytest.mark.parametrize(
    ("way", "expected"),
    [
        (
            "rooms",
            (
                "availability/availabilitydata.json?obj_cache_accl=0&start_dt=2024-11-04T00:00:00"
                "&comptype=availability_daily&compsubject=location&page_size=100&space_id=1127"
                "&include=closed+blackouts+pending+related+empty&caller=pro-AvailService.getData"
            ),
        ),
        (
            "search",
            (
                "availability/availabilitydata.json?obj_cache_accl=0&start_dt=2024-11-04T00:00:00"
                f"&comptype=availability&compsubject=location&page_size=400&spaces_query_id={SEARCH_ID}"
                "&include=closed+blackouts+pending+related+empty&caller=pro-AvailService.getData"
            ),
        ),
        (
            "reservations",
            (
                "rm_reservations.json?space_id=1127+2649&start_dt=20241104&end_dt=20241104"
                "&include=closed+blackouts+pending+related+empty"
                "&caller=pro-ReservationService.getReservations"
            ),
        ),
    ],
)
async def test_the_address_on_the_wire(
    reader: Reader, server: FakeLive25, way: ReadStrategy, expected: str
):
    await reader.read(way, campus=campus_of(server.url, way, ["1127", "2649"]))
    run = urlsplit(server.url).path
    assert f"{run}/{expected}" in server.requested
    assert server.user_agents == {USER_AGENT}


async def test_rooms_are_asked_once_each_for_the_whole_month(reader: Reader, server: FakeLive25):
    await reader.read("rooms", MONTH)
    assert server.request_count == len(set(server.requested)) == 35


@pytest.mark.parametrize("way", STRATEGIES)
async def test_hours_past_midnight_need_the_next_day(
    reader: Reader, server: FakeLive25, way: ReadStrategy
):
    """A building that closes at 02:00 knows its last hours from the day after."""
    server.grid_hours = (0, 24)
    day, after = FIRST_DAY, FIRST_DAY + timedelta(1)
    item = {"itemId": 7, "itemName": "Late show", "type_id": 1}
    server.items("1127", day).append({**item, "start": 23.5, "end": "24.000000", "itemId2": 1})
    server.items("1127", after).append({**item, "start": "0.000000", "end": 1, "itemId2": 2})
    campus = campus_of(server.url, way, server.months, hours=(7, 26))
    result = await reader.read(campus=campus)
    room = result.days[day]["1127"]
    assert [each.intersection(campus.buildings[0].window_on(day)) for each in room.known] == [
        campus.buildings[0].window_on(day)
    ]
    assert Interval(clock(day, 24), clock(day, 25)) in room.bookings
    assert list(result.days) == [day]


@pytest.mark.parametrize("way", ["search", "reservations"])
async def test_without_the_next_day_the_hours_past_midnight_are_unknown(
    reader: Reader, server: FakeLive25, way: ReadStrategy
):
    server.grid_hours = (0, 24)
    days = MONTH[:3]
    server.day_faults = {MONTH[3]: ResponseFault(status=404)}
    campus = campus_of(server.url, way, server.months, hours=(7, 26))
    result = await reader.read(days=days, campus=campus)
    minutes = minutes_of_day(result.days[days[-1]]["1127"], campus.buildings[0].window_on(days[-1]))
    assert UNKNOWN not in minutes[: 17 * 60]
    assert set(minutes[17 * 60 :]) == {UNKNOWN}


@pytest.mark.parametrize("way", STRATEGIES)
async def test_progress_rises_to_all_rooms(reader: Reader, way: ReadStrategy):
    await reader.read(way, MONTH)
    done = [each for each, _ in reader.progress]
    assert done == sorted(done)
    assert reader.progress[-1] == (35, 35)
    assert {rooms for _, rooms in reader.progress} == {35}
    assert len(reader.progress) == {"rooms": 35, "search": 31, "reservations": 11}[way]


async def test_latency_is_that_of_one_answer(reader: Reader, server: FakeLive25):
    server.latency = 0.02
    result = await reader.read("rooms")
    assert timedelta(seconds=0.02) <= result.latency < timedelta(seconds=0.5)


@pytest.mark.parametrize("way", STRATEGIES)
async def test_the_prefix_against_scripts_is_no_hindrance(
    reader: Reader, server: FakeLive25, way: ReadStrategy
):
    server.has_json_guard = True
    assert len((await reader.read(way)).days[FIRST_DAY]) == 35


@pytest.mark.parametrize("way", STRATEGIES)
async def test_everything_empty_means_a_login_is_wanted(
    reader: Reader, server: FakeLive25, way: ReadStrategy
):
    for fault in (ResponseFault("missing subjects"), ResponseFault("no items")):
        server.fault = fault
        with pytest.raises(SourceError, match="empty for everybody") as caught:
            await reader.read(way)
        assert type(caught.value).__name__ == "SourceRefusedError"


@pytest.mark.parametrize("way", STRATEGIES)
async def test_a_few_empty_rooms_are_free(reader: Reader, server: FakeLive25, way: ReadStrategy):
    for subject in server.months["1127"]["subjects"]:
        subject["items"] = None
    result = await reader.read(way)
    room = result.days[FIRST_DAY]["1127"]
    assert not room.bookings
    assert not room.closures
    assert room.known


async def test_a_campus_of_few_rooms_may_have_nothing_on(reader: Reader, server: FakeLive25):
    server.fault = ResponseFault("no items")
    campus = campus_of(server.url, "rooms", ["1127", "2649", "1132", "1133"])
    assert len((await reader.read(campus=campus)).days[FIRST_DAY]) == 4


async def test_a_reading_can_begin_on_any_day_in_utc(reader: Reader):
    at = datetime(2024, 11, 5, 4, 0, tzinfo=UTC)
    assert (await reader.read(at=at)).days.keys() == {FIRST_DAY}
