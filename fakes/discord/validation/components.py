"""What Discord demands of a message's components beyond what its schema can say."""

from collections.abc import Set as AbstractSet

from fakes.discord.model.component_tree import (
    LINK_STYLE,
    SELECT_TYPES,
    V2_TYPES,
    ComponentType,
    walk,
)
from fakes.discord.model.form_errors import FormErrors, JsonPath
from fakes.discord.model.json_types import Json

MAX_ROWS = 5
MAX_BUTTONS_IN_ROW = 5
MAX_COMPONENTS = 40
MAX_TEXT = 4000
MAX_OPTIONS = 25
_PREMIUM_STYLE = 6
_MAX_COLOR = 0xFFFFFF

_IN_CONTAINER = frozenset(
    {
        ComponentType.ACTION_ROW,
        ComponentType.SECTION,
        ComponentType.TEXT_DISPLAY,
        ComponentType.MEDIA_GALLERY,
        ComponentType.FILE,
        ComponentType.SEPARATOR,
    }
)
_AT_TOP_LEVEL = _IN_CONTAINER | {ComponentType.CONTAINER}


def check_message_components(
    components: list[Json], errors: FormErrors, *, v2: bool, at: JsonPath = ("components",)
) -> None:
    """Note everything that is wrong with a message's components."""
    _check_top_level(components, errors, v2=v2, at=at)
    if errors.errors:
        return  # A tree of the wrong shape cannot be walked safely.
    found = list(walk(components, at))
    for path, part in found:
        _check_component(part, path, errors)
    check_unique_ids(found, errors)
    if v2:
        _check_totals(found, errors, at)


def _check_top_level(components: list[Json], errors: FormErrors, *, v2: bool, at: JsonPath) -> None:
    allowed = _AT_TOP_LEVEL if v2 else frozenset({ComponentType.ACTION_ROW})
    if not v2:
        errors.check_max_length(at, components, MAX_ROWS)
    for index, part in enumerate(components):
        _check_shape(part, (*at, index), errors, allowed)


def _check_shape(
    component: Json, path: JsonPath, errors: FormErrors, allowed: AbstractSet[int]
) -> None:
    """Check that a part may stand where it stands, and so may its children."""
    kind = int(component.get("type") or 0)
    if kind not in allowed:
        words = f'Value of field "type" must be one of ({", ".join(map(str, map(int, allowed)))}).'
        errors.add((*path, "type"), "UNION_TYPE_CHOICES", words)
        return
    children = component.get("components") or []
    inside = {
        ComponentType.CONTAINER: _IN_CONTAINER,
        ComponentType.SECTION: frozenset({ComponentType.TEXT_DISPLAY}),
        ComponentType.ACTION_ROW: SELECT_TYPES | {ComponentType.BUTTON},
    }.get(ComponentType(kind), frozenset())
    for index, child in enumerate(children):
        _check_shape(child, (*path, "components", index), errors, inside)
    if kind == ComponentType.SECTION:
        accessory = component.get("accessory") or {}
        _check_shape(
            accessory, (*path, "accessory"), errors, {ComponentType.BUTTON, ComponentType.THUMBNAIL}
        )


def _check_component(component: Json, path: JsonPath, errors: FormErrors) -> None:
    match component["type"]:
        case ComponentType.ACTION_ROW:
            _check_row(component, path, errors)
        case ComponentType.BUTTON:
            _check_button(component, path, errors)
        case ComponentType.SECTION:
            errors.check_length((*path, "components"), component.get("components"), 1, 3)
        case ComponentType.CONTAINER:
            errors.check_length(
                (*path, "components"), component.get("components"), 1, MAX_COMPONENTS
            )
            _check_color(component, path, errors)
        case ComponentType.TEXT_DISPLAY:
            errors.check_length((*path, "content"), component.get("content"), 1, MAX_TEXT)
        case ComponentType.MEDIA_GALLERY:
            errors.check_length((*path, "items"), component.get("items"), 1, 10)
        case kind if kind in SELECT_TYPES:
            check_select(component, path, errors)


def _check_color(component: Json, path: JsonPath, errors: FormErrors) -> None:
    if not 0 <= (component.get("accent_color") or 0) <= _MAX_COLOR:
        words = f"int value should be less than or equal to {_MAX_COLOR}."
        errors.add((*path, "accent_color"), "NUMBER_TYPE_MAX", words)


def _check_row(row: Json, path: JsonPath, errors: FormErrors) -> None:
    children = row.get("components") or []
    errors.check_length((*path, "components"), children, 1, MAX_BUTTONS_IN_ROW)
    if len(children) > 1 and any(child["type"] in SELECT_TYPES for child in children):
        words = "The specified component exceeds the maximum width"
        errors.add((*path, "components"), "COMPONENT_LAYOUT_WIDTH_EXCEEDED", words)


def _check_button(button: Json, path: JsonPath, errors: FormErrors) -> None:
    errors.check_max_length((*path, "label"), button.get("label"), 80)
    style, ways = button.get("style"), [key for key in ("custom_id", "url") if button.get(key)]
    if style == _PREMIUM_STYLE:
        return
    if not button.get("label") and not button.get("emoji"):
        words = "A button must have a label or an emoji"
        errors.add(path, "BUTTON_COMPONENT_CONTENT_REQUIRED", words)
    if style == LINK_STYLE:
        errors.check_max_length((*path, "url"), button.get("url"), 512)
        if ways != ["url"]:
            words = "A link button must have a url and no custom id"
            errors.add((*path, "url"), "BUTTON_COMPONENT_URL_REQUIRED", words)
    elif ways != ["custom_id"]:
        words = "A custom id is required, and a url cannot be specified"
        errors.add((*path, "custom_id"), "BUTTON_COMPONENT_CUSTOM_ID_REQUIRED", words)


def check_select(select: Json, path: JsonPath, errors: FormErrors) -> None:
    """Note what is wrong with a select, in a message or a modal."""
    errors.check_length((*path, "custom_id"), select.get("custom_id"), 1, 100)
    errors.check_max_length((*path, "placeholder"), select.get("placeholder"), 150)
    least, most = select.get("min_values", 1), select.get("max_values", 1)
    if not 0 <= least <= most <= MAX_OPTIONS or most < 1:
        words = "The minimum and maximum values do not fit together"
        errors.add((*path, "max_values"), "SELECT_COMPONENT_MAX_VALUES_INVALID", words)
    if select["type"] == ComponentType.STRING_SELECT:
        options = select.get("options") or []
        errors.check_length((*path, "options"), options, 1, MAX_OPTIONS)
        _check_options(options, path, errors, most)


def _check_options(options: list[Json], path: JsonPath, errors: FormErrors, most: int) -> None:
    seen: set[str] = set()
    for index, option in enumerate(options):
        at: JsonPath = (*path, "options", index)
        errors.check_length((*at, "label"), option.get("label"), 1, 100)
        errors.check_length((*at, "value"), option.get("value"), 1, 100)
        errors.check_max_length((*at, "description"), option.get("description"), 100)
        if (value := str(option.get("value"))) in seen:
            words = "The specified option value is already used"
            errors.add((*at, "value"), "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", words)
        seen.add(value)
    if sum(bool(option.get("default")) for option in options) > most:
        words = "There are too many default options"
        errors.add((*path, "options"), "SELECT_COMPONENT_DEFAULT_OVERFLOW", words)


def check_unique_ids(components: list[tuple[JsonPath, Json]], errors: FormErrors) -> None:
    """Note custom_ids that are too long, and ids of either kind that occur twice."""
    custom: set[str] = set()
    plain: set[int] = set()
    for path, part in components:
        if (name := part.get("custom_id")) is not None:
            errors.check_length((*path, "custom_id"), name, 1, 100)
            if name in custom:
                words = "Component custom id cannot be duplicated"
                errors.add((*path, "custom_id"), "COMPONENT_CUSTOM_ID_DUPLICATED", words)
            custom.add(name)
        if number := part.get("id"):
            if number in plain:
                words = "Component id cannot be duplicated"
                errors.add((*path, "id"), "COMPONENT_ID_DUPLICATED", words)
            plain.add(number)


def _check_totals(
    components: list[tuple[JsonPath, Json]], errors: FormErrors, at: JsonPath
) -> None:
    if len(components) > MAX_COMPONENTS:
        words = f"The total number of components must not exceed {MAX_COMPONENTS}"
        errors.add(at, "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", words)
    text = sum(
        len(part["content"]) for _, part in components if part["type"] == ComponentType.TEXT_DISPLAY
    )
    if text > MAX_TEXT:
        words = f"The total text of the components must not exceed {MAX_TEXT} characters"
        errors.add(at, "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", words)


def requires_v2(components: list[Json]) -> bool:
    """Tell whether these can only be shown in a message of the newer kind."""
    return any(part.get("type") in V2_TYPES for part in components)
