"""What a campus file says of where its bookings are read, in `[source]` and in its rooms."""

import re
from abc import ABC, abstractmethod
from typing import get_args
from urllib.parse import urlsplit

from core.model import (
    IcalSettings,
    Live25Settings,
    MatchingWay,
    ReadingWay,
    Room,
    SourceSettings,
)
from core.table import Table

_SLUG = re.compile(r"[A-Za-z0-9._-]{1,40}")
_MOST_IN_FLIGHT = 32
_LONGEST_URL = 2000


class SourceForm(ABC):
    """One kind of source: reads what its rooms say besides, and then what all of it means."""

    room_keys: frozenset[str] = frozenset()

    @abstractmethod
    def room_id(self, table: Table) -> str:
        """Read the id of a room."""

    @abstractmethod
    def note_room(self, room: Room, table: Table) -> None:
        """Read what a room says of its bookings."""

    @abstractmethod
    def settings(self) -> SourceSettings:
        """Return the whole, once every room was noted."""


def read_source(table: Table) -> SourceForm:
    """Read `[source]`; a faulty kind reads as 25Live."""
    kind = table.choice("kind", ["25live", "ical"])
    return _Ical(table) if kind == "ical" else _Live25(table)


class _Live25(SourceForm):
    def __init__(self, table: Table) -> None:
        table.allow_only({"kind", "url", "read", "search_id", "concurrency"})
        url = table.text("url", most=_LONGEST_URL)
        if url and not _is_web(url):
            table.fault("url", f"{url!r} is not the address of a web server")
        ways: tuple[ReadingWay, ...] = get_args(ReadingWay)
        read = table.choice("read", ways)
        search_id = table.identifier("search_id", required=read == "search")
        self._settings = Live25Settings(
            kind="25live",
            url=url.rstrip("/"),
            read=read,
            search_id=search_id or None,
            concurrency=_concurrency(table),
        )

    def room_id(self, table: Table) -> str:
        return table.identifier("id", required=True)

    def note_room(self, room: Room, table: Table) -> None:
        """Read nothing: 25Live knows rooms by their ids."""

    def settings(self) -> SourceSettings:
        return self._settings


class _Ical(SourceForm):
    """Either one feed for all, which `[source]` names, or one in each room."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._url = _feed(table) if "url" in table.values else None
        self._is_shared = self._url is not None
        self._feeds: dict[str, str] = {}
        self._locations: dict[str, str] = {}
        keys = {"kind", "url", "concurrency"}
        table.allow_only(keys | {"match"} if self._is_shared else keys)
        ways: tuple[MatchingWay, ...] = get_args(MatchingWay)
        self._match = table.choice("match", ways) if "match" in table.values else ways[0]
        self._concurrency = _concurrency(table)
        self.room_keys = frozenset({"location"} if self._is_shared else {"url"})

    def room_id(self, table: Table) -> str:
        return table.text("id", _SLUG, "1 to 40 of A-Z, a-z, 0-9, point, _ and -")

    def note_room(self, room: Room, table: Table) -> None:
        if not self._is_shared:
            self._feeds[room.id] = _feed(table)
        elif "location" in table.values:
            self._locations[room.id] = table.text("location")

    def settings(self) -> SourceSettings:
        called = [" ".join(each.split()).casefold() for each in self._locations.values()]
        Table({}, "", self._table.faults).unique("buildings.rooms", "location", called)
        return IcalSettings(
            kind="ical",
            url=self._url,
            match=self._match,
            feeds=self._feeds,
            locations=self._locations,
            concurrency=self._concurrency,
        )


def _feed(table: Table) -> str:
    """Read the address of a feed; it is not repeated, as who knows it may read the feed."""
    url = table.text("url", most=_LONGEST_URL)
    # Calendar programs show feeds under this scheme; it has always been the web.
    if url.lower().startswith(("webcal://", "webcals://")):
        url = "https" + url[url.index(":") :]
    if url and not _is_web(url):
        table.fault("url", "is not the address of a feed, like https://… or webcal://…")
    return url


def _concurrency(table: Table) -> int:
    return table.number("concurrency", default=6, least=1, most=_MOST_IN_FLIGHT)


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
