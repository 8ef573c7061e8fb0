"""Holds what the bot sends against Discord's own OpenAPI file, with the file's faults mended.

The file is Discord's preview of 2026-07-18. It is too strict in places, misses fields that the
documentation has, and lets through what the API refuses; each correction is a function below.
jsonschema-rs is a tool of the tests: nothing imports this module unless it wants checking.
"""

import copy
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema_rs

Json = dict[str, Any]
# Where in the body, and what is wrong there.
SchemaError = tuple[tuple[str | int, ...], str]

_PATH_VARIABLE = "DISCORD_OPENAPI"
_DEFAULT_PATH = Path(__file__).resolve().parents[3] / "shared" / "discord" / "openapi.json"
_REF = "#/components/schemas/"
_CALLBACK = "/interactions/{interaction_id}/{token}/callback"
_WEBHOOK = "/webhooks/{application_id}/{token}"
_COMMANDS = "/applications/{application_id}/commands"
_GUILD_COMMANDS = "/applications/{application_id}/guilds/{guild_id}/commands"
_MESSAGES = "/channels/{channel_id}/messages"
_THREADS = "/channels/{channel_id}/threads"
_PLAIN_THREAD = "CreateTextThreadWithoutMessageRequest"

_BODIES = {
    ("POST", _MESSAGES): "MessageCreateRequest",
    ("PATCH", _MESSAGES + "/{message_id}"): "MessageEditRequestPartial",
    ("POST", _WEBHOOK): "IncomingWebhookRequestPartial",
    ("PATCH", _WEBHOOK + "/messages/{message_id}"): "IncomingWebhookUpdateRequestPartial",
    ("POST", "/users/@me/channels"): "CreatePrivateChannelRequest",
    **{
        (method, scope + end): name
        for scope in (_COMMANDS, _GUILD_COMMANDS)
        for method, end, name in (
            ("POST", "", "ApplicationCommandCreateRequest"),
            ("PATCH", "/{command_id}", "ApplicationCommandPatchRequestPartial"),
        )
    },
}
_CALLBACKS = {
    4: "CreateMessageInteractionCallbackRequest",
    5: "CreateMessageInteractionCallbackRequest",
    6: "UpdateMessageInteractionCallbackRequest",
    7: "UpdateMessageInteractionCallbackRequest",
    8: "ApplicationCommandAutocompleteCallbackRequest",
    9: "ModalInteractionCallbackRequest",
}
_COMMAND = "ApplicationCommandUpdateRequest"
_CONTENT = 2000
_CHOICE_VALUE = 100
_MODAL_COMPONENTS = 5
_BULK = 130
_NULL = {"type": "null"}
_NULLABLE_MEMBERS = 2


def find_openapi(environ: Mapping[str, str]) -> Path | None:
    """Return where Discord's file is: where DISCORD_OPENAPI says, else beside the checkout."""
    path = Path(environ.get(_PATH_VARIABLE) or _DEFAULT_PATH)
    return path if path.is_file() else None


def read_openapi(path: Path) -> Json:
    """Return the document in a file."""
    found: Json = json.loads(path.read_text(encoding="utf-8"))
    return found


class OpenApiValidator:
    """Tells what Discord's schema has against a body; give it to `FakeDiscord(check=...)`.

    `openapi` is Discord's document, or another that has the schemas of the same names.
    """

    def __init__(self, openapi: Json) -> None:
        schemas: dict[str, Json] = openapi["components"]["schemas"]
        self._response_schemas = _with_readable_unions(schemas)
        self._request_schemas = _corrected_requests(schemas)
        self._validators: dict[str, jsonschema_rs.Draft202012Validator] = {}
        for name in {*_BODIES.values(), *_CALLBACKS.values(), _COMMAND}:
            self._validator(name, is_request=True)  # Now: a first answer has three seconds only.

    def __call__(self, method: str, path: str, body: Any) -> list[SchemaError]:  # noqa: ANN401 - JSON
        """Return the faults of a body; `path` is the endpoint's, with its parameters by name."""
        if path in (_COMMANDS, _GUILD_COMMANDS) and method == "PUT":
            return self._command_errors(body)
        if path == _CALLBACK:
            kind = body.get("type") if isinstance(body, dict) else None
            if kind not in _CALLBACKS:
                return [(("type",), f"{kind!r} is no type of callback")]
            return self._errors(_CALLBACKS[kind], body)
        name = _BODIES.get((method, path))
        if (method, path) == ("POST", _THREADS):
            name = "CreateForumThreadRequest" if "message" in (body or {}) else _PLAIN_THREAD
        return self._errors(name, body or {}) if name else []

    def check_response(self, name: str, body: Any) -> list[SchemaError]:  # noqa: ANN401 - any JSON
        """Return the faults of something a server says, by the name of its schema."""
        return self._errors(name, body, is_request=False)

    def _command_errors(self, body: Any) -> list[SchemaError]:  # noqa: ANN401 - any JSON
        if not isinstance(body, list):
            return [((), "is not a list")]
        if len(body) > _BULK:
            return [((), f"has more than {_BULK} commands")]
        return [
            ((index, *path), words)
            for index, command in enumerate(body)
            for path, words in self._errors(_COMMAND, command)
        ]

    def _errors(self, name: str, body: Any, *, is_request: bool = True) -> list[SchemaError]:  # noqa: ANN401
        found = self._validator(name, is_request=is_request).iter_errors(body)
        return [(tuple(error.instance_path), error.message) for error in found]

    def _validator(self, name: str, *, is_request: bool) -> jsonschema_rs.Draft202012Validator:
        key = f"{name}{is_request}"
        if key not in self._validators:
            schemas = self._request_schemas if is_request else self._response_schemas
            whole = {"$ref": _REF + name, "components": {"schemas": schemas}}
            self._validators[key] = jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
        return self._validators[key]


def _corrected_requests(raw: dict[str, Json]) -> dict[str, Json]:
    """Return the schemas of what a bot sends, mended."""
    schemas = _with_readable_unions(raw)
    _allow_numbers_as_ids(schemas)
    _add_missing_fields(schemas)
    _add_limits(schemas)
    for name in schemas:
        if "Response" not in name:
            _forbid_extra_fields(schemas[name])
    return schemas


def _subschemas(schema: Any) -> Iterator[Json]:  # noqa: ANN401 - any part of a schema
    if isinstance(schema, dict):
        yield schema
        for inner in schema.values():
            yield from _subschemas(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from _subschemas(inner)


def _with_readable_unions(raw: dict[str, Json]) -> dict[str, Json]:
    """Ask for the type first: "must be one of eleven things" helps nobody find a long label."""
    schemas = copy.deepcopy(raw)
    for part in list(_subschemas(schemas)):
        for word in ("oneOf", "anyOf"):
            union = part.get(word)
            kinds = _members_by_type(union, schemas)
            if union and len(union) == _NULLABLE_MEMBERS and union[0] == _NULL:
                del part[word]
                part.update({"if": _NULL, "else": union[1]})
            elif kinds:
                del part[word]
                part.update(_discriminated_union(kinds))
    return schemas


def _members_by_type(union: Any, schemas: dict[str, Json]) -> dict[int, Json] | None:  # noqa: ANN401
    """Return the members of a union by their `type`, if each has exactly one of its own."""
    kinds: dict[int, Json] = {}
    for member in union or []:
        target = schemas.get(str(member.get("$ref", "")).removeprefix(_REF), {})
        allowed = target.get("properties", {}).get("type", {}).get("enum", [])
        if len(allowed) != 1 or allowed[0] in kinds:
            return None
        kinds[allowed[0]] = member
    return kinds


def _discriminated_union(kinds: dict[int, Json]) -> Json:
    return {
        "required": ["type"],
        "properties": {"type": {"enum": list(kinds)}},
        "allOf": [
            {"if": {"properties": {"type": {"const": kind}}}, "then": member}
            for kind, member in kinds.items()
        ],
    }


def _allow_numbers_as_ids(schemas: dict[str, Json]) -> None:
    """Uploads are numbered 0, 1, ... in the documentation and by discord.py."""
    number = {"type": "integer", "minimum": 0}
    schemas["SnowflakeType"] = {"anyOf": [schemas["SnowflakeType"], number]}


def _add_missing_fields(schemas: dict[str, Json]) -> None:
    boolean = {"type": ["boolean", "null"]}
    for name, schema in schemas.items():
        if name.startswith("ApplicationCommand") and "integration_types" in schema.get(
            "properties", {}
        ):
            schema["properties"]["nsfw"] = boolean
            # The file says number, the documentation string; both arrive.
            rights = schema["properties"].get("default_member_permissions")
            if rights is not None:
                digits = {"type": "string", "pattern": "^[0-9]+$"}
                schema["properties"]["default_member_permissions"] = {"anyOf": [rights, digits]}
    schemas["RichEmbed"]["properties"]["flags"] = {"type": ["integer", "null"]}
    for name in (
        "MessageEditRequestPartial",
        "IncomingWebhookUpdateRequestPartial",
        "IncomingWebhookUpdateForInteractionCallbackRequestPartial",
    ):
        schemas[name]["properties"]["tts"] = boolean


def _add_limits(schemas: dict[str, Json]) -> None:
    """Take the limits of the documentation where the file is laxer."""
    for name in ("MessageCreateRequest", "MessageEditRequestPartial"):
        schemas[name]["properties"]["content"]["maxLength"] = _CONTENT
    choice = schemas["ApplicationCommandOptionStringChoice"]["properties"]
    choice["value"]["maxLength"] = _CHOICE_VALUE
    modal = schemas["ModalInteractionCallbackRequestData"]["properties"]
    modal["components"]["maxItems"] = _MODAL_COMPONENTS


def _forbid_extra_fields(schema: Json) -> None:
    """Let no misspelt field pass."""
    for part in _subschemas(schema):
        is_object = part.get("type") == "object" or "object" in (part.get("type") or [])
        if is_object and "properties" in part and "additionalProperties" not in part:
            part["additionalProperties"] = False
