"""What a campus file may say, and a campus from what it says."""

import re
import tomllib
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from core.campus_source import SourceForm, read_source
from core.errors import SettingsError
from core.model import DAY, Building, Campus, Room
from core.table import Table

CAMPUSES = Path(__file__).parent / "campuses"

_ID = re.compile(r"[a-z0-9-]{1,20}")
_CODE = re.compile(r"[^\s:,*]{1,16}")

_LEAST_OPEN = timedelta(hours=2)
"""Shorter hours than the clocks can skip would be none at all on that day."""


def load_campus(named: str) -> Campus:
    """Read the campus called `named`: an id of `core/campuses`, or the path of a TOML file.

    Raises:
        SettingsError: no such file, or it is faulty; every fault names file and key.
    """
    path = _file_of(named)
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as err:
        raise SettingsError([f"{path}: cannot be read: {err.strerror}"]) from err
    except ValueError as err:
        raise SettingsError([f"{path}: is not TOML: {err}"]) from err
    faults: list[str] = []
    campus = _campus(Table(raw, "", faults))
    if faults:
        raise SettingsError([f"{path}: {fault}" for fault in faults])
    return campus


def load_campuses(named: Iterable[str]) -> tuple[Campus, ...]:
    """Read several campuses, as `load_campus` does each.

    Raises:
        SettingsError: the faults of all of them, or two have one id.
    """
    campuses: dict[str, Campus] = {}
    faults: list[str] = []
    for each in named:
        try:
            campus = load_campus(each)
        except SettingsError as err:
            faults += err.faults
            continue
        if campus.id in campuses:
            faults.append(f"CAMPUSES: {each!r} has the id {campus.id!r}, and so has another")
        campuses[campus.id] = campus
    if faults:
        raise SettingsError(faults)
    return tuple(campuses.values())


def _file_of(named: str) -> Path:
    if named.endswith(".toml") or "/" in named or "\\" in named:
        return Path(named)
    path = CAMPUSES / f"{named}.toml"
    if path not in (there := sorted(CAMPUSES.glob("*.toml"))):
        known = ", ".join(each.stem for each in there)
        raise SettingsError(
            [f"CAMPUS: no campus {named!r}; there is {known}, or the path of a file"]
        )
    return path


def _campus(table: Table) -> Campus:
    table.allow_only({"id", "name", "timezone", "source", "buildings"})
    zone = _zone(table)
    source = read_source(table.table("source"))
    buildings = tuple(_building(each, zone, source) for each in table.tables("buildings"))
    table.unique("buildings", "code", [each.code.casefold() for each in buildings])
    rooms = [room for building in buildings for room in building.rooms]
    table.unique("buildings.rooms", "id", [room.id for room in rooms])
    return Campus(
        id=table.text("id", _ID, "1 to 20 of a-z, 0-9 and -"),
        name=table.text("name"),
        timezone=zone,
        source=source.settings(),
        buildings=buildings,
    )


def _zone(table: Table) -> ZoneInfo:
    name = table.text("timezone")
    try:
        return ZoneInfo(name or "UTC")
    except (KeyError, ValueError, OSError):
        table.fault("timezone", f'{name!r} is no time zone; write one like "America/New_York"')
        return ZoneInfo("UTC")


def _building(table: Table, zone: ZoneInfo, source: SourceForm) -> Building:
    table.allow_only({"code", "name", "opens", "closes", "rooms"})
    code = table.text("code", _CODE, "1 to 16 characters without space, colon, comma and star")
    opens, closes = table.clock("opens"), table.clock("closes")
    if timedelta() < closes - opens <= _LEAST_OPEN:
        table.fault("closes", "is not more than two hours after opens")
    rooms = tuple(_room(each, code, source) for each in table.tables("rooms"))
    table.unique("rooms", "name", [room.name.casefold() for room in rooms])
    return Building(
        code=code,
        name=table.text("name"),
        timezone=zone,
        opens=opens,
        # "02:00" after "07:00" is the next day's; so is "07:00", which means round the clock.
        closes=closes if closes > opens else closes + DAY,
        rooms=tuple(sorted(rooms, key=natural_order)),
    )


def natural_order(room: Room) -> list[tuple[bool, int, str]]:
    """Return the sort key by which people look for a room: 114A, 114B, 116, 201, B06A."""
    return [
        (not part.isdecimal(), int(part) if part.isdecimal() else 0, part)
        for part in re.findall(r"\d+|\D+", room.name.casefold())
    ]


def _room(table: Table, building: str, source: SourceForm) -> Room:
    table.allow_only({"id", "name", "capacity", "features"} | source.room_keys)
    room = Room(
        id=source.room_id(table),
        name=table.text("name"),
        building=building,
        # The provider writes 0 where nobody counted the seats.
        capacity=table.number("capacity", default=0, least=0, most=100_000) or None,
        features=table.texts("features"),
    )
    source.note_room(room, table)
    return room
