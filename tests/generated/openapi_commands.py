"""Application commands and their options, in an OpenAPI document."""

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

_OPTIONS = {
    3: "String",
    4: "Integer",
    5: "Boolean",
    6: "User",
    7: "Channel",
    8: "Role",
    9: "Mentionable",
    10: "Number",
    11: "Attachment",
}


def commands() -> Json:
    """Return the schemas of application commands and their options."""
    command = {
        "name": text(32, least=1),
        "description": text(100, can_lack=True),
        "name_localizations": ANY_OBJECT,
        "description_localizations": ANY_OBJECT,
        "type": WHOLE,
        "options": list_of(either("Group", "Subcommand", *_OPTIONS.values()), 25),
        "default_member_permissions": {"type": ["integer", "null"], "minimum": 0},
        "dm_permission": YES_OR_NO,
        "contexts": list_of({"type": "integer", "enum": [0, 1, 2]}, 3),
        "integration_types": list_of({"type": "integer", "enum": [0, 1]}, 2),
    }
    subcommands = list_of({"$ref": f"{REF}Subcommand"}, 25)
    return {
        "ApplicationCommandCreateRequest": object_of("name", **command),
        "ApplicationCommandUpdateRequest": object_of("name", **command),
        "ApplicationCommandPatchRequestPartial": object_of(**command),
        "ApplicationCommandOptionStringChoice": _choice({"type": "string", "maxLength": 6000}),
        "NumberChoice": _choice({"type": "number"}),
        "Subcommand": _option(1, options=list_of(either(*_OPTIONS.values()), 25)),
        "Group": _option(2, options=subcommands),
        **{name: _value_option(number, name) for number, name in _OPTIONS.items()},
    }


def _choice(value: Json) -> Json:
    return object_of(
        "name", "value", name=text(100, least=1), value=value, name_localizations=ANY_OBJECT
    )


def _option(number: int, **more: Json) -> Json:
    return of_type(
        number,
        "name",
        "description",
        name=text(32, least=1),
        description=text(100, least=1),
        name_localizations=ANY_OBJECT,
        description_localizations=ANY_OBJECT,
        required=YES_OR_NO,
        **more,
    )


def _value_option(number: int, name: str) -> Json:
    choice = "ApplicationCommandOptionStringChoice" if name == "String" else "NumberChoice"
    return _option(
        number,
        choices=list_of({"$ref": REF + choice}, 25),
        autocomplete=YES_OR_NO,
        min_length=WHOLE,
        max_length=WHOLE,
        min_value={"type": ["number", "null"]},
        max_value={"type": ["number", "null"]},
        channel_types=list_of({"type": "integer"}, 20),
    )
