"""From an instance's public lists to a campus file, in one command."""

from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from core.availability.gaps import room_gaps
from core.campus_file.loader import load_campus
from core.model.campus import Campus
from core.sources.live25.config import Live25Settings
from core.sources.registry import create_source
from fakes.live25 import list_responses
from fakes.live25.bookings import SEARCH_ID, Months
from fakes.live25.fault_injection import ResponseFault
from fakes.live25.list_responses import Json, list_of_names
from fakes.live25.server import FakeLive25
from tests import oracle
from tests.cli.conftest import NOW, CompletedCommand, Run
from tests.oracle import Hours, Oracle, RoomName
from tests.recordings import FIRST_DAY, GENERATED, RECORDED, Recording


@dataclass(frozen=True)
class Joined:
    """What is in a list whose names are "CODE number"; `house` is a building of one room."""

    rooms: int
    buildings: int
    practice_and_meeting: int
    house: tuple[str, str, tuple[str, str, int]]


@dataclass(frozen=True)
class Glued:
    """What is in a list of names such as "CODE0123"; `hall` has a code, a name and rooms."""

    rooms: int
    not_counted: int
    buildings: int
    hall: tuple[str, str, int]


JOINED = {
    GENERATED: Joined(91, 21, 9 + 5 + 2 + 1, ("31ASH", "31 Ash Lane", ("1101", "205", 28))),
    RECORDED: Joined(96, 22, 8 + 6 + 1, ("2STIM", "2 Stimson Avenue", ("1173", "111", 30))),
}
GLUED = {
    GENERATED: Glued(176, 16, 24, ("HICK", "Hickory Hall", 5)),
    RECORDED: Glued(241, 18, 44, ("HERT", "Herter Hall", 37)),
}
MONTH = [FIRST_DAY + timedelta(n) for n in range(31)]


Serving = Callable[..., AbstractAsyncContextManager[FakeLive25]]


@pytest.fixture
def serving(recording: Recording) -> Serving:
    """Serve the recording's month, or another campus that borrows it."""

    @asynccontextmanager
    async def serve(
        rooms: Json | None = None, answers: Months | None = None, **but: Any
    ) -> AsyncIterator[FakeLive25]:
        answers = answers or recording.answers()
        async with FakeLive25(answers, **but) as server:
            server.room_list = rooms or list_of_names(answers)
            yield server

    return serve


@pytest.fixture
def borrowing(serving: Serving, recording: Recording) -> Serving:
    """Serve a list whose rooms have the bookings of the month's rooms."""

    def borrow(whole: Json) -> AbstractAsyncContextManager[FakeLive25]:
        rooms = [str(row["contextId"]) for row in whole["rows"]]
        return serving(whole, recording.answers().copied_to(rooms))

    return borrow


def loaded(ended: CompletedCommand, folder: Path) -> Campus:
    """Load what was written, without a hand on it."""
    assert ended.code == 0, ended.err
    path = folder / "campus.toml"
    path.write_text(ended.out, encoding="utf-8")
    return load_campus(str(path))


def source_of(campus: Campus) -> Live25Settings:
    assert isinstance(campus.source, Live25Settings)
    return campus.source


async def read(campus: Campus, days: list[date]) -> Any:
    async with aiohttp.ClientSession() as session:
        source = create_source(campus, session)
        return await source.read(days, at=NOW, progress=lambda *_: None)


def clock(since_midnight: timedelta) -> str:
    minutes = since_midnight // timedelta(minutes=1)
    return f"{minutes // 60:02}:{minutes % 60:02}"


def recorded_hours(recording: Recording, code: str) -> tuple[float, float]:
    """Return the earliest and the latest hour at which a room of a building is not closed."""
    found = set()
    for room, name in recording.names().items():
        for items in recording.items()[room].values() if name.startswith(f"{code} ") else ():
            shut = [(float(i["start"]), float(i["end"])) for i in items if i["type_id"] in {2, 3}]
            found |= {
                half / 2
                for half in range(14, 46)
                if not any(start <= half / 2 < end for start, end in shut)
            }
    return min(found), max(found) + 0.5


async def test_a_month_is_written_in_one_command_and_its_gaps_are_the_oracles(
    run_process, tmp_path, serving, recording
):
    async with serving() as server:
        campus = loaded(await run_process("discover", "25live", server.url, "--all"), tmp_path)
        assert {room.id: room.label for room in campus.rooms} == recording.names()
        assert [each.code for each in campus.buildings] == list(recording.oracle().buildings)
        result = await read(campus, MONTH)
    hours = [
        Hours(
            each.code,
            clock(each.opens),
            clock(each.closes),
            tuple(RoomName(room.id, room.name) for room in each.rooms),
        )
        for each in campus.buildings
    ]
    says = Oracle(oracle.UMD_ZONE, hours, recording.oracle().knowledge)
    compared = 0
    for day in MONTH:
        for building in campus.buildings:
            for room in building.rooms:
                known = result.days[day][room.id]
                gaps = room_gaps(building.window_on(day), known, at_least=timedelta(minutes=28))
                told = [(gap.start, gap.end) for gap in gaps]
                assert told == says.gaps(building.code, room.id, day), (room.label, day)
                compared += len(told)
    assert compared > 1500


async def test_hours_and_zone_are_what_the_record_tells(run, tmp_path, serving, recording):
    async with serving() as server:
        campus = loaded(await run("discover", "25live", server.url), tmp_path)
    assert campus.timezone.key == "America/New_York"
    for building in campus.buildings:
        told = building.opens / timedelta(hours=1), building.closes / timedelta(hours=1)
        assert told == recorded_hours(recording, building.code), building.code


async def test_rooms_that_are_not_used_are_left_out_and_told(run, tmp_path, serving, recording):
    async with serving() as server:
        ended = await run("discover", "25live", server.url)
    campus = loaded(ended, tmp_path)
    left = recording.names().keys() - {room.id for room in campus.rooms}
    unused = [name for name in recording.names().values() if name.endswith("(Not used)")]
    assert [recording.names()[room] for room in left] == unused
    assert len(unused) == 1
    assert "34 of the 35 rooms listed are here; left out: 1 marked not used." in ended.out
    assert "34 rooms chosen; left out: 1 marked not used" in ended.err


async def test_a_glued_list_becomes_a_campus_of_its_classrooms(run, tmp_path, borrowing, recording):
    whole = recording.load_glued()
    async with borrowing(whole) as server:
        ended = await run("discover", "25live", server.url, "--name", "State")
        campus = loaded(ended, tmp_path)
        result = await read(campus, [FIRST_DAY])
        assert server.max_in_flight <= 6
    wanted, empty = {}, 0
    for row in whole["rows"]:
        name, _, categories, _, _, most, default = row["row"]
        if "General Assignment Space" in categories.split(", "):
            seats = most or default
            empty += seats < 2
            if seats > 1:
                wanted[str(row["contextId"])] = (name["itemName"], seats)
    facts = GLUED[recording.name]
    assert (len(wanted), empty) == (facts.rooms, facts.not_counted)
    others = len(whole["rows"]) - len(wanted) - empty
    assert {room.id: room.capacity for room in campus.rooms} == {
        id_: seats for id_, (_, seats) in wanted.items()
    }
    assert f"left out: {others:,} of other categories, {empty} of capacity 0 or 1" in ended.err
    # Put together again, code and number are the name in the list, but for a zero that fills up.
    for room in campus.rooms:
        glued = room.label.replace(" ", "")
        assert wanted[room.id][0] in {glued, f"{room.building}0{room.name}"}
    hall = campus.building(facts.hall[0])
    assert hall
    assert (hall.name, len(hall.rooms)) == facts.hall[1:]
    assert len(campus.buildings) == facts.buildings
    assert len(result.days[FIRST_DAY]) == len(wanted)


async def test_all_rooms_load_too_and_those_of_one_name_carry_their_id(
    run, tmp_path, borrowing, recording
):
    whole = recording.load_glued()
    async with borrowing(whole) as server:
        ended = await run("discover", "25live", server.url, "--all")
    campus = loaded(ended, tmp_path)
    assert len(list(campus.rooms)) == len(whole["rows"])
    names = Counter(str(row["row"][0]["itemName"]).casefold() for row in whole["rows"])
    twice = sum(count for count in names.values() if count > 1)
    assert sum("(id " in room.name for room in campus.rooms) == twice == 8
    assert "8 rooms share a name with another; they carry their id." in ended.out


async def test_a_list_with_an_extra_column_is_read(run, tmp_path, borrowing, recording):
    async with borrowing(recording.load_joined()) as server:
        campus = loaded(await run("discover", "25live", server.url), tmp_path)
    facts = JOINED[recording.name]
    assert (len(list(campus.rooms)), len(campus.buildings)) == (facts.rooms, facts.buildings)
    code, name, room = facts.house
    house = campus.building(code)
    assert house
    assert (house.name, [(r.id, r.name, r.capacity) for r in house.rooms]) == (name, [room])
    assert "IT: Network, Wired" in house.rooms[0].features


async def test_a_category_of_ones_own_may_be_asked_for(run, tmp_path, borrowing, recording):
    async with borrowing(recording.load_joined()) as server:
        wanted = ("--category", "music practice", "--category", "meeting")
        campus = loaded(await run("discover", "25live", server.url, *wanted), tmp_path)
    assert len(list(campus.rooms)) == JOINED[recording.name].practice_and_meeting


async def test_a_saved_search_that_shows_all_rooms_is_the_best_way(run, tmp_path, serving):
    async with serving(searches={"77": "Gone", SEARCH_ID: "All rooms"}) as server:
        campus = loaded(await run("discover", "25live", server.url), tmp_path)
    assert (source_of(campus).strategy, source_of(campus).search_id) == ("search", SEARCH_ID)


async def test_a_search_that_lacks_a_room_is_not_chosen(run, tmp_path, serving, recording):
    answers = recording.answers()
    rooms = list_of_names(answers)
    rooms["rows"].append({"contextId": 9, "row": [{"itemId": 9, "itemName": "ATL 9"}]})
    async with serving(rooms, answers, searches={SEARCH_ID: "Most rooms"}) as server:
        campus = loaded(await run("discover", "25live", server.url), tmp_path)
    assert source_of(campus).strategy != "search"


@pytest.mark.parametrize("fault", [ResponseFault("html"), ResponseFault("no items")])
async def test_rooms_are_asked_one_by_one_where_reservations_are_not_shown(
    run, tmp_path, fault, serving
):
    async with serving(endpoint_faults={"rm_reservations.json": fault}) as server:
        zone = ("--timezone", "America/New_York")
        campus = loaded(await run("discover", "25live", server.url, *zone), tmp_path)
    assert source_of(campus).strategy == "rooms"


async def test_reservations_that_hide_a_booking_are_not_chosen(run, tmp_path, serving, recording):
    answers = recording.answers()
    lecture = next(i for i in answers["1127"]["subjects"][0]["items"] if i["type_id"] == 1)
    # Cancelled by what the reservations say; the grid shows it all the same.
    lecture["reservation_state"] = 99
    async with serving(None, answers) as server:
        ended = await run("discover", "25live", server.url)
    assert source_of(loaded(ended, tmp_path)).strategy == "rooms"
    assert "reservations do not show all that the grid shows" in ended.out


async def test_listed_hours_count_more_than_what_is_closed(run, tmp_path, serving):
    async with serving(opening_hours={"1127": [("06:30:00", "23:30:00")]}) as server:
        campus = loaded(await run("discover", "25live", server.url), tmp_path)
    told = {each.code: (clock(each.opens), clock(each.closes)) for each in campus.buildings}
    assert told["ATL"] == ("06:30", "23:30")
    assert told["NL"] == ("08:00", "21:00")


async def test_hours_by_weekday_go_into_the_file(run, tmp_path, serving):
    week = [(name, "07:00:00", "22:00:00") for name in ("Mon", "Tue", "Wed", "Thu", "Fri")]
    week += [("Sat", "09:00:00", "18:00:00"), ("Sun", "00:00:00", "00:00:00")]
    async with serving(opening_hours={"1127": week}) as server:
        ended = await run("discover", "25live", server.url)
    assert ended.out.count("[buildings.hours]") == 1
    campus = loaded(ended, tmp_path)
    building = next(each for each in campus.buildings if any(r.id == "1127" for r in each.rooms))
    saturday, sunday = building.hours.at(5), building.hours.at(6)
    assert saturday is not None
    assert (saturday.opens, saturday.closes) == (timedelta(hours=9), timedelta(hours=18))
    assert sunday is None


async def test_hours_that_nobody_tells_are_said_to_be_so(run, tmp_path, serving, recording):
    answers = recording.answers()
    for answer in answers.values():
        for subject in answer["subjects"]:
            subject["items"] = [item for item in subject["items"] if item["type_id"] == 1]
    async with serving(None, answers) as server:
        ended = await run("discover", "25live", server.url)
    campus = loaded(ended, tmp_path)
    assert {(clock(b.opens), clock(b.closes)) for b in campus.buildings} == {("07:00", "23:00")}
    assert ended.out.count("# Not told; please set the hours") == len(campus.buildings)


async def test_rooms_that_cannot_be_read_are_told(run, tmp_path, serving):
    async with serving(room_faults={"1127": ResponseFault(status=403)}) as server:
        ended = await run("discover", "25live", server.url, *ZONE)
    loaded(ended, tmp_path)
    assert "looked at some could not be read: refused 403 1." in ended.out


async def test_what_the_operator_says_is_written_as_said(run, tmp_path, serving):
    said = ("--id", "terps", "--name", 'Mary "Land" ✓', "--timezone", "America/Chicago")
    async with serving() as server:
        ended = await run("discover", "25live", server.url, *said)
    campus = loaded(ended, tmp_path)
    assert (campus.id, campus.name) == ("terps", 'Mary "Land" ✓')
    assert campus.timezone.key == "America/Chicago"
    assert "Guessed" not in ended.out
    assert "--name" not in ended.out


async def test_another_day_may_be_looked_at(run, tmp_path, serving, recording):
    async with serving(None, recording.answers(first_day=date(2025, 2, 3))) as server:
        assert (await run("discover", "25live", server.url)).code == 1
        loaded(await run("discover", "25live", server.url, "--day", "2025-02-03"), tmp_path)


async def test_it_is_polite(run, serving):
    async with serving(latency=0.05) as server:
        assert (await run("discover", "25live", server.url)).code == 0
        assert server.max_in_flight <= 4
        assert len(server.user_agents) == 1
        assert next(iter(server.user_agents)).startswith("EmptyClassroom-Discord/")
        assert server.request_count < 40


GATED = {
    "availabilitydata.json": ResponseFault("no items"),
    "rm_reservations.json": ResponseFault("no items"),
}
LATER = ResponseFault(status=429, headers=(("Retry-After", "7200"),))
ZONE = ("--timezone", "America/New_York")


@pytest.mark.parametrize(
    ("but", "sentence"),
    [
        ({"fault": ResponseFault(status=404)}, "there is no 25Live instance at {url} (not found)"),
        (
            {"fault": ResponseFault("html")},
            "{url} does not show its rooms to strangers (login page)",
        ),
        ({"fault": LATER}, "{url} does not answer (rate limited)"),
        (
            {"fault": ResponseFault("blank")},
            "{url} answers something that is no list of rooms (no data)",
        ),
        (
            {"endpoint_faults": GATED},
            "{url} shows its rooms to strangers, but not their bookings (empty for everybody)",
        ),
        (
            {"endpoint_faults": dict.fromkeys(GATED, ResponseFault("html"))},
            "{url} shows its rooms to strangers, but not their bookings (login page)",
        ),
    ],
)
async def test_an_instance_that_shows_nothing_ends_it_with_one_sentence(
    run, but, sentence, serving
):
    async with serving(**but) as server:
        ended = await run("discover", "25live", server.url, *ZONE)
    assert (ended.code, ended.out) == (1, "")
    assert ended.last_line == sentence.format(url=server.url)


async def test_an_empty_instance_is_said_to_be_empty(run, serving):
    async with serving(list_responses.NO_LIST) as server:
        ended = await run("discover", "25live", server.url)
    assert (ended.code, ended.out) == (1, "")
    assert "its list of rooms is empty for strangers" in ended.last_line


async def test_the_time_zone_has_to_be_given_where_no_booking_tells(run, serving):
    async with serving(endpoint_faults={"rm_reservations.json": ResponseFault("html")}) as server:
        ended = await run("discover", "25live", server.url)
    assert (ended.code, ended.out) == (1, "")
    assert ended.last_line == (
        "no booking says in which time zone the campus is; "
        'give it, such as --timezone "America/New_York"'
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ["discover"],
        ["discover", "ical", "umd"],
        ["discover", "25live", "umd", "--timezone", "Mars/Base"],
        ["discover", "25live", "umd", "--day", "tomorrow"],
        ["discover", "25live", "umd", "--id", "Much Too Long And Spaced"],
        ["discover", "25live", "umd", "--name", " "],
        ["check", "bu", "--date", "soon"],
    ],
)
async def test_what_is_not_understood_ends_it_with_two(run: Run, arguments):
    ended = await run(*arguments)
    assert (ended.code, ended.out) == (2, "")
    assert "usage: python bot.py" in ended.err


@pytest.mark.parametrize("arguments", [["--help"], ["discover", "--help"], ["check", "--help"]])
async def test_help_is_given(run: Run, arguments):
    ended = await run(*arguments)
    assert ended.code == 0
    assert "usage: python bot.py" in ended.out


async def test_what_is_no_instance_is_refused(run: Run):
    ended = await run("discover", "25live", "https://example.edu/rooms")
    assert (ended.code, ended.out) == (1, "")
    assert "does not end in /run" in ended.err
