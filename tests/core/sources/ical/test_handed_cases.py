"""Calendars that once were read as free rooms, or that blinded a room: the recorded cases.

A plain clone has none of them; `test_local_time`, `test_uncertain_times`, `test_shared_feed`
and `test_source` hold the same kinds as small calendars of their own.
"""

import tomllib
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.errors import SourceError
from core.model.calendar import local_to_utc
from core.sources.ical.config import IcalSettings
from core.sources.ical.parser import parse_feed
from core.sources.ical.parser_protocol import ParseJob, RoomNames
from tests.core.sources.ical.ical_campus import Reader, campus_of, kinds
from tests.core.sources.ical.parsing import parse_single_room
from tests.recordings import NO_SHARED, SHARED

CASES = SHARED / "ical/cases"
TRUMBA = SHARED / "sources/25live"

BOOKED, UNKNOWN, EITHER = "booked", "unknown", "booked or unknown"
# By case and room: the hours of the case's day on campus, and how they are shown.
EXPECTED: dict[str, dict[str, dict[tuple[float, float], str]]] = {
    "attendee-room": {"a": {(14, 15): BOOKED, (16, 17): BOOKED}},
    "bare-room-name": {
        "r116": {(10, 11): UNKNOWN, (14, 15): UNKNOWN, (16, 17): UNKNOWN},
        "r118": {(14, 15): UNKNOWN, (16, 17): UNKNOWN},
    },
    "exchange-display-name": {"": {}},
    "exdate-and-override": {"": {(14, 15): EITHER}},
    "exdate-empty": {"": {(10, 11): BOOKED}},
    "impossible-date-long-ago": {"": {(10, 11): BOOKED}},
    "old-series-bad-override": {"": {(10, 11): BOOKED}},
    "timeedit-lokal": {room: {(9, 10.75): EITHER, (13.25, 15): EITHER} for room in ("hb4", "hc1")},
    "transparent-lectures": {"": {(10, 11.75): EITHER, (14, 15.75): EITHER}},
    "tzid-colon-unquoted": {"": {(10, 11): BOOKED}},
    "tzid-with-z": {"": {(10, 11): EITHER, (14, 15): UNKNOWN}},
}

needs_cases = pytest.mark.skipif(not CASES.is_dir(), reason=NO_SHARED)
pytestmark = pytest.mark.recorded


@needs_cases
@pytest.mark.parametrize("name", EXPECTED)
def test_a_recorded_case_has_the_right_hours(name):
    text = (CASES / f"{name}.txt").read_text(encoding="utf-8")
    campus = tomllib.loads(text.partition("--- campus toml")[2].partition("--- date")[0])
    day = date.fromisoformat(text.partition("--- date")[2].split()[0])
    zone = ZoneInfo(campus["timezone"])
    told = parse_feed(_job(campus, day), (CASES / f"{name}.ics").read_bytes())
    for room, hours in EXPECTED[name].items():
        for quarter in range(96):
            moment = local_to_utc(day, timedelta(minutes=15 * quarter), zone)
            hour = quarter / 4
            expected = next((each for (a, b), each in hours.items() if a <= hour < b), "free")
            assert _state(told, room, moment) in expected, (room, moment.astimezone(zone))


@needs_cases
@pytest.mark.parametrize("name", ["empty-vcalendar", "empty-vcalendar-alone"])
def test_a_recorded_empty_feed_has_no_event(name):
    assert parse_single_room((CASES / f"{name}.ics").read_bytes()).event_count == 0


@needs_cases
@pytest.mark.parametrize("name", ["empty-vcalendar", "empty-vcalendar-alone"])
@pytest.mark.parametrize("full_rooms", [0, 5])
async def test_a_recorded_empty_feed_is_unknown_alone_and_beside_full_rooms(
    reader: Reader, name, full_rooms
):
    day = date(2026, 3, 10)
    rooms = {f"r{n}": "full" for n in range(1, full_rooms + 1)} | {f"r{full_rooms + 1}": name}
    for room, case in rooms.items():
        reader.server.feeds[f"{room}.ics"] = (CASES / f"{case}.ics").read_bytes()
    source = reader.per_room(len(rooms))
    if not full_rooms:
        with pytest.raises(SourceError):
            await reader.read(source, [day])
        return
    result = await reader.read(source, [day])
    assert result.days[day].keys() == {room for room, case in rooms.items() if case == "full"}
    assert kinds(result, day).keys() == {f"r{len(rooms)}"}
    assert all(room.bookings for room in result.days[day].values())


@needs_cases
async def test_beyond_a_recorded_horizon_all_is_unknown(reader: Reader):
    reader.server.feeds["all.ics"] = (CASES / "ical-horizon.ics").read_bytes()
    feeds = {"r1": reader.server.url("all.ics")}
    days = [date(2026, 3, 3) + timedelta(n) for n in range(10)]
    result = await reader.read(reader.open(campus_of(IcalSettings(feeds=feeds))), days)
    assert [day for day in days if "r1" in result.days[day]] == days[:6]


def test_every_recorded_case_is_a_test():
    apart = {"full", "empty-vcalendar", "empty-vcalendar-alone", "ical-horizon"}
    apart |= {"ical-cut-location", "ical-entity-location"}
    found = {each.stem for each in CASES.glob("*.ics")}
    assert found <= EXPECTED.keys() | apart


@needs_cases
def test_a_recorded_horizon_is_read():
    told = parse_single_room((CASES / "ical-horizon.ics").read_bytes())
    assert told.first is not None
    assert told.last is not None
    first, last = (
        datetime.fromtimestamp(each, ZoneInfo("America/New_York"))
        for each in (told.first, told.last)
    )
    assert (first.date(), last.date()) == (date(2026, 3, 2), date(2026, 3, 9))


@needs_cases
def test_a_recorded_cut_list_puts_the_other_rooms_in_doubt():
    rooms = [RoomNames(str(each), "ELM", "Elm Hall", str(each)) for each in range(101, 110)]
    told = _march(rooms, "ical-cut-location")
    noon = datetime(2026, 3, 3, 12, tzinfo=ZoneInfo("America/New_York"))
    states = {room.room_id: _state(told, room.room_id, noon) for room in rooms}
    assert states == dict.fromkeys(map(str, range(103, 110)), UNKNOWN) | {
        "101": BOOKED,
        "102": BOOKED,
    }


@needs_cases
def test_a_recorded_entity_is_the_letter_that_it_stands_for():
    told = _march(
        [RoomNames("arena", "RC", "Ryder Center", "O'Neill Arena")], "ical-entity-location"
    )
    noon = datetime(2026, 3, 3, 12, tzinfo=ZoneInfo("America/New_York"))
    assert _state(told, "arena", noon) == BOOKED


@pytest.mark.skipif(not TRUMBA.is_dir(), reason=NO_SHARED)
@pytest.mark.parametrize(
    ("name", "zone"),
    [("svsu.2023-03", "America/New_York"), ("spscc.2023-05", "America/Los_Angeles")],
)
def test_a_recorded_university_calendar_is_read_and_its_cut_lists_are_in_doubt(name, zone):
    body = (TRUMBA / f"{name}.trumba.ics").read_bytes()
    rooms = (
        RoomNames("named", "CH", "Curtiss Hall", "204"),
        RoomNames("never", "XX", "No Such Hall", "999"),
    )
    first, last = (
        int(datetime(2023, month, 1, tzinfo=ZoneInfo(zone)).timestamp()) for month in (3, 9)
    )
    told = parse_feed(ParseJob(zone, first, last, "contains", rooms), body)
    cut = body.replace(b"\r\n ", b"").count(b"&#8230")
    assert told.event_count == body.count(b"BEGIN:VEVENT")
    assert bool(told.uncertain.get("never")) == bool(cut)


def _march(rooms, name):
    first, last = (
        int(datetime(2026, 3, day, tzinfo=ZoneInfo("America/New_York")).timestamp())
        for day in (1, 10)
    )
    job = ParseJob("America/New_York", first, last, "exact", tuple(rooms))
    return parse_feed(job, (CASES / f"{name}.ics").read_bytes())


def _job(campus, day):
    zone = ZoneInfo(campus["timezone"])
    start, end = (
        int(local_to_utc(each, timedelta(), zone).timestamp()) for each in (day, day + timedelta(1))
    )
    rooms = tuple(
        RoomNames(room["id"], building["code"], building["name"], room["name"])
        for building in campus["buildings"]
        for room in building["rooms"]
        if "url" in campus["source"]
    )
    return ParseJob(zone.key, start, end, campus["source"].get("match", "exact"), rooms)


def _state(told, room, moment):
    def covers(times):
        bounds = times.get(room, [])
        pairs = zip(bounds[::2], bounds[1::2], strict=True)
        return any(start <= moment.timestamp() < end for start, end in pairs)

    if covers(told.uncertain):
        return UNKNOWN
    return BOOKED if covers(told.bookings) else "free"
