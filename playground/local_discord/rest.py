"""What an endpoint is: a method, a path, and a function from a call to JSON."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from playground.local_discord.json_types import Json
from playground.local_discord.posting import Body

if TYPE_CHECKING:
    from playground.local_discord.problems import Path
    from playground.local_discord.world import StoredFile, World


@dataclass(slots=True)
class Call:
    """One request, taken apart."""

    world: World
    ids: dict[str, str]
    query: dict[str, str]
    json: Any = None
    files: dict[int, StoredFile] = field(default_factory=dict)

    def id(self, name: str) -> int:
        """Return an id from the path; one that is no number belongs to nothing."""
        return int(self.ids[name]) if self.ids[name].isdecimal() else 0

    def body(self, inside: str | None = None) -> Body:
        """Return the JSON object and the files; `inside` names the part that holds a message."""
        json: Json = self.json or {}
        at: Path = (inside,) if inside else ()
        return Body((json.get(inside) or {}) if inside else json, self.files, at)


Handler = Callable[[Call], Json | list[Json] | None]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A row of the API's table. A handler that returns None is answered with 204."""

    method: str
    path: str
    handler: Handler
    needs_token: bool = True
    bucket: str | None = None
    resource: str = "channel_id"
