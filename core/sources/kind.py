"""What a kind of booking source is: a package that parses, creates, describes and discovers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar
from urllib.parse import urlsplit

from core.model.campus import Campus, Room, SourceSettings
from core.sources.base import BookingSource, Progress
from core.sources.http_policy import HttpPolicy
from core.sources.priority_limiter import PriorityLimiter
from core.toml_table import TomlTable

if TYPE_CHECKING:
    # The bot reads its campus files before it imports aiohttp.
    from zoneinfo import ZoneInfo

    import aiohttp
    from yarl import URL

    from core.sources.discovery import ListedRoom, RoomList
    from core.sources.opening_hours import OpeningHours
    from core.sources.source_draft import SourceDraft

MAX_URL_LENGTH = 2000
DEFAULT_CONCURRENCY = 6
_MAX_CONCURRENCY = 32

SettingsT = TypeVar("SettingsT", bound=SourceSettings)


class SourceConfigParser(ABC):
    """Parses `[source]` of a campus file, and what its rooms say about their bookings.

    The constructor takes the table `[source]`. Every room is read after it, in the order of
    the file, and `build_settings` is called last.
    """

    room_keys: frozenset[str] = frozenset()
    """Keys that a room of this kind may have besides those of every room."""

    @abstractmethod
    def read_room_id(self, table: TomlTable) -> str:
        """Read the id of a room."""

    def read_room(self, room: Room, table: TomlTable) -> None:  # noqa: B027 - a kind may have none
        """Read the keys of a room that are this kind's own."""

    @abstractmethod
    def build_settings(self) -> SourceSettings:
        """Return the settings of the campus's source."""


@dataclass(frozen=True, slots=True)
class SourceContext:
    """What a source reads with.

    The caller closes `session`. All sources of a process share one `limiter`.
    """

    session: aiohttp.ClientSession
    http_policy: HttpPolicy
    limiter: PriorityLimiter


@dataclass(frozen=True, slots=True)
class SourceDescription:
    """What operators are shown of a source.

    `label` names it in a line of output. Where `has_public_urls` is false, whoever knows a
    URL may read private data, so only its host is shown. Where `reads_campus_at_once` is
    true, one building cannot be read alone. `is_room_url` tells whether a URL is about one
    room, given by its id, and no other.
    """

    label: str
    has_public_urls: bool
    reads_campus_at_once: bool
    is_room_url: Callable[[URL, str], bool]


class Discoverer(Protocol):
    """Finds out what a campus file needs, from what a provider shows to strangers.

    `url` is what it asks, `name` what the provider calls it, `label` the same for a sentence
    ("25Live instance umd"), `campus_id` an id for the campus file.
    """

    url: str
    name: str
    label: str
    campus_id: str

    async def list_rooms(self) -> RoomList:
        """Return all rooms, perhaps none.

        Raises:
            DiscoveryError: the list cannot be read.
        """
        ...

    async def list_opening_hours(self, room_ids: Sequence[str]) -> Mapping[str, OpeningHours]:
        """Return the opening hours of those rooms for which the provider tells them."""
        ...

    async def booking_offsets(
        self, rooms: Sequence[ListedRoom], first_day: date
    ) -> Sequence[datetime]:
        """Return when some bookings begin, with the offsets that the campus gave them."""
        ...

    async def draft_source(
        self,
        rooms: Sequence[ListedRoom],
        sample: Sequence[ListedRoom],
        *,
        first_day: date,
        zone: ZoneInfo,
        progress: Progress,
    ) -> SourceDraft:
        """Return the table `[source]`, found out by reading the bookings of `sample`.

        Raises:
            SourceError: no bookings can be read.
        """
        ...


@dataclass(frozen=True, slots=True)
class Discovery:
    """How `discover` makes a campus file of a kind.

    `place` says what an operator names, `example` is one. `create` raises `DiscoveryError`
    where it does not understand a place.
    """

    place: str
    example: str
    create: Callable[[str, SourceContext, datetime], Discoverer]


@dataclass(frozen=True, slots=True)
class SourceKind(Generic[SettingsT]):
    """One kind of source; the package that defines it as `KIND` is found by `registry`.

    `name` is the `kind` of a campus file's `[source]`.
    """

    name: str
    parse_config: Callable[[TomlTable], SourceConfigParser]
    create: Callable[[Campus, SettingsT, SourceContext], BookingSource]
    describe: Callable[[SettingsT], SourceDescription]
    discovery: Discovery | None = None
    """None where campus files of the kind are written by hand."""


def parse_concurrency(table: TomlTable) -> int:
    """Read how many requests to the source may be in flight."""
    return table.number(
        "concurrency", default=DEFAULT_CONCURRENCY, minimum=1, maximum=_MAX_CONCURRENCY
    )


def is_http_url(url: str) -> bool:
    """Tell whether a text is the URL of a web server."""
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
