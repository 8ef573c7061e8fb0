"""What a browser can only name by id: channels, people and roles as values of options."""

from collections.abc import Mapping, Sequence

from demo.page.sessions import ViewerSessions
from fakes.discord import ClientRefusal
from fakes.discord.client.option_input import OptionType
from fakes.discord.model.json_types import Json

_ID_TYPES = {OptionType.USER, OptionType.CHANNEL, OptionType.ROLE, OptionType.MENTIONABLE}


def resolve_ids(
    sessions: ViewerSessions, options: Sequence[Json], typed: Mapping[str, object]
) -> dict[str, object]:
    """Return the values with what their ids stand for.

    Raises:
        ClientRefusal: Something was typed and not picked.
    """
    kinds = {option["name"]: option["type"] for option in options}
    return {
        name: _resolve_id(sessions, name, value) if kinds.get(name) in _ID_TYPES else value
        for name, value in typed.items()
    }


def _resolve_id(sessions: ViewerSessions, name: str, value: object) -> object:
    if isinstance(value, str) and value.isdecimal():
        number, world = int(value), sessions.state
        for things in (world.channels, sessions.guild.roles, world.users):
            if number in things:
                return things[number]
    raise ClientRefusal(f"Pick one from the list: {name}")
