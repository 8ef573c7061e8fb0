"""The shapes that an OpenAPI document is put together from."""

from typing import Any

Json = dict[str, Any]

REF = "#/components/schemas/"
WHOLE: Json = {"type": ["integer", "null"]}
YES_OR_NO: Json = {"type": ["boolean", "null"]}
ANY_OBJECT: Json = {"type": ["object", "null"]}
ID: Json = {"$ref": f"{REF}SnowflakeType"}


def text(most: int, *, least: int = 0, can_lack: bool = False) -> Json:
    """Return a text of at most so many characters."""
    kind: Any = ["string", "null"] if can_lack else "string"
    return {"type": kind, "minLength": least, "maxLength": most}


def list_of(items: Json, most: int, *, least: int = 0) -> Json:
    """Return a list of such things, which may be null."""
    return {"type": ["array", "null"], "items": items, "minItems": least, "maxItems": most}


def either(*names: str) -> Json:
    """Return one of several schemas."""
    return {"oneOf": [{"$ref": REF + name} for name in names]}


def or_null(name: str) -> Json:
    """Return a schema or null."""
    return {"oneOf": [{"type": "null"}, {"$ref": REF + name}]}


def object_of(*required: str, **properties: Json) -> Json:
    """Return an object with these properties, some of them required."""
    return {"type": "object", "properties": properties, "required": list(required)}


def of_type(number: int, *required: str, **properties: Json) -> Json:
    """Return an object that its number in `type` tells apart."""
    kind = {"type": "integer", "enum": [number]}
    return object_of("type", *required, **{"type": kind, "id": WHOLE, **properties})
