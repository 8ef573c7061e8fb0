"""Which building a room is in, by its names."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.discovery.building_names import assign_buildings
from cli.discovery.room_name_split import code_of, split_name
from core.sources.discovery import ListedRoom
from tests.recordings import NO_SHARED, SHARED

CODE = re.compile(r"[^\s:,*]{1,16}")

letters = st.text("ABCDEFGHJKLMNPQRSTUVWXYZ", min_size=2, max_size=6)
numbers = st.integers(1, 9999)
texts = st.text(max_size=30)


@pytest.mark.parametrize(
    ("name", "formal", "split"),
    [
        ("ESJ 0202", "", ("ESJ", "0202")),
        ("HERT0227", "Herter Hall room 227", ("HERT", "0227")),
        ("HERT0227", "", ("HERT", "0227")),
        ("NL 303 (Arlington, VA)", "", ("NL", "303 (Arlington, VA)")),
        ("2STIM 107", "2 Stimson Avenue 107", ("2STIM", "107")),
        ("METCHM AUD", "Friedman Auditorium", ("METCHM", "AUD")),
        ("MOR20131", "Morrill Science Center (Bldg II) rm 131", ("MOR2", "0131")),
        ("MOR1N319", "Morrill Science Center (Bldg I) room N319", ("MOR1", "N319")),
        ("SC0E241", "South College Room E241", ("SC", "E241")),
        ("SOMG026", "School of Management room G26", ("SOM", "G026")),
        ("MACHE-10", "Machmer Hall room E-10", ("MACH", "E-10")),
        ("CIT", "", ("CIT", "")),
        ("475", "475", ("475", "")),
    ],
)
def test_names_split_as_people_read_them(name, formal, split):
    assert split_name(ListedRoom("1", name, formal)) == split


@given(code=letters, number=numbers, blank=st.booleans(), word=st.sampled_from(["room", "Rm", ""]))
def test_a_code_before_a_number_is_found_with_and_without_a_space(code, number, blank, word):
    name = f"{code}{' ' if blank else ''}{number:04}"
    room = ListedRoom("1", name, f"Some Hall {word} {number}")
    assert split_name(room) == (code, f"{number:04}")


@given(texts)
def test_every_text_becomes_a_code_that_a_campus_file_takes(text):
    assert CODE.fullmatch(code_of(text))


@given(st.lists(st.tuples(texts, texts, texts | st.just("")), max_size=30))
def test_all_rooms_are_kept_under_codes_and_names_that_are_unique(cells):
    listed = [ListedRoom(str(n), name or "x", *rest) for n, (name, *rest) in enumerate(cells)]
    buildings = assign_buildings(listed).buildings
    codes = [building.code.casefold() for building in buildings]
    assert len(set(codes)) == len(codes)
    for building in buildings:
        names = [room.name.casefold() for room in building.rooms]
        assert len(set(names)) == len(names)
        assert CODE.fullmatch(building.code)
    kept = [room.listed.id for building in buildings for room in building.rooms]
    assert sorted(kept) == sorted(room.id for room in listed)


def test_the_lists_own_building_counts_more_than_the_name():
    naming = assign_buildings(
        [
            ListedRoom("1", "ATL 0201", building="Atlantic Building (ATL)"),
            ListedRoom("2", "Lecture Hall", building="Atlantic Building (ATL)"),
            ListedRoom("3", "IRB 0318", building="Iribe Center"),
            ListedRoom("4", "IRB 0324", building="Iribe Center"),
            ListedRoom("5", "Big Room", building="Old Barn"),
            ListedRoom("6", "Small Room", building="Old Barn"),
        ]
    )
    assert [(each.code, each.name) for each in naming.buildings] == [
        ("ATL", "Atlantic Building"),
        ("IRB", "Iribe Center"),
        ("Old-Barn", "Old Barn"),
    ]
    assert [room.name for each in naming.buildings for room in each.rooms] == [
        "0201",
        "Lecture Hall",
        "0318",
        "0324",
        "Big Room",
        "Small Room",
    ]


def test_two_buildings_of_one_code_are_told_apart():
    naming = assign_buildings(
        [ListedRoom("1", "A 1", building="Hall (A)"), ListedRoom("2", "A 1", building="Barn (A)")]
    )
    assert [(each.code, each.name) for each in naming.buildings] == [("A", "Hall"), ("A-2", "Barn")]


def test_rooms_of_one_name_carry_their_id_and_are_counted():
    naming = assign_buildings(
        [ListedRoom("7", "ESJ 1"), ListedRoom("8", "esj 1"), ListedRoom("9", "ESJ 2")]
    )
    assert [room.name for room in naming.buildings[0].rooms] == ["1 (id 7)", "1 (id 8)", "2"]
    assert naming.renamed_count == 2


def test_a_building_is_called_what_most_formal_names_call_it():
    naming = assign_buildings(
        [
            ListedRoom("1", "ORWIG 111", "Gamelan Room, Orwig Music Building Room 111"),
            ListedRoom("2", "ORWIG 109", "Orwig Music Building Room 109"),
            ListedRoom("3", "ORWIG 112", "Orwig Music Building, 112"),
        ]
    )
    assert naming.buildings[0].name == "Orwig Music Building"


def assigned(*names: str | tuple[str, str]) -> dict[str, tuple[str, list[str]]]:
    """Return the buildings by code: the name, and the rooms' names."""
    pairs = [each if isinstance(each, tuple) else (each, "") for each in names]
    listed = [ListedRoom(str(n), name, formal) for n, (name, formal) in enumerate(pairs)]
    return {
        building.code: (building.name, [room.name for room in building.rooms])
        for building in assign_buildings(listed).buildings
    }


@pytest.mark.parametrize(
    ("names", "buildings"),
    [
        (["1028 DANA", "1040 DANA", "130 TAP"], {"DANA": ["1028", "1040"], "TAP": ["130"]}),
        (["1028 DANA", "130 TAP"], {"DANA": ["1028"], "TAP": ["130"]}),
        (["B12 DANA", "G-10 DANA", "101A TAP"], {"DANA": ["B12", "G-10"], "TAP": ["101A"]}),
        (["Rm. 130 TAP", "Room 131 TAP"], {"TAP": ["130", "131"]}),
        (["130, TAP", "131, TAP"], {"TAP": ["130", "131"]}),
        (["101 DANA", "101 TAP", "102 TAP"], {"DANA": ["101"], "TAP": ["101", "102"]}),
        (["1028DANA", "1040DANA"], {"DANA": ["1028", "1040"]}),
        (["1028-DANA", "1040-DANA"], {"DANA": ["1028", "1040"]}),
        (["1028/DANA", "1040/DANA"], {"DANA": ["1028", "1040"]}),
        (["100*133", "100*142", "200*133"], {"100": ["133", "142"], "200": ["133"]}),
        (["0104-232", "0104-233"], {"0104": ["232", "233"]}),
        (["HERT-0227", "HERT-0228"], {"HERT": ["0227", "0228"]}),
        (["TAP 131", "130 TAP"], {"TAP": ["131", "130"]}),
        # A number comes first here as well, and it is the building's.
        (["25 Annex", "25 Main", "30 Main"], {"25": ["Annex", "Main"], "30": ["Main"]}),
        (["101 Classroom", "102 Classroom"], {"101": ["Classroom"], "102": ["Classroom"]}),
        (["2STIM 107", "2STIM 108"], {"2STIM": ["107", "108"]}),
    ],
)
def test_the_half_that_repeats_is_the_building(names, buildings):
    assert {code: rooms for code, (_, rooms) in assigned(*names).items()} == buildings


def test_a_building_after_the_number_keeps_its_whole_name():
    found = assigned("101 Smith Hall", "102 Smith Hall", "101 Olin Library")
    assert found == {
        "Olin-Library": ("Olin Library", ["101"]),
        "Smith-Hall": ("Smith Hall", ["101", "102"]),
    }


def test_a_formal_name_decides_where_no_half_repeats():
    found = assigned(
        ("0104-232", "Cox Science Center, 232"), ("0509-111", "Handleman Building, 111")
    )
    assert found == {
        "0104": ("Cox Science Center", ["232"]),
        "0509": ("Handleman Building", ["111"]),
    }
    assert assigned("1_R1", "2_R2") == {"1_R1": ("1_R1", ["1_R1"]), "2_R2": ("2_R2", ["2_R2"])}


@pytest.mark.parametrize(
    ("formal", "name"),
    [
        ("Smith Hall", "Smith Hall"),
        ("Lecture Hall", "ACC"),
        ("First Floor Conference Room", "ACC"),
    ],
)
def test_a_formal_name_may_be_the_buildings_alone(formal, name):
    assert assigned(("ACC 120", formal))["ACC"][0] == name


@pytest.mark.recorded
@pytest.mark.skipif(not SHARED.is_dir(), reason=NO_SHARED)
def test_recorded_names_with_the_room_before_the_building():
    body = (SHARED / "live25/cases/spaces-room-before-building.json").read_bytes()
    spaces = json.loads(body)["spaces"]["space"]
    found = assigned(*((each["space_name"], each["formal_name"]) for each in spaces))
    assert {code: rooms for code, (_, rooms) in found.items()} == {
        "0104": ["232"],
        "0509": ["111"],
        "100": ["133", "142"],
        "1_R1": ["1_R1"],
        "ACC": ["120"],
        "CLH": ["A"],
        "COM": ["251 - John Williams Studio"],
        "DANA": ["1028", "1040"],
        "GGBL": ["1045"],
        "GLD": ["100A"],
        "JHN": ["303"],
        "LBME": ["1121"],
        "LRN": ["0001"],
        "TAP": ["130"],
    }
    assert (found["ACC"][0], found["0104"][0]) == ("Smith Hall", "Cox Science Center")
