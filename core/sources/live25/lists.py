"""An instance's public lists: its rooms, its saved searches, when its rooms are open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.discovery.hours import Hours, hours_by_room
from core.discovery.listing import ListedRoom, clean, told_apart
from core.errors import SourceChangedError, SourceError, SourceUnavailableError
from core.sources.live25.lists_addresses import Lists
from core.sources.live25.lists_shapes import (
    Cell,
    DayHours,
    Named,
    RoomPage,
    Row,
    Space,
    read_page,
    read_searches,
    read_spaces,
)
from core.sources.web import Conversation

# Of a thousand rooms each; the largest campus known has some 1,500 rooms.
_MOST_PAGES = 30
_ROOMS_A_QUESTION = 100


@dataclass(frozen=True, slots=True)
class RoomList:
    """All rooms that an instance lists; `promised` is how many it says there are, 0 if not."""

    rooms: tuple[ListedRoom, ...]
    promised: int = 0


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A search for rooms that somebody saved for everybody."""

    id: str
    name: str


async def room_list(talk: Conversation, lists: Lists) -> RoomList:
    """Return the rooms that strangers are shown, perhaps none.

    Instances differ in what they answer to a stranger, so three addresses are tried.

    Raises:
        SourceError: what the first of them came to, where none answered with rooms.
    """
    fault: SourceError | None = None
    for filtered in (False, True):
        try:
            found = await _listed(talk, lists, filtered=filtered)
        except SourceUnavailableError:
            raise
        except SourceError as err:
            fault = fault or err
            continue
        if found.rooms:
            return found
    try:
        spaces = await talk.ask(lists.minimal_rooms(), read_spaces)
    except SourceError as err:
        fault = fault or err
        spaces = []
    if not spaces and fault:
        raise fault
    return RoomList(tuple(map(_room_of_space, spaces)))


async def saved_searches(talk: Conversation, lists: Lists) -> list[SavedSearch]:
    """Return the saved searches that strangers are shown; none where there is no such list."""
    try:
        found = await talk.ask(lists.searches(), read_searches)
    except SourceError:
        return []
    searches = [SavedSearch(str(each.id or ""), _text(each)) for each in found]
    return [each for each in searches if each.id.isascii() and each.id.isdecimal()]


async def opening_hours(
    talk: Conversation, lists: Lists, room_ids: Sequence[str]
) -> Mapping[str, Hours]:
    """Return the hours of those rooms for which the instance tells them, perhaps of none."""
    told: dict[str, list[tuple[str, str]]] = {}
    for start in range(0, len(room_ids), _ROOMS_A_QUESTION):
        url = lists.hours(room_ids[start : start + _ROOMS_A_QUESTION])
        try:
            spaces = await talk.ask(url, read_spaces)
        except SourceError:
            spaces = []
        found = {str(space.id): _pairs(space.hours) for space in spaces if space.hours}
        # Who tells none of a hundred rooms tells none of the next hundred.
        if not found:
            break
        told |= found
    return hours_by_room(told)


def _pairs(hours: DayHours | list[DayHours] | None) -> list[tuple[str, str]]:
    days = hours if isinstance(hours, list) else [hours] if hours else []
    return [(day.opens, day.closes) for day in days]


async def _listed(talk: Conversation, lists: Lists, *, filtered: bool) -> RoomList:
    rooms: list[ListedRoom] = []
    promised, page, pages = 0, 1, 1
    while page <= pages:
        found = await talk.ask(lists.rooms(page, filtered=filtered), read_page)
        rows = found.rows or []
        if not rows:
            break
        rooms += _rooms_on(found, rows)
        promised = rows[0].count or promised
        pages = min(rows[0].pages or pages, _MOST_PAGES)
        page += 1
    return RoomList(tuple(rooms), promised)


def _rooms_on(page: RoomPage, rows: Sequence[Row]) -> list[ListedRoom]:
    """Return the rooms of a page; columns are found by what they are about, never by place."""
    about = {column.about: at for at, column in enumerate(page.columns) if column.about}
    if "name" not in about:
        raise SourceChangedError("not understood", "a list without names")

    def cell(row: Row, name: str) -> Cell:
        at = about.get(name, len(row.cells))
        return row.cells[at] if at < len(row.cells) else None

    categories = told_apart([_text(cell(row, "categories")) for row in rows])
    features = told_apart([_text(cell(row, "features")) for row in rows])
    return [
        ListedRoom(
            id=_id_of(row, cell(row, "name")),
            name=_text(cell(row, "name")),
            formal_name=_text(cell(row, "formal_name")),
            building=_text(cell(row, "bldg_name")),
            categories=categories[number],
            features=features[number],
            capacity=_seats(cell(row, "max_capacity"), cell(row, "default_capacity")),
        )
        for number, row in enumerate(rows)
    ]


def _id_of(row: Row, name: Cell) -> str:
    told = row.room_id if row.room_id is not None else isinstance(name, Named) and name.id
    return str(told or "")


def _text(cell: Cell) -> str:
    if isinstance(cell, Named):
        cell = cell.name
    return clean(str(cell)) if isinstance(cell, str | int | float) else ""


def _seats(*cells: Cell) -> int | None:
    """Return the first number of seats that is one, 0 where all are 0, None without numbers."""
    told = [cell for cell in cells if isinstance(cell, int) and not isinstance(cell, bool)]
    return next((each for each in told if each), 0) if told else None


def _room_of_space(space: Space) -> ListedRoom:
    return ListedRoom(
        id=str(space.id),
        name=_text(space.name),
        formal_name=_text(space.formal_name),
        building=_text(space.building),
        capacity=space.capacity,
    )
