"""Which buildings, rooms and features are meant by any usual name of theirs."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import (
    AmbiguousBuildingError,
    AmbiguousRoomError,
    UnknownBuildingError,
    UnknownFeatureError,
    UnknownRoomError,
)
from core.lookup.features import find_features
from core.lookup.names import edit_distance, match_names, name_words
from core.lookup.places import find_named_building, find_places, find_room_or_building
from core.model.campus import Building, Room
from tests.fakes import make_campus

NAMES = {
    "ALD": ("Alder Hall", ["101", "102", "B06A"]),
    "CRN": ("Crane Science Center", ["100", "131", "212"]),
    "DUN": ("Dunmore School of Business", ["A1", "110", "112"]),
    "ENG": ("Engineering Quad", ["1010", "2110", "B12"]),
    "FOS": ("Foster Library", ["2-01", "2-02"]),
    "GRV": ("Grove Arts Center", ["Recital", "101", "S1"]),
}
FEATURES = ("Projector", "Whiteboard", "Movable chairs", "IT: Network, Wired", "Microphones")


def larkspur():
    campus = make_campus()
    one = campus.buildings[0]
    buildings = tuple(
        replace(
            one,
            code=code,
            name=name,
            rooms=tuple(Room(f"{code}-{room}", room, code, None, FEATURES) for room in rooms),
        )
        for code, (name, rooms) in NAMES.items()
    )
    return replace(campus, buildings=buildings)


CAMPUS = larkspur()


def brief(found):
    if isinstance(found, Room):
        return found.label
    return found.code if isinstance(found, Building) else " ".join(each.code for each in found)


@pytest.mark.parametrize(
    ("typed", "meant"),
    {
        "CRN": "CRN",
        " crn ": "CRN",
        "Crane Science Center": "CRN",
        "Crane Science Centre": "CRN",
        "crane": "CRN",
        "crane centre": "CRN",
        "Crane Hall": "CRN",
        "the Crane building": "CRN",
        "science center crane": "CRN",
        "sci": "CRN",
        "engineering": "ENG",
        "engeneering": "ENG",
        "eng quad": "ENG",
        "library": "FOS",
        "foster libary": "FOS",
        "fostr library": "FOS",
        "business school": "DUN",
        "cnr": "CRN",
        "crnn": "CRN",
        "CRN and GRV": "CRN GRV",
        "grv and crn": "CRN GRV",
        "crn/grv": "CRN GRV",
        "crn grv fos": "CRN FOS GRV",
        "crn, grv": "CRN GRV",
        "CRN+GRV": "CRN GRV",
        "Crane und Grove": "CRN GRV",
        "crane & foster library": "CRN FOS",
        "library or engineering": "ENG FOS",
        "crn crn": "CRN",
        "all": "",
        "anywhere": "",
        "all buildings": "",
        "the whole campus": "",
        "überall": "",
        "partout": "",
        "CRN 131": "CRN 131",
        "crane 131": "CRN 131",
        "crn131": "CRN 131",
    }.items(),
)
def test_building_is_found_by_any_usual_name(typed, meant):
    assert brief(find_places(CAMPUS, typed)) == meant


@pytest.mark.parametrize(
    ("typed", "named", "suggested"),
    [
        ("zzz", "zzz", []),
        ("CRN zzz", "zzz", []),
        ("crn and zzz", "zzz", []),
        ("CRM", "CRM", []),
        ("cas b12", "cas b12", []),
        ("", "", []),
        ("??", "??", []),
        ("crane museum", "museum", []),
    ],
)
def test_what_is_no_building_is_refused_without_a_guess(typed, named, suggested):
    with pytest.raises(UnknownBuildingError) as caught:
        find_places(CAMPUS, typed)
    assert caught.value.typed == named
    assert [code for code, _ in caught.value.suggestions][: len(suggested)] == suggested


def test_name_of_several_buildings_names_them():
    with pytest.raises(AmbiguousBuildingError) as caught:
        find_places(CAMPUS, "center")
    assert [code for code, _ in caught.value.candidates] == ["CRN", "GRV"]
    with pytest.raises(AmbiguousBuildingError):
        find_named_building(CAMPUS, "center")


def test_number_of_several_rooms_names_them_where_a_building_is_asked_for():
    with pytest.raises(AmbiguousRoomError) as caught:
        find_places(CAMPUS, "101")
    assert caught.value.candidates == (("ALD-101", "ALD 101"), ("GRV-101", "GRV 101"))


def test_one_building_is_found_by_any_name_and_not_several():
    assert find_named_building(CAMPUS, "engineering").code == "ENG"
    with pytest.raises(UnknownBuildingError):
        find_named_building(CAMPUS, "crn grv")


@pytest.mark.parametrize(
    ("typed", "meant"),
    {
        "CRN 131": "CRN 131",
        "crn131": "CRN 131",
        "CRN-131": "CRN 131",
        "131 crn": "CRN 131",
        "Crane 131": "CRN 131",
        "131 crane": "CRN 131",
        "Crane Science Centre 131": "CRN 131",
        "crane, 131": "CRN 131",
        "library 2-01": "FOS 2-01",
        "libary 2-01": "FOS 2-01",
        "foster 201": "FOS 2-01",
        "room 131": "CRN 131",
        "Rm. 131": "CRN 131",
        "Raum 131": "CRN 131",
        "salle 131": "CRN 131",
        "#131": "CRN 131",
        "131": "CRN 131",
        "crane room 131": "CRN 131",
        "cnr 131": "CRN 131",
        "recital": "GRV Recital",
        "grove recital": "GRV Recital",
        "alder b06a": "ALD B06A",
        "CRN": "CRN",
        "Foster Library": "FOS",
        "library": "FOS",
        "id:CRN-131": "CRN 131",
    }.items(),
)
def test_room_is_found_by_its_building_and_number(typed, meant):
    assert brief(find_room_or_building(CAMPUS, typed)) == meant


def test_room_of_a_number_that_several_have_names_them():
    with pytest.raises(AmbiguousRoomError) as caught:
        find_room_or_building(CAMPUS, "101")
    assert [label for _, label in caught.value.candidates] == ["ALD 101", "GRV 101"]


@pytest.mark.parametrize("typed", ["zzz", "", "CRN 999", "library 131", "id:x", "999"])
def test_no_room_of_another_building_is_guessed(typed):
    with pytest.raises(UnknownRoomError) as caught:
        find_room_or_building(CAMPUS, typed)
    assert caught.value.suggestions == ()


@pytest.mark.parametrize(
    ("typed", "building"), {"cas b12": "cas", "CRM 131": "CRM", "xyz-12a": "xyz"}.items()
)
def test_room_of_a_building_that_is_not_on_campus_names_that_building(typed, building):
    with pytest.raises(UnknownBuildingError) as caught:
        find_room_or_building(CAMPUS, typed)
    assert (caught.value.typed, caught.value.suggestions) == (building, ())
    assert caught.value.example == CAMPUS.buildings[0].code


def test_beginning_of_a_label_names_the_rooms_of_that_building():
    with pytest.raises(UnknownRoomError) as caught:
        find_room_or_building(CAMPUS, "crn 1")
    assert caught.value.suggestions == ("CRN 100", "CRN 131")


@pytest.mark.parametrize(
    ("typed", "meant"),
    {
        "Projector": ("Projector",),
        "proj": ("Projector",),
        "projectors": ("Projector",),
        "white board": ("Whiteboard",),
        "chairs": ("Movable chairs",),
        "mic": ("Microphones",),
        "micropone": ("Microphones",),
        "projector, whiteboard": ("Projector", "Whiteboard"),
        "whiteboard and projector": ("Whiteboard", "Projector"),
        "proj + white board": ("Projector", "Whiteboard"),
        "projector/projector": ("Projector",),
        "IT: Network, Wired": ("IT: Network, Wired",),
    }.items(),
)
def test_features_are_found(typed, meant):
    assert find_features(CAMPUS, typed) == meant


@pytest.mark.parametrize("typed", ["wheelchair", "projector, wheelchair", "", ",", "zz"])
def test_feature_that_is_not_listed_is_named(typed):
    with pytest.raises(UnknownFeatureError) as caught:
        find_features(CAMPUS, typed)
    assert caught.value.typed == typed.removeprefix("projector, ")
    assert (caught.value.suggestions, caught.value.listed) == ((), CAMPUS.features)


def test_campus_without_features_is_said_to_have_none():
    with pytest.raises(UnknownFeatureError) as caught:
        find_features(make_campus(), "projector")
    assert not caught.value.listed


SPELLED = st.text("abcdefgilnorstu", min_size=1, max_size=9)


@given(word=SPELLED | st.sampled_from(["crane", "grove", "library"]), typo=SPELLED)
def test_found_building_has_a_word_like_the_one_that_was_typed(word, typo):
    for typed in (word, word[:2] + typo[:1] + word[3:]):
        for code in match_names(list(NAMES), typed, lambda each: (each, NAMES[each][0])):
            words = [code.casefold(), *name_words(NAMES[code][0])]
            assert any(
                other.startswith(typed) or edit_distance(typed, other) <= 2 for other in words
            )


@pytest.mark.parametrize(
    ("one", "other", "edits"),
    [("", "", 0), ("a", "", 1), ("libary", "library", 1), ("ab", "ba", 1), ("crane", "grove", 3)],
)
def test_edits_between_two_words(one, other, edits):
    assert edit_distance(one, other) == edit_distance(other, one) == edits
