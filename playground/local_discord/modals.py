"""How a form is filled in: what a client checks, and what it sends."""

from typing import Any

from playground.local_discord.components import Part
from playground.local_discord.errors import ClientRefusal
from playground.local_discord.json_types import Json

_MANY = frozenset({Part.STRING_SELECT, Part.CHECKBOX_GROUP})


def submitted(custom_id: str, components: list[Json], values: dict[str, object]) -> Json:
    """Return the data of a sent form; `values` go by label or custom_id.

    Raises:
        ClientRefusal: Something required is missing, too long, or unknown.
    """
    left = dict(values)
    sent = [_sent(part, left) for part in components if part["type"] != Part.TEXT_DISPLAY]
    if left:
        raise ClientRefusal(f"There is nothing called {', '.join(left)} in this form")
    return {"custom_id": custom_id, "components": sent}


def _sent(part: Json, left: dict[str, object]) -> Json:
    if part["type"] == Part.LABEL:
        field = part["component"]
        filled = _filled(field, _taken(left, part["label"], field["custom_id"]))
        return {"type": int(Part.LABEL), "id": part.get("id", 0), "component": filled}
    field = part["components"][0]
    filled = _filled(field, _taken(left, field.get("label", ""), field["custom_id"]))
    return {"type": int(Part.ACTION_ROW), "id": part.get("id", 0), "components": [filled]}


def _taken(left: dict[str, object], *names: str) -> object:
    for name in names:
        if name in left:
            return left.pop(name)
    return None


def _filled(field: Json, value: Any) -> Json:  # noqa: ANN401 - whatever the field takes
    kind = field["type"]
    found: Json = {"type": kind, "id": field.get("id", 0), "custom_id": field["custom_id"]}
    if kind == Part.TEXT_INPUT:
        return {**found, "value": _text(field, value)}
    if kind in _MANY:
        chosen = [value] if isinstance(value, str) else list(value or [])
        return {**found, "values": [_option(field, one) for one in chosen]}
    return {**found, "value": value}


def _text(field: Json, value: object) -> str:
    text = str(field.get("value") or "") if value is None else str(value)
    least, most = field.get("min_length") or 0, field.get("max_length") or 4000
    if field.get("required", True) and not text:
        raise ClientRefusal(f"This field is required: {field['custom_id']}")
    if len(text) > most or (text and len(text) < least):
        raise ClientRefusal(f"Must be between {least} and {most} in length: {field['custom_id']}")
    return text


def _option(field: Json, wanted: str) -> str:
    for option in field.get("options", []):
        if wanted in (option["label"], option["value"]):
            return str(option["value"])
    raise ClientRefusal(f"There is no option {wanted!r}")
