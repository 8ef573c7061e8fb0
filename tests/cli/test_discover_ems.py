"""From an EMS web app to a campus file, and what one reading with it brings."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from core.campus_file.loader import load_campus
from core.model.campus import Campus
from core.sources.ems.config import EmsSettings
from fakes.ems.campus import GROUP, EmsBooking, EmsBuilding, EmsHours, EmsRoom, FixedCampus
from fakes.ems.server import FakeEms
from fakes.live25.fault_injection import ResponseFault
from tests.cli.conftest import NOW, CompletedCommand
from tests.core.sources.ems.ems_campus import DAY, lecture

MONDAY = date(2024, 11, 4)
NAME = "Elopement of Ada and Bob"


def classes() -> Iterator[EmsBooking]:
    """Four rooms with a lecture a weekday, in the week and half a year before it."""
    for start in (MONDAY, MONDAY - timedelta(days=182)):
        for day in (start + DAY * number for number in range(-1, 8)):
            if day.weekday() < 5:
                for room in (101, 102, 103, 201):
                    yield lecture(room, 9, 10.5, day, name=NAME)


@pytest.fixture
def campus() -> FixedCampus:
    hall = EmsBuilding(
        10,
        "HALL",
        "Assembly Hall",
        (
            EmsRoom(101, "HALL 101", "101", 40),
            EmsRoom(102, "HALL 102", "102", -1),
            EmsRoom(103, "HALL 103", "103", 30),
            EmsRoom(104, "HALL 104", "104", 30, is_public=False),
        ),
    )
    loft = EmsBuilding(20, "L2", "The Loft", (EmsRoom(201, "Attic", "A", 12),))
    return FixedCampus(
        (hall, loft),
        list(classes()),
        usual_hours=EmsHours(timedelta(hours=8), timedelta(hours=22)),
    )


@pytest.fixture
async def ems(campus):
    async with FakeEms(campus) as server:
        yield server


def loaded(ended: CompletedCommand, folder: Path) -> Campus:
    assert ended.code == 0, ended.err
    path = folder / "campus.toml"
    path.write_text(ended.out, encoding="utf-8")
    return load_campus(str(path))


async def test_a_campus_file_is_written_and_loads(run_process, ems, tmp_path):
    ended = await run_process("discover", "ems", f"{ems.url}/BrowseForSpace.aspx")
    campus = loaded(ended, tmp_path)
    assert campus.source == EmsSettings(ems.url)
    assert campus.timezone.key == "America/New_York"
    hours = timedelta(hours=8), timedelta(hours=22)
    assert [(each.code, each.name, (each.opens, each.closes)) for each in campus.buildings] == [
        ("HALL", "Assembly Hall", hours),
        ("L2", "The Loft", hours),
    ]
    assert [(room.id, room.label, room.capacity) for room in campus.rooms] == [
        ("101", "HALL 101", 40),
        ("102", "HALL 102", None),
        ("103", "HALL 103", 30),
        ("201", "L2 Attic", 12),
    ]
    assert "4 of 4 rooms are booked at some time between 08:00 and 18:00" in ended.err
    assert NAME not in ended.out + ended.err


async def test_it_asks_politely(run, ems):
    assert (await run("discover", "ems", ems.url)).code == 0
    assert ems.page_count == 1
    assert ems.max_in_flight == 1
    # Its rooms, a day in each half of a year, a week and the day before it.
    assert len(ems.requested) == 1 + 2 + 8


async def test_an_ems_without_classes_is_doubted_in_the_file(run, ems, campus, tmp_path):
    campus.bookings = [each for each in campus.bookings if each.room_id == 201]
    ended = await run("discover", "ems", ems.url)
    loaded(ended, tmp_path)
    assert "Few bookings: 1 of 4 rooms" in ended.err
    assert "# Few bookings: 1 of 4 rooms" in ended.out


async def test_no_bookings_at_all_are_said(run, ems, campus):
    rooms = tuple(EmsRoom(each, str(each)) for each in range(300, 305))
    campus.buildings = (replace(campus.buildings[0], rooms=rooms),)
    campus.bookings = []
    ended = await run("discover", "ems", ems.url)
    assert (ended.code, ended.out) == (1, "")
    assert ended.last_line.endswith("but not their bookings (empty for everybody)")


async def test_a_building_that_closes_after_midnight_is_open_until_midnight_here(
    run, ems, campus, tmp_path
):
    campus.usual_hours = EmsHours(timedelta(hours=8), timedelta(hours=26))
    found = loaded(await run("discover", "ems", ems.url), tmp_path)
    assert {(each.opens, each.closes) for each in found.buildings} == {(timedelta(hours=8), DAY)}


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ({"admits_guests": False}, "does not show its rooms to strangers (redirected)"),
        ({"questions_per_visit": 0}, "does not show its rooms to strangers (login page)"),
        ({"fault": ResponseFault("truncated")}, "does not answer (cut off"),
        ({"fault": ResponseFault("missing subjects")}, "is no list of rooms (no data)"),
    ],
)
async def test_what_cannot_be_read_is_one_sentence(run, ems, broken, said):
    for name, value in broken.items():
        setattr(ems, name, value)
    ended = await run("discover", "ems", ems.url)
    assert (ended.code, ended.out) == (1, "")
    assert said in ended.last_line


async def test_an_address_without_an_ems_is_said(run, ems):
    ended = await run("discover", "ems", ems.url.replace("EmsWebApp", "elsewhere"))
    assert ended.code == 1
    assert "there is no EMS web app at" in ended.last_line


async def test_a_day_is_checked_with_the_file(run, ems, campus, tmp_path):
    path = tmp_path / "campus.toml"
    path.write_text((await run("discover", "ems", ems.url)).out, encoding="utf-8")
    ems.requested.clear()
    ended = await run("check", path, "--building", "HALL")
    assert (ended.code, ended.err) == (0, "")
    assert "rooms: 3, 3 read, 0 failed, 0 with unknown hours; bookings: 3" in ended.out
    room = next(each for each in re.split(r"\n\n", ended.out) if "HALL 101" in each)
    assert "bookings  09:00–10:30" in room
    assert "closed    00:00–08:00, 22:00–24:00" in room
    assert "gaps      08:00–09:00, 10:30–22:00" in room
    asked = f"asked     {ems.url}/AnonymousServersApi.aspx/GetBrowseLocationsBookings"
    assert ended.out.count(asked) == 1
    assert NAME not in ended.out
    assert GROUP not in ended.out


async def test_a_room_that_is_gone_is_counted_by_check(run, ems, campus, tmp_path):
    path = tmp_path / "campus.toml"
    path.write_text((await run("discover", "ems", ems.url)).out, encoding="utf-8")
    hall = campus.buildings[0]
    hidden = tuple(replace(each, is_public=each.id == 101) for each in hall.rooms)
    campus.buildings = (replace(hall, rooms=hidden), campus.buildings[1])
    ended = await run("check", path)
    assert ended.code == 1
    assert ended.err == "2 of 4 rooms could not be read (not in the answer 2)\n"


def test_the_clock_of_the_tests_is_in_the_week():
    assert NOW.date() == MONDAY
