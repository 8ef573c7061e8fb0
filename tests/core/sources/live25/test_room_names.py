"""A room whose name at 25Live is another than in the campus file."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.model.campus import Building, Campus, Room
from core.sources.base import ReadResult
from core.sources.live25.config import ReadStrategy
from core.sources.live25.room_names import is_recognisable
from core.sources.registry import create_source
from fakes.live25.server import FakeLive25
from tests.core.sources.source_fixtures import AT, Reader, campus_of
from tests.fakes import NEW_YORK
from tests.recordings import FIRST_DAY

FOREIGN = "Rowing tank"


@pytest.mark.parametrize(
    ("room", "name", "expected"),
    [
        ("116", "CAS 116", True),
        ("116", "CAS116 (40)", True),
        ("B06A", "Arts B006A", True),
        ("Auditorium", "Tsai Auditorium, seats 500", True),
        ("Aud", "Arts & Sciences Audit.", True),
        ("116", "CAS 118", False),
        ("116", FOREIGN, False),
        ("Auditorium", FOREIGN, False),
        ("Chapel", "", False),
    ],
)
def test_names_are_compared_generously(room, name, expected):
    hours = timedelta(hours=7), timedelta(hours=23)
    building = Building("CAS", "Arts & Sciences", NEW_YORK, *hours, ())
    assert is_recognisable(Room("1", room, "CAS"), building, name) is expected


@pytest.mark.parametrize("strategy", ["rooms", "search"])
async def test_a_renamed_room_is_noted_and_logged_once(
    reader: Reader, server: FakeLive25, caplog: pytest.LogCaptureFixture, strategy: ReadStrategy
):
    source = create_source(named_campus(server, strategy), reader.session, reader.http_policy)

    async def read() -> ReadResult:
        return await source.read([FIRST_DAY], at=AT, progress=lambda *_: None)

    assert not any("another name" in note.text for note in (await read()).notes)
    renamed = min(server.months)
    for subject in server.months[renamed]["subjects"]:
        subject["itemName"] = FOREIGN
    for _ in range(2):
        result = await read()
        # Its bookings are shown all the same: the id is what the operator has named.
        assert renamed in result.days[FIRST_DAY]
        whole, single = result.notes[:2]
        assert f"(id {renamed}): is the id still right?" in whole.text
        assert single.room_ids == (renamed,)
    assert [each.getMessage() for each in caplog.records if each.levelname == "WARNING"] == [
        f"25Live has another name for 1 rooms of umd than the campus file: id {renamed}"
    ]
    assert FOREIGN not in f"{result}{caplog.text}"


def named_campus(server: FakeLive25, strategy: ReadStrategy) -> Campus:
    """Return the campus whose rooms are called as the server calls them."""
    campus = campus_of(server.url, strategy, server.months)
    names = {room: month["subjects"][0]["itemName"] for room, month in server.months.items()}
    building = campus.buildings[0]
    rooms = tuple(replace(room, name=names[room.id]) for room in building.rooms)
    return replace(campus, buildings=(replace(building, rooms=rooms),))
