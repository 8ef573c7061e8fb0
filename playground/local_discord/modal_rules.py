"""What Discord demands of a modal."""

from playground.local_discord.component_rules import check_select, check_unique_ids
from playground.local_discord.components import SELECTS, Part, walk
from playground.local_discord.json_types import Json
from playground.local_discord.problems import Path, Problems

_COMPONENTS = 5
_TEXT = 4000
_IN_MODAL = frozenset({Part.ACTION_ROW, Part.TEXT_DISPLAY, Part.LABEL})
_IN_LABEL = SELECTS | {
    Part.TEXT_INPUT,
    Part.FILE_UPLOAD,
    Part.RADIO_GROUP,
    Part.CHECKBOX_GROUP,
    Part.CHECKBOX,
}


def check_modal(data: Json, problems: Problems) -> None:
    """Note everything that is wrong with a modal."""
    at: Path = ("data", "components")
    components = data.get("components") or []
    problems.between(("data", "title"), data.get("title"), 1, 45)
    problems.between(("data", "custom_id"), data.get("custom_id"), 1, 100)
    problems.between(at, components, 1, _COMPONENTS)
    for index, part in enumerate(components):
        if part.get("type") not in _IN_MODAL:
            problems.add((*at, index, "type"), "UNION_TYPE_CHOICES", "Not allowed in a modal")
    found = list(walk(components, at))
    for path, part in found:
        _check_part(part, path, problems)
    check_unique_ids(found, problems)


def _check_part(part: Json, path: Path, problems: Problems) -> None:
    kind = part.get("type")
    if kind == Part.LABEL:
        problems.between((*path, "label"), part.get("label"), 1, 45)
        problems.length((*path, "description"), part.get("description"), 100)
        if (part.get("component") or {}).get("type") not in _IN_LABEL:
            problems.add((*path, "component"), "UNION_TYPE_CHOICES", "Not allowed in a label")
    elif kind == Part.TEXT_INPUT:
        problems.length((*path, "placeholder"), part.get("placeholder"), 100)
        problems.length((*path, "value"), part.get("value"), _TEXT)
        problems.between((*path, "custom_id"), part.get("custom_id"), 1, 100)
    elif kind in SELECTS:
        check_select(part, path, problems)
