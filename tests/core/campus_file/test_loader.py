import json
import math
from copy import deepcopy
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.campus_file.loader import CAMPUS_FOLDER, load_campus, natural_sort_key
from core.errors import SettingsError
from core.model.campus import Campus, Room
from core.sources.ical.config import IcalSettings
from core.sources.live25.config import Live25Settings
from tests import oracle
from tests.e2e.environment import write_campus
from tests.recordings import GENERATED, Recording

HOUR = timedelta(hours=1)
MISSING = object()

VALID: dict[str, Any] = {
    "id": "test-1",
    "name": "Test University",
    "timezone": "America/New_York",
    "source": {"kind": "25live", "url": "https://example.org/run/", "read": "rooms"},
    "buildings": [
        {
            "code": "CAS",
            "name": "Arts",
            "opens": "07:00",
            "closes": "23:00",
            "rooms": [
                {"id": "342", "name": "201", "capacity": 40, "features": ["Projector"]},
                {"id": 344, "name": "116"},
            ],
        },
        {
            "code": "CGS",
            "name": "Studies",
            "opens": "07:00",
            "closes": "21:30",
            "rooms": [{"id": "719", "name": "129"}],
        },
    ],
}


def toml(value):
    """A value as TOML writes it inline."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{toml(str(k))} = {toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(toml(each) for each in value) + "]"
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")


def document(raw):
    return "".join(f"{toml(str(key))} = {toml(value)}\n" for key, value in raw.items())


def load(folder, raw):
    """The campus of a file that says so; text is written as it is."""
    path = folder / "campus.toml"
    path.write_text(raw if isinstance(raw, str) else document(raw), encoding="utf-8")
    return load_campus(str(path))


def changed(*changes):
    """The valid file with some values replaced, as (path, value) pairs."""
    raw = deepcopy(VALID)
    for path, value in changes:
        put(raw, path, value)
    return raw


def put(raw, path, value):
    *above, key = [int(part) if part.isdecimal() else part for part in path.split(".")]
    for part in above:
        raw = raw[part]
    if value is MISSING:
        del raw[key]
    else:
        raw[key] = value


def faults(folder, raw):
    """The faults that a file has, each without the file's name in front."""
    with pytest.raises(SettingsError) as caught:
        load(folder, raw)
    start = f"{folder / 'campus.toml'}: "
    assert all(each.startswith(start) for each in caught.value.issues)
    return [each.removeprefix(start) for each in caught.value.issues]


def test_file_is_read_as_it_says(tmp_path):
    campus = load(tmp_path, VALID)
    assert (campus.id, campus.name) == ("test-1", "Test University")
    assert campus.timezone == ZoneInfo("America/New_York")
    source = campus.source
    assert isinstance(source, Live25Settings)
    assert (source.url, source.strategy) == ("https://example.org/run", "rooms")
    assert (source.search_id, source.concurrency) == (None, 6)
    cas, cgs = campus.buildings
    assert (cas.code, cas.name, cas.opens, cas.closes) == ("CAS", "Arts", 7 * HOUR, 23 * HOUR)
    assert cgs.closes == 21.5 * HOUR
    assert cas.rooms == (
        Room("344", "116", "CAS"),
        Room("342", "201", "CAS", 40, ("Projector",)),
    )


def test_file_may_be_written_in_tables(tmp_path):
    text = """
        id = "bu"
        name = "Boston University"
        timezone = "America/New_York"
        [source]
        kind = "25live"
        url = "http://127.0.0.1:8080/run"
        read = "search"
        search_id = 2195
        concurrency = 3
        [[buildings]]
        code = "CAS"
        name = "Arts"
        opens = "07:00"
        closes = "02:00"
        rooms = [ { id = 342, name = "116" } ]
    """
    campus = load(tmp_path, text)
    assert isinstance(campus.source, Live25Settings)
    assert (campus.source.search_id, campus.source.concurrency) == ("2195", 3)
    assert campus.buildings[0].closes == 26 * HOUR


@pytest.mark.parametrize(
    ("opens", "closes", "hours"),
    [
        ("07:00", "24:00", (7, 24)),
        ("00:00", "24:00", (0, 24)),
        ("07:00", "00:00", (7, 24)),
        ("07:00", "02:00", (7, 26)),
        ("07:00", "07:00", (7, 31)),
        ("00:00", "00:00", (0, 24)),
        ("07:30", "21:45", (7.5, 21.75)),
    ],
)
def test_closing_may_be_at_midnight_or_past_it(tmp_path, opens, closes, hours):
    raw = changed(("buildings.0.opens", opens), ("buildings.0.closes", closes))
    building = load(tmp_path, raw).buildings[0]
    assert (building.opens / HOUR, building.closes / HOUR) == hours


def test_every_hours_that_a_file_may_give_are_hours_on_every_day(tmp_path):
    """Hours that lie where the clocks skip are refused, or are hours all the same."""
    for opens, closes in [("02:00", "03:00"), ("02:30", "03:15"), ("01:59", "02:01")]:
        raw = changed(("buildings.0.opens", opens), ("buildings.0.closes", closes))
        try:
            building = load(tmp_path, raw).buildings[0]
        except SettingsError as err:
            assert "buildings[0].closes" in str(err)  # noqa: PT017 - either answer is right
            continue
        days = [date(2026, 1, 1) + timedelta(days=each) for each in range(365)]
        assert all(building.opening_hours_on(day).duration for day in days)


def test_capacity_of_nobody_is_unknown(tmp_path):
    campus = load(tmp_path, changed(("buildings.0.rooms.0.capacity", 0)))
    assert [room.capacity for room in campus.buildings[0].rooms] == [None, None]


FAULTS = [
    ("id", MISSING, "is missing"),
    ("id", "BU", "a-z"),
    ("id", "a:b", "a-z"),
    ("id", "x" * 21, "a-z"),
    ("id", 5, "not a text"),
    ("name", "", "not a text"),
    ("name", MISSING, "is missing"),
    ("timezone", "America/Boston", "no time zone"),
    ("timezone", "America", "no time zone"),
    ("timezone", "../../etc/passwd", "no time zone"),
    ("timezone", "EST\0", "no time zone"),
    ("timezone", MISSING, "is missing"),
    ("timezone", 5, "not a text"),
    ("source", MISSING, "is missing"),
    ("source", [1], "not a table"),
    ("source.kind", "caldav", "25live, ems, ical"),
    ("source.kind", MISSING, "25live, ems, ical"),
    ("source.match", "exact", "not a key"),
    ("source.url", "example.org/run", "web server"),
    ("source.url", "ftp://example.org", "web server"),
    ("source.url", "https://", "web server"),
    ("source.url", "http://[::1", "web server"),
    ("source.url", MISSING, "is missing"),
    ("source.read", "guess", "rooms, search, reservations"),
    ("source.read", ["rooms"], "rooms, search, reservations"),
    ("source.read", MISSING, "rooms, search, reservations"),
    ("source.search_id", "x", "not a number"),
    ("source.search_id", True, "not a number"),
    ("source.concurrency", 0, "1 to 32"),
    ("source.concurrency", 33, "1 to 32"),
    ("source.concurrency", True, "1 to 32"),
    ("source.concurrency", 6.0, "1 to 32"),
    ("source.concurrency", "6", "1 to 32"),
    ("source.secret", "x", "not a key"),
    ("buildings", MISSING, "missing or empty"),
    ("buildings", [], "missing or empty"),
    ("buildings", "CAS", "not a list of tables"),
    ("buildings", [1], "not a table"),
    ("buildings.1.code", "C S", "without space"),
    ("buildings.1.code", "C:S", "without space"),
    ("buildings.1.code", "C,S", "without space"),
    ("buildings.1.code", "x" * 17, "1 to 16"),
    ("buildings.1.name", MISSING, "is missing"),
    ("buildings.1.opens", "7:00", "time of the day"),
    ("buildings.1.opens", "7", "time of the day"),
    ("buildings.1.opens", 7, "time of the day"),
    ("buildings.1.opens", MISSING, "time of the day"),
    ("buildings.1.closes", "24:01", "time of the day"),
    ("buildings.1.closes", "25:00", "time of the day"),
    ("buildings.1.closes", "23:60", "time of the day"),
    ("buildings.1.closes", "23:00\n", "time of the day"),
    ("buildings.1.rooms", MISSING, "missing or empty"),
    ("buildings.1.rooms", [], "missing or empty"),
    ("buildings.1.rooms", ["129"], "not a table"),
    ("buildings.1.floors", 3, "not a key"),
    ("buildings.1.rooms.0.id", MISSING, "is missing"),
    ("buildings.1.rooms.0.id", "x", "not a number"),
    ("buildings.1.rooms.0.id", -1, "not a number"),
    ("buildings.1.rooms.0.id", 1.0, "not a number"),
    ("buildings.1.rooms.0.id", "٣٤٢", "not a number"),
    ("buildings.1.rooms.0.id", "1/../2", "not a number"),
    ("buildings.1.rooms.0.name", 129, "not a text"),
    ("buildings.1.rooms.0.name", " ", "not a text"),
    ("buildings.1.rooms.0.capacity", -1, "0 to 100000"),
    ("buildings.1.rooms.0.capacity", "40", "0 to 100000"),
    ("buildings.1.rooms.0.features", "Projector", "list of texts"),
    ("buildings.1.rooms.0.features", [1], "list of texts"),
    ("buildings.1.rooms.0.seats", 4, "not a key"),
    ("buildings.1.rooms.0.url", "https://example.org/a.ics", "not a key"),
    ("buildings.1.rooms.0.location", "CGS 129", "not a key"),
    ("rooms", [], "not a key"),
]


def key_of(path):
    """The key as a fault names it: buildings[1].rooms[0].id."""
    parts = path.split(".")
    return "".join(f"[{part}]" if part.isdecimal() else f".{part}" for part in parts)[1:]


@pytest.mark.parametrize(("path", "value", "said"), FAULTS)
def test_fault_names_file_key_and_what_is_wrong(tmp_path, path, value, said):
    [fault] = faults(tmp_path, changed((path, value)))
    assert fault.startswith(f"{key_of(path)}: ")
    assert said in fault


SHARED: dict[str, Any] = deepcopy(VALID)
SHARED["source"] = {"kind": "ical", "url": "webcal://example.org/rooms.ics", "match": "contains"}
SHARED["buildings"][0]["rooms"] = [
    {"id": "CAS-201", "name": "201"},
    {"id": "cas_116.b", "name": "116", "location": " Arts 116 "},
]

PER_ROOM: dict[str, Any] = deepcopy(VALID)
PER_ROOM["source"] = {"kind": "ical", "concurrency": 2}
for number, each in enumerate(room for b in PER_ROOM["buildings"] for room in b["rooms"]):
    each["url"] = f"https://example.org/{number}.ics"


def test_one_feed_for_all_is_read_as_the_file_says(tmp_path):
    campus = load(tmp_path, SHARED)
    assert campus.source == IcalSettings(
        url="https://example.org/rooms.ics",
        match_mode="contains",
        locations={"cas_116.b": "Arts 116"},
    )
    assert isinstance(campus.source, IcalSettings)
    assert (campus.source.feeds, campus.source.concurrency) == ({}, 6)
    assert [room.id for room in campus.rooms] == ["cas_116.b", "CAS-201", "719"]


def test_one_feed_a_room_is_read_as_the_file_says(tmp_path):
    raw = deepcopy(PER_ROOM)
    raw["buildings"][1]["rooms"][0]["url"] = "WEBCAL://example.org/2.ics"
    raw["buildings"][0]["rooms"][1]["id"] = "344"
    campus = load(tmp_path, raw)
    assert campus.source == IcalSettings(
        feeds={
            "342": "https://example.org/0.ics",
            "344": "https://example.org/1.ics",
            "719": "https://example.org/2.ics",
        },
        concurrency=2,
    )
    assert hash(campus)


@pytest.mark.parametrize(
    ("valid", "path", "value", "said"),
    [
        (SHARED, "source.url", "example.org/rooms.ics", "address of a feed"),
        (SHARED, "source.url", "file:///etc/passwd", "address of a feed"),
        (SHARED, "source.url", "webcal://", "address of a feed"),
        (SHARED, "source.url", 5, "not a text"),
        (SHARED, "source.match", "regex", "exact, contains"),
        (SHARED, "source.read", "rooms", "not a key"),
        (SHARED, "source.concurrency", 0, "1 to 32"),
        (SHARED, "buildings.0.rooms.0.url", "https://example.org/1.ics", "not a key"),
        (SHARED, "buildings.0.rooms.0.location", "", "not a text"),
        (SHARED, "buildings.0.rooms.0.location", 116, "not a text"),
        (SHARED, "buildings.0.rooms.0.location", "x" * 101, "longer than 100"),
        (SHARED, "buildings.0.rooms.0.id", "a b", "1 to 40 of A-Z"),
        (SHARED, "buildings.0.rooms.0.id", "ä", "1 to 40 of A-Z"),
        (SHARED, "buildings.0.rooms.0.id", "x" * 41, "1 to 40 of A-Z"),
        (SHARED, "buildings.0.rooms.0.id", MISSING, "is missing"),
        (PER_ROOM, "buildings.0.rooms.0.url", MISSING, "is missing"),
        (PER_ROOM, "buildings.0.rooms.0.url", "ftp://example.org", "address of a feed"),
        (PER_ROOM, "buildings.0.rooms.0.location", "CAS 201", "not a key"),
        (PER_ROOM, "source.match", "exact", "not a key"),
    ],
)
def test_fault_of_a_calendar_campus_names_file_key_and_what_is_wrong(
    tmp_path, valid, path, value, said
):
    raw = deepcopy(valid)
    for room in raw["buildings"][0]["rooms"]:
        room["id"] = str(room["id"])
    put(raw, path, value)
    [fault] = faults(tmp_path, raw)
    assert fault.startswith(f"{key_of(path)}: ")
    assert said in fault


def test_two_rooms_of_one_location_could_not_be_told_apart(tmp_path):
    raw = deepcopy(SHARED)
    raw["buildings"][0]["rooms"][0]["location"] = "arts  116"
    assert faults(tmp_path, raw) == ["buildings.rooms: location 'arts 116' is there more than once"]


def test_the_address_of_a_feed_is_not_repeated(tmp_path):
    """Who knows it may often read it."""
    raw = deepcopy(SHARED)
    raw["source"]["url"] = "htp://example.org/private-5ecret/basic.ics"
    assert "5ecret" not in "".join(faults(tmp_path, raw))


def test_search_without_its_id_is_a_fault(tmp_path):
    assert faults(tmp_path, changed(("source.read", "search"))) == ["source.search_id: is missing"]


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        ("buildings.1.code", "cas", "buildings: code 'cas' is there more than once"),
        ("buildings.0.rooms.1.id", "719", "buildings.rooms: id '719' is there more than once"),
        ("buildings.0.rooms.1.id", 719, "buildings.rooms: id '719' is there more than once"),
        (
            "buildings.0.rooms.1.name",
            " 201 ",
            "buildings[0].rooms: name '201' is there more than once",
        ),
    ],
)
def test_what_must_be_unique_is_there_once(tmp_path, path, value, fault):
    assert faults(tmp_path, changed((path, value))) == [fault]


def test_rooms_of_two_buildings_may_have_one_name(tmp_path):
    assert load(tmp_path, changed(("buildings.1.rooms.0.name", "201")))


def test_all_faults_are_told_at_once(tmp_path):
    found = faults(
        tmp_path,
        changed(
            ("timezone", "Boston"),
            ("name", MISSING),
            ("source.url", "nowhere"),
            ("source.concurrency", 0),
            ("buildings.0.opens", "7"),
            ("buildings.0.rooms.0.id", "x"),
            ("buildings.0.rooms.1.name", MISSING),
            ("buildings.1.code", MISSING),
            ("extra", 1),
        ),
    )
    assert sorted(each.split(":")[0] for each in found) == [
        "buildings[0].opens",
        "buildings[0].rooms[0].id",
        "buildings[0].rooms[1].name",
        "buildings[1].code",
        "extra",
        "name",
        "source.concurrency",
        "source.url",
        "timezone",
    ]


def test_keys_that_are_not_known_are_told_in_order(tmp_path):
    found = faults(tmp_path, changed(*[(f"x{at}", at) for at in range(8)]))
    assert [each.split(":")[0] for each in found] == [f"x{at}" for at in range(8)]


def test_empty_file_lacks_everything(tmp_path):
    found = {each.split(":")[0] for each in faults(tmp_path, "")}
    assert found == {"id", "name", "timezone", "source", "buildings"}


@pytest.mark.parametrize(
    "text",
    ["id = ", "id = 'a'\nid = 'b'", "[[source]\n", "<html>", "\0", "id = " + "9" * 5000],
    ids=["half", "twice", "bracket", "html", "nul", "huge number"],
)
def test_file_that_is_not_toml_is_told_so(tmp_path, text):
    [fault] = faults(tmp_path, text)
    assert fault.startswith("is not TOML")


def test_file_that_is_not_utf8_is_told_so(tmp_path):
    path = tmp_path / "campus.toml"
    path.write_bytes(b'name = "Universit\xe9"')
    with pytest.raises(SettingsError, match="is not TOML"):
        load_campus(str(path))


def test_room_name_of_thousands_of_digits_is_a_fault(tmp_path):
    [fault] = faults(tmp_path, changed(("buildings.1.rooms.0.name", "9" * 5000)))
    assert fault.startswith("buildings[1].rooms[0].name: ")


def test_file_that_is_not_there_is_told_so(tmp_path):
    for path in (tmp_path / "none.toml", tmp_path):
        with pytest.raises(SettingsError) as caught:
            load_campus(f"{path}/" if path == tmp_path else str(path))
        assert str(path) in str(caught.value)


@pytest.mark.parametrize("named", ["nowhere", "", "BU.", "x" * 300])
def test_campus_that_is_not_there_is_told_with_those_that_are(named):
    with pytest.raises(SettingsError) as caught:
        load_campus(named)
    [fault] = caught.value.issues
    assert fault.startswith("CAMPUS: ")
    assert "bu" in fault


@pytest.mark.parametrize("named", ["~nobody-of-that-name/x.toml", "x" * 300 + ".toml"])
def test_path_that_cannot_be_is_told_so(named):
    with pytest.raises(SettingsError):
        load_campus(named)


def test_campus_of_the_default_is_boston_university():
    campus = load_campus("bu")
    assert (campus.id, campus.name) == ("bu", "Boston University")
    assert [len(building.rooms) for building in campus.buildings] == [54, 23]


def test_a_campus_has_exactly_the_rooms_of_its_record(recording: Recording, tmp_path):
    """The default campus those of the recorded list; one that is written those of its oracle."""
    recorded = recording.load_rooms()
    if recording.name == GENERATED:
        url = f"http://127.0.0.1:1/25live/data/{recorded['instance']}/run"
        buildings = [
            oracle.Hours(
                each["code"],
                each["opens"],
                each["closes"],
                tuple(oracle.RoomName(room["id"], room["name"]) for room in each["rooms"]),
            )
            for each in recorded["buildings"]
        ]
        file = write_campus(tmp_path / "x.toml", {"url": url, "read": "rooms"}, buildings)
    else:
        file = CAMPUS_FOLDER / "bu.toml"
    campus = load_campus(str(file))
    assert (campus.id, str(campus.timezone)) == (recorded["instance"], recorded["timezone"])
    assert isinstance(campus.source, Live25Settings)
    assert campus.source.url.endswith(f"/{recorded['instance']}/run")
    told = [
        (each.code, each.name, each.opens, each.closes, {(r.id, r.name) for r in each.rooms})
        for each in campus.buildings
    ]
    assert told == [
        (
            each["code"],
            each["name"],
            clock(each["opens"]),
            clock(each["closes"]),
            {(room["id"], room["name"]) for room in each["rooms"]},
        )
        for each in recorded["buildings"]
    ]


def clock(text):
    return timedelta(hours=int(text[:2]), minutes=int(text[3:]))


def test_rooms_are_in_natural_order(tmp_path):
    names = ["201", "B06A", "114B", "116", "114A", "Tsai", "B6", "B36", "9", "0201", "b06b"]
    rooms = [{"id": at, "name": name} for at, name in enumerate(names)]
    campus = load(tmp_path, changed(("buildings.0.rooms", rooms), ("buildings.1.rooms.0.id", 99)))
    assert [room.name for room in campus.buildings[0].rooms] == [
        "9",
        "114A",
        "114B",
        "116",
        "0201",
        "201",
        "B06A",
        "b06b",
        "B6",
        "B36",
        "Tsai",
    ]


def test_natural_order_of_the_default_campus():
    cas = [room.name for room in load_campus("bu").buildings[0].rooms]
    assert cas[:4] == ["114A", "114B", "116", "201"]
    assert cas[-3:] == ["B27", "B36", "Tsai"]
    assert cas.index("424") < cas.index("522") < cas.index("B06A") < cas.index("B12")


names = st.text("0129AaBbß ²٣-", max_size=6) | st.text(max_size=6)


@settings(max_examples=200, deadline=None)
@given(names=st.lists(names, max_size=8), data=st.data())
def test_any_names_have_one_natural_order(names, data):
    keys = [natural_sort_key(Room("1", name, "CAS")) for name in names]
    assert sorted(data.draw(st.permutations(keys))) == sorted(keys)


def paths(raw, above=""):
    """Every key of a file, with the tables that hold it."""
    items = raw.items() if isinstance(raw, dict) else enumerate(raw)
    for key, value in items:
        yield f"{above}{key}"
        if isinstance(value, dict | list):
            yield from paths(value, f"{above}{key}.")


# The nul is no TOML in any spelling; surrogates are no text.
texts = st.text(st.characters(exclude_categories=["Cs"], min_codepoint=1), max_size=20)
words = texts | st.sampled_from(
    ["http://[", "http://a:b", "//", "24:00", "٠٧:00", "UTC", "Europe", "search", "bu", "CAS"]
)
scalars = (
    st.none().map(lambda _: "")
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats()
    | st.dates(date(1, 1, 1))
    | words
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=6,
)
damaged = st.lists(
    st.tuples(st.sampled_from(sorted(paths(VALID))), values | st.just(MISSING)),
    min_size=1,
    max_size=4,
)


def loads_or_tells(folder, raw):
    """Read a file; anything but a campus and a `SettingsError` is let through."""
    try:
        return load(folder, raw)
    except SettingsError as err:
        assert err.issues  # noqa: PT017 - either answer is right
        assert all(f"{folder / 'campus.toml'}: " in each for each in err.issues)  # noqa: PT017
        return None


any_folder = settings(
    max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@any_folder
@given(changes=damaged)
def test_damaged_file_is_a_campus_or_a_list_of_faults(tmp_path, changes):
    raw = deepcopy(VALID)
    for path, value in changes:
        try:
            put(raw, path, value)
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change took away what this one is in
    campus = loads_or_tells(tmp_path, raw)
    if campus is not None:
        assert isinstance(campus, Campus)
        for room in campus.rooms:
            assert room.id.isascii()
            assert room.name


@any_folder
@given(raw=st.dictionaries(st.sampled_from([*VALID, "more"]) | words, values, max_size=6))
def test_any_file_is_a_campus_or_a_list_of_faults(tmp_path, raw):
    loads_or_tells(tmp_path, raw)


@any_folder
@given(text=st.text(max_size=60))
def test_any_text_is_a_campus_or_a_list_of_faults(tmp_path, text):
    loads_or_tells(tmp_path, text)
