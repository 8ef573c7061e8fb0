"""The line a person types commands into: what it offers, and what it sends."""

from collections.abc import Mapping

from fakes.discord.client.command_visibility import CommandContext, can_use_commands, is_visible
from fakes.discord.client.interaction_payload import InteractionData
from fakes.discord.client.option_input import FilledOptions, OptionForm
from fakes.discord.model.command_registry import (
    CHAT_INPUT,
    SUBCOMMAND,
    SUBCOMMAND_GROUP,
    typed_forms,
)
from fakes.discord.model.enums import InteractionType
from fakes.discord.model.errors import ClientRefusal
from fakes.discord.model.json_types import Json
from fakes.discord.model.state import DiscordState


class CommandLine:
    """The input line of one person in one place."""

    def __init__(self, state: DiscordState, context: CommandContext) -> None:
        self._state = state
        self._context = context

    def visible_commands(self, first_word: str | None = None) -> dict[str, tuple[Json, list[Json]]]:
        """Return what the client offers: full name to command and options.

        With `first`, only what begins with this word.

        Raises:
            ClientRefusal: This person cannot type here at all.
        """
        if not can_use_commands(self._context):
            raise ClientRefusal("You do not have permission to send messages in this channel.")
        guild, commands = self._context.channel.guild, self._state.commands
        found: dict[str, tuple[Json, list[Json]]] = {}
        for command in commands.available_in(guild.id if guild else None):
            wanted = command["type"] == CHAT_INPUT and first_word in (None, command["name"])
            if wanted and is_visible(command, self._context, commands):
                for name, options in typed_forms(command).items():
                    found.setdefault(name, (command, options))
        return found

    def _find(self, name: str) -> tuple[Json, list[Json]]:
        shown = self.visible_commands(name.partition(" ")[0])
        if name not in shown:
            raise ClientRefusal(f"No commands match your search: /{name}")
        return shown[name]

    def options_of(self, name: str) -> list[Json]:
        """Return the options of a command.

        Raises:
            ClientRefusal: There is none of this name here.
        """
        return self._find(name)[1]

    def _option_form(self) -> OptionForm:
        return OptionForm(self._state, self._context.user, self._context.channel)

    def command_data(self, name: str, values: Mapping[str, object]) -> InteractionData:
        """Return what is sent when a command is entered.

        Raises:
            ClientRefusal: There is none of this name here, or it does not take these options.
        """
        command, options = self._find(name)
        filled = self._option_form().fill(options, values)
        return self._interaction_data(InteractionType.COMMAND, name, command, filled)

    def autocomplete_data(
        self, name: str, focused: str, values: Mapping[str, object]
    ) -> InteractionData:
        """Return what is sent while an option is typed.

        Raises:
            ClientRefusal: There is no such command here, or nothing completes the option.
        """
        command, options = self._find(name)
        filled = self._option_form().fill_for_autocomplete(options, values, focused)
        return self._interaction_data(InteractionType.AUTOCOMPLETE, name, command, filled)

    def _interaction_data(
        self, kind: InteractionType, name: str, command: Json, filled: FilledOptions
    ) -> InteractionData:
        options = filled.values
        nested = SUBCOMMAND
        for step in reversed(name.split()[1:]):
            options = [{"name": step, "type": nested, "options": options}]
            nested = SUBCOMMAND_GROUP
        data: Json = {
            "id": command["id"],
            "name": command["name"],
            "type": command["type"],
            "options": options,
        }
        if filled.resolved:
            data["resolved"] = filled.resolved
        if "guild_id" in command:
            data["guild_id"] = command["guild_id"]
        owners = self._context.installation_owners(command.get("integration_types"))
        return InteractionData(kind, data, owners, name)
