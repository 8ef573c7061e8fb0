"""The demo campus on EMS: the same rooms and bookings as on 25Live."""

from datetime import UTC, date, datetime, timedelta

from cli import command_line
from core.campus_file.loader import load_campus
from core.sources.http_policy import HttpPolicy
from core.sources.http_redirects import open_session
from core.sources.registry import create_source
from demo.campus import demo_ems, demo_live25, write_campus_file
from demo.campus.server import BROKEN_ROOM, FORBIDDEN_ROOM

TUESDAY = date(2026, 10, 6)
AT = datetime(2026, 10, 6, 12, tzinfo=UTC)


async def read(kind: str, server, folder):
    path = folder / f"{kind}.toml"
    async with server, open_session() as session:
        write_campus_file(path, server.url, TUESDAY, kind)
        campus = load_campus(str(path))
        source = create_source(campus, session, HttpPolicy())
        result = await source.read([TUESDAY], at=AT, progress=lambda *_: None)
    return campus, result


async def test_the_bookings_are_those_of_the_campus_on_25live(tmp_path):
    campus, on_ems = await read("ems", demo_ems(), tmp_path)
    _, on_live25 = await read("25live", demo_live25(), tmp_path)
    labels = {room.id: room.label for room in campus.rooms}
    assert {labels[room] for room in on_ems.failures[TUESDAY]} == {FORBIDDEN_ROOM}
    compared = 0
    for building in campus.buildings:
        hours = building.window_on(TUESDAY)
        for room in building.rooms:
            if room.label in {FORBIDDEN_ROOM, BROKEN_ROOM} or hours.duration > timedelta(hours=16):
                continue
            booked = [
                {
                    part
                    for each in result.days[TUESDAY][room.id].bookings
                    if (part := each.intersection(hours))
                }
                for result in (on_ems, on_live25)
            ]
            assert booked[0] == booked[1], room.label
            compared += 1
    assert compared > 80


def test_the_demo_can_be_switched_to_ems():
    assert command_line.parse(["demo"]).campus == "25live"
    assert command_line.parse(["demo", "--campus", "ems"]).campus == "ems"
