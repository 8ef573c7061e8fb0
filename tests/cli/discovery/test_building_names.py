"""Which building a room is in, by its names."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.discovery.building_names import assign_buildings, code_of, split_name
from core.sources.discovery import ListedRoom

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
