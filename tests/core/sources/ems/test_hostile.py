"""An EMS that means harm: our own errors, in bounded time and memory, and no names kept."""

import asyncio
import json
import logging
import pickle
import traceback
import tracemalloc
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.errors import SourceError, SourceFormatError
from core.sources.ems.decoding import decode_day, decode_rooms, unwrap
from core.sources.ems.room_days import EmsDayBuilder
from core.sources.ems.schema import DayAnswer, ListedBuilding, ListedRoom
from fakes.ems.campus import GROUP
from fakes.live25.fault_injection import FaultKind, ResponseFault
from tests.core.sources.ems.ems_campus import AT, DAY, TUESDAY, WEEK, EmsReader, bot_campus, lecture
from tests.core.sources.test_hostile import SCRIPTS, ServerScript, serve_script

MEGABYTE = 1024 * 1024
BOOKINGS, ROOMS = "GetBrowseLocationsBookings", "GetBrowseLocationsRooms"
NAME = "Elopement of Ada and Bob"

FAULTS: dict[FaultKind, str] = {
    "html": "login page",
    "xml error": "error document",
    "blank": "no data",
    "deep nesting": "not understood",
    "invalid utf-8": "no data",
    "truncated": "cut off",
    "cut connection": "cut off",
    "oversized": "too large",
    "endless": "too large",
    "gzip bomb": "too large",
    "missing subjects": "no data",
}


@pytest.fixture
def strict_reader(reader: EmsReader) -> EmsReader:
    reader.policy = replace(
        reader.policy,
        request_timeout=timedelta(seconds=0.5),
        max_feed=MEGABYTE,
        max_attempts=2,
    )
    return reader


@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS.keys())
async def test_a_hostile_server_ends_as_our_error(strict_reader, script: ServerScript):
    clock = asyncio.get_running_loop().time
    began = clock()
    async with serve_script(script) as url:
        with pytest.raises(SourceError) as caught:
            await strict_reader.read(campus=bot_campus(url))
    assert len(caught.value.kind) < 30
    assert clock() - began < 10


@pytest.mark.parametrize("method", [ROOMS, BOOKINGS])
@pytest.mark.parametrize(("fault", "kind"), FAULTS.items())
async def test_a_hostile_answer_is_told_by_kind(strict_reader, ems, method, fault, kind):
    ems.method_faults[method] = ResponseFault(fault)
    with pytest.raises(SourceError) as caught:
        await strict_reader.read()
    assert caught.value.kind == kind


def wrapped(inner: str) -> bytes:
    return f'{{"d":{inner}}}'.encode()


BODIES = [
    b"null",
    b"[]",
    b'"d"',
    b"{}",
    wrapped("null"),
    wrapped("7"),
    wrapped('""'),
    wrapped('"null"'),
    wrapped('"[]"'),
    wrapped('"{}"'),
    wrapped(r'"{\"Bookings\":null,\"Buildings\":null}"'),
    wrapped(r'"{\"Bookings\":7,\"Buildings\":7}"'),
    wrapped(r'"{\"Bookings\":[7],\"Buildings\":[7]}"'),
    wrapped(r'"{\"Bookings\":[{}],\"Buildings\":[{}]}"'),
    wrapped(r'"{\"Bookings\":[{\"RoomId\":[1]}],\"Buildings\":[{\"Id\":[1]}]}"'),
    wrapped(r'"<html><body>Sign in</body></html>"'),
    wrapped(r'"{\"Bookings\":[{\"RoomId\":1"'),
    wrapped(r'"\ud800"'),
    b'{"d":"\xff"}',
    wrapped('"' + "[" * 200_000 + '"'),
    wrapped(r'"{\"Bookings\":' + "[" * 200_000 + '"'),
]


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
@pytest.mark.parametrize("decode", [decode_day, decode_rooms])
def test_what_is_no_answer_is_refused(decode, body):
    with pytest.raises(SourceError) as caught:
        decode(unwrap(body))
    assert len(str(caught.value)) < 300


def row(**more: Any) -> dict[str, Any]:
    times = {"BookingGMTStart": "2026-03-03T14:00:00", "BookingGMTEnd": "2026-03-03T15:00:00"}
    return {"RoomId": 103, "EventName": NAME, **times, **more}


FLOODS = {
    "bookings": [row()] * 100_000,
    "long bookings": [row(BookingGMTStart=f"{n:04}-01-01T00:00:00") for n in range(1, 2026)] * 9,
    "different times": [
        row(BookingGMTStart=f"2026-03-03T{n % 24:02}:{n // 24 % 60:02}:00.{n}", RoomId=n)
        for n in range(19_000)
    ],
    "combinations": [row(RoomId=n, BookingInRoomId=103) for n in range(19_000)],
    "unreadable": [row(BookingGMTStart=[])] * 19_000,
}


@pytest.mark.parametrize("flood", FLOODS.values(), ids=FLOODS.keys())
async def test_a_flood_of_bookings_frees_nothing_and_is_not_kept(flood):
    body = json.dumps({"d": json.dumps({"Bookings": flood})}).encode()
    campus = bot_campus("http://127.0.0.1:1")
    builder = EmsDayBuilder(campus, [TUESDAY], AT)
    hall = ListedBuilding(1, rooms=[ListedRoom(int(room.id)) for room in campus.rooms])
    builder.add_rooms([hall])
    await builder.add_day(TUESDAY - DAY, DayAnswer([]))
    tracemalloc.start()
    with suppress(SourceFormatError):
        await builder.add_day(TUESDAY, decode_day(unwrap(body)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    known = builder.room_day(campus.buildings[0], "103", TUESDAY)
    assert isinstance(known, SourceError) or known.bookings
    assert peak < 10 * len(body)


VALUES = [float("nan"), 10**400, -1, "x", [], {}, True, None, "", 1.5, "103"]


@pytest.mark.parametrize("value", VALUES, ids=repr)
@pytest.mark.parametrize(
    "key", ["BookingInRoomId", "BookingGMTStart", "TimeBookingEnd", "Status", "DisplayDetails"]
)
async def test_no_value_of_a_booking_frees_its_room(reader, campus, ems, key, value):
    """Whatever stands in one row, its room is booked or unknown, and others are untouched."""
    campus.bookings = [lecture(103, 9, 10), lecture(104, 9, 10)]

    def spoiled(answer):
        for each in answer["Bookings"]:
            if each["RoomId"] == 103:
                each[key] = value
        return answer

    ems.mutations[BOOKINGS] = spoiled
    try:
        days = (await reader.read()).days[TUESDAY]
    except SourceError:
        # Which other room the booking takes is not known, so nothing is.
        assert key == "BookingInRoomId"
    else:
        assert days["104"].bookings
        assert "103" not in days or days["103"].bookings


@pytest.mark.parametrize("fault", ["as ever", "truncated", "invalid utf-8", "cut connection"])
async def test_no_name_leaves_the_source(
    reader, campus, ems, caplog: pytest.LogCaptureFixture, fault: FaultKind
):
    caplog.set_level(logging.DEBUG)
    campus.bookings = [lecture(103, 9, 10, name=NAME)]

    def with_a_faulty_row(answer):
        answer["Bookings"].append(row(RoomId=104, BookingGMTStart=[NAME]))
        answer["Bookings"].append(row(RoomId=105, BookingGMTStart=NAME))
        return answer

    ems.mutations[BOOKINGS] = with_a_faulty_row
    ems.method_faults[BOOKINGS] = ResponseFault(fault)
    said = ""
    try:
        result = await reader.read(WEEK[:2])
        said += repr(result) + repr(pickle.dumps(result))
        said += repr([vars(err) for err in result.failures[TUESDAY].values()])
    except SourceError as err:
        said += "".join(traceback.format_exception(err)) + repr(err) + repr(vars(err))
    said += caplog.text + repr([record.__dict__ for record in caplog.records])
    assert said
    assert not [name for name in (NAME, "Elopement", GROUP) if name in said]
