"""The kinds of source: a package in `core/sources` is found, and nothing else has to know it."""

import asyncio
import contextlib
import io
import sys
from pathlib import Path

import aiohttp
import pytest

import core.sources
from cli import command_line, main
from core.campus_file.loader import load_campus
from core.errors import SettingsError
from core.sources.registry import create_source, describe_source, source_kinds
from tests.fakes import at

PACKAGE = """
from dataclasses import dataclass
from typing import ClassVar

from core.sources.discovery import ListedRoom, RoomList
from core.sources.kind import Discovery, SourceConfigParser, SourceDescription, SourceKind
from core.sources.source_draft import SourceDraft, SourceKey


@dataclass(frozen=True)
class Settings:
    kind: ClassVar[str] = "made up"
    shelf: str
    concurrency: int = 1


class Parser(SourceConfigParser):
    def __init__(self, table):
        table.reject_unknown_keys({"kind", "shelf"})
        self.shelf = table.text("shelf")

    def read_room_id(self, table):
        return table.text("id")

    def build_settings(self):
        return Settings(self.shelf)


class Discoverer:
    url = "https://shelves.example"
    name = "The Shelves"
    label = "shelves"
    campus_id = "shelves"

    def __init__(self, place, context, at):
        self.shelf = place

    async def list_rooms(self):
        return RoomList((ListedRoom("1", "A 1"),))

    async def list_opening_hours(self, room_ids):
        return {}

    async def booking_offsets(self, rooms, first_day):
        return []

    async def draft_source(self, rooms, sample, *, first_day, zone, progress):
        return SourceDraft([SourceKey("shelf", self.shelf, "As named.")], "a shelf", {}, 0, {})


KIND = SourceKind(
    name="made up",
    parse_config=Parser,
    create=lambda campus, settings, context: (campus.id, settings.shelf),
    discovery=Discovery("a shelf", "the third", Discoverer),
    describe=lambda settings: SourceDescription(settings.shelf, True, False, lambda *_: False),
)
"""

CAMPUS = """
id = "here"
name = "Here"
timezone = "Europe/Berlin"
[source]
kind = "made up"
shelf = "the third"
[[buildings]]
code = "A"
name = "Alpha"
opens = "07:00"
closes = "23:00"
rooms = [{ id = "1", name = "1" }]
"""


@pytest.fixture
def made_up_kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = tmp_path / "made_up_kind"
    folder.mkdir()
    (folder / "__init__.py").write_text(PACKAGE)
    monkeypatch.setattr(core.sources, "__path__", [*core.sources.__path__, str(tmp_path)])
    source_kinds.cache_clear()
    yield
    source_kinds.cache_clear()
    sys.modules.pop("core.sources.made_up_kind", None)


@pytest.fixture
def campus_path(tmp_path: Path) -> str:
    path = tmp_path / "here.toml"
    path.write_text(CAMPUS)
    return str(path)


async def test_a_package_adds_a_kind_without_another_file(made_up_kind, campus_path):
    campus = load_campus(campus_path)
    assert describe_source(campus.source).label == "the third"
    async with aiohttp.ClientSession() as session:
        source: object = create_source(campus, session)
    assert source == ("here", "the third")


async def test_a_package_adds_a_kind_to_discover(made_up_kind, tmp_path):
    options = command_line.parse(
        ["discover", "made up", "the third", "--timezone", "Europe/Berlin"]
    )
    with contextlib.redirect_stdout(io.TextIOWrapper(io.BytesIO())) as written:
        assert await asyncio.to_thread(main.run, options, at=at("10:00")) == 0
    path = tmp_path / "shelves.toml"
    path.write_bytes(written.buffer.getvalue())
    assert describe_source(load_campus(str(path)).source).label == "the third"


def test_an_unknown_kind_is_refused_with_the_kinds_that_exist(campus_path):
    with pytest.raises(SettingsError) as err:
        load_campus(campus_path)
    assert f"'made up' is not one of {', '.join(source_kinds())}" in str(err.value)


def test_every_kind_goes_by_the_name_of_its_settings():
    assert list(source_kinds()) == sorted(source_kinds())
    assert {"25live", "ical"} <= set(source_kinds())
