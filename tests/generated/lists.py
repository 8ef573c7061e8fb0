"""Public room lists as `listdata` tells them, generated from a seed, with the traps of real ones.

Names that became numbers, words that hold commas in cells joined by commas, columns without a
name, rooms that share a name, seats that nobody counted, lawns among the rooms.
"""

from collections.abc import Iterable, Iterator
from random import Random
from typing import Any

from demo.campus.live25_json import sniff_number

Json = dict[str, Any]
Cells = tuple[str, str, str, str, str, int, int]
"""A row's cells: name, formal name, categories, features, layouts, seats at most and by default."""

_SEED = 25
_TITLES = {
    "name": "Name",
    "formal_name": "Formal Name",
    "categories": "Categories",
    "features": "Features",
    "layouts": "Layouts",
    "max_capacity": "Max Capacity",
    "default_capacity": "Default Capacity",
}
_LOCATION, _STAR, _NAME_LINK = 4, 1, 5

_TREES = (
    *("Acacia", "Almond", "Aspen", "Banyan", "Bristlecone", "Buckeye", "Catalpa", "Cedar"),
    *("Chestnut", "Cypress", "Dogwood", "Ebony", "Fir", "Ginkgo", "Gumtree", "Hackberry"),
    *("Hawthorn", "Hemlock", "Hickory", "Hornbeam", "Ironwood", "Juniper", "Katsura", "Laburnum"),
)
JOINED_CLASSROOMS = "Classrooms - General Use"
_WIRED, _WIRELESS = "IT: Network, Wired", "IT: Network, Wireless"
_EQUIPMENT = ("Air Conditioned", "Board: Chalk", "Board: White", "Video/Data Projector")
_SEATING = ("Seating: Fixed", "Seating: Movable", "Seating: Seminar")
_OTHERS = {
    "Music Practice Room": 9,
    "Multi Purpose Space": 7,
    "Meeting Room": 5,
    "Meeting Room, Multi Purpose Space": 2,
    "Outdoor Locations - Greens": 16,
    "": 30,
}

GLUED_CLASSROOMS = "General Assignment Space"
_DISPLAYED = f"{GLUED_CLASSROOMS}, Should display on WEB"
_NOT_GENERAL = "Non-Gen Assignment Space"
_NOT_COUNTED = 16
_TWICE = 4
_OFFICES_OF_A_HOUSE = 30


def joined() -> Json:
    """Return a list as somebody signed in sees it: a first column of stars, which has no name."""
    starred = {"name": "IsFav", "templateType": _STAR, "isVisible": 1, "sortable": 0}
    rows = []
    for number, cells in enumerate(_joined_rooms(Random(_SEED)), start=1101):  # noqa: S311 - no secret
        star = {"templateType": _STAR, "itemId": number, "itemTypeId": _LOCATION, "isFav": 0}
        rows.append(_row(number, [star, *_cells(number, cells)]))
    return _list([starred, *_columns()], rows)


def glued() -> Json:
    """Return a list whose names are a code and a number filled up with zeros, without a space."""
    rooms = _glued_rooms(Random(_SEED))  # noqa: S311 - no secret
    rows = [_row(number, _cells(number, cells)) for number, cells in enumerate(rooms, start=2001)]
    return _list(_columns(), rows)


def _columns() -> list[Json]:
    return [
        {"name": title, "prefname": name, "isVisible": 1, "sortable": 1, "isPermanent": 0}
        for name, title in _TITLES.items()
    ]


def _cells(id_: int, cells: Cells) -> list[Any]:
    name, formal_name, *rest = cells
    named = {"templateType": _NAME_LINK, "itemId": id_, "itemName": name, "itemTypeId": _LOCATION}
    return [named, sniff_number(formal_name), *rest]


def _row(id_: int, cells: list[Any]) -> Json:
    return {"contextId": id_, "row": cells}


def _list(columns: list[Json], rows: list[Json]) -> Json:
    rows[0] = {"pages": 1, "count": len(rows), **rows[0]}
    return {"page": 1, "page_size": len(rows), "cols": columns, "rows": rows}


def _joined_rooms(random: Random) -> Iterator[Cells]:
    """Yield a street house of one classroom, then classrooms of 20 halls, then all the rest."""
    yield _joined_room(random, "31ASH 205", "31 Ash Lane 205", JOINED_CLASSROOMS, 28)
    for number, tree in enumerate(_TREES[:20]):
        for room in range(101, 104 + number % 4):
            name = f"{tree.upper()[:6]} {room}"
            formal_name = f"{tree} Hall Room {room}"
            yield _joined_room(random, name, formal_name, JOINED_CLASSROOMS, 10 + number)
    # A formal name that is a number is one by the time that it is JSON.
    yield _joined_room(random, "FORUM BOARDROOM 4", "712", "Meeting Room", 12)
    others = [categories for categories, count in _OTHERS.items() for _ in range(count)]
    for number, categories in enumerate(others, start=1):
        kind = (categories or "Storage").split(", ")[0]
        seats = 0 if kind.startswith(("Outdoor", "Storage")) else 6
        formal_name = f"{kind} {number}"
        yield _joined_room(random, f"{kind.upper()} #{number}", formal_name, categories, seats)


def _joined_room(random: Random, name: str, formal_name: str, categories: str, seats: int) -> Cells:
    network = [_WIRED, _WIRELESS] if seats else random.choice(([], [_WIRELESS]))
    equipment = sorted(random.sample(_EQUIPMENT, random.randint(1, 3)))
    features = [*equipment, *network, random.choice(_SEATING)] if seats else network
    # Where both networks are, "IT: Network" is twice in the cell.
    return name, formal_name, categories, ", ".join(features), "As Is", seats, seats


def _glued_rooms(random: Random) -> Iterator[Cells]:
    """Yield oddities and each hall's classrooms and offices; some have no counted seats."""
    yield from _glued_oddities()
    not_counted = set(random.sample(range(len(_TREES) * 8), _NOT_COUNTED))
    for number, tree in enumerate(_TREES):
        code, house = tree.upper()[:4], f"{tree} Hall"
        for room in range(8):
            seats = 20 + 5 * room
            uncounted = number * 8 + room in not_counted
            most, default = (room % 2, room % 2) if uncounted else (seats * (room % 3 > 0), seats)
            categories = random.choice((GLUED_CLASSROOMS, _DISPLAYED))
            yield _glued_room(code, house, 101 + room, categories, (most, default))
        offices = range(201, 201 + _OFFICES_OF_A_HOUSE + number % 3)
        # Four halls have an office that is listed twice, under one name and two ids.
        for room in [*offices, *offices[: number < _TWICE]]:
            yield _glued_room(code, house, room, _NOT_GENERAL, (1, 1))


def _glued_room(code: str, house: str, room: int, categories: str, seats: Iterable[int]) -> Cells:
    most, default = seats
    features = "Podium or lectern, Windows - none" if most > 1 else ""
    layout = "General Classroom" if categories.startswith(GLUED_CLASSROOMS) else ""
    return (
        f"{code}{room:04}",
        f"{house} room {room}",
        categories,
        features,
        layout,
        most,
        default,
    )


def _glued_oddities() -> Iterator[Cells]:
    yield "OCAMNORTH", "Off Campus North", "Off Campus", "", "", 1, 1
    yield "QUAD0LAW", "The Lawn", "", "", "", 0, 0
    yield "FIR00E-32", "Fir Hall room E-32", _NOT_GENERAL, "", "", 0, 0


def rooms() -> Json:
    """Return a campus as its own room list has it: buildings with hours, rooms with ids."""
    random = Random(_SEED)  # noqa: S311 - no secret
    return {
        "instance": "umd",
        "timezone": "America/New_York",
        "buildings": [_building(random, tree, number) for number, tree in enumerate(_TREES[:3])],
    }


def _building(random: Random, tree: str, number: int) -> Json:
    code = tree.upper()[:3]
    names = [str(each) for each in random.sample(range(100, 500), 20)] + ["B12", "114A", "Annex"]
    return {
        "code": code,
        "name": f"{code} Hall",
        "opens": f"{7 + number:02}:00",
        "closes": "23:00",
        "rooms": [
            {"id": str(1000 * (number + 1) + at), "name": name} for at, name in enumerate(names)
        ],
    }
