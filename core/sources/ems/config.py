"""Settings of an EMS source, as a campus file gives them."""

from dataclasses import dataclass
from typing import ClassVar

from core.sources.kind import (
    MAX_URL_LENGTH,
    SourceConfigParser,
    SourceDescription,
    is_http_url,
    parse_concurrency,
)
from core.toml_table import TomlTable

DEFAULT_CONCURRENCY = 1
"""EMS answers the questions of one visit one after the other; more would only queue there."""


@dataclass(frozen=True, slots=True)
class EmsSettings:
    """Which EMS web app publishes a campus's bookings.

    `url` is the app's folder, the one that holds `BrowseForSpace.aspx`, without a slash at
    its end.
    """

    kind: ClassVar[str] = "ems"

    url: str
    concurrency: int = DEFAULT_CONCURRENCY


class EmsConfigParser(SourceConfigParser):
    """Parses `[source]` of a campus on EMS, which knows rooms by their ids alone."""

    def __init__(self, table: TomlTable) -> None:
        table.reject_unknown_keys({"kind", "url", "concurrency"})
        url = table.text("url", max_length=MAX_URL_LENGTH)
        if url and not is_http_url(url):
            table.add_issue("url", f"{url!r} is not the address of a web server")
        self._settings = EmsSettings(
            url=url.rstrip("/"),
            concurrency=(
                parse_concurrency(table) if "concurrency" in table.values else DEFAULT_CONCURRENCY
            ),
        )

    def read_room_id(self, table: TomlTable) -> str:
        """Read the id of a room: a number."""
        return table.identifier("id", required=True)

    def build_settings(self) -> EmsSettings:
        """Return the settings of the campus's source."""
        return self._settings


def describe(settings: EmsSettings) -> SourceDescription:
    """Describe an EMS source: everybody may open its pages, and each answer is about all rooms."""
    return SourceDescription(
        label=settings.url,
        has_public_urls=True,
        reads_campus_at_once=False,
        is_room_url=lambda _url, _room_id: False,
    )
