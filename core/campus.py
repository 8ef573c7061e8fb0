"""What a campus file may say, and a campus from what it says."""

import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar, get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from core.errors import SettingsError
from core.model import DAY, Building, Campus, ReadingWay, Room, SourceSettings

CAMPUSES = Path(__file__).parent / "campuses"

_ID = re.compile(r"[a-z0-9-]{1,20}")
_CODE = re.compile(r"[^\s:,*]{1,16}")
_CLOCK = re.compile(r"([01]\d|2[0-4]):([0-5]\d)")
_SPACE_ID = re.compile(r"[0-9]{1,12}")
_MOST_IN_FLIGHT = 32
_LONGEST_NAME = 100
_LONGEST_URL = 2000

_LEAST_OPEN = timedelta(hours=2)
"""Shorter hours than the clocks can skip would be none at all on that day."""

_Word = TypeVar("_Word", bound=str)


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
    campus = _campus(_Table(raw, "", faults))
    if faults:
        raise SettingsError([f"{path}: {fault}" for fault in faults])
    return campus


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


def _campus(table: "_Table") -> Campus:
    table.allow_only({"id", "name", "timezone", "source", "buildings"})
    zone = _zone(table)
    source = _source(table.table("source"))
    buildings = tuple(_building(each, zone) for each in table.tables("buildings"))
    table.unique("buildings", "code", [each.code.casefold() for each in buildings])
    rooms = [room for building in buildings for room in building.rooms]
    table.unique("buildings.rooms", "id", [room.id for room in rooms])
    return Campus(
        id=table.text("id", _ID, "1 to 20 of a-z, 0-9 and -"),
        name=table.text("name"),
        timezone=zone,
        source=source,
        buildings=buildings,
    )


def _zone(table: "_Table") -> ZoneInfo:
    name = table.text("timezone")
    try:
        return ZoneInfo(name or "UTC")
    except (KeyError, ValueError, OSError):
        table.fault("timezone", f'{name!r} is no time zone; write one like "America/New_York"')
        return ZoneInfo("UTC")


def _source(table: "_Table") -> SourceSettings:
    table.allow_only({"kind", "url", "read", "search_id", "concurrency"})
    table.choice("kind", ["25live"])
    url = table.text("url", most=_LONGEST_URL)
    if url and not _is_web(url):
        table.fault("url", f"{url!r} is not the address of a web server")
    ways: tuple[ReadingWay, ...] = get_args(ReadingWay)
    read = table.choice("read", ways)
    search_id = table.identifier("search_id", required=read == "search")
    return SourceSettings(
        kind="25live",
        url=url.rstrip("/"),
        read=read,
        search_id=search_id or None,
        concurrency=table.number("concurrency", default=6, least=1, most=_MOST_IN_FLIGHT),
    )


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _building(table: "_Table", zone: ZoneInfo) -> Building:
    table.allow_only({"code", "name", "opens", "closes", "rooms"})
    code = table.text("code", _CODE, "1 to 16 characters without space, colon, comma and star")
    opens, closes = table.clock("opens"), table.clock("closes")
    if timedelta() < closes - opens <= _LEAST_OPEN:
        table.fault("closes", "is not more than two hours after opens")
    rooms = tuple(_room(each, code) for each in table.tables("rooms"))
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


def _room(table: "_Table", building: str) -> Room:
    table.allow_only({"id", "name", "capacity", "features"})
    return Room(
        id=table.identifier("id", required=True),
        name=table.text("name"),
        building=building,
        # The provider writes 0 where nobody counted the seats.
        capacity=table.number("capacity", default=0, least=0, most=100_000) or None,
        features=table.texts("features"),
    )


@dataclass(frozen=True, slots=True)
class _Table:
    """One table of the file: reads typed values and notes a fault for each that is not right.

    A faulty value reads as an empty one, so that one pass finds every fault.
    """

    values: Mapping[str, Any]
    path: str
    faults: list[str]

    def fault(self, key: str, what: str) -> None:
        self.faults.append(f"{self.path}{key}: {what}")

    def allow_only(self, keys: Collection[str]) -> None:
        for key in sorted(self.values.keys() - keys):
            self.fault(key, f"is not a key here; there is {', '.join(sorted(keys))}")

    def unique(self, key: str, what: str, values: Sequence[str]) -> None:
        for value in sorted({each for each in values if each and values.count(each) > 1}):
            self.fault(key, f"{what} {value!r} is there more than once")

    def text(
        self,
        key: str,
        form: re.Pattern[str] | None = None,
        wanted: str = "",
        *,
        most: int = _LONGEST_NAME,
    ) -> str:
        value = self.values.get(key)
        if not isinstance(value, str) or not value.strip():
            self.fault(key, "is missing" if value is None else f"{value!r} is not a text")
            return ""
        if len(value) > most:
            self.fault(key, f"is longer than {most} characters")
            return ""
        if form is not None and not form.fullmatch(value):
            self.fault(key, f"{value!r} is not {wanted}")
        return value.strip()

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            self.fault(key, f"{value!r} is not a list of texts")
            return ()
        return tuple(value)

    def identifier(self, key: str, *, required: bool) -> str:
        """Read a number of the provider, written as a number or as a text."""
        value = self.values.get(key)
        if value is None and not required:
            return ""
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str) or not _SPACE_ID.fullmatch(value):
            self.fault(key, "is missing" if value is None else f"{value!r} is not a number")
            return ""
        return value

    def number(self, key: str, *, default: int, least: int, most: int) -> int:
        value = self.values.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            self.fault(key, f"{value!r} is not a whole number from {least} to {most}")
            return default
        return value

    def choice(self, key: str, words: Sequence[_Word]) -> _Word:
        value = self.values.get(key)
        if value not in words:
            self.fault(key, f"{value!r} is not one of {', '.join(words)}")
            return words[0]
        return words[words.index(value)]

    def clock(self, key: str) -> timedelta:
        value = self.values.get(key)
        match = _CLOCK.fullmatch(value) if isinstance(value, str) else None
        if match is None or match[0] > "24:00":
            self.fault(key, f'{value!r} is not a time of the day; write one like "07:00"')
            return timedelta()
        return timedelta(hours=int(match[1]), minutes=int(match[2]))

    def table(self, key: str) -> "_Table":
        value = self.values.get(key)
        if not isinstance(value, dict):
            self.fault(key, "is missing" if value is None else "is not a table")
            return _Table({}, f"{self.path}{key}.", [])
        return _Table(value, f"{self.path}{key}.", self.faults)

    def tables(self, key: str) -> Sequence["_Table"]:
        value = self.values.get(key)
        if not isinstance(value, list) or not value:
            self.fault(key, "is missing or empty" if not value else "is not a list of tables")
            return []
        if not all(isinstance(each, dict) for each in value):
            self.fault(key, "holds something that is not a table")
            return []
        return [
            _Table(each, f"{self.path}{key}[{at}].", self.faults) for at, each in enumerate(value)
        ]
