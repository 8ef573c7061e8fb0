"""Recorded answers of EMS, read right; they are in `../shared`, not in the repository."""

import json
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from core.errors import SourceFormatError
from core.model.interval import Interval
from core.sources.ems.building_hours import BuildingHours
from core.sources.ems.decoding import decode_day, decode_rooms, unwrap
from core.sources.ems.schema import ListedBuilding
from tests.core.sources.ems.ems_campus import local
from tests.recordings import NO_SHARED, SHARED

FOLDER = SHARED / "sources" / "ems"
DAY = date(2024, 10, 23)

pytestmark = [
    pytest.mark.recorded,
    pytest.mark.skipif(not FOLDER.exists(), reason=NO_SHARED),
]


def enveloped(name: str) -> bytes:
    return json.dumps({"d": (FOLDER / name).read_text(encoding="utf-8")}).encode()


@pytest.fixture
def building() -> ListedBuilding:
    (building,) = decode_rooms(unwrap(enveloped("mmdg.2024-10-23.GetBrowseLocationsRooms.json")))
    return building


def test_the_rooms_are_those_of_the_answer(building):
    assert (building.id, building.code, building.name) == (1, "DC1", "Dance Center")
    assert (building.timezone_id, building.offset_minutes) == (61, -240)
    rooms = [(room.id, room.code, room.name, room.capacity) for room in building.rooms]
    assert rooms == [
        (4, "004", "Howard Hodgkin Studio", 25),
        (2, "002", "Robert W. Cole Studio", 70),
        (5, "005 ", "Studio B", 25),
        (88, "006.5", "Studio E", 40),
    ]


def test_the_hours_are_nine_to_nine_on_both_days(building):
    days = [DAY, date(2024, 10, 24)]
    hours = BuildingHours(ZoneInfo("America/New_York"), days)
    hours.add_hours(building.hours, asked=DAY)
    hours.add_holidays(building.holidays, asked=DAY)
    for day in days:
        closed = hours.closed_time("1", day)
        assert closed.closures == (
            Interval(local(day, 0), local(day, 9)),
            Interval(local(day, 21), local(day, 24)),
        )
        assert closed.doubts == ()


def test_public_events_are_not_taken_for_all_bookings():
    with pytest.raises(SourceFormatError) as caught:
        decode_day(unwrap(enveloped("rpi.BrowseEvents.json")))
    assert caught.value.kind == "no data"
