"""What an endpoint is: a method, a path, and a function from a call to JSON."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from fakes.discord.model.json_types import Json
from fakes.discord.rest.message_builder import MessageBody

if TYPE_CHECKING:
    from fakes.discord.model.form_errors import JsonPath
    from fakes.discord.model.state import DiscordState, StoredFile


@dataclass(slots=True)
class ApiCall:
    """One request, taken apart."""

    state: DiscordState
    path_params: dict[str, str]
    query: dict[str, str]
    json: Any = None
    files: dict[int, StoredFile] = field(default_factory=dict)

    def path_id(self, name: str) -> int:
        """Return an id from the path; one that is no number belongs to nothing."""
        return int(self.path_params[name]) if self.path_params[name].isdecimal() else 0

    def message_body(self, key: str | None = None) -> MessageBody:
        """Return the JSON object and the files; `inside` names the part that holds a message."""
        json: Json = self.json or {}
        at: JsonPath = (key,) if key else ()
        return MessageBody((json.get(key) or {}) if key else json, self.files, at)


Handler = Callable[[ApiCall], Json | list[Json] | None]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A row of the API's table. A handler that returns None is answered with 204."""

    method: str
    path: str
    handler: Handler
    needs_token: bool = True
    rate_bucket: str | None = None
    rate_key: str = "channel_id"
