"""Which instance an operator means."""

import pytest

from core.sources.discovery import DiscoveryError
from core.sources.live25.discovery.instance import parse_instance

RUN = "https://25live.collegenet.com/25live/data/umd/run"


@pytest.mark.parametrize(
    ("text", "name", "url"),
    [
        ("umd", "umd", RUN),
        (RUN, "umd", RUN),
        (f"{RUN}/", "umd", RUN),
        ("https://25live.collegenet.com/pro/umd#!/home/dash", "umd", RUN),
        ("https://25live.collegenet.com/25live/pro/umd", "umd", RUN),
        (
            "https://roomscheduling.uwm.edu/25live/data/run",
            "roomscheduling",
            "https://roomscheduling.uwm.edu/25live/data/run",
        ),
        (
            "http://127.0.0.1:8080/25live/data/umd/run",
            "umd",
            "http://127.0.0.1:8080/25live/data/umd/run",
        ),
    ],
)
def test_a_name_and_every_address_of_an_instance_mean_it(text, name, url):
    instance = parse_instance(text)
    assert (instance.name, instance.url) == (name, url)


@pytest.mark.parametrize("text", ["", "u m d", "ftp://x/run", "https://", "https://a.edu/rooms"])
def test_anything_else_is_refused(text):
    with pytest.raises(DiscoveryError):
        parse_instance(text)


@pytest.mark.parametrize(
    ("name", "id_"), [("umd", "umd"), ("UM_Dearborn", "um-dearborn"), ("_", "campus")]
)
def test_a_campus_id_is_made_of_the_name(name, id_):
    assert parse_instance(f"https://a.edu/25live/data/{name}/run").campus_id == id_
