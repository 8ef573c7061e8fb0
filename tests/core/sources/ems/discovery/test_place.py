"""Which EMS an operator means."""

import pytest

from core.sources.discovery import DiscoveryError
from core.sources.ems.discovery.place import parse_place


@pytest.mark.parametrize(
    ("text", "name", "url"),
    [
        ("mmdg", "mmdg", "https://mmdg.emscloudservice.com/web"),
        (
            "https://uwmadison.emscloudservice.com/web/BrowseForSpace.aspx",
            "uwmadison",
            "https://uwmadison.emscloudservice.com/web",
        ),
        ("https://ems.byui.edu/EmsWebApp/", "byui", "https://ems.byui.edu/EmsWebApp"),
        ("https://reserve.rit.edu/Default.aspx?data=x#top", "rit", "https://reserve.rit.edu"),
        ("https://ems.colorado.edu", "colorado", "https://ems.colorado.edu"),
        ("http://127.0.0.1:8000/web", "127", "http://127.0.0.1:8000/web"),
    ],
)
def test_names_and_addresses_of_pages_are_understood(text, name, url):
    place = parse_place(text)
    assert (place.name, place.url) == (name, url)


@pytest.mark.parametrize("text", ["", "two words", "ftp://x/web", "https://", "http://[", "a/b"])
def test_what_is_no_place_is_said(text):
    with pytest.raises(DiscoveryError, match="neither the name of an EMS nor an address"):
        parse_place(text)


def test_the_id_is_one_that_a_campus_file_may_have():
    place = parse_place("https://ems.The_Longest.University.of.All.edu/web")
    assert place.campus_id == "the-longest"
    assert parse_place("A-Rather-Long-Name-Of-A-Campus").campus_id == "a-rather-long-name-o"
