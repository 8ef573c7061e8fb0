"""How a client picks from a select: what it checks, and what it sends."""

from collections.abc import Sequence

from fakes.discord.client.option_input import FilledOptions, OptionForm, OptionType
from fakes.discord.model.component_tree import ComponentType
from fakes.discord.model.errors import ClientRefusal
from fakes.discord.model.json_types import Json

_OPTION_TYPES = {
    ComponentType.CHANNEL_SELECT: OptionType.CHANNEL,
    ComponentType.ROLE_SELECT: OptionType.ROLE,
    ComponentType.USER_SELECT: OptionType.USER,
    ComponentType.MENTIONABLE_SELECT: OptionType.MENTIONABLE,
}


def select_data(select: Json, values: Sequence[object], form: OptionForm) -> Json:
    """Return the data of a choice.

    Raises:
        ClientRefusal: The select is disabled, has no such option, or takes not so many.
    """
    name = select.get("placeholder") or select["custom_id"]
    if select.get("disabled"):
        raise ClientRefusal(f"The select {name!r} is disabled")
    least, most = select.get("min_values", 1), select.get("max_values", 1)
    if not least <= len(values) <= most:
        raise ClientRefusal(f"Choose between {least} and {most} in {name!r}")
    data: Json = {
        "custom_id": select["custom_id"],
        "component_type": select["type"],
        "id": select["id"],
    }
    if select["type"] == ComponentType.STRING_SELECT:
        return {**data, "values": [_option_value(select, value) for value in values]}
    return {**data, **_resolved_values(select, values, form)}


def _option_value(select: Json, wanted: object) -> str:
    for option in select["options"]:
        if wanted in (option["label"], option["value"]):
            return str(option["value"])
    raise ClientRefusal(f"There is no option {wanted!r}")


def _resolved_values(select: Json, values: Sequence[object], form: OptionForm) -> Json:
    filled = FilledOptions()
    option = {
        "name": select["custom_id"],
        "type": _OPTION_TYPES[ComponentType(select["type"])],
        "channel_types": select.get("channel_types"),
    }
    for value in values:
        form.add_value(filled, option, value)
    return {"values": [row["value"] for row in filled.values], "resolved": filled.resolved}
