"""The contract of the original EmptyClassroom, word for word."""

from datetime import datetime, timedelta

import pytest

from core.errors import SourceUnavailableError
from core.model.campus import Building, Campus, Room
from tests.api.api_server import TOKEN
from tests.fakes import NEW_YORK, TUESDAY, at, between, make_campus


async def test_open_classrooms_are_shaped_word_for_word(api_server):
    api_server.book("101", ("07:00", "09:00"), ("10:30", "23:00"))
    said = await api_server.ask("/api/open-classrooms?building=CAS")
    assert said.status == 200
    read = "2026-03-03T10:00:00-05:00"
    assert list(said.json) == ["buildings", "last_updated"]
    assert said.json["last_updated"] == read
    assert list(said.json["buildings"]) == ["CAS"]
    cas = said.json["buildings"]["CAS"]
    assert {**cas, "classrooms": cas["classrooms"][:1]} == {
        "code": "CAS",
        "name": "Arts & Sciences",
        "classrooms": [
            {
                "id": "101",
                "name": "101",
                "availability": [
                    {
                        "start": "09:00:00",
                        "end": "10:30:00",
                        "start_time": "09:00",
                        "end_time": "10:30",
                        "duration_minutes": 90,
                    }
                ],
                "state": "known",
                "access": "open",
                "note": None,
                "read_at": read,
            }
        ],
    }


async def test_a_client_that_knows_the_original_alone_finds_all_it_needs(api_server):
    """It lists rooms that are open at the moment, with the times as the original writes them."""
    api_server.book("101", ("09:00", "12:00"))
    data = (await api_server.ask("/api/open-classrooms")).json
    now, open_rooms = "10:00:00", set()
    for code, building in data["buildings"].items():
        assert building["code"] == code
        assert building["name"]
        for room in building["classrooms"]:
            for slot in room["availability"]:
                minutes = [
                    int(slot[end][:2]) * 60 + int(slot[end][3:5]) for end in ("start", "end")
                ]
                assert slot["duration_minutes"] == minutes[1] - minutes[0]
                assert slot["start"] == f"{slot['start_time']}:00"
                assert slot["end"] == f"{slot['end_time']}:00"
                if slot["start"] <= now < slot["end"]:
                    open_rooms.add(room["id"])
    assert open_rooms == {"102", "103", "201", "202", "203"}
    assert datetime.fromisoformat(data["last_updated"]) == at("10:00")


async def test_a_room_that_was_not_read_is_unknown_and_has_no_free_time(api_server):
    api_server.fail("102")
    rooms = (await api_server.ask("/api/open-classrooms")).json["buildings"]["CAS"]["classrooms"]
    told = {room["id"]: room for room in rooms}
    assert told["102"] == {
        "id": "102",
        "name": "102",
        "availability": [],
        "state": "unknown",
        "access": "open",
        "note": None,
        "read_at": None,
    }
    assert told["101"]["state"] == "known"


async def test_a_day_is_asked_for(api_server):
    await api_server.ask("/api/open-classrooms")
    tomorrow = await api_server.ask("/api/open-classrooms?date=2026-03-04")
    assert tomorrow.status == 200
    assert tomorrow.headers["X-Cache"] == "Hit"


@pytest.mark.parametrize(
    ("query", "status", "detail"),
    [
        ("date=2027-01-01", 404, "Nothing is known of 2027-01-01. Known days are 2026-03-03 to"),
        ("date=tomorrow", 400, "date: 'tomorrow' is not a day like 2026-03-03."),
        ("date=20260303", 400, "date: '20260303' is not a day"),
        ("date=2026-02-30", 400, "date: '2026-02-30' is not a day"),
        ("date=2026-03-03&date=2026-03-04", 400, "date can be given once only."),
        ("building=CAZ", 404, "There is no building 'CAZ'. Did you mean CAS?"),
        ("building=" + "x" * 101, 400, "building has at most 100 characters."),
        ("campus=umd", 404, "There is no campus 'umd'."),
    ],
)
async def test_what_there_is_not_is_said_helpfully(api_server, query, status, detail):
    await api_server.ask("/api/open-classrooms")
    said = await api_server.ask(f"/api/open-classrooms?{query}")
    assert said.status == status
    assert list(said.json) == ["detail"]
    assert said.json["detail"].startswith(detail)


async def test_without_a_campus_the_first_of_the_settings_is_meant(open_api_server):
    api_server = await open_api_server(make_campus(campus_id="bu"), make_campus(8, campus_id="umd"))
    first = (await api_server.ask("/api/open-classrooms")).json
    second = (await api_server.ask("/api/open-classrooms?campus=UMD")).json
    assert len(first["buildings"]["CAS"]["classrooms"]) == 3
    assert len(second["buildings"]["CAS"]["classrooms"]) == 4


async def test_a_room_tells_all_days_that_are_known(api_server):
    api_server.book("101", ("08:00", "23:00"))
    said = (await api_server.ask("/api/rooms/bu/101")).json
    assert said["room"] == {
        "id": "101",
        "name": "101",
        "capacity": None,
        "access": "open",
        "note": None,
    }
    assert said["building"] == {"code": "CAS", "name": "Arts & Sciences"}
    assert [each["date"] for each in said["days"]] == ["2026-03-03", "2026-03-04", "2026-03-05"]
    assert said["days"][0]["availability"] == [
        {
            "start": "07:00:00",
            "end": "08:00:00",
            "start_time": "07:00",
            "end_time": "08:00",
            "duration_minutes": 60,
        }
    ]
    assert said["days"][0]["unknown"] == []
    assert (await api_server.ask("/api/rooms/bu/999")).status == 404
    assert (await api_server.ask("/api/rooms/xx/101")).status == 404


async def test_a_room_that_was_not_read_is_wholly_unknown(api_server):
    api_server.fail("101")
    [day, *_] = (await api_server.ask("/api/rooms/bu/101")).json["days"]
    assert day["unknown"] == [{"start": day["opens"], "end": day["closes"]}]
    assert (day["availability"], day["state"], day["read_at"]) == ([], "unknown", None)


async def test_a_refresh_answers_as_the_original_does(open_api_server):
    api_server = await open_api_server(API_REFRESH="open")
    said = await api_server.ask("/api/refresh", "POST")
    assert said.status == 200
    assert said.json == {
        "message": "Data refreshed successfully",
        "timestamp": "2026-03-03T10:00:00-05:00",
    }
    api_server.clock.forward(minutes=14, seconds=30)
    again = await api_server.ask("/api/refresh", "POST")
    assert again.status == 429
    assert again.json == {"detail": "Refresh cooldown active. Please wait 15.5 more minutes."}
    assert again.headers["Retry-After"] == "930"
    status = await api_server.ask("/api/cooldown-status")
    assert status.json == {"in_cooldown": True, "remaining_minutes": 15.5}
    api_server.clock.forward(minutes=15, seconds=30)
    status = await api_server.ask("/api/cooldown-status")
    assert status.json == {"in_cooldown": False, "remaining_minutes": 0}
    assert (await api_server.ask("/api/refresh", "POST")).status == 200


async def test_a_refresh_that_failed_says_how_and_spends_no_cooldown(open_api_server):
    api_server = await open_api_server(API_REFRESH="open")
    api_server.source.down = SourceUnavailableError("timed out", "https://inside.example/secret")
    said = await api_server.ask("/api/refresh", "POST")
    assert (said.status, said.json) == (
        502,
        {"detail": "The bookings could not be read: timed out."},
    )
    api_server.source.down = None
    assert (await api_server.ask("/api/cooldown-status")).json["in_cooldown"] is False
    assert (await api_server.ask("/api/refresh", "POST")).status == 200


@pytest.mark.parametrize(
    ("settings", "sent", "status"),
    [
        ({}, f"Bearer {TOKEN}", 403),
        ({"API_REFRESH": "token"}, None, 401),
        ({"API_REFRESH": "token"}, "Bearer ", 401),
        ({"API_REFRESH": "token"}, f"Bearer {TOKEN}x", 401),
        ({"API_REFRESH": "token"}, f"Basic {TOKEN}", 401),
        ({"API_REFRESH": "token"}, f"bearer {TOKEN}", 200),
    ],
)
async def test_who_may_refresh(open_api_server, settings, sent, status):
    api_server = await open_api_server(API_TOKEN=TOKEN, **settings)
    said = await api_server.ask("/api/refresh", "POST", **({"Authorization": sent} if sent else {}))
    assert said.status == status
    assert api_server.source.readings == (1 if status == 200 else 0)
    assert (said.headers.get("WWW-Authenticate") == "Bearer") is (status == 401)


async def test_last_updated_is_when_today_was_read(api_server):
    assert (await api_server.ask("/api/last-updated")).json == {"last_updated": None}
    await api_server.ask("/api/open-classrooms")
    api_server.clock.forward(minutes=5)
    said = await api_server.ask("/api/last-updated")
    assert said.json == {"last_updated": "2026-03-03T10:00:00-05:00"}


async def test_health_and_readiness(api_server):
    assert (await api_server.ask("/")).json == {"status": "ok"}
    assert (await api_server.ask("/healthz")).json == {"status": "ok"}
    api_server.connect(away_since=api_server.clock())
    said = await api_server.ask("/readyz")
    assert said.status == 503
    assert said.json == {"detail": "nothing is known of today at bu; Discord is not connected"}
    api_server.connect(0)
    await api_server.ask("/api/open-classrooms")
    assert (await api_server.ask("/readyz")).json == {
        "status": "ok",
        "warnings": [],
        "shards": [{"id": 0, "connected": True}],
    }


async def test_readiness_by_shard(api_server):
    await api_server.ask("/api/open-classrooms")
    api_server.connect(0, of=4, complete=False)
    said = await api_server.ask("/readyz")
    told = "Discord: shards 1, 2, 3 of 4 not connected"
    assert (said.status, said.json) == (503, {"detail": told})
    api_server.connect(0, 1, 3, of=4)
    said = await api_server.ask("/readyz")
    assert (said.status, said.json["status"]) == (200, "degraded")
    assert said.json["warnings"] == ["Discord: shard 2 of 4 not connected"]
    assert [each["connected"] for each in said.json["shards"]] == [True, True, False, True]


async def test_liveness_is_lost_when_discord_stays_away(api_server):
    """Neither the data nor the store matter: a restart would bring neither back."""
    assert (await api_server.ask("/livez")).json == {"status": "ok"}
    api_server.connect(away_since=api_server.clock())
    api_server.clock.forward(minutes=4, seconds=59)
    assert (await api_server.ask("/livez")).status == 200
    api_server.clock.forward(seconds=1)
    said = await api_server.ask("/livez")
    assert said.status == 503
    assert said.json == {"detail": "Discord has not been connected for 5 minutes"}


async def test_where_nothing_can_be_read_it_is_said_when_to_ask_again(api_server):
    api_server.source.down = SourceUnavailableError("timed out")
    said = await api_server.ask("/api/open-classrooms")
    assert (said.status, said.headers["Retry-After"]) == (503, "300")
    assert said.json == {"detail": "The bookings cannot be read just now."}


def late_campus():
    rooms = (Room("1", "1", "LIB"),)
    library = Building("LIB", "Library", NEW_YORK, timedelta(hours=7), timedelta(hours=26), rooms)
    other = make_campus()
    return Campus(other.id, other.name, NEW_YORK, other.source, (library, *other.buildings))


async def test_past_midnight_a_building_is_still_in_its_own_day(open_api_server, clock):
    clock.set(at("23:00"))
    api_server = await open_api_server(late_campus())
    api_server.book("1", ("07:00", "22:00"))
    evening = await api_server.ask("/api/open-classrooms")
    [room] = evening.json["buildings"]["LIB"]["classrooms"]
    [slot] = room["availability"]
    # The source tells nothing of what is past midnight, and it is open until two.
    assert (slot["start"], slot["end"], slot["duration_minutes"]) == ("22:00:00", "00:00:00", 120)
    assert room["state"] == "unknown"
    assert evening.headers["Cache-Control"] == "public, max-age=60"
    clock.set(at("01:00", TUESDAY + timedelta(days=1)))
    night = await api_server.ask("/api/open-classrooms")
    [same] = night.json["buildings"]["LIB"]["classrooms"][0]["availability"]
    assert same == slot
    assert int(night.headers["Cache-Control"].partition("=")[2]) <= 3600
    # It ends within the second in which an answer is given as it is.
    clock.set(at("02:00", TUESDAY + timedelta(days=1)) - timedelta(milliseconds=300))
    assert library_slots(await api_server.ask("/api/open-classrooms")) == [slot]
    clock.forward(milliseconds=500)
    assert library_slots(await api_server.ask("/api/open-classrooms")) != [slot]


def library_slots(said):
    [room] = said.json["buildings"]["LIB"]["classrooms"]
    return room["availability"]


async def test_slots_are_cut_inwards_to_whole_minutes(api_server):
    second = timedelta(seconds=1)
    early, late = between("07:00", "09:00"), between("10:30", "23:00")
    api_server.source.bookings["101"] = [
        type(early)(early.start, early.end + second),
        type(late)(late.start - second, late.end),
    ]
    rooms = (await api_server.ask("/api/open-classrooms")).json["buildings"]["CAS"]["classrooms"]
    [slot] = rooms[0]["availability"]
    assert (slot["start"], slot["end"], slot["duration_minutes"]) == ("09:01:00", "10:29:00", 88)


async def test_how_busy_it_gets_is_told_once_there_are_samples(api_server):
    nothing = (await api_server.ask("/api/trends")).json
    assert (nothing["last_hours"], nothing["direction"], nothing["since"]) == ([], None, None)
    await api_server.ask("/api/open-classrooms")
    api_server.book("101", ("11:30", "13:00"))
    for _ in range(36):
        api_server.clock.forward(minutes=5)
        await api_server.coordinator.get_days_at(api_server.clock())
        await api_server.sampler.tick()
    said = await api_server.ask("/api/trends?building=CAS")
    assert said.headers["Cache-Control"] == "public, max-age=60"
    assert (said.json["campus"], said.json["building"]) == ("bu", "CAS")
    assert len(said.json["last_hours"]) == 3
    assert said.json["direction"] in {"rising", "falling", "steady"}
    assert all(each["known"] == 3 for each in said.json["last_hours"])
    assert said.json["usual"] is None
    assert (await api_server.ask("/api/trends?building=XX")).status == 404
