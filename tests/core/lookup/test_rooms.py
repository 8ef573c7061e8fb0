"""Which room is meant by what a member typed."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import UnknownRoomError
from core.lookup.rooms import choice_value, find_room, room_by_id, search_rooms
from core.model.campus import Room
from tests.fakes import make_campus


def campus_of(**buildings):
    """A campus of buildings by code, each with its rooms' names in order."""
    campus = make_campus()
    one = campus.buildings[0]
    made = [
        replace(
            one,
            code=code,
            name={"CAS": "Arts & Sciences", "CGS": "General Studies"}.get(code, code),
            rooms=tuple(Room(f"{code}-{at}", name, code) for at, name in enumerate(names)),
        )
        for code, names in buildings.items()
    ]
    return replace(campus, buildings=tuple(made))


CAMPUS = campus_of(
    CAS=["114A", "114B", "116", "201", "203", "208", "211", "312", "B06A"],
    CGS=["112", "123", "211", "515"],
    LAW=["AUD", "AUD 2"],
)


def labels(rooms):
    return [each.label for each in rooms]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("cas 2", ["CAS 201", "CAS 203", "CAS 208", "CAS 211", "CAS 312"]),
        ("CAS2", ["CAS 201", "CAS 203", "CAS 208", "CAS 211"]),
        ("2 cas", ["CAS 201", "CAS 203", "CAS 208", "CAS 211", "CAS 312"]),
        ("211 cas", ["CAS 211"]),
        ("CAS211", ["CAS 211"]),
        ("cas-211", ["CAS 211"]),
        ("ca 21", ["CAS 211"]),
        ("211", ["CAS 211", "CGS 211"]),
        ("114", ["CAS 114A", "CAS 114B"]),
        ("cas 114b", ["CAS 114B"]),
        ("b06", ["CAS B06A"]),
        ("general 5", ["CGS 515"]),
        ("aud", ["LAW AUD", "LAW AUD 2"]),
        ("", ["CAS 114A", "CAS 114B", "CAS 116"]),
        (" - ", []),
    ],
)
def test_rooms_fit_what_was_typed_so_far_best_first(typed, first):
    assert labels(search_rooms(CAMPUS, typed))[: len(first)] == first


def test_what_begins_with_it_comes_before_what_only_holds_it():
    assert labels(search_rooms(CAMPUS, "12")) == ["CGS 123", "CAS 312", "CGS 112"]


def test_label_that_begins_with_it_comes_before_one_in_which_a_word_does():
    campus = campus_of(CAS=["LAW 1"], LAW=["101"])
    assert labels(search_rooms(campus, "law")) == ["LAW 101", "CAS LAW 1"]


def test_every_word_has_to_fit():
    assert labels(search_rooms(CAMPUS, "cgs 211")) == ["CGS 211"]


@pytest.mark.parametrize("typed", ["csa 211", "cass 211", "211 csa", "CAZ211", "cas 2l1"])
def test_typo_still_finds_it(typed):
    assert "CAS 211" in labels(search_rooms(CAMPUS, typed))[:3]


def test_nothing_alike_finds_nothing():
    assert search_rooms(CAMPUS, "zzzzzz") == []


def test_what_is_spelt_alike_is_not_offered_where_something_fits():
    assert labels(search_rooms(CAMPUS, "cas 208")) == ["CAS 208"]


@pytest.mark.parametrize("typed", ["CAS 211", "cas  211 ", "cas211", "211 CAS", "Cas-211"])
def test_room_is_found_however_its_words_are_written(typed):
    assert find_room(CAMPUS, typed).label == "CAS 211"


@pytest.mark.parametrize(
    ("typed", "label"), [("515", "CGS 515"), ("law aud", "LAW AUD"), ("b06a", "CAS B06A")]
)
def test_room_is_found_by_less_where_only_one_has_that(typed, label):
    assert find_room(CAMPUS, typed).label == label


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [
        ("211", ["CAS 211", "CGS 211"]),
        ("114", ["CAS 114A", "CAS 114B"]),
        ("CAS 2", ["CAS 201", "CAS 203", "CAS 208"]),
        ("cass 211", ["CAS 211"]),
        ("zzzzzz", []),
        (" ", []),
        ("id:nobody", []),
    ],
)
def test_what_is_no_certain_room_names_the_nearest(typed, nearest):
    with pytest.raises(UnknownRoomError) as caught:
        find_room(CAMPUS, typed)
    assert caught.value.typed in {typed, typed.removeprefix("id:")}
    assert list(caught.value.suggestions)[: max(len(nearest), 1)] == nearest


def test_number_that_is_another_rooms_id_means_the_room_of_that_number():
    campus = campus_of(CAS=["1"])
    rooms = (Room("2", "1", "CAS"), Room("1", "2", "CAS"))
    campus = replace(campus, buildings=(replace(campus.buildings[0], rooms=rooms),))
    assert find_room(campus, "1").name == "1"


def test_written_exactly_comes_before_written_alike():
    campus = campus_of(CAS=["1-1", "11", "1 1"])
    assert find_room(campus, "CAS 11").name == "11"
    assert find_room(campus, "cas 1-1").name == "1-1"
    assert find_room(campus, "cas11").name == "11"


def test_names_of_nothing_but_marks_are_found():
    campus = campus_of(CAS=["🧪", "№", "教室"])
    for room in campus.rooms:
        assert find_room(campus, room.label) is room
        assert room in search_rooms(campus, room.name)


NAMES = st.lists(
    st.text(min_size=1, max_size=100).map(str.strip).filter(bool),
    min_size=1,
    max_size=8,
    unique_by=lambda name: " ".join(name.casefold().split()),
)


@given(names=NAMES)
def test_completion_sends_what_surely_finds_that_room(names):
    campus = campus_of(CAS=["1"])
    rooms = tuple(Room(f"r{at}", name, "CAS") for at, name in enumerate(names))
    campus = replace(campus, buildings=(replace(campus.buildings[0], rooms=rooms),))
    for room in campus.rooms:
        value = choice_value(room, max_length=100)
        assert len(value) <= 100
        assert find_room(campus, value) is room


def test_label_too_long_to_send_goes_by_its_id():
    campus = campus_of(CAS=["x" * 96, "x" * 97])
    short, long = campus.rooms
    assert choice_value(short, max_length=100) == short.label
    assert choice_value(long, max_length=100) == f"id:{long.id}"
    assert find_room(campus, f"id:{long.id}") is long


@given(typed=st.text(max_size=100))
def test_whatever_is_typed_gives_rooms_each_once(typed):
    found = search_rooms(CAMPUS, typed)
    assert len({each.id for each in found}) == len(found)


def test_rooms_of_one_campus_are_not_looked_for_in_another():
    one, other = campus_of(CAS=["1"]), campus_of(CAS=["2"])
    assert labels(search_rooms(one, "cas")) == ["CAS 1"]
    assert labels(search_rooms(other, "cas")) == ["CAS 2"]


def test_room_of_an_id_comes_with_its_building():
    building, room = room_by_id(CAMPUS, "CGS-3")
    assert (building.code, room.label) == ("CGS", "CGS 515")
    with pytest.raises(UnknownRoomError):
        room_by_id(CAMPUS, "gone")
