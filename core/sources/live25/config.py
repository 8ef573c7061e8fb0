"""Settings of a 25Live source, as a campus file gives them."""

from dataclasses import dataclass
from typing import ClassVar, Literal, get_args

from yarl import URL

from core.sources.kind import (
    DEFAULT_CONCURRENCY,
    MAX_URL_LENGTH,
    SourceConfigParser,
    SourceDescription,
    is_http_url,
    parse_concurrency,
)
from core.toml_table import TomlTable

ReadStrategy = Literal["rooms", "search", "reservations"]


@dataclass(frozen=True, slots=True)
class Live25Settings:
    """Which 25Live instance publishes a campus's bookings, and how it is read.

    `url` is the instance's `run` folder, without a slash at its end.
    """

    kind: ClassVar[str] = "25live"

    url: str
    strategy: ReadStrategy
    search_id: str | None = None
    concurrency: int = DEFAULT_CONCURRENCY


class Live25ConfigParser(SourceConfigParser):
    """Parses `[source]` of a campus on 25Live, which knows rooms by their ids alone."""

    def __init__(self, table: TomlTable) -> None:
        table.reject_unknown_keys({"kind", "url", "read", "search_id", "concurrency"})
        url = table.text("url", max_length=MAX_URL_LENGTH)
        if url and not is_http_url(url):
            table.add_issue("url", f"{url!r} is not the address of a web server")
        strategies: tuple[ReadStrategy, ...] = get_args(ReadStrategy)
        strategy = table.choice("read", strategies)
        search_id = table.identifier("search_id", required=strategy == "search")
        self._settings = Live25Settings(
            url=url.rstrip("/"),
            strategy=strategy,
            search_id=search_id or None,
            concurrency=parse_concurrency(table),
        )

    def read_room_id(self, table: TomlTable) -> str:
        """Read the id of a room: a number."""
        return table.identifier("id", required=True)

    def build_settings(self) -> Live25Settings:
        """Return the settings of the campus's source."""
        return self._settings


def describe(settings: Live25Settings) -> SourceDescription:
    """Describe a 25Live source: everybody may request its URLs."""
    return SourceDescription(
        label=settings.url,
        has_public_urls=True,
        reads_campus_at_once=False,
        is_room_url=_is_room_url,
    )


def _is_room_url(url: URL, room_id: str) -> bool:
    return url.query.get("space_id") == room_id
