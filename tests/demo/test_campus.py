"""The demo campus: what it generates, how it tells it, and what the bot makes of it."""

import json
import os
import subprocess
import sys
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import aiohttp
import pytest

from core.availability.gaps import room_gaps
from core.campus_file.loader import load_campus
from core.errors import SourceUnavailableError
from core.sources.http_policy import HttpPolicy
from core.sources.registry import create_source
from demo.campus import demo_live25, write_campus_file
from demo.campus.bookings import DAY, BookingKind, at
from demo.campus.buildings import BUILDINGS, RoomUse, all_rooms
from demo.campus.closures import closures_on, is_founders_day
from demo.campus.day_bookings import SEED, bookings_on, visible_bookings
from demo.campus.live25_json import decimal_hours, room_subjects, sniff_number
from demo.campus.planned_closures import is_exam_day, is_holiday
from demo.campus.server import BROKEN_ROOM, FORBIDDEN_ROOM, SEARCH_ID
from demo.campus.weekly_classes import classes_on
from fakes.live25.booking_responses import month_days

ROOT = Path(__file__).parents[2]
ZONE = ZoneInfo("America/New_York")
MONDAY = date(2026, 10, 5)
WEEK = [MONDAY + number * DAY for number in range(7)]
MINUTE = timedelta(minutes=1)
HOUSE = {house.code: house for house in BUILDINGS}
CLASSROOMS = [(h, p) for h, p in all_rooms() if p.use is RoomUse.CLASSROOM]


def test_it_has_eight_buildings_and_120_rooms(tmp_path):
    write_campus_file(tmp_path / "demo.toml", "http://127.0.0.1:1/run", MONDAY)
    campus = load_campus(str(tmp_path / "demo.toml"))
    assert (campus.id, len(campus.buildings), len(list(campus.rooms))) == ("demo", 8, 120)
    assert campus.timezone == ZONE
    hours = {b.code: (b.opens, b.closes) for b in campus.buildings}
    assert hours["ALD"] == (at(7), at(22))
    assert hours["FOS"] == (at(8), at(26))
    assert hours["HUB"] == (at(0), at(24))
    assert any(room.capacity is None for room in campus.rooms)
    assert all(room.features for room in campus.rooms)


def test_it_is_the_same_in_every_process():
    program = (
        "from datetime import date; from demo.campus.buildings import all_rooms;"
        "from demo.campus.server import DemoBookings; import json;"
        "days = date(2026, 10, 5), date(2026, 11, 5);"
        "print(json.dumps([DemoBookings().subjects(str(r.id), *days) for _, r in all_rooms()]))"
    )
    said = [
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
            capture_output=True,
            check=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))
    ]
    assert said[0] == said[1]
    assert len(said[0]) > 1_000_000


def test_another_seed_is_another_campus():
    house, place = CLASSROOMS[0]
    assert [bookings_on(house, place, day, seed=SEED) for day in WEEK] != [
        bookings_on(house, place, day, seed="another") for day in WEEK
    ]


@pytest.mark.parametrize("weekdays", [(0, 2, 4), (1, 3)])
def test_day_classes_keep_to_their_pattern(weekdays):
    for house, place in CLASSROOMS:
        first, *others = (
            [c for c in classes_on(SEED, house, place, WEEK[n]) if c.occupied.start < at(18)]
            for n in weekdays
        )
        assert all(other == first for other in others)
        minutes = {(c.occupied.end - c.occupied.start) // MINUTE for c in first}
        assert minutes <= ({50} if 0 in weekdays else {80})


def test_ten_minutes_are_left_between_classes():
    pauses = Counter(
        later.occupied.start - earlier.occupied.end
        for house, place in CLASSROOMS
        for day in WEEK
        for earlier, later in pairwise(classes_on(SEED, house, place, day))
    )
    assert min(pauses) == 10 * MINUTE
    assert pauses[10 * MINUTE] > 200


def test_a_room_is_never_booked_twice_nor_outside_its_hours():
    for house, place in all_rooms():
        for day in month_days(MONDAY):
            found = [booking.occupied for booking in bookings_on(house, place, day)]
            assert all(not a.overlaps(b) for a, b in pairwise(found))
            hours = house.hours(day)
            assert all(hours and hours.contains(each) for each in found)


def test_it_has_all_that_a_real_campus_has():
    found = [
        booking
        for house, place in all_rooms()
        for day in month_days(MONDAY)
        for booking in bookings_on(house, place, day)
    ]
    assert {len(each.names) for each in found} == {1, 2, 3}
    assert sum(each.is_private for each in found) > 100
    assert any(each.is_tentative for each in found)
    assert any(each.occupied.start < each.event_time.start for each in found)
    assert any(each.occupied.end > each.event_time.end for each in found)
    assert any(each.occupied.start < DAY < each.occupied.end for each in found)
    assert sum(each.occupied.start >= at(18) for each in found) > 200


def test_closed_hours_are_all_but_the_opening_hours():
    def closed(code, day):
        return [(each.occupied.start, each.occupied.end) for each in closures_on(HOUSE[code], day)]

    saturday = WEEK[5]
    assert closed("DUN", MONDAY) == [(at(0), at(7, 30)), (at(21, 30), at(24))]
    assert closed("DUN", saturday) == [(at(0), at(24))]
    assert closed("FOS", WEEK[1]) == [(at(2), at(8))]
    assert closed("FOS", saturday) == [(at(0), at(10)), (at(22), at(24))]
    assert all(closed("HUB", day) == [] for day in WEEK)


def test_founders_day_shuts_all_but_two_buildings():
    day = date(2026, 10, 9)
    assert [each for each in month_days(MONDAY) if is_founders_day(each)] == [day]
    shut = {
        h.code for h in BUILDINGS for c in closures_on(h, day) if c.kind is BookingKind.BLACKOUT
    }
    assert shut == HOUSE.keys() - {"FOS", "HUB"}


@pytest.mark.parametrize(
    ("since_midnight", "written"),
    [
        (at(10, 30), "10.500000"),
        (at(9), "9.000000"),
        (at(13, 50), 13.833333),
        (at(10, 40), 10.666666),
        (at(9, 5), 9.083333),
        (at(24), "24.000000"),
        (at(0), "0.000000"),
    ],
)
def test_hours_are_cut_at_six_decimals_and_a_number_only_without_a_zero_at_the_end(
    since_midnight, written
):
    assert decimal_hours(since_midnight) == written
    assert json.loads(json.dumps(written)) == written


@pytest.mark.parametrize(
    ("text", "told"), [("1984", 1984), ("007", "007"), ("CSCI 101", "CSCI 101"), ("nan", "nan")]
)
def test_names_that_read_as_numbers_become_numbers(text, told):
    assert sniff_number(text) == told


def all_items():
    for house, place in all_rooms():
        for subject in room_subjects(house, place, month_days(MONDAY)):
            for item in subject["items"]:
                yield subject, item


def test_items_are_as_25live_tells_them():
    kinds: Counter[int] = Counter()
    for _, item in all_items():
        kinds[item["type_id"]] += 1
        assert 0 <= float(item["start"]) < float(item["end"]) <= 24
        assert len(str(item["itemName"])) <= 40
        if item["itemName"] in {"(Private)", "Closed"}:
            assert (item["itemId"], item["itemId2"]) == (0, 0)
        elif item["type_id"] == 1:
            assert item["itemId"]
            assert item["itemId2"]
            assert float(item["start"]) <= float(item["ev_start_time"])
    assert kinds[1] > 10_000
    assert kinds[2] > 80
    assert kinds[3] > 4_000
    assert {1984, "(Private)", "Guest Lecture: The Long History of Short"} <= {
        item["itemName"] for _, item in all_items()
    }


def test_shared_rooms_have_items_with_equal_times_and_some_days_are_unsorted():
    shared = unsorted = 0
    for house, place in all_rooms():
        for subject in room_subjects(house, place, month_days(MONDAY)):
            times = [(float(i["start"]), float(i["end"])) for i in subject["items"]]
            shared += len(times) - len(set(times))
            unsorted += times[: len(times) - 2] != sorted(times[: len(times) - 2])
    assert shared > 100
    assert unsorted > 10


@pytest.mark.parametrize(
    ("first", "days"),
    [(date(2026, 1, 31), 29), (date(2028, 1, 30), 31), (date(2026, 10, 5), 32)],
)
def test_a_month_ends_on_the_same_day_of_the_next_one(first, days):
    assert len(month_days(first)) == days


@pytest.fixture
async def demo():
    async with demo_live25() as opened:
        yield opened


async def reading(demo, folder, days, way='read = "rooms"'):
    path = folder / "demo.toml"
    write_campus_file(path, demo.url, MONDAY)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('read = "rooms"', way), encoding="utf-8")
    campus = load_campus(str(path))
    async with aiohttp.ClientSession() as session:
        source = create_source(campus, session, HttpPolicy(max_attempts=1))
        now = datetime.now(UTC)
        return campus, await source.read(days, at=now, progress=lambda _done, _of: None)


def free_by_the_generator(house, place, day):
    """Work out when a room is free in the opening hours that begin on `day`, anew and in UTC."""
    hours = house.hours(day)
    if hours is None or (house.observes_blackouts and is_founders_day(day)):
        # Founders' Day ends at 23:00, and no building that observes it is open for longer.
        return []
    edge, free = hours.start, []
    for booking in bookings_on(house, place, day):
        if booking.occupied.start > edge:
            free.append((edge, booking.occupied.start))
        edge = max(edge, booking.occupied.end)
    if edge < hours.end:
        free.append((edge, hours.end))
    midnight = datetime.combine(day, time())
    return [
        tuple((midnight + each).replace(tzinfo=ZONE).astimezone(UTC) for each in part)
        for part in free
    ]


def is_sound(house, day):
    """Tell whether no clock changes within the hours of a building."""

    def changes(on):
        offsets = {datetime.combine(on + n * DAY, time(), ZONE).utcoffset() for n in (0, 1)}
        return len(offsets) == 2

    hours = house.hours(day)
    if hours is None:
        return True
    return not (changes(day) and hours.start < at(3)) and not (
        changes(day + DAY) and hours.end > DAY
    )


@pytest.mark.parametrize(
    "first", [date(2026, 10, 5), date(2026, 2, 27), date(2026, 10, 30), date(2031, 7, 14)]
)
async def test_the_bot_reads_what_was_generated(demo, tmp_path, first):
    days = [first + number * DAY for number in range(28)]
    campus, result = await reading(demo, tmp_path, days)
    seen = 0
    for house, place in all_rooms():
        if place.label in {BROKEN_ROOM, FORBIDDEN_ROOM}:
            continue
        building = campus.building(house.code)
        for day in days:
            if not is_sound(house, day):
                continue
            known = result.days[day][str(place.id)]
            gaps = room_gaps(building.window_on(day), known, at_least=MINUTE)
            read = [(gap.start, gap.end) for gap in gaps]
            assert read == free_by_the_generator(house, place, day), (place, day)
            seen += len(gaps)
    assert seen > 8000


async def test_two_rooms_are_unknown_for_reasons_of_their_own(demo, tmp_path):
    _, result = await reading(demo, tmp_path, WEEK)
    unknown = {p.label: p.id for _, p in all_rooms() if p.label in {BROKEN_ROOM, FORBIDDEN_ROOM}}
    for day in WEEK:
        failures = {room: err.kind for room, err in result.failures[day].items()}
        assert failures == {
            str(unknown[BROKEN_ROOM]): "error document",
            str(unknown[FORBIDDEN_ROOM]): "refused 403",
        }
        assert not result.days[day].keys() & failures.keys()


async def test_the_saved_search_tells_the_same(demo, tmp_path):
    _, by_room = await reading(demo, tmp_path, WEEK[:2])
    search = f'read = "search"\nsearch_id = {SEARCH_ID}'
    _, by_search = await reading(demo, tmp_path, WEEK[:2], search)
    for day in WEEK[:2]:
        assert by_room.days[day].keys() == by_search.days[day].keys()
        for room, known in by_room.days[day].items():
            assert set(known.bookings) == set(by_search.days[day][room].bookings)


async def test_pages_of_the_search_add_up(demo):
    async with aiohttp.ClientSession() as session:
        found = []
        for page in (1, 2, 3):
            query = {
                "comptype": "availability",
                "start_dt": "2026-10-05",
                "spaces_query_id": SEARCH_ID,
                "page_size": "50",
                "page": str(page),
            }
            url = f"{demo.url}/availability/availabilitydata.json"
            answer = await (await session.get(url, params=query)).json()
            assert answer["page_count"] == 3
            found += [subject["itemId"] for subject in answer["subjects"]]
    assert len(set(found)) == len(found) == 118


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"comptype": "availability_daily", "start_dt": "2026-10-05", "space_id": "1"}, 200),
        ({"comptype": "availability_daily", "start_dt": "soon", "space_id": "2101"}, 400),
        ({"comptype": "availability_daily", "start_dt": "2026-10-05"}, 400),
        (
            {"comptype": "availability", "start_dt": "2026-10-05", "spaces_query_id": "7"},
            200,
        ),
    ],
)
async def test_what_is_not_there_has_no_subjects(demo, query, status):
    url = f"{demo.url}/availability/availabilitydata.json"
    async with aiohttp.ClientSession() as session, session.get(url, params=query) as answer:
        assert answer.status == status
        assert status != 200 or "subjects" not in await answer.json()


async def test_it_can_be_taken_away_and_comes_back_at_its_port(demo, tmp_path):
    url = demo.url
    await demo.stop()
    await demo.stop()
    with pytest.raises(SourceUnavailableError):
        await reading(demo, tmp_path, WEEK[:1])
    await demo.start()
    await demo.start()
    assert demo.url == url
    _, result = await reading(demo, tmp_path, WEEK[:1])
    assert len(result.days[MONDAY]) == 118


async def test_a_port_that_somebody_took_is_told(demo):
    await demo.stop()
    other = demo_live25()
    other.port = demo.port
    async with other:
        with pytest.raises(OSError, match="address already in use"):
            await demo.start()
        assert not demo.is_running
    await demo.start()
    assert demo.is_running


def test_what_was_told_of_a_day_lies_between_its_midnights():
    for house, place in all_rooms():
        for day in WEEK:
            for each in visible_bookings(house, place, day):
                assert timedelta() <= each.occupied.start < each.occupied.end <= DAY


def test_a_saturday_a_holiday_and_an_exam_day_are_in_its_file(tmp_path):
    write_campus_file(tmp_path / "demo.toml", "http://127.0.0.1:1/run", MONDAY)
    campus = load_campus(str(tmp_path / "demo.toml"))

    def open_at(day, hour):
        moment = datetime.combine(day, time(hour), ZONE).astimezone(UTC)
        return {each.code for each in campus.buildings if each.is_open_at(moment)}

    days = [MONDAY + number * DAY for number in range(60)]
    holiday, exams = (next(filter(kind, days)) for kind in (is_holiday, is_exam_day))
    ordinary = {each.code for each in campus.buildings}
    assert open_at(MONDAY, 11) == ordinary
    assert open_at(MONDAY + 5 * DAY, 11) == ordinary - {"DUN"}
    assert open_at(holiday, 11) == {"FOS", "HUB"}
    assert open_at(exams, 11) == ordinary - {"ALD", "BEC", "DUN"}
    assert open_at(exams, 19) == ordinary
    beckett = next(each for each in campus.buildings if each.code == "BEC")
    noon = datetime.combine(exams, time(12), ZONE).astimezone(UTC)
    assert beckett.closed_reason_at(noon) == "Exams"
