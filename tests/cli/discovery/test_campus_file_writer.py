"""The text of a campus file."""

import tomllib
from datetime import timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from cli.discovery.building_names import assign_buildings
from cli.discovery.campus_file_writer import CampusDraft, Commented, quote_toml, render_campus_file
from core.campus_file.loader import load_campus
from core.sources.discovery import ListedRoom
from core.sources.opening_hours import OpeningHours
from core.sources.source_draft import SourceKey

HOURS = OpeningHours(timedelta(hours=7), timedelta(hours=24))
anything = st.text(st.characters(exclude_categories=["Cs"]))


@given(anything)
def test_toml_reads_back_every_text_that_was_quoted(text):
    assert tomllib.loads(f"text = {quote_toml(text)}") == {"text": text}


def draft(rooms, *, remark: str = "", name: str = "Maryland") -> CampusDraft:
    buildings = assign_buildings(rooms).buildings
    return CampusDraft(
        comments=[remark],
        id="umd",
        name=Commented(name, remark),
        timezone=Commented("America/New_York", remark),
        kind="25live",
        source=[
            SourceKey("url", "https://25live.collegenet.com/25live/data/umd/run"),
            SourceKey("read", "search", remark),
            SourceKey("search_id", "12"),
        ],
        buildings=buildings,
        hours={each.code: (HOURS, remark) for each in buildings},
    )


@given(anything, st.lists(st.tuples(anything, anything, anything), min_size=1, max_size=5))
def test_whatever_a_list_says_is_data_or_comment_and_nothing_else(remark, cells):
    rooms = [ListedRoom(str(n), f"A{name}", *rest) for n, (name, *rest) in enumerate(cells)]
    raw = tomllib.loads(render_campus_file(draft(rooms, remark=remark)))
    assert raw["id"] == "umd"
    assert len([room for each in raw["buildings"] for room in each["rooms"]]) == len(rooms)
    assert raw.keys() == {"id", "name", "timezone", "source", "buildings"}


def test_a_campus_loads_with_all_that_was_told(tmp_path: Path):
    rooms = [
        ListedRoom("1", 'A "1"', features=("Überhead, \\ old",), capacity=40),
        ListedRoom("2", "A 2", capacity=0),
        ListedRoom("3", "A 3", capacity=2_000_000),
    ]
    path = tmp_path / "campus.toml"
    path.write_text(render_campus_file(draft(rooms, name="Ünïversität ✓")), encoding="utf-8")
    campus = load_campus(str(path))
    assert campus.name == "Ünïversität ✓"
    assert [(room.name, room.capacity) for room in campus.rooms] == [
        ("2", None),
        ("3", None),
        ('"1"', 40),
    ]
    assert list(campus.rooms)[2].features == ("Überhead, \\ old",)
    assert campus.buildings[0].closes == timedelta(hours=24)


def test_comments_are_broken_into_lines_of_a_readable_width():
    text = render_campus_file(draft([ListedRoom("1", "A 1")], remark="so many words " * 30))
    assert max(map(len, text.splitlines())) <= 100
