"""Which building is meant by what a member typed."""

from dataclasses import replace

import pytest

from core.errors import UnknownBuildingError
from core.search import find_building, matching_buildings
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
    assert [code for code, _ in caught.value.nearest] == nearest


def test_all_words_must_fit_in_any_order():
    campus = named(("A", "Fine Arts Library"), ("B", "Law Library"), ("C", "Fine Foods"))
    assert [each.code for each in matching_buildings(campus, "library fine")] == ["A"]


def test_what_begins_with_the_code_comes_first():
    campus = named(("LIB", "Mugar"), ("MUG", "Liberty Hall"), ("X", "Public Library"))
    assert [each.code for each in matching_buildings(campus, "lib")] == ["LIB", "MUG", "X"]


def test_nothing_typed_gives_all():
    assert len(matching_buildings(CAMPUS, "")) == 2
