"""What a campus file may say, and a campus from what it says."""

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from zoneinfo import ZoneInfo

from core.campus_file.clock_style import default_clock_style
from core.campus_file.opening_hours import (
    HoursByWeekday,
    parse_building_hours,
    parse_campus_hours,
    with_closures,
)
from core.errors import SettingsError
from core.model.campus import Building, Campus, ClockStyle, Room, RoomAccess
from core.sources.kind import SourceConfigParser
from core.sources.registry import parse_source
from core.toml_table import TomlTable

CAMPUS_FOLDER = Path(__file__).parent

_CAMPUS_ID = re.compile(r"[a-z0-9-]{1,20}")
_BUILDING_CODE = re.compile(r"[^\s:,*]{1,16}")

_CAMPUS_KEYS = frozenset(
    {"id", "name", "timezone", "source", "buildings", "hours", "closed", "clock"}
    | {"unbooked_may_be_locked"}
)
_BUILDING_KEYS = frozenset({"code", "name", "opens", "closes", "hours", "rooms"})
_ROOM_KEYS = frozenset({"id", "name", "capacity", "features", "access", "note", "listed"})
_MAX_NOTE_LENGTH = 200


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
    table.reject_unknown_keys(_CAMPUS_KEYS)
    zone = _parse_timezone(table)
    source = parse_source(table.subtable("source"))
    hours = parse_campus_hours(table)
    all_ids: list[str] = []
    buildings = tuple(
        _parse_building(each, zone, source, hours, all_ids) for each in table.subtables("buildings")
    )
    table.unique("buildings", "code", [each.code.casefold() for each in buildings])
    table.unique("buildings.rooms", "id", all_ids)
    return Campus(
        id=table.text("id", _CAMPUS_ID, "1 to 20 of a-z, 0-9 and -"),
        name=table.text("name"),
        timezone=zone,
        source=source.build_settings(),
        buildings=with_closures(table, buildings),
        clock=_parse_clock(table, zone),
        warns_if_unbooked=table.boolean("unbooked_may_be_locked", default=False),
    )


def _parse_timezone(table: TomlTable) -> ZoneInfo:
    name = table.text("timezone")
    try:
        return ZoneInfo(name or "UTC")
    except (KeyError, ValueError, OSError):
        table.add_issue("timezone", f'{name!r} is no time zone; write one like "America/New_York"')
        return ZoneInfo("UTC")


def _parse_clock(table: TomlTable, zone: ZoneInfo) -> ClockStyle:
    styles = [each.value for each in ClockStyle]
    return ClockStyle(table.choice("clock", styles, default=default_clock_style(zone).value))


def _parse_building(
    table: TomlTable,
    zone: ZoneInfo,
    source: SourceConfigParser,
    campus_hours: HoursByWeekday,
    all_ids: list[str],
) -> Building:
    table.reject_unknown_keys(_BUILDING_KEYS)
    code = table.text(
        "code", _BUILDING_CODE, "1 to 16 characters without space, colon, comma and star"
    )
    hours = parse_building_hours(table, campus_hours)
    parsed = [_parse_room(each, code, source) for each in table.subtables("rooms")]
    table.unique("rooms", "name", [room.name.casefold() for room, _ in parsed])
    all_ids += [room.id for room, _ in parsed]
    rooms = [room for room, is_listed in parsed if is_listed]
    if parsed and not rooms:
        table.add_issue("rooms", "none of them is listed")
    return Building(
        code=code,
        name=table.text("name"),
        timezone=zone,
        opens=hours.opens,
        closes=hours.closes,
        rooms=tuple(sorted(rooms, key=natural_sort_key)),
        week=None if hours.is_daily else hours,
    )


def natural_sort_key(room: Room) -> list[tuple[bool, int, str]]:
    """Return the sort key by which people look for a room: 114A, 114B, 116, 201, B06A."""
    return [
        (not part.isdecimal(), int(part) if part.isdecimal() else 0, part)
        for part in re.findall(r"\d+|\D+", room.name.casefold())
    ]


def _parse_room(table: TomlTable, building: str, source: SourceConfigParser) -> tuple[Room, bool]:
    """Read a room, and whether it is listed: others are left out of the campus."""
    table.reject_unknown_keys(_ROOM_KEYS | source.room_keys)
    ways = [each.value for each in RoomAccess]
    room = Room(
        id=source.read_room_id(table),
        name=table.text("name"),
        building=building,
        # The provider writes 0 where nobody counted the seats.
        capacity=table.number("capacity", default=0, minimum=0, maximum=100_000) or None,
        features=table.texts("features"),
        access=RoomAccess(table.choice("access", ways, default=RoomAccess.OPEN.value)),
        note=table.text("note", max_length=_MAX_NOTE_LENGTH) if "note" in table.values else "",
    )
    source.read_room(room, table)
    return room, table.boolean("listed", default=True)
