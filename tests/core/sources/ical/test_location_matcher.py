"""Which rooms a LOCATION means, surely or perhaps."""

import pytest

from core.sources.ical.location_matcher import LocationMatcher
from core.sources.ical.parser_protocol import RoomNames

CAMPUS = (
    RoomNames("c116", "CAS", "College of Arts", "116"),
    RoomNames("c118", "CAS", "College of Arts", "118"),
    RoomNames("c114", "CAS", "College of Arts", "114"),
    RoomNames("c114A", "CAS", "College of Arts", "114 A"),
    RoomNames("g116", "CGS", "General Studies", "116"),
    RoomNames("gaud", "CGS", "General Studies", "Auditorium"),
    RoomNames("hall", "LAW", "Law", "Hall", "Redstone, Hall 1"),
    RoomNames("hs5", "LAW", "Law", "5", "Hörsaal 5"),
)

EXACT = [
    ("CAS 116", {"c116"}, set()),
    ("cas  116 ", {"c116"}, set()),
    ("ＣＡＳ 116", {"c116"}, set()),
    ("College of Arts 116", {"c116"}, set()),
    ("Auditorium", {"gaud"}, set()),
    ("118", {"c118"}, set()),
    ("116", set(), {"c116", "g116"}),
    ("CAS 116, CAS 118", {"c116", "c118"}, set()),
    ("CAS 116; CGS 116", {"c116", "g116"}, set()),
    ("CAS 116\nCAS 118", {"c116", "c118"}, set()),
    ("CAS 116, 725 Commonwealth Ave, Boston", {"c116"}, set()),
    ("Redstone, Hall 1", {"hall"}, set()),
    ("HÖRSAAL 5", {"hs5"}, set()),
    ("CAS 114 A", {"c114A"}, set()),
    ("CAS 116 (ground floor)", set(), {"c116"}),
    ("CAS 116/118", set(), {"c116", "c118"}),
    ("CAS116", set(), {"c116"}),
    ("Room 116 in CAS", set(), {"c116"}),
    ("room 116, college of arts", set(), {"c116"}),
    ("CAS 116-B", set(), {"c116"}),
    ("LAW 5", set(), set()),
    ("116 Bay State Road", set(), set()),
    ("CAS 201", set(), set()),
    ("Online", set(), set()),
    ("", set(), set()),
]

CONTAINS = [
    ("CAS 116", {"c116"}, set()),
    ("CAS 116 (ground floor)", {"c116"}, set()),
    ("Boston: cas 116, 725 Commonwealth Ave", {"c116"}, set()),
    ("CAS, 116", {"c116"}, set()),
    ("CAS116 and CGS116", {"c116", "g116"}, set()),
    ("CAS 116 & CAS 118", {"c116", "c118"}, set()),
    ("CAS 116 & 118", {"c116"}, {"c118"}),
    ("CAS 116/118", set(), {"c116", "c118"}),
    ("CAS 116-B", set(), {"c116"}),
    ("CAS 114 A", {"c114A"}, set()),
    ("CAS 114 B", {"c114"}, set()),
    ("CAS 1160", set(), set()),
    ("XCAS 116", set(), set()),
    ("116", set(), {"c116", "g116"}),
    ("Lecture, Redstone, Hall 1", {"hall"}, set()),
    ("Großer Hörsaal 5", {"hs5"}, set()),
    ("Hörsaal 50", set(), set()),
    ("CGS lobby, CAS 116", {"c116"}, set()),
    ("CGS, near 116 of CAS", set(), {"c116", "g116"}),
    ("word " * 300 + "CAS 116", set(), {each.room_id for each in CAMPUS}),
]


@pytest.mark.parametrize(("location", "sure", "maybe"), EXACT)
def test_exact_parts_mean_a_room_and_the_rest_puts_it_in_doubt(location, sure, maybe):
    meant = LocationMatcher(CAMPUS, "exact").match(location)
    assert (meant.certain, meant.possible) == (sure, maybe)


@pytest.mark.parametrize(("location", "sure", "maybe"), CONTAINS)
def test_whole_words_mean_a_room_and_the_rest_puts_it_in_doubt(location, sure, maybe):
    meant = LocationMatcher(CAMPUS, "contains").match(location)
    assert (meant.certain, meant.possible) == (sure, maybe)
