"""Which building is meant by what a member typed."""

from dataclasses import replace

import pytest

from core.errors import UnknownBuildingError, UnknownCampusError, UnknownFeatureError
from core.lookup.search import (
    find_building,
    find_buildings,
    find_campus,
    find_feature,
    search_buildings,
    search_campuses,
    search_features,
    split_typed_buildings,
)
from tests.fakes import make_campus

CAMPUS = make_campus()


def named(*pairs):
    one = CAMPUS.buildings[0]
    return replace(
        CAMPUS, buildings=tuple(replace(one, code=code, name=name) for code, name in pairs)
    )


@pytest.mark.parametrize("typed", ["CAS", "cas", " Cas ", "arts & sciences", "ARTS  &  SCIENCES"])
def test_a_building_is_found_by_code_and_by_name(typed):
    assert find_building(CAMPUS, typed).code == "CAS"


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [("CASS", ["CAS"]), ("arts", ["CAS"]), ("sciense", ["CAS"]), ("zzzz", []), (" ", [])],
)
def test_an_unknown_building_names_the_nearest(typed, nearest):
    with pytest.raises(UnknownBuildingError) as caught:
        find_building(CAMPUS, typed)
    assert [code for code, _ in caught.value.suggestions] == nearest


def test_all_words_must_fit_in_any_order():
    campus = named(("A", "Fine Arts Library"), ("B", "Law Library"), ("C", "Fine Foods"))
    assert [each.code for each in search_buildings(campus, "library fine")] == ["A"]


def test_what_begins_with_the_code_comes_first():
    campus = named(("LIB", "Mugar"), ("MUG", "Liberty Hall"), ("X", "Public Library"))
    assert [each.code for each in search_buildings(campus, "lib")] == ["LIB", "MUG", "X"]


def test_nothing_typed_gives_all():
    assert len(search_buildings(CAMPUS, "")) == 2


def codes(buildings):
    return [each.code for each in buildings]


@pytest.mark.parametrize("typed", ["CAS CGS", "cgs cas", "cas, cgs", "CAS+CGS", " cas  CGS cas "])
def test_several_buildings_are_found_by_their_codes(typed):
    assert codes(find_buildings(CAMPUS, typed)) == ["CAS", "CGS"]


@pytest.mark.parametrize("typed", ["cas", "Arts & Sciences"])
def test_one_building_may_be_called_by_its_name(typed):
    assert codes(find_buildings(CAMPUS, typed)) == ["CAS"]


def test_of_several_buildings_the_one_that_there_is_not_is_named():
    with pytest.raises(UnknownBuildingError) as caught:
        find_buildings(CAMPUS, "CAS ZZZ")
    assert caught.value.typed == "ZZZ"


@pytest.mark.parametrize(
    ("typed", "begun", "rest"),
    [
        ("", [], ""),
        ("cas", [], "cas"),
        ("cas ", ["CAS"], ""),
        ("cas, cg", ["CAS"], "cg"),
        ("CAS CGS x", ["CAS", "CGS"], "x"),
        ("arts & sc", [], "arts & sc"),
    ],
)
def test_what_is_typed_is_split_into_codes_and_the_rest(typed, begun, rest):
    found, left = split_typed_buildings(CAMPUS, typed)
    assert (codes(found), left) == (begun, rest)


def with_features(*features):
    one = CAMPUS.buildings[0]
    rooms = tuple(
        replace(room, features=features if room is one.rooms[0] else ()) for room in one.rooms
    )
    return replace(CAMPUS, buildings=(replace(one, rooms=rooms),))


def test_a_feature_is_found_in_any_case_of_letters():
    campus = with_features("Document Camera", "Piano")
    assert find_feature(campus, "document  camera") == "Document Camera"
    assert search_features(campus, "cam") == ["Document Camera"]
    assert search_features(campus, "pinao") == ["Piano"]


def test_an_unknown_feature_names_the_nearest_and_whether_any_are_known():
    with pytest.raises(UnknownFeatureError) as caught:
        find_feature(with_features("Piano"), "pian")
    assert (caught.value.suggestions, caught.value.listed) == (("Piano",), ("Piano",))
    with pytest.raises(UnknownFeatureError) as caught:
        find_feature(CAMPUS, "piano")
    assert not caught.value.listed


def test_a_campus_is_found_by_its_id_and_by_its_name():
    both = [CAMPUS, make_campus(campus_id="umd")]
    both[1] = replace(both[1], name="University of Maryland")
    assert find_campus(both, "UMD") is both[1]
    assert find_campus(both, "university of maryland") is both[1]
    assert [each.id for each in search_campuses(both, "univ")] == ["bu", "umd"]
    with pytest.raises(UnknownCampusError) as caught:
        find_campus(both, "maryl")
    assert caught.value.suggestions == ("University of Maryland",)
