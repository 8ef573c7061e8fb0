"""How component trees are walked and read."""

from collections.abc import Iterator
from enum import IntEnum

from fakes.discord.model.form_errors import JsonPath
from fakes.discord.model.json_types import Json


class ComponentType(IntEnum):
    """The component types by name."""

    ACTION_ROW = 1
    BUTTON = 2
    STRING_SELECT = 3
    TEXT_INPUT = 4
    USER_SELECT = 5
    ROLE_SELECT = 6
    MENTIONABLE_SELECT = 7
    CHANNEL_SELECT = 8
    SECTION = 9
    TEXT_DISPLAY = 10
    THUMBNAIL = 11
    MEDIA_GALLERY = 12
    FILE = 13
    SEPARATOR = 14
    CONTAINER = 17
    LABEL = 18
    FILE_UPLOAD = 19
    RADIO_GROUP = 21
    CHECKBOX_GROUP = 22
    CHECKBOX = 23


SELECT_TYPES = frozenset(
    {
        ComponentType.STRING_SELECT,
        ComponentType.USER_SELECT,
        ComponentType.ROLE_SELECT,
        ComponentType.MENTIONABLE_SELECT,
        ComponentType.CHANNEL_SELECT,
    }
)
# What makes a message one of the newer kind, whose flag has to say so.
V2_TYPES = frozenset(
    {
        ComponentType.SECTION,
        ComponentType.TEXT_DISPLAY,
        ComponentType.THUMBNAIL,
        ComponentType.MEDIA_GALLERY,
        ComponentType.FILE,
        ComponentType.SEPARATOR,
        ComponentType.CONTAINER,
    }
)
LINK_STYLE = 5


def walk(components: list[Json], at: JsonPath = ("components",)) -> Iterator[tuple[JsonPath, Json]]:
    """Yield every component with its path, parents before children, in reading order."""
    for index, component in enumerate(components):
        path = (*at, index)
        yield path, component
        yield from walk(component.get("components") or [], (*path, "components"))
        for single in ("accessory", "component"):
            if child := component.get(single):
                yield (*path, single), child
                yield from walk(child.get("components") or [], (*path, single, "components"))


def texts(components: list[Json]) -> list[str]:
    """Return what the text displays say, in reading order."""
    return [
        part["content"]
        for _, part in walk(components)
        if part["type"] == ComponentType.TEXT_DISPLAY
    ]


def buttons(components: list[Json]) -> list[Json]:
    """Return the buttons in reading order."""
    return [part for _, part in walk(components) if part["type"] == ComponentType.BUTTON]


def selects(components: list[Json]) -> list[Json]:
    """Return the selects in reading order."""
    return [part for _, part in walk(components) if part["type"] in SELECT_TYPES]


def label_of(button: Json) -> str:
    """Return what a member calls this button: its label, else its emoji."""
    emoji = button.get("emoji") or {}
    return str(button.get("label") or emoji.get("name") or button.get("custom_id"))


def media_of(component: Json) -> Iterator[Json]:
    """Yield the media items that a component refers to."""
    match component["type"]:
        case ComponentType.THUMBNAIL:
            yield component["media"]
        case ComponentType.FILE:
            yield component["file"]
        case ComponentType.MEDIA_GALLERY:
            for item in component["items"]:
                yield item["media"]
        case _:
            return
