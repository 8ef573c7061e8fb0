"""What a campus file says of where its bookings are read, in `[source]` and in its rooms."""

import re
from abc import ABC, abstractmethod
from typing import get_args
from urllib.parse import urlsplit

from core.model.campus import (
    IcalSettings,
    Live25Settings,
    LocationMatchMode,
    ReadStrategy,
    Room,
    SourceSettings,
)
from core.toml_table import TomlTable

_ROOM_ID = re.compile(r"[A-Za-z0-9._-]{1,40}")
_MAX_CONCURRENCY = 32
_MAX_URL_LENGTH = 2000


class SourceConfigParser(ABC):
    """One kind of source: reads what its rooms say besides, and then what all of it means."""

    room_keys: frozenset[str] = frozenset()

    @abstractmethod
    def read_room_id(self, table: TomlTable) -> str:
        """Read the id of a room."""

    @abstractmethod
    def read_room(self, room: Room, table: TomlTable) -> None:
        """Read what a room says of its bookings."""

    @abstractmethod
    def build_settings(self) -> SourceSettings:
        """Return the whole, once every room was noted."""


def parse_source(table: TomlTable) -> SourceConfigParser:
    """Read `[source]`; a faulty kind reads as 25Live."""
    kind = table.choice("kind", ["25live", "ical"])
    return _IcalConfigParser(table) if kind == "ical" else _Live25ConfigParser(table)


class _Live25ConfigParser(SourceConfigParser):
    def __init__(self, table: TomlTable) -> None:
        table.reject_unknown_keys({"kind", "url", "read", "search_id", "concurrency"})
        url = table.text("url", max_length=_MAX_URL_LENGTH)
        if url and not _is_http_url(url):
            table.add_issue("url", f"{url!r} is not the address of a web server")
        ways: tuple[ReadStrategy, ...] = get_args(ReadStrategy)
        read = table.choice("read", ways)
        search_id = table.identifier("search_id", required=read == "search")
        self._settings = Live25Settings(
            kind="25live",
            url=url.rstrip("/"),
            strategy=read,
            search_id=search_id or None,
            concurrency=_parse_concurrency(table),
        )

    def read_room_id(self, table: TomlTable) -> str:
        return table.identifier("id", required=True)

    def read_room(self, room: Room, table: TomlTable) -> None:
        """Read nothing: 25Live knows rooms by their ids."""

    def build_settings(self) -> SourceSettings:
        return self._settings


class _IcalConfigParser(SourceConfigParser):
    """Either one feed for all, which `[source]` names, or one in each room."""

    def __init__(self, table: TomlTable) -> None:
        self._table = table
        self._url = _parse_feed_url(table) if "url" in table.values else None
        self._is_shared = self._url is not None
        self._feeds: dict[str, str] = {}
        self._locations: dict[str, str] = {}
        keys = {"kind", "url", "concurrency"}
        table.reject_unknown_keys(keys | {"match"} if self._is_shared else keys)
        ways: tuple[LocationMatchMode, ...] = get_args(LocationMatchMode)
        self._match_mode = table.choice("match", ways) if "match" in table.values else ways[0]
        self._concurrency = _parse_concurrency(table)
        self.room_keys = frozenset({"location"} if self._is_shared else {"url"})

    def read_room_id(self, table: TomlTable) -> str:
        return table.text("id", _ROOM_ID, "1 to 40 of A-Z, a-z, 0-9, point, _ and -")

    def read_room(self, room: Room, table: TomlTable) -> None:
        if not self._is_shared:
            self._feeds[room.id] = _parse_feed_url(table)
        elif "location" in table.values:
            self._locations[room.id] = table.text("location")

    def build_settings(self) -> SourceSettings:
        called = [" ".join(each.split()).casefold() for each in self._locations.values()]
        TomlTable({}, "", self._table.issues).unique("buildings.rooms", "location", called)
        return IcalSettings(
            kind="ical",
            url=self._url,
            match_mode=self._match_mode,
            feeds=self._feeds,
            locations=self._locations,
            concurrency=self._concurrency,
        )


def _parse_feed_url(table: TomlTable) -> str:
    """Read the address of a feed; it is not repeated, as who knows it may read the feed."""
    url = table.text("url", max_length=_MAX_URL_LENGTH)
    # Calendar programs show feeds under this scheme; it has always been the web.
    if url.lower().startswith(("webcal://", "webcals://")):
        url = "https" + url[url.index(":") :]
    if url and not _is_http_url(url):
        table.add_issue("url", "is not the address of a feed, like https://… or webcal://…")
    return url


def _parse_concurrency(table: TomlTable) -> int:
    return table.number("concurrency", default=6, minimum=1, maximum=_MAX_CONCURRENCY)


def _is_http_url(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
