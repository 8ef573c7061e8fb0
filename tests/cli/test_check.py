"""What one reading of one day brings."""

import re
from collections import Counter
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from fakes.ical.server import FakeIcalHost, calendar, event
from fakes.live25.fault_injection import ResponseFault
from fakes.live25.server import FakeLive25
from tests import oracle
from tests.cli.conftest import NOW
from tests.e2e.environment import write_campus
from tests.oracle import Oracle, Span
from tests.recordings import FIRST_DAY, Recording


@pytest.fixture
async def server(recording: Recording):
    async with FakeLive25(recording.answers().first_days(3)) as server:
        yield server


@pytest.fixture(scope="module")
def says(recording: Recording) -> Oracle:
    return recording.oracle()


@pytest.fixture
def campus(server, says: Oracle, tmp_path) -> Path:
    settings = {"url": server.url, "read": "rooms"}
    return write_campus(tmp_path / "umd.toml", settings, list(says.buildings.values()))


def faces(spans: list[Span]) -> str:
    """Return spans as the clocks on campus show them; in November they are five hours behind."""
    told = []
    for span in spans:
        hours = [each.astimezone(ZoneInfo(oracle.UMD_ZONE)).strftime("%H:%M") for each in span]
        told.append("–".join(hours))
    return ", ".join(told) or "none"


def blocks(out: str) -> list[str]:
    return re.split(r"\n\n", out.strip())


async def test_every_building_is_told_with_its_first_gaps(run_process, campus, says):
    ended = await run_process("check", campus)
    assert (ended.code, ended.err) == (0, "")
    head, *buildings, reach = blocks(ended.out)
    assert reach == (
        "    note      answers reach from 2024-11-04 to 2024-11-06 and show 07:00–23:00 of a day"
    )
    assert head.endswith("Monday 2024-11-04, read on 2024-11-04 at 07:00 (America/New_York)")
    assert len(buildings) == 4
    for told, (code, building) in zip(buildings, says.buildings.items(), strict=True):
        rooms = len(building.rooms)
        facts = says.knowledge[FIRST_DAY]
        bookings = sum(len(set(facts[room.id].bookings)) for room in building.rooms)
        assert (
            f"rooms: {rooms}, {rooms} read, 0 failed, 0 with unknown hours; bookings: {bookings}\n"
        ) in told
        gaps = sorted(
            (
                (span[0], number, room.name, faces([span]))
                for number, room in enumerate(building.rooms)
                for span in says.gaps(code, room.id, FIRST_DAY)
            ),
        )
        first = ", ".join(f"{name} {text}" for _, _, name, text in gaps[:3])
        assert told.endswith(f"first gaps: {first or 'none'}")


async def test_a_building_is_told_room_by_room_with_the_addresses_asked(run, campus, server, says):
    ended = await run("check", campus, "--building", "irb", "--date", "2024-11-05")
    assert ended.code == 0
    day = FIRST_DAY.replace(day=5)
    _, summary, *rooms, _reach = blocks(ended.out)
    assert summary.startswith("IRB")
    assert len(rooms) == len(says.buildings["IRB"].rooms)
    for told, room in zip(rooms, says.buildings["IRB"].rooms, strict=True):
        facts = says.knowledge[day][room.id]
        lines = dict(line.strip().split(maxsplit=1) for line in told.splitlines()[1:])
        assert told.splitlines()[0] == f"IRB {room.name} (id {room.id})"
        assert lines["known"] == "07:00–23:00"
        assert lines["bookings"] == faces(sorted(set(facts.bookings)))
        assert lines["closed"] == faces(sorted(set(facts.closures)))
        assert lines["gaps"] == faces(says.gaps("IRB", room.id, day))
        assert lines["unknown"] == "none"
        address = next(each for each in server.requested if f"space_id={room.id}&" in each)
        assert lines["asked"] == f"{server.url.partition('/25live')[0]}{address}"
    assert server.request_count == len(rooms)


async def test_rooms_that_fail_are_counted_by_kind_and_end_it_with_one(run, campus, server):
    server.room_faults = {
        "1127": ResponseFault("html"),
        "1132": ResponseFault("html"),
        "3032": ResponseFault(status=403),
    }
    ended = await run("check", campus)
    assert ended.code == 1
    assert "12 read, 2 failed (login page 2)" in ended.out
    assert "5 read, 1 failed (refused 403 1)" in ended.out
    assert ended.err == "3 of 35 rooms could not be read (login page 2, refused 403 1)\n"


async def test_a_room_that_failed_says_why_and_what_was_asked(run, campus, server):
    server.room_faults = {"3032": ResponseFault("html")}
    ended = await run("check", campus, "--building", "IRB")
    failed = next(each for each in blocks(ended.out) if "(id 3032)" in each)
    assert "    failed: login page" in failed
    assert "space_id=3032&" in failed
    assert "gaps" not in failed


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ({"start": "soon"}, "an event without readable times, or in an unreadable state"),
        ({"type_id": "lecture"}, "an event without readable times, or in an unreadable state"),
    ],
)
async def test_an_unknown_room_names_the_request_and_the_day(run, campus, server, fault, reason):
    server.items("3032", FIRST_DAY)[0].update(fault)
    ended = await run("check", campus, "--building", "IRB")
    failed = next(each for each in blocks(ended.out) if "(id 3032)" in each)
    assert "    failed: not understood: unclear times" in failed
    assert f"    doubt     00:00–24:00 grid of a room from 2024-11-04 on: {reason}" in failed
    assert ended.out.count("    doubt ") == 1


async def test_a_request_that_failed_is_named_with_its_reason(run, campus, server):
    server.room_faults = {"3032": ResponseFault(status=403)}
    ended = await run("check", campus, "--building", "IRB")
    failed = next(each for each in blocks(ended.out) if "(id 3032)" in each)
    assert "grid of a room from 2024-11-04 on: refused 403" in failed


async def test_reservations_say_which_days_were_asked(run, server, says, tmp_path):
    settings = {"url": server.url, "read": "reservations"}
    file = write_campus(tmp_path / "umd.toml", settings, list(says.buildings.values()))
    ended = await run("check", file, "--date", "2024-11-05")
    assert blocks(ended.out)[-1] == (
        "    note      answers reach from 2024-11-05 to 2024-11-05 and show 00:00–24:00 of a day"
    )


async def test_hours_that_are_not_shown_are_unknown_and_no_gap(run, campus, server, says):
    server.grid_hours = (9, 23)
    ended = await run("check", campus, "--building", "IRB")
    rooms = len(says.buildings["IRB"].rooms)
    assert ended.code == 0
    assert f"{rooms} with unknown hours" in ended.out
    assert Counter(re.findall(r"unknown +(\S+)$", ended.out, re.MULTILINE)) == {
        "07:00–09:00": rooms
    }
    assert not re.search(r"gaps .*0[78]:", ended.out)


async def test_nothing_at_all_is_one_sentence(run, campus, server):
    server.fault = ResponseFault("html")
    ended = await run("check", campus)
    assert ended.code == 1
    assert ended.err == "nothing could be read of 2024-11-04: login page: 35 of 35 rooms\n"


async def test_questions_about_many_rooms_are_shown_once(run, tmp_path, server, says):
    settings = {"url": server.url, "read": "reservations"}
    campus = write_campus(tmp_path / "umd.toml", settings, list(says.buildings.values()))
    ended = await run("check", campus, "--building", "IRB")
    assert ended.code == 0
    assert ended.out.count("asked ") == server.request_count == 1


async def test_no_event_is_ever_named(run, campus, says, recording):
    ended = await run("check", campus)
    for code in says.buildings:
        ended_too = await run("check", campus, "--building", code)
        said = ended.out + ended_too.out
        for days in recording.items().values():
            for item in days[FIRST_DAY]:
                if item["type_id"] == 1 and len(str(item["itemName"])) > 4:
                    assert str(item["itemName"]) not in said


async def test_an_unknown_building_or_file_is_said(run, campus, tmp_path):
    ended = await run("check", campus, "--building", "XYZ")
    assert (ended.code, ended.out) == (1, "")
    assert "no building 'XYZ'" in ended.err
    assert "ATL, IRB, NL, TMH" in ended.err
    assert (await run("check", tmp_path / "none.toml")).code == 1


ICAL = """
id = "tu"
name = "Test"
timezone = "America/New_York"
[source]
kind = "ical"
{source}
[[buildings]]
code = "A"
name = "Alpha"
opens = "07:00"
closes = "23:00"
rooms = [{{ id = "a1", name = "1"{first} }}, {{ id = "a2", name = "2"{second} }}]
[[buildings]]
code = "B"
name = "Beta"
opens = "07:00"
closes = "23:00"
rooms = [{{ id = "b1", name = "1"{third} }}]
"""
LECTURE = event("20241104T140000Z", "20241104T150000Z", "SUMMARY:Secret", "LOCATION:A 1", uid="1")
SEMINAR = event("20241104T200000Z", "20241104T210000Z", "SUMMARY:Secret", "LOCATION:B 1", uid="2")

EAST = event("20241104T160000Z", "20241104T170000Z", "LOCATION:B 1 East", uid="3")


async def test_feeds_of_rooms_are_checked_and_their_addresses_kept(run, tmp_path):
    async with FakeIcalHost() as feeds:
        feeds.feeds = {"key-1": calendar(LECTURE), "key-2": calendar(SEMINAR)}
        urls = [f', url = "{feeds.url(name)}"' for name in ("key-1", "gone", "key-2")]
        file = tmp_path / "tu.toml"
        text = ICAL.format(source="", first=urls[0], second=urls[1], third=urls[2])
        file.write_text(text, encoding="utf-8")
        ended = await run("check", file, "--building", "A")
        assert feeds.requested.keys() == {"key-1", "gone"}
    assert ended.code == 1
    assert ended.err == "1 of 2 rooms could not be read (not found 1)\n"
    assert "rooms: 2, 1 read, 1 failed (not found 1)" in ended.out
    room = next(each for each in blocks(ended.out) if "A 1 (id a1)" in each)
    assert "bookings  09:00–10:00" in room
    assert f"asked     http://127.0.0.1:{feeds.port}/… (see the campus file)" in room
    assert "key-1" not in ended.out
    assert "Secret" not in ended.out


async def test_a_room_in_doubt_is_told_with_line_date_and_reason(run, tmp_path):
    odd = event("20241104T160000Z", "", "SUMMARY:Secret", uid="2")
    async with FakeIcalHost() as feeds:
        feeds.feeds = {"key": calendar(LECTURE, odd)}
        file = tmp_path / "tu.toml"
        url = f', url = "{feeds.url("key")}"'
        file.write_text(ICAL.format(source="", first=url, second=url, third=url), encoding="utf-8")
        ended = await run("check", file, "--building", "A")
    doubt = "doubt     11:00–24:00 line 11, event of 2024-11-04: it does not say when it ends"
    assert doubt in ended.out
    assert "Secret" not in ended.out


async def test_a_feed_for_all_is_read_whole_for_one_building(run, tmp_path):
    async with FakeIcalHost() as feeds:
        feeds.feeds = {"key": calendar(LECTURE, SEMINAR, EAST)}
        file = tmp_path / "tu.toml"
        url = f'url = "{feeds.url("key")}"\nmatch = "contains"'
        east = ', location = "B 1 East"'
        text = ICAL.format(source=url, first="", second=east, third="")
        file.write_text(text, encoding="utf-8")
        ended = await run("check", file, "--building", "B")
    assert (ended.code, ended.err) == (0, "")
    assert "B 1 (id b1)" in ended.out
    # Without the other building in mind, what is on in B 1 East would be on in B 1.
    assert "bookings  15:00–16:00\n" in ended.out
    assert "A 1" not in ended.out
    assert ended.out.count("asked ") == 1


def test_now_is_in_the_record():
    assert NOW.date() == FIRST_DAY
