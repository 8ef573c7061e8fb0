"""Settings of an iCalendar source, as a campus file gives them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import ClassVar, Literal, get_args

from yarl import URL

from core.model.campus import Room
from core.sources.kind import (
    DEFAULT_CONCURRENCY,
    MAX_URL_LENGTH,
    SourceConfigParser,
    SourceDescription,
    is_http_url,
    parse_concurrency,
)
from core.toml_table import TomlTable

_ROOM_ID = re.compile(r"[A-Za-z0-9._-]{1,40}")

_REACHES = re.compile(r"([1-9]\d{0,2})([dw])")

LocationMatchMode = Literal["exact", "contains"]


@dataclass(frozen=True, slots=True)
class IcalSettings:
    """Which iCalendar feeds publish a campus's bookings.

    Either one feed for all rooms, `url`, whose events name their room as `match_mode` says,
    or one for each room, `feeds` by room id. `locations` are what events call a room, by
    room id, where that is not its label. The feeds hold nothing after `reaches` from now,
    None where they hold everything.
    """

    kind: ClassVar[str] = "ical"

    url: str | None = None
    match_mode: LocationMatchMode = "exact"
    feeds: Mapping[str, str] = field(default_factory=dict, hash=False)
    locations: Mapping[str, str] = field(default_factory=dict, hash=False)
    concurrency: int = DEFAULT_CONCURRENCY
    reaches: timedelta | None = None

    @property
    def hosts(self) -> frozenset[str]:
        """The hosts of all feeds."""
        urls = [self.url] if self.url else self.feeds.values()
        return frozenset(URL(each).host or "" for each in urls)


class IcalConfigParser(SourceConfigParser):
    """Parses `[source]` of a campus with one shared feed, or with a feed in each room."""

    def __init__(self, table: TomlTable) -> None:
        self._table = table
        self._url = _parse_feed_url(table) if "url" in table.values else None
        self._is_shared = self._url is not None
        self._feeds: dict[str, str] = {}
        self._locations: dict[str, str] = {}
        keys = {"kind", "url", "concurrency", "reaches"}
        table.reject_unknown_keys(keys | {"match"} if self._is_shared else keys)
        modes: tuple[LocationMatchMode, ...] = get_args(LocationMatchMode)
        self._match_mode = table.choice("match", modes) if "match" in table.values else modes[0]
        self._concurrency = parse_concurrency(table)
        self._reaches = _parse_reaches(table) if "reaches" in table.values else None
        self.room_keys = frozenset({"location"} if self._is_shared else {"url"})

    def read_room_id(self, table: TomlTable) -> str:
        """Read the id of a room."""
        return table.text("id", _ROOM_ID, "1 to 40 of A-Z, a-z, 0-9, point, _ and -")

    def read_room(self, room: Room, table: TomlTable) -> None:
        """Read the feed of a room, or what the events of the shared feed call it."""
        if not self._is_shared:
            self._feeds[room.id] = _parse_feed_url(table)
        elif "location" in table.values:
            self._locations[room.id] = table.text("location")

    def build_settings(self) -> IcalSettings:
        """Return the settings of the campus's source."""
        locations = [" ".join(each.split()).casefold() for each in self._locations.values()]
        TomlTable({}, "", self._table.issues).unique("buildings.rooms", "location", locations)
        return IcalSettings(
            url=self._url,
            match_mode=self._match_mode,
            feeds=self._feeds,
            locations=self._locations,
            concurrency=self._concurrency,
            reaches=self._reaches,
        )


def describe(settings: IcalSettings) -> SourceDescription:
    """Describe an iCalendar source: whoever knows a feed's URL can read all its events."""
    return SourceDescription(
        label="iCalendar",
        has_public_urls=False,
        reads_campus_at_once=settings.url is not None,
        is_room_url=lambda url, room_id: url == URL(settings.feeds.get(room_id, "")),
    )


def _parse_reaches(table: TomlTable) -> timedelta | None:
    """Read how far ahead feeds go that are cut off some days from now."""
    text = table.text("reaches", _REACHES, 'a number of days or weeks, like "7d" or "4w"')
    found = _REACHES.fullmatch(text)
    return int(found[1]) * timedelta(days=7 if found[2] == "w" else 1) if found else None


def _parse_feed_url(table: TomlTable) -> str:
    """Read the URL of a feed; no message repeats it, as who knows it can read the feed."""
    url = table.text("url", max_length=MAX_URL_LENGTH)
    # Calendar programs show feeds under this scheme; it has always been the web.
    if url.lower().startswith(("webcal://", "webcals://")):
        url = "https" + url[url.index(":") :]
    if url and not is_http_url(url):
        table.add_issue("url", "is not the address of a feed, like https://… or webcal://…")
    return url
