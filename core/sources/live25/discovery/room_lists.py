"""An instance's public lists: its rooms, its saved searches, when its rooms are open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.errors import SourceError, SourceFormatError, SourceUnavailableError
from core.sources.discovery import ListedRoom, RoomList, clean_text, split_cells
from core.sources.http_client import SourceClient
from core.sources.live25.discovery.list_urls import ListUrls
from core.sources.live25.discovery.room_lists_schema import (
    Cell,
    DayHours,
    NamedItem,
    RoomPage,
    Row,
    Space,
    decode_room_page,
    decode_searches,
    decode_spaces,
)
from core.sources.opening_hours import OpeningHours, hours_by_room

# Of a thousand rooms each; the largest campus known has some 1,500 rooms.
_MAX_PAGES = 30
_ROOMS_PER_REQUEST = 100


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A search for rooms that somebody saved for everybody."""

    id: str
    name: str


async def list_rooms(client: SourceClient, urls: ListUrls) -> RoomList:
    """Return the rooms that strangers are shown, perhaps none.

    Instances differ in what they answer to a stranger, so three addresses are tried.

    Raises:
        SourceError: what the first of them came to, where none answered with rooms.
    """
    error: SourceError | None = None
    for filtered in (False, True):
        try:
            found = await _list_pages(client, urls, filtered=filtered)
        except SourceUnavailableError:
            raise
        except SourceError as err:
            error = error or err
            continue
        if found.rooms:
            return found
    try:
        spaces = await client.get(urls.minimal_rooms(), decode_spaces)
    except SourceError as err:
        error = error or err
        spaces = []
    if not spaces and error:
        raise error
    return RoomList(tuple(map(_listed_room, spaces)))


async def list_saved_searches(client: SourceClient, urls: ListUrls) -> list[SavedSearch]:
    """Return the saved searches that strangers are shown; none where there is no such list."""
    try:
        found = await client.get(urls.searches(), decode_searches)
    except SourceError:
        return []
    searches = [SavedSearch(str(each.id or ""), _cell_text(each)) for each in found]
    return [each for each in searches if each.id.isascii() and each.id.isdecimal()]


async def list_opening_hours(
    client: SourceClient, urls: ListUrls, room_ids: Sequence[str]
) -> Mapping[str, OpeningHours]:
    """Return the hours of those rooms for which the instance tells them, perhaps of none."""
    rows_by_room: dict[str, list[tuple[str, str, str]]] = {}
    for start in range(0, len(room_ids), _ROOMS_PER_REQUEST):
        url = urls.hours(room_ids[start : start + _ROOMS_PER_REQUEST])
        try:
            spaces = await client.get(url, decode_spaces)
        except SourceError:
            spaces = []
        found = {str(space.id): _hour_rows(space.hours) for space in spaces if space.hours}
        # Who tells none of a hundred rooms tells none of the next hundred.
        if not found:
            break
        rows_by_room |= found
    return hours_by_room(rows_by_room)


def _hour_rows(hours: DayHours | list[DayHours] | None) -> list[tuple[str, str, str]]:
    days = hours if isinstance(hours, list) else [hours] if hours else []
    return [(day.weekday, day.opens, day.closes) for day in days]


async def _list_pages(client: SourceClient, urls: ListUrls, *, filtered: bool) -> RoomList:
    rooms: list[ListedRoom] = []
    reported_count, page, pages = 0, 1, 1
    while page <= pages:
        found = await client.get(urls.rooms(page, filtered=filtered), decode_room_page)
        rows = found.rows or []
        if not rows:
            break
        rooms += _parse_page(found, rows)
        reported_count = rows[0].count or reported_count
        pages = min(rows[0].pages or pages, _MAX_PAGES)
        page += 1
    return RoomList(tuple(rooms), reported_count)


def _parse_page(page: RoomPage, rows: Sequence[Row]) -> list[ListedRoom]:
    """Return the rooms of a page; columns are found by what they are about, never by place."""
    column_by_property = {
        column.property_name: at for at, column in enumerate(page.columns) if column.property_name
    }
    if "name" not in column_by_property:
        raise SourceFormatError("not understood", "a list without names")

    def cell(row: Row, name: str) -> Cell:
        at = column_by_property.get(name, len(row.cells))
        return row.cells[at] if at < len(row.cells) else None

    categories = split_cells([_cell_text(cell(row, "categories")) for row in rows])
    features = split_cells([_cell_text(cell(row, "features")) for row in rows])
    return [
        ListedRoom(
            id=_room_id(row, cell(row, "name")),
            name=_cell_text(cell(row, "name")),
            formal_name=_cell_text(cell(row, "formal_name")),
            building=_cell_text(cell(row, "bldg_name")),
            categories=categories[number],
            features=features[number],
            capacity=_capacity(cell(row, "max_capacity"), cell(row, "default_capacity")),
        )
        for number, row in enumerate(rows)
    ]


def _room_id(row: Row, name: Cell) -> str:
    room_id = row.room_id if row.room_id is not None else isinstance(name, NamedItem) and name.id
    return str(room_id or "")


def _cell_text(cell: Cell) -> str:
    if isinstance(cell, NamedItem):
        cell = cell.name
    return clean_text(str(cell)) if isinstance(cell, str | int | float) else ""


def _capacity(*cells: Cell) -> int | None:
    """Return the first number of seats that is one, 0 where all are 0, None without numbers."""
    numbers = [cell for cell in cells if isinstance(cell, int) and not isinstance(cell, bool)]
    return next((each for each in numbers if each), 0) if numbers else None


def _listed_room(space: Space) -> ListedRoom:
    return ListedRoom(
        id=str(space.id),
        name=_cell_text(space.name),
        formal_name=_cell_text(space.formal_name),
        building=_cell_text(space.building),
        capacity=space.capacity,
    )
