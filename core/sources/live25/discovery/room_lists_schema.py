"""The shapes of 25Live's public lists; of all that they hold, only what a campus file needs.

Source: `docs/25live.md`, "Lists".
"""

from typing import Literal

import msgspec
from msgspec import UNSET, Struct, UnsetType, field

from core.sources.json_decoding import decode_json, extract_json

LooseText = str | int | float | None
"""The source's converter makes numbers of texts that look like one, such as a room's name."""


class NamedItem(Struct, gc=False):
    """A cell that names something."""

    id: str | int | None = field(name="itemId", default=None)
    name: LooseText = field(name="itemName", default=None)


Cell = NamedItem | str | int | float | bool | list[object] | None


class Column(Struct, gc=False):
    """What a column is about; signed-in views have columns that do not say."""

    property_name: str | None = field(name="prefname", default=None)


class Row(Struct):
    """A room; only the first row of a page says how many there are."""

    cells: list[Cell] = field(name="row")
    room_id: str | int | None = field(name="contextId", default=None)
    pages: int | None = None
    count: int | None = None


class RoomPage(Struct):
    """A page of `listdata.json`."""

    columns: list[Column] = field(name="cols")
    rows: list[Row] | None = None


class DayHours(Struct, gc=False):
    """The hours of one day of the week, "Monday" or "Mon"."""

    weekday: str = field(name="day_name", default="")
    opens: str = field(name="open", default="")
    closes: str = field(name="close", default="")


class Space(Struct):
    """A room in `spaces.json`."""

    id: str | int = field(name="space_id")
    name: LooseText = field(name="space_name", default=None)
    formal_name: LooseText = None
    building: LooseText = field(name="building_name", default=None)
    capacity: int | None = field(name="max_capacity", default=None)
    hours: DayHours | list[DayHours] | None = None


class Spaces(Struct):
    """All rooms of an answer: absent, one, or a list."""

    items: Space | list[Space] | None = field(name="space", default=None)


class SpacesResponse(Struct):
    """The whole of an answer of `spaces.json`; the part that it must have may be empty."""

    # An empty XML element comes out of a converter as null or as empty text.
    spaces: Spaces | Literal[""] | None


class SearchesResponse(Struct):
    """The saved searches for rooms."""

    searches: list[NamedItem] | UnsetType | None = field(
        name="spaceSearchesCollections", default=UNSET
    )


_PAGE = msgspec.json.Decoder(RoomPage, strict=False)
_SPACES = msgspec.json.Decoder(SpacesResponse, strict=False)
_SEARCHES = msgspec.json.Decoder(SearchesResponse, strict=False)


def decode_room_page(body: bytes) -> RoomPage:
    """Return an answer of `listdata.json`.

    Raises:
        SourceError: the body is something else.
    """
    return decode_json(_PAGE, extract_json(body))


def decode_spaces(body: bytes) -> list[Space]:
    """Return the rooms in an answer of `spaces.json`, perhaps none.

    Raises:
        SourceError: the body is something else.
    """
    spaces = decode_json(_SPACES, extract_json(body)).spaces
    if not spaces or spaces.items is None:
        return []
    return spaces.items if isinstance(spaces.items, list) else [spaces.items]


def decode_searches(body: bytes) -> list[NamedItem]:
    """Return the saved searches for rooms, perhaps none.

    Raises:
        SourceError: the body is something else.
    """
    return decode_json(_SEARCHES, extract_json(body)).searches or []
