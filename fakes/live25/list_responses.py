"""The responses of 25Live's public lists: rooms in pages, their hours, and lists made of cells."""

from collections.abc import Container, Iterable, Mapping
from typing import Any

from fakes.live25.bookings import Months

Json = dict[str, Any]
HoursByRoom = Mapping[str, Iterable[tuple[str, ...]]]

NO_LIST: Json = {"cols": [], "rows": []}


def list_of_names(months: Months) -> Json:
    """Return a list that has only the names of the rooms."""
    names = {room: answer["subjects"][0]["itemName"] for room, answer in months.items()}
    return make_list(("name",), {room: (name,) for room, name in names.items()})


def make_list(columns: Iterable[str], rooms: Mapping[str, Iterable[object]]) -> Json:
    """Return a list with these columns; `rooms` are the cells by room id, the name first."""
    rows = []
    for room, cells in rooms.items():
        name, *rest = cells
        named = {"templateType": 5, "itemId": int(room), "itemName": name, "itemTypeId": 4}
        rows.append({"contextId": int(room), "row": [named, *rest]})
    return {"cols": [{"prefname": each, "isVisible": 1} for each in columns], "rows": rows}


def list_page(room_list: Json, *, page: int, size: int) -> Json:
    """Return a page of a list; its first row has the numbers of pages and rooms."""
    rows = room_list["rows"]
    here = [
        {key: value for key, value in row.items() if key not in {"pages", "count"}}
        for row in rows[(page - 1) * size : page * size]
    ]
    if here:
        here[0] = {"pages": -(-len(rows) // size), "count": len(rows), **here[0]}
    return {"page": page, "page_size": size, "cols": room_list["cols"], "rows": here}


def space_names(room_list: Json) -> list[Json]:
    """Return the rooms of a list as `spaces.json` has them: ids and names."""
    named = [cell for row in room_list["rows"] for cell in row["row"] if _is_name(cell)]
    return [{"space_id": each["itemId"], "space_name": each["itemName"]} for each in named]


def _is_name(cell: object) -> bool:
    return isinstance(cell, dict) and cell.get("templateType") == 5


def _day_hours(*day: str) -> Json:
    """Return the hours of a day: its times, and its name before them where it has one."""
    *name, opens, closes = day
    return {**({"day_name": name[0]} if name else {}), "open": opens, "close": closes}


def space_hours(hours: HoursByRoom, room_ids: Container[str]) -> list[Json]:
    """Return rooms as `spaces.json` has them with their hours: one pair a day."""
    return [
        {
            "space_id": int(room),
            "hours": [_day_hours(*day) for day in days],
        }
        for room, days in hours.items()
        if room in room_ids
    ]
