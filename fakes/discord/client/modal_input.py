"""How a form is filled in: what a client checks, and what it sends."""

from dataclasses import dataclass
from typing import Any, Self

from fakes.discord.model.component_tree import ComponentType
from fakes.discord.model.errors import ClientRefusal
from fakes.discord.model.json_types import Json

_MULTI_VALUE = frozenset({ComponentType.STRING_SELECT, ComponentType.CHECKBOX_GROUP})


@dataclass(frozen=True, slots=True)
class ClientModal:
    """A modal that the bot has opened."""

    custom_id: str
    title: str
    components: list[Json]

    @classmethod
    def opened(cls, data: Json) -> Self:
        """Return the modal of a callback's data."""
        return cls(data["custom_id"], data["title"], data["components"])


def modal_data(custom_id: str, components: list[Json], values: dict[str, object]) -> Json:
    """Return the data of a sent form; `values` go by label or custom_id.

    Raises:
        ClientRefusal: Something required is missing, too long, or unknown.
    """
    unused = dict(values)
    submitted = [
        _submitted_component(part, unused)
        for part in components
        if part["type"] != ComponentType.TEXT_DISPLAY
    ]
    if unused:
        raise ClientRefusal(f"There is nothing called {', '.join(unused)} in this form")
    return {"custom_id": custom_id, "components": submitted}


def _submitted_component(part: Json, unused: dict[str, object]) -> Json:
    if part["type"] == ComponentType.LABEL:
        field = part["component"]
        filled = _submitted_field(field, _take_value(unused, part["label"], field["custom_id"]))
        return {"type": int(ComponentType.LABEL), "id": part.get("id", 0), "component": filled}
    field = part["components"][0]
    filled = _submitted_field(
        field, _take_value(unused, field.get("label", ""), field["custom_id"])
    )
    return {"type": int(ComponentType.ACTION_ROW), "id": part.get("id", 0), "components": [filled]}


def _take_value(unused: dict[str, object], *names: str) -> object:
    for name in names:
        if name in unused:
            return unused.pop(name)
    return None


def _submitted_field(field: Json, value: Any) -> Json:  # noqa: ANN401 - whatever the field takes
    kind = field["type"]
    found: Json = {"type": kind, "id": field.get("id", 0), "custom_id": field["custom_id"]}
    if kind == ComponentType.TEXT_INPUT:
        return {**found, "value": _text_value(field, value)}
    if kind in _MULTI_VALUE:
        chosen = [value] if isinstance(value, str) else list(value or [])
        return {**found, "values": [_option_value(field, one) for one in chosen]}
    return {**found, "value": value}


def _text_value(field: Json, value: object) -> str:
    text = str(field.get("value") or "") if value is None else str(value)
    least, most = field.get("min_length") or 0, field.get("max_length") or 4000
    if field.get("required", True) and not text:
        raise ClientRefusal(f"This field is required: {field['custom_id']}")
    if len(text) > most or (text and len(text) < least):
        raise ClientRefusal(f"Must be between {least} and {most} in length: {field['custom_id']}")
    return text


def _option_value(field: Json, wanted: str) -> str:
    for option in field.get("options", []):
        if wanted in (option["label"], option["value"]):
            return str(option["value"])
    raise ClientRefusal(f"There is no option {wanted!r}")
