"""Which rooms are classrooms."""

import pytest

from cli.discovery.classroom_filter import (
    LISTED_TWICE,
    NO_ID,
    NO_SEATS,
    NOT_USED,
    OTHER_CATEGORY,
    select_classrooms,
)
from core.sources.discovery import DiscoveryError, ListedRoom

LECTURE = ListedRoom("1", "A 1", categories=("Classrooms - General Use",), capacity=40)
ASSIGNED = ListedRoom("2", "A 2", categories=("General Assignment Space", "Web"))
OFFICE = ListedRoom("3", "A 3", categories=("Non-Gen Assignment Space",), capacity=9)
NEGATED = ListedRoom("4", "A 4", categories=("Not a Classroom",), capacity=9)
PLAIN = ListedRoom("5", "A 5", capacity=9)
ALL = [LECTURE, ASSIGNED, OFFICE, NEGATED, PLAIN]


def ids(choice):
    return [room.id for room in choice.rooms]


def test_rooms_are_classrooms_where_a_category_says_so():
    choice = select_classrooms(ALL)
    assert ids(choice) == ["1", "2"]
    assert choice.excluded == {OTHER_CATEGORY: 3}
    assert choice.categories == ("Classrooms - General Use", "General Assignment Space")


def test_wanted_categories_are_meant_by_a_part_of_their_name_in_any_case():
    assert ids(select_classrooms(ALL, categories=["non-gen", "CLASSROOM"])) == ["1", "3", "4"]


def test_a_category_that_is_not_there_ends_it_with_those_that_are():
    with pytest.raises(DiscoveryError, match=r"'Lab'; there is Classrooms - General Use, Gen"):
        select_classrooms(ALL, categories=["Lab"])


def test_all_rooms_are_taken_where_no_category_speaks_of_classrooms():
    choice = select_classrooms([OFFICE, PLAIN])
    assert (ids(choice), choice.categories) == (["3", "5"], ())


@pytest.mark.parametrize(
    ("room", "reason"),
    [
        (ListedRoom("9", "TMH 1201 (Not used)"), NOT_USED),
        (ListedRoom("9", "A 9", "Old wing, NOT IN USE"), NOT_USED),
        (ListedRoom("9", "A 9", capacity=0), NO_SEATS),
        (ListedRoom("9", "A 9", capacity=1), NO_SEATS),
    ],
)
def test_rooms_for_nobody_are_left_out_and_counted_but_kept_with_all(room, reason):
    choice = select_classrooms([PLAIN, room])
    assert (ids(choice), choice.excluded) == (["5"], {reason: 1})
    assert ids(select_classrooms([PLAIN, room], include_all=True)) == ["5", "9"]


@pytest.mark.parametrize("capacity", [None, 2])
def test_rooms_with_seats_or_an_unknown_number_of_them_are_kept(capacity):
    assert ids(select_classrooms([ListedRoom("9", "A 9", capacity=capacity)])) == ["9"]


def test_what_a_campus_file_cannot_hold_is_left_out_even_with_all():
    listed = [PLAIN, ListedRoom("5", "A 5"), ListedRoom("", "A 6"), ListedRoom("6", "")]
    choice = select_classrooms(listed, include_all=True)
    assert (ids(choice), choice.excluded) == (["5"], {LISTED_TWICE: 1, NO_ID: 2})


def test_no_room_at_all_ends_it_with_the_reasons():
    with pytest.raises(DiscoveryError, match="no room remains of 1: 1 of capacity 0 or 1; --all"):
        select_classrooms([ListedRoom("9", "A 9", capacity=0)])
