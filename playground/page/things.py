"""What a browser can only name by id: channels, people and roles as values of options."""

from collections.abc import Mapping, Sequence

from playground.local_discord import ClientRefusal
from playground.local_discord.json_types import Json
from playground.local_discord.options import OptionType
from playground.page.seating import Seating

_BY_ID = {OptionType.USER, OptionType.CHANNEL, OptionType.ROLE, OptionType.MENTIONABLE}


def with_things(
    seating: Seating, options: Sequence[Json], typed: Mapping[str, object]
) -> dict[str, object]:
    """Return the values with what their ids stand for.

    Raises:
        ClientRefusal: Something was typed and not picked.
    """
    kinds = {option["name"]: option["type"] for option in options}
    return {
        name: _thing(seating, name, value) if kinds.get(name) in _BY_ID else value
        for name, value in typed.items()
    }


def _thing(seating: Seating, name: str, value: object) -> object:
    if isinstance(value, str) and value.isdecimal():
        number, world = int(value), seating.world
        for things in (world.channels, seating.server.roles, world.users):
            if number in things:
                return things[number]
    raise ClientRefusal(f"Pick one from the list: {name}")
