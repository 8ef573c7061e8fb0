"""The components of messages and modals, in an OpenAPI document."""

from tests.generated.openapi_shapes import (
    ANY_OBJECT,
    REF,
    WHOLE,
    YES_OR_NO,
    Json,
    either,
    list_of,
    object_of,
    of_type,
    text,
)

_BUTTON, _INPUT, _ROW, _SECTION, _TEXT, _THUMBNAIL = 2, 4, 1, 9, 10, 11
_GALLERY, _FILE, _SEPARATOR, _CONTAINER, _LABEL = 12, 13, 14, 17, 18
_SELECTS = {3: "String", 5: "User", 6: "Role", 7: "Mentionable", 8: "Channel"}
_SELECT_NAMES = tuple(f"{name}Select" for name in _SELECTS.values())
_LAYOUT = ("Row", "Section", "TextDisplay", "Gallery", "File", "Separator")
MESSAGE_PARTS = (*_LAYOUT, "Container")
MODAL_PARTS = ("ModalRow", "Label", "TextDisplay")


def components() -> Json:
    """Return the schemas of all components."""
    return {**_pressed(), **_filled_in(), **_laid_out(), **_media()}


def _pressed() -> Json:
    return {
        "Button": of_type(
            _BUTTON,
            "style",
            style={"type": "integer", "minimum": 1, "maximum": 6},
            label=text(80, can_lack=True),
            emoji=ANY_OBJECT,
            custom_id=text(100, least=1, can_lack=True),
            url=text(2048, can_lack=True),
            disabled=YES_OR_NO,
        ),
        **{f"{name}Select": _select(number) for number, name in _SELECTS.items()},
        "SelectOption": object_of(
            "label",
            "value",
            label=text(100, least=1),
            value=text(100, least=1),
            description=text(100, can_lack=True),
            emoji=ANY_OBJECT,
            default=YES_OR_NO,
        ),
    }


def _filled_in() -> Json:
    return {
        "TextInput": of_type(
            _INPUT,
            "custom_id",
            "style",
            custom_id=text(100, least=1),
            style={"type": "integer", "enum": [1, 2]},
            label=text(45, can_lack=True),
            min_length=WHOLE,
            max_length=WHOLE,
            required=YES_OR_NO,
            value=text(4000, can_lack=True),
            placeholder=text(100, can_lack=True),
        ),
        "Label": of_type(
            _LABEL,
            "label",
            "component",
            label=text(45, least=1),
            description=text(100, can_lack=True),
            component=either("TextInput", *_SELECT_NAMES),
        ),
    }


def _laid_out() -> Json:
    return {
        "Row": of_type(
            _ROW, "components", components=list_of(either("Button", *_SELECT_NAMES), 5, least=1)
        ),
        "ModalRow": of_type(
            _ROW, "components", components=list_of(either("TextInput"), 1, least=1)
        ),
        "Section": of_type(
            _SECTION,
            "components",
            "accessory",
            components=list_of(either("TextDisplay"), 3, least=1),
            accessory=either("Button", "Thumbnail"),
        ),
        "TextDisplay": of_type(_TEXT, "content", content=text(4000, least=1)),
        "Separator": of_type(_SEPARATOR, divider=YES_OR_NO, spacing=WHOLE),
        "Container": of_type(
            _CONTAINER,
            "components",
            components=list_of(either(*_LAYOUT), 40, least=1),
            accent_color=WHOLE,
            spoiler=YES_OR_NO,
        ),
    }


def _media() -> Json:
    media = object_of("url", url=text(2048))
    return {
        "Thumbnail": of_type(
            _THUMBNAIL,
            "media",
            media=media,
            description=text(1024, can_lack=True),
            spoiler=YES_OR_NO,
        ),
        "GalleryItem": object_of(
            "media", media=media, description=text(1024, can_lack=True), spoiler=YES_OR_NO
        ),
        "Gallery": of_type(
            _GALLERY, "items", items=list_of({"$ref": f"{REF}GalleryItem"}, 10, least=1)
        ),
        "File": of_type(_FILE, "file", file=media, spoiler=YES_OR_NO),
    }


def _select(number: int) -> Json:
    return of_type(
        number,
        "custom_id",
        custom_id=text(100, least=1),
        placeholder=text(150, can_lack=True),
        options=list_of({"$ref": f"{REF}SelectOption"}, 25),
        channel_types=list_of({"type": "integer"}, 20),
        default_values=list_of({"type": "object"}, 25),
        min_values=WHOLE,
        max_values=WHOLE,
        disabled=YES_OR_NO,
        required=YES_OR_NO,
    )
