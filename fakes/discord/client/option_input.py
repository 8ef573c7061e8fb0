"""What a Discord client checks before it sends a command: the bot never sees what fails here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from fakes.discord.model import guild_payloads, payloads
from fakes.discord.model.entities import Channel, Guild
from fakes.discord.model.errors import ClientRefusal
from fakes.discord.model.json_types import Json
from fakes.discord.model.permission_rules import permissions_in
from fakes.discord.model.state import DiscordState
from fakes.discord.model.users import Role, User

_MAX_SAFE_INTEGER = 2**53 - 1


class OptionType(IntEnum):
    """The option types by name."""

    STRING = 3
    INTEGER = 4
    BOOLEAN = 5
    USER = 6
    CHANNEL = 7
    ROLE = 8
    MENTIONABLE = 9
    NUMBER = 10


@dataclass
class FilledOptions:
    """The options of a command as they are sent, and the things their ids stand for."""

    values: list[Json] = field(default_factory=list)
    resolved: dict[str, dict[str, Json]] = field(default_factory=dict)


class OptionForm:
    """The input line of a client: one command's options, filled in by one person in one place."""

    def __init__(self, state: DiscordState, user: User, channel: Channel) -> None:
        self._state = state
        self._user = user
        self._guild: Guild | None = channel.guild

    def fill(self, options: list[Json], values: Mapping[str, object]) -> FilledOptions:
        """Check what was typed against a command's options.

        Raises:
            ClientRefusal: In the words a client would use.
        """
        by_name = {option["name"]: option for option in options}
        for name in values:
            if name not in by_name:
                raise ClientRefusal(f"There is no option called {name!r}")
        filled = FilledOptions()
        for option in options:
            if values.get(option["name"]) is not None:
                self.add_value(filled, option, values[option["name"]])
            elif option.get("required"):
                raise ClientRefusal(f"This option is required. Specify a value: {option['name']}")
        return filled

    def add_value(self, filled: FilledOptions, option: Json, value: object) -> None:
        """Check one value and note it, with what its id stands for."""
        kind = option["type"]
        check = self._parsers().get(kind)
        if check is None:
            raise ClientRefusal(f"This client cannot fill in options of type {kind}")
        sent = check(option, value, filled)
        filled.values.append({"name": option["name"], "type": kind, "value": sent})

    def fill_for_autocomplete(
        self, options: list[Json], values: Mapping[str, object], focused: str
    ) -> FilledOptions:
        """Return what is sent while a person types: nothing is required yet."""
        all_optional = [{**option, "required": False} for option in options]
        others = {name: value for name, value in values.items() if name != focused}
        filled = self.fill(all_optional, others)
        option = next((one for one in options if one["name"] == focused), None)
        if option is None or not option.get("autocomplete"):
            raise ClientRefusal(f"Nothing completes {focused!r}")
        typed = {"name": focused, "type": option["type"], "value": values[focused], "focused": True}
        filled.values.append(typed)
        return filled

    def _parsers(self) -> dict[int, Callable[[Json, Any, FilledOptions], Any]]:
        return {
            OptionType.STRING: _parse_text,
            OptionType.INTEGER: _parse_number,
            OptionType.NUMBER: _parse_number,
            OptionType.BOOLEAN: _parse_boolean,
            OptionType.CHANNEL: self._parse_channel,
            OptionType.USER: self._parse_user,
            OptionType.ROLE: self._parse_role,
            OptionType.MENTIONABLE: self._parse_mentionable,
        }

    def _parse_channel(
        self, option: Json, value: Channel | int | str, filled: FilledOptions
    ) -> str:
        channel = value if isinstance(value, Channel) else self._state.channels.get(int(value))
        if channel is None or channel.guild is not self._guild:
            raise ClientRefusal(f"Not a channel of this server: {option['name']}")
        wanted = option.get("channel_types") or []
        if wanted and channel.kind not in wanted:
            raise ClientRefusal(f"#{channel.name} is not a channel of a type that fits here")
        if not permissions_in(channel, self._user):
            raise ClientRefusal(f"You cannot see that channel: {option['name']}")
        partial = guild_payloads.partial_channel(channel, self._user, self._state.bot)
        filled.resolved.setdefault("channels", {})[str(channel.id)] = partial
        return str(channel.id)

    def _parse_user(self, option: Json, value: User | int | str, filled: FilledOptions) -> str:
        user = value if isinstance(value, User) else self._state.users.get(int(value))
        if user is None:
            raise ClientRefusal(f"Not a user: {option['name']}")
        filled.resolved.setdefault("users", {})[str(user.id)] = payloads.user(user)
        member = self._guild.members.get(user.id) if self._guild else None
        if member is not None:
            partial = payloads.member(member)
            del partial["user"]
            filled.resolved.setdefault("members", {})[str(user.id)] = partial
        return str(user.id)

    def _parse_role(self, option: Json, value: Role | int | str, filled: FilledOptions) -> str:
        roles = self._guild.roles if self._guild else {}
        role = value if isinstance(value, Role) else roles.get(int(value))
        if role is None or role.id not in roles:
            raise ClientRefusal(f"Not a role of this server: {option['name']}")
        filled.resolved.setdefault("roles", {})[str(role.id)] = guild_payloads.role(role)
        return str(role.id)

    def _parse_mentionable(self, option: Json, value: Role | User, filled: FilledOptions) -> str:
        add = self._parse_role if isinstance(value, Role) else self._parse_user
        return add(option, value, filled)  # type: ignore[arg-type]  # narrowed by the line above


def _parse_text(option: Json, value: object, _: FilledOptions) -> object:
    if not isinstance(value, str):
        raise ClientRefusal(f"Input a text: {option['name']}")
    if choices := option.get("choices"):
        return _parse_choice(option, choices, value)
    least, most = option.get("min_length") or 0, option.get("max_length") or 6000
    if not least <= len(value) <= most:
        raise ClientRefusal(f"Must be between {least} and {most} in length: {option['name']}")
    return value


def _parse_number(option: Json, value: object, _: FilledOptions) -> object:
    if choices := option.get("choices"):
        return _parse_choice(option, choices, value)
    whole = option["type"] == OptionType.INTEGER
    if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)):
        words = "a valid integer" if whole else "a valid number"
        raise ClientRefusal(f"Input {words}: {option['name']}")
    least, most = option.get("min_value"), option.get("max_value")
    if (least is not None and value < least) or value < -_MAX_SAFE_INTEGER:
        raise ClientRefusal(f"Must be greater than or equal to {least}: {option['name']}")
    if (most is not None and value > most) or value > _MAX_SAFE_INTEGER:
        raise ClientRefusal(f"Must be less than or equal to {most}: {option['name']}")
    return value


def _parse_choice(option: Json, choices: list[Json], value: object) -> object:
    for choice in choices:
        if value in (choice["value"], choice["name"]):
            return choice["value"]
    raise ClientRefusal(f"Input a valid choice: {option['name']}")


def _parse_boolean(option: Json, value: object, _: FilledOptions) -> bool:
    if not isinstance(value, bool):
        raise ClientRefusal(f"Input True or False: {option['name']}")
    return value
