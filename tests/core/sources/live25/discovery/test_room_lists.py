"""An instance's public lists, read over the wire."""

import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from core.errors import SourceFormatError, SourceRefusedError
from core.sources.discovery import ListedRoom, RoomList
from core.sources.http_client import SourceClient
from core.sources.http_policy import HttpPolicy
from core.sources.live25.discovery.list_urls import ListUrls
from core.sources.live25.discovery.room_lists import (
    list_opening_hours,
    list_rooms,
    list_saved_searches,
)
from core.sources.opening_hours import OpeningHours
from fakes.live25 import list_responses
from fakes.live25.bookings import Months
from fakes.live25.fault_injection import ResponseFault
from fakes.live25.list_responses import Json, make_list
from fakes.live25.server import FakeLive25
from tests.recordings import Recording


@dataclass
class ServedLists:
    """A served instance, and a conversation with it."""

    server: FakeLive25
    talk: SourceClient
    lists: ListUrls

    async def rooms(self) -> RoomList:
        return await list_rooms(self.talk, self.lists)


@asynccontextmanager
async def serving(rooms: Json | None) -> AsyncIterator[ServedLists]:
    async with FakeLive25(Months()) as server, aiohttp.ClientSession() as session:
        server.room_list = rooms
        at = datetime(2024, 11, 4, tzinfo=UTC)
        talk = SourceClient(session, HttpPolicy(), concurrency=4, now=at)
        yield ServedLists(server, talk, ListUrls(server.url))


def cells(whole: Json, name: str) -> dict[str, Any]:
    """Return a column of a recorded list by room id, found as a careful reader would."""
    at = next(n for n, column in enumerate(whole["cols"]) if column.get("prefname") == name)
    return {str(row["contextId"]): row["row"][at] for row in whole["rows"]}


@pytest.mark.parametrize("kind", ["joined", "glued"])
async def test_a_list_is_read_to_the_last_room(recording: Recording, kind: str):
    whole = recording.load_joined() if kind == "joined" else recording.load_glued()
    async with serving(whole) as asked:
        found = await asked.rooms()
    assert len(found.rooms) == found.reported_count == whole["rows"][0]["count"]
    names = {id_: cell["itemName"] for id_, cell in cells(whole, "name").items()}
    assert {room.id: room.name for room in found.rooms} == names
    formal = {
        id_: re.sub(r"\s+", " ", str(cell)).strip()
        for id_, cell in cells(whole, "formal_name").items()
    }
    assert {room.id: room.formal_name for room in found.rooms} == formal


async def test_a_name_that_became_a_number_is_a_text_again(recording: Recording):
    whole = recording.load_joined()
    ((id_, number),) = [
        (id_, cell) for id_, cell in cells(whole, "formal_name").items() if isinstance(cell, int)
    ]
    async with serving(whole) as asked:
        found = await asked.rooms()
    assert [room.id for room in found.rooms if room.formal_name == str(number)] == [id_]


async def test_categories_and_features_are_those_that_the_list_joined(recording: Recording):
    whole = recording.load_joined()
    async with serving(whole) as asked:
        found = await asked.rooms()
    recorded = cells(whole, "categories")
    counts = Counter(each for room in found.rooms for each in room.categories)
    assert counts["Classrooms - General Use"] == sum(
        "Classrooms - General Use" in str(each) for each in recorded.values()
    )
    features = {each for room in found.rooms for each in room.features}
    assert {"IT: Network, Wired", "IT: Network, Wireless"} <= features
    assert not {"IT: Network", "Wired", "Wireless"} & features


async def test_a_list_in_pages_is_read_to_the_end():
    whole = make_list(("name",), {str(n): (f"A {n}",) for n in range(1, 251)})
    async with serving(whole) as asked:
        asked.server.max_page_size = 100
        found = await asked.rooms()
        assert asked.server.request_count == 3
    assert [room.name for room in found.rooms] == [f"A {n}" for n in range(1, 251)]


async def test_buildings_and_seats_are_read_where_they_are_told():
    columns = ("name", "bldg_name", "max_capacity", "default_capacity")
    building = {"itemId": 12, "itemName": "Atlantic Building (ATL)"}
    rooms: dict[str, tuple[object, ...]] = {
        "1": ("A 1", building, 40, 30),
        "2": (475, "", 0, 30),
        "3": ("A 3", None, 0, 0),
        "4": ("A 4", None, None, None),
    }
    async with serving(make_list(columns, rooms)) as asked:
        found = await asked.rooms()
    assert found.rooms == (
        ListedRoom("1", "A 1", building="Atlantic Building (ATL)", capacity=40),
        ListedRoom("2", "475", capacity=30),
        ListedRoom("3", "A 3", capacity=0),
        ListedRoom("4", "A 4"),
    )


async def test_the_other_list_of_rooms_is_read_where_the_first_is_not_shown():
    async with serving(make_list(("name",), {"1": ("A 1",), "2": (202,)})) as asked:
        asked.server.endpoint_faults = {"listdata.json": ResponseFault("html")}
        found = await asked.rooms()
    assert found.rooms == (ListedRoom("1", "A 1"), ListedRoom("2", "202"))


@pytest.mark.parametrize(
    ("fault", "error", "kind"),
    [
        (ResponseFault("html"), SourceRefusedError, "login page"),
        (ResponseFault(status=403), SourceRefusedError, "refused 403"),
        (ResponseFault("deep nesting"), SourceFormatError, "not understood"),
    ],
)
async def test_a_list_that_is_not_shown_fails_with_what_was_seen(fault, error, kind):
    async with serving(make_list(("name",), {"1": ("A 1",)})) as asked:
        asked.server.fault = fault
        with pytest.raises(error) as caught:
            await asked.rooms()
    assert caught.value.kind == kind


async def test_a_list_without_names_is_not_understood():
    async with serving({"cols": [{"prefname": "features"}], "rows": [{"row": ["Sink"]}]}) as asked:
        with pytest.raises(SourceFormatError, match="a list without names"):
            await asked.rooms()


async def test_an_empty_list_is_empty_and_not_a_failure():
    async with serving(list_responses.NO_LIST) as asked:
        assert await asked.rooms() == RoomList(())


async def test_saved_searches_are_named_and_none_where_they_are_not_shown():
    async with serving(list_responses.NO_LIST) as asked:
        asked.server.searches = {"2195": "Classrooms"}
        found = await list_saved_searches(asked.talk, asked.lists)
        assert [(each.id, each.name) for each in found] == [("2195", "Classrooms")]
        asked.server.fault = ResponseFault("html")
        assert await list_saved_searches(asked.talk, asked.lists) == []


async def test_hours_are_read_for_the_rooms_that_have_some():
    async with serving(list_responses.NO_LIST) as asked:
        asked.server.opening_hours = {"7": [("07:00:00", "21:00:00"), ("08:00:00", "22:00:00")]}
        rooms = [str(n) for n in range(1, 151)]
        found = await list_opening_hours(asked.talk, asked.lists, rooms)
        assert found == {"7": OpeningHours(timedelta(hours=7), timedelta(hours=22))}
        assert asked.server.request_count == 2


async def test_who_tells_no_hours_is_asked_once():
    async with serving(list_responses.NO_LIST) as asked:
        rooms = [str(n) for n in range(1, 501)]
        assert await list_opening_hours(asked.talk, asked.lists, rooms) == {}
        assert asked.server.request_count == 1
