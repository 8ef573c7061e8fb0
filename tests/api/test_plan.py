"""`GET /api/plan`: the rooms to use one after another, where no single one is free."""

import re
from datetime import date
from itertools import product

import pytest

from api.params import LOCAL_TIME
from tests.fakes import at

TWO_ROOMS = "/api/plan?at=2026-03-03T12:00&minutes=120"


@pytest.fixture
def two_rooms(api_server):
    """Only 101 until 12:50 and 103 from 12:40 on are free at noon."""
    for room in ("102", "201", "202", "203"):
        api_server.book(room, ("07:00", "23:00"))
    api_server.book("101", ("12:50", "23:00"))
    api_server.book("103", ("07:00", "12:40"))
    return api_server


async def test_plan_names_rooms_and_times_on_the_campus_clock(two_rooms):
    said = await two_rooms.ask(TWO_ROOMS)
    assert said.status == 200
    assert said.json == {
        "campus": "bu",
        "start": "2026-03-03T12:00:00-05:00",
        "end": "2026-03-03T14:00:00-05:00",
        "rooms_that_fit": 0,
        "pieces": [
            {
                "building": "CAS",
                "room": {"id": "101", "name": "101"},
                "start": "2026-03-03T12:00:00-05:00",
                "end": "2026-03-03T12:50:00-05:00",
            },
            {
                "building": "CAS",
                "room": {"id": "103", "name": "103"},
                "start": "2026-03-03T12:50:00-05:00",
                "end": "2026-03-03T14:00:00-05:00",
            },
        ],
        "unknown_rooms": 0,
        "last_updated": "2026-03-03T10:00:00-05:00",
    }


async def test_no_plan_where_one_room_fits(api_server):
    said = (await api_server.ask(TWO_ROOMS)).json
    assert (said["rooms_that_fit"], said["pieces"]) == (6, [])


async def test_unknown_room_is_counted_and_in_no_plan(two_rooms):
    two_rooms.fail("103")
    said = (await two_rooms.ask(TWO_ROOMS)).json
    assert (said["rooms_that_fit"], said["pieces"], said["unknown_rooms"]) == (0, [], 1)


async def test_plan_is_for_now_and_the_whole_campus_unless_asked_otherwise(two_rooms):
    two_rooms.clock.moment = at("12:00")
    said = (await two_rooms.ask("/api/plan?minutes=120")).json
    assert said["start"] == "2026-03-03T12:00:00-05:00"
    assert len(said["pieces"]) == 2
    elsewhere = await two_rooms.ask(f"{TWO_ROOMS}&building=CGS")
    assert elsewhere.json["pieces"] == []
    assert (await two_rooms.ask(f"{TWO_ROOMS}&capacity=500")).json["pieces"] == []


@pytest.mark.parametrize(
    ("query", "status", "detail"),
    [
        ("", 400, "minutes: for how long the rooms are needed."),
        ("minutes=0", 400, "minutes: '0' is not a whole number from 1 to 1440."),
        ("minutes=2h", 400, "minutes: '2h' is not a whole number from 1 to 1440."),
        ("minutes=60&capacity=-1", 400, "capacity: '-1' is not a whole number from 1 to 100000."),
        ("minutes=60&at=noon", 400, "at: 'noon' is not a time like 2026-03-03T14:30."),
        ("minutes=60&at=2026-02-30T10:00", 400, "at: '2026-02-30T10:00' is not a time"),
        ("minutes=60&at=9999-12-31T23:59", 400, "at: '9999-12-31T23:59' is not a time"),
        ("minutes=60&building=CAZ", 404, "There is no building 'CAZ'. Did you mean CAS?"),
        ("minutes=60&at=2027-01-01T10:00", 404, "Nothing is known of 2027-01-01."),
    ],
)
async def test_question_that_cannot_be_answered_is_refused(api_server, query, status, detail):
    await api_server.ask("/api/open-classrooms")
    said = await api_server.ask(f"/api/plan?{query}")
    assert said.status == status
    assert said.json["detail"].startswith(detail)


def test_the_described_pattern_of_a_time_matches_the_days_that_exist():
    def exists(year, month, day):
        try:
            date(year, month, day)
        except ValueError:
            return False
        return 2000 <= year < 2100

    days = product(range(1999, 2101), range(14), range(33))
    wrong = [
        each
        for each in days
        if bool(re.fullmatch(LOCAL_TIME, "{:04}-{:02}-{:02}T23:59".format(*each))) != exists(*each)
    ]
    assert not wrong
