"""What a campus file says of an EMS."""

import pytest

from core.campus_file.loader import load_campus
from core.errors import SettingsError
from core.sources.ems.config import EmsSettings
from core.sources.registry import describe_source

CAMPUS = """
id = "here"
name = "Here"
timezone = "America/New_York"
[source]
kind = "ems"
{source}
[[buildings]]
code = "A"
name = "Alpha"
opens = "07:00"
closes = "23:00"
rooms = [{{ id = {id}, name = "1" }}]
"""


@pytest.fixture
def load(tmp_path):
    def load(source: str, room_id: str = '"4"'):
        path = tmp_path / "here.toml"
        path.write_text(CAMPUS.format(source=source, id=room_id), encoding="utf-8")
        return load_campus(str(path))

    return load


def test_an_address_is_enough(load):
    campus = load('url = "https://x.emscloudservice.com/web/"')
    assert campus.source == EmsSettings("https://x.emscloudservice.com/web", 1)
    assert [room.id for room in campus.rooms] == ["4"]
    described = describe_source(campus.source)
    assert described.label == "https://x.emscloudservice.com/web"
    assert described.has_public_urls


def test_more_questions_at_once_can_be_allowed(load):
    assert load('url = "https://x.example/EmsWebApp"\nconcurrency = 4').source.concurrency == 4


@pytest.mark.parametrize(
    ("source", "room_id", "fault"),
    [
        ("", '"4"', "source.url: is missing"),
        ('url = "ftp://x"', '"4"', "is not the address of a web server"),
        ('url = "https://x"\nread = "rooms"', '"4"', "source.read: is not a key here"),
        ('url = "https://x"\nconcurrency = 0', '"4"', "source.concurrency: 0 is not a whole"),
        ('url = "https://x"', '"A4"', "'A4' is not a number"),
    ],
)
def test_faults_name_their_key(load, source, room_id, fault):
    with pytest.raises(SettingsError, match=fault):
        load(source, room_id)
