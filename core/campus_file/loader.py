"""What a campus file may say, and a campus from what it says."""

import re
import tomllib
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from core.errors import SettingsError
from core.model.calendar import DAY
from core.model.campus import Building, Campus, Room
from core.sources.kind import SourceConfigParser
from core.sources.registry import parse_source
from core.toml_table import TomlTable

CAMPUS_FOLDER = Path(__file__).parent

_CAMPUS_ID = re.compile(r"[a-z0-9-]{1,20}")
_BUILDING_CODE = re.compile(r"[^\s:,*]{1,16}")

_MIN_OPENING_HOURS = timedelta(hours=2)
"""Shorter hours than the clocks can skip would be none at all on that day."""


def load_campus(id_or_path: str) -> Campus:
    """Read the campus called `named`: an id of `core/campus_file`, or the path of a TOML file.

    Raises:
        SettingsError: no such file, or it is faulty; every fault names file and key.
    """
    path = _resolve_path(id_or_path)
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as err:
        raise SettingsError([f"{path}: cannot be read: {err.strerror}"]) from err
    except ValueError as err:
        raise SettingsError([f"{path}: is not TOML: {err}"]) from err
    faults: list[str] = []
    campus = _parse_campus(TomlTable(raw, "", faults))
    if faults:
        raise SettingsError([f"{path}: {fault}" for fault in faults])
    return campus


def load_campuses(ids_or_paths: Iterable[str]) -> tuple[Campus, ...]:
    """Read several campuses, as `load_campus` does each.

    Raises:
        SettingsError: the faults of all of them, or two have one id.
    """
    campuses: dict[str, Campus] = {}
    faults: list[str] = []
    for each in ids_or_paths:
        try:
            campus = load_campus(each)
        except SettingsError as err:
            faults += err.issues
            continue
        if campus.id in campuses:
            faults.append(f"CAMPUSES: {each!r} has the id {campus.id!r}, and so has another")
        campuses[campus.id] = campus
    if faults:
        raise SettingsError(faults)
    return tuple(campuses.values())


def _resolve_path(id_or_path: str) -> Path:
    if id_or_path.endswith(".toml") or "/" in id_or_path or "\\" in id_or_path:
        return Path(id_or_path)
    path = CAMPUS_FOLDER / f"{id_or_path}.toml"
    if path not in (there := sorted(CAMPUS_FOLDER.glob("*.toml"))):
        known = ", ".join(each.stem for each in there)
        raise SettingsError(
            [f"CAMPUS: no campus {id_or_path!r}; there is {known}, or the path of a file"]
        )
    return path


def _parse_campus(table: TomlTable) -> Campus:
    table.reject_unknown_keys({"id", "name", "timezone", "source", "buildings"})
    zone = _parse_timezone(table)
    source = parse_source(table.subtable("source"))
    buildings = tuple(_parse_building(each, zone, source) for each in table.subtables("buildings"))
    table.unique("buildings", "code", [each.code.casefold() for each in buildings])
    rooms = [room for building in buildings for room in building.rooms]
    table.unique("buildings.rooms", "id", [room.id for room in rooms])
    return Campus(
        id=table.text("id", _CAMPUS_ID, "1 to 20 of a-z, 0-9 and -"),
        name=table.text("name"),
        timezone=zone,
        source=source.build_settings(),
        buildings=buildings,
    )


def _parse_timezone(table: TomlTable) -> ZoneInfo:
    name = table.text("timezone")
    try:
        return ZoneInfo(name or "UTC")
    except (KeyError, ValueError, OSError):
        table.add_issue("timezone", f'{name!r} is no time zone; write one like "America/New_York"')
        return ZoneInfo("UTC")


def _parse_building(table: TomlTable, zone: ZoneInfo, source: SourceConfigParser) -> Building:
    table.reject_unknown_keys({"code", "name", "opens", "closes", "rooms"})
    code = table.text(
        "code", _BUILDING_CODE, "1 to 16 characters without space, colon, comma and star"
    )
    opens, closes = table.time_of_day("opens"), table.time_of_day("closes")
    if timedelta() < closes - opens <= _MIN_OPENING_HOURS:
        table.add_issue("closes", "is not more than two hours after opens")
    rooms = tuple(_parse_room(each, code, source) for each in table.subtables("rooms"))
    table.unique("rooms", "name", [room.name.casefold() for room in rooms])
    return Building(
        code=code,
        name=table.text("name"),
        timezone=zone,
        opens=opens,
        # "02:00" after "07:00" is the next day's; so is "07:00", which means round the clock.
        closes=closes if closes > opens else closes + DAY,
        rooms=tuple(sorted(rooms, key=natural_sort_key)),
    )


def natural_sort_key(room: Room) -> list[tuple[bool, int, str]]:
    """Return the sort key by which people look for a room: 114A, 114B, 116, 201, B06A."""
    return [
        (not part.isdecimal(), int(part) if part.isdecimal() else 0, part)
        for part in re.findall(r"\d+|\D+", room.name.casefold())
    ]


def _parse_room(table: TomlTable, building: str, source: SourceConfigParser) -> Room:
    table.reject_unknown_keys({"id", "name", "capacity", "features"} | source.room_keys)
    room = Room(
        id=source.read_room_id(table),
        name=table.text("name"),
        building=building,
        # The provider writes 0 where nobody counted the seats.
        capacity=table.number("capacity", default=0, minimum=0, maximum=100_000) or None,
        features=table.texts("features"),
    )
    source.read_room(room, table)
    return room
