"""What Discord demands of a message's components beyond what its schema can say."""

from collections.abc import Set as AbstractSet

from playground.local_discord.components import LINK_STYLE, SELECTS, V2_ONLY, Part, walk
from playground.local_discord.json_types import Json
from playground.local_discord.problems import Path, Problems

ROWS = 5
BUTTONS_IN_ROW = 5
ALL_COMPONENTS = 40
ALL_TEXT = 4000
OPTIONS = 25
_PREMIUM_STYLE = 6
_MOST_COLOR = 0xFFFFFF

_IN_CONTAINER = frozenset(
    {
        Part.ACTION_ROW,
        Part.SECTION,
        Part.TEXT_DISPLAY,
        Part.MEDIA_GALLERY,
        Part.FILE,
        Part.SEPARATOR,
    }
)
_AT_TOP = _IN_CONTAINER | {Part.CONTAINER}


def check_message_components(
    components: list[Json], problems: Problems, *, v2: bool, at: Path = ("components",)
) -> None:
    """Note everything that is wrong with a message's components."""
    _check_top(components, problems, v2=v2, at=at)
    if problems.found:
        return  # A tree of the wrong shape cannot be walked safely.
    found = list(walk(components, at))
    for path, part in found:
        _check_part(part, path, problems)
    check_unique_ids(found, problems)
    if v2:
        _check_totals(found, problems, at)


def _check_top(components: list[Json], problems: Problems, *, v2: bool, at: Path) -> None:
    allowed = _AT_TOP if v2 else frozenset({Part.ACTION_ROW})
    if not v2:
        problems.length(at, components, ROWS)
    for index, part in enumerate(components):
        _check_shape(part, (*at, index), problems, allowed)


def _check_shape(part: Json, path: Path, problems: Problems, allowed: AbstractSet[int]) -> None:
    """Check that a part may stand where it stands, and so may its children."""
    kind = int(part.get("type") or 0)
    if kind not in allowed:
        words = f'Value of field "type" must be one of ({", ".join(map(str, map(int, allowed)))}).'
        problems.add((*path, "type"), "UNION_TYPE_CHOICES", words)
        return
    children = part.get("components") or []
    inside = {
        Part.CONTAINER: _IN_CONTAINER,
        Part.SECTION: frozenset({Part.TEXT_DISPLAY}),
        Part.ACTION_ROW: SELECTS | {Part.BUTTON},
    }.get(Part(kind), frozenset())
    for index, child in enumerate(children):
        _check_shape(child, (*path, "components", index), problems, inside)
    if kind == Part.SECTION:
        accessory = part.get("accessory") or {}
        _check_shape(accessory, (*path, "accessory"), problems, {Part.BUTTON, Part.THUMBNAIL})


def _check_part(part: Json, path: Path, problems: Problems) -> None:
    match part["type"]:
        case Part.ACTION_ROW:
            _check_row(part, path, problems)
        case Part.BUTTON:
            _check_button(part, path, problems)
        case Part.SECTION:
            problems.between((*path, "components"), part.get("components"), 1, 3)
        case Part.CONTAINER:
            problems.between((*path, "components"), part.get("components"), 1, ALL_COMPONENTS)
            _check_color(part, path, problems)
        case Part.TEXT_DISPLAY:
            problems.between((*path, "content"), part.get("content"), 1, ALL_TEXT)
        case Part.MEDIA_GALLERY:
            problems.between((*path, "items"), part.get("items"), 1, 10)
        case kind if kind in SELECTS:
            check_select(part, path, problems)


def _check_color(part: Json, path: Path, problems: Problems) -> None:
    if not 0 <= (part.get("accent_color") or 0) <= _MOST_COLOR:
        words = f"int value should be less than or equal to {_MOST_COLOR}."
        problems.add((*path, "accent_color"), "NUMBER_TYPE_MAX", words)


def _check_row(row: Json, path: Path, problems: Problems) -> None:
    children = row.get("components") or []
    problems.between((*path, "components"), children, 1, BUTTONS_IN_ROW)
    if len(children) > 1 and any(child["type"] in SELECTS for child in children):
        words = "The specified component exceeds the maximum width"
        problems.add((*path, "components"), "COMPONENT_LAYOUT_WIDTH_EXCEEDED", words)


def _check_button(button: Json, path: Path, problems: Problems) -> None:
    problems.length((*path, "label"), button.get("label"), 80)
    style, ways = button.get("style"), [key for key in ("custom_id", "url") if button.get(key)]
    if style == _PREMIUM_STYLE:
        return
    if not button.get("label") and not button.get("emoji"):
        words = "A button must have a label or an emoji"
        problems.add(path, "BUTTON_COMPONENT_CONTENT_REQUIRED", words)
    if style == LINK_STYLE:
        problems.length((*path, "url"), button.get("url"), 512)
        if ways != ["url"]:
            words = "A link button must have a url and no custom id"
            problems.add((*path, "url"), "BUTTON_COMPONENT_URL_REQUIRED", words)
    elif ways != ["custom_id"]:
        words = "A custom id is required, and a url cannot be specified"
        problems.add((*path, "custom_id"), "BUTTON_COMPONENT_CUSTOM_ID_REQUIRED", words)


def check_select(select: Json, path: Path, problems: Problems) -> None:
    """Note what is wrong with a select, in a message or a modal."""
    problems.between((*path, "custom_id"), select.get("custom_id"), 1, 100)
    problems.length((*path, "placeholder"), select.get("placeholder"), 150)
    least, most = select.get("min_values", 1), select.get("max_values", 1)
    if not 0 <= least <= most <= OPTIONS or most < 1:
        words = "The minimum and maximum values do not fit together"
        problems.add((*path, "max_values"), "SELECT_COMPONENT_MAX_VALUES_INVALID", words)
    if select["type"] == Part.STRING_SELECT:
        options = select.get("options") or []
        problems.between((*path, "options"), options, 1, OPTIONS)
        _check_options(options, path, problems, most)


def _check_options(options: list[Json], path: Path, problems: Problems, most: int) -> None:
    seen: set[str] = set()
    for index, option in enumerate(options):
        at: Path = (*path, "options", index)
        problems.between((*at, "label"), option.get("label"), 1, 100)
        problems.between((*at, "value"), option.get("value"), 1, 100)
        problems.length((*at, "description"), option.get("description"), 100)
        if (value := str(option.get("value"))) in seen:
            words = "The specified option value is already used"
            problems.add((*at, "value"), "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", words)
        seen.add(value)
    if sum(bool(option.get("default")) for option in options) > most:
        words = "There are too many default options"
        problems.add((*path, "options"), "SELECT_COMPONENT_DEFAULT_OVERFLOW", words)


def check_unique_ids(found: list[tuple[Path, Json]], problems: Problems) -> None:
    """Note custom_ids that are too long, and ids of either kind that occur twice."""
    custom: set[str] = set()
    plain: set[int] = set()
    for path, part in found:
        if (name := part.get("custom_id")) is not None:
            problems.between((*path, "custom_id"), name, 1, 100)
            if name in custom:
                words = "Component custom id cannot be duplicated"
                problems.add((*path, "custom_id"), "COMPONENT_CUSTOM_ID_DUPLICATED", words)
            custom.add(name)
        if number := part.get("id"):
            if number in plain:
                words = "Component id cannot be duplicated"
                problems.add((*path, "id"), "COMPONENT_ID_DUPLICATED", words)
            plain.add(number)


def _check_totals(found: list[tuple[Path, Json]], problems: Problems, at: Path) -> None:
    if len(found) > ALL_COMPONENTS:
        words = f"The total number of components must not exceed {ALL_COMPONENTS}"
        problems.add(at, "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", words)
    text = sum(len(part["content"]) for _, part in found if part["type"] == Part.TEXT_DISPLAY)
    if text > ALL_TEXT:
        words = f"The total text of the components must not exceed {ALL_TEXT} characters"
        problems.add(at, "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", words)


def needs_v2(components: list[Json]) -> bool:
    """Tell whether these can only be shown in a message of the newer kind."""
    return any(part.get("type") in V2_ONLY for part in components)
