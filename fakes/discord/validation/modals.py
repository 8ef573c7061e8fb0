"""What Discord demands of a modal."""

from fakes.discord.model.component_tree import SELECT_TYPES, ComponentType, walk
from fakes.discord.model.form_errors import FormErrors, JsonPath
from fakes.discord.model.json_types import Json
from fakes.discord.validation.components import check_select, check_unique_ids

_MAX_COMPONENTS = 5
_MAX_TEXT = 4000
_IN_MODAL = frozenset({ComponentType.ACTION_ROW, ComponentType.TEXT_DISPLAY, ComponentType.LABEL})
_IN_LABEL = SELECT_TYPES | {
    ComponentType.TEXT_INPUT,
    ComponentType.FILE_UPLOAD,
    ComponentType.RADIO_GROUP,
    ComponentType.CHECKBOX_GROUP,
    ComponentType.CHECKBOX,
}


def check_modal(data: Json, errors: FormErrors) -> None:
    """Note everything that is wrong with a modal."""
    at: JsonPath = ("data", "components")
    components = data.get("components") or []
    errors.check_length(("data", "title"), data.get("title"), 1, 45)
    errors.check_length(("data", "custom_id"), data.get("custom_id"), 1, 100)
    errors.check_length(at, components, 1, _MAX_COMPONENTS)
    for index, part in enumerate(components):
        if part.get("type") not in _IN_MODAL:
            errors.add((*at, index, "type"), "UNION_TYPE_CHOICES", "Not allowed in a modal")
    found = list(walk(components, at))
    for path, part in found:
        _check_component(part, path, errors)
    check_unique_ids(found, errors)


def _check_component(component: Json, path: JsonPath, errors: FormErrors) -> None:
    kind = component.get("type")
    if kind == ComponentType.LABEL:
        errors.check_length((*path, "label"), component.get("label"), 1, 45)
        errors.check_max_length((*path, "description"), component.get("description"), 100)
        if (component.get("component") or {}).get("type") not in _IN_LABEL:
            errors.add((*path, "component"), "UNION_TYPE_CHOICES", "Not allowed in a label")
    elif kind == ComponentType.TEXT_INPUT:
        errors.check_max_length((*path, "placeholder"), component.get("placeholder"), 100)
        errors.check_max_length((*path, "value"), component.get("value"), _MAX_TEXT)
        errors.check_length((*path, "custom_id"), component.get("custom_id"), 1, 100)
    elif kind in SELECT_TYPES:
        check_select(component, path, errors)
