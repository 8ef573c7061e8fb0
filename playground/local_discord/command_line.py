"""The line a person types commands into: what it offers, and what it sends."""

from collections.abc import Mapping

from playground.local_discord.access import Place, is_shown, may_type_commands
from playground.local_discord.asking import Question
from playground.local_discord.commands import CHAT_INPUT, SUBCOMMAND, SUBCOMMAND_GROUP, leaves
from playground.local_discord.errors import ClientRefusal
from playground.local_discord.interactions import Asked
from playground.local_discord.json_types import Json
from playground.local_discord.options import Filled, Form
from playground.local_discord.world import World


class CommandLine:
    """The input line of one person in one place."""

    def __init__(self, world: World, place: Place) -> None:
        self._world = world
        self._place = place

    def shown(self, first: str | None = None) -> dict[str, tuple[Json, list[Json]]]:
        """Return what the client offers: full name to command and options.

        With `first`, only what begins with this word.

        Raises:
            ClientRefusal: This person cannot type here at all.
        """
        if not may_type_commands(self._place):
            raise ClientRefusal("You do not have permission to send messages in this channel.")
        server, commands = self._place.channel.server, self._world.commands
        found: dict[str, tuple[Json, list[Json]]] = {}
        for command in commands.in_server(server.id if server else None):
            wanted = command["type"] == CHAT_INPUT and first in (None, command["name"])
            if wanted and is_shown(command, self._place, commands):
                for name, options in leaves(command).items():
                    found.setdefault(name, (command, options))
        return found

    def _find(self, name: str) -> tuple[Json, list[Json]]:
        shown = self.shown(name.partition(" ")[0])
        if name not in shown:
            raise ClientRefusal(f"No commands match your search: /{name}")
        return shown[name]

    def options_of(self, name: str) -> list[Json]:
        """Return the options of a command.

        Raises:
            ClientRefusal: There is none of this name here.
        """
        return self._find(name)[1]

    def _form(self) -> Form:
        return Form(self._world, self._place.person, self._place.channel)

    def enter(self, name: str, given: Mapping[str, object]) -> Question:
        """Return what is sent when a command is entered.

        Raises:
            ClientRefusal: There is none of this name here, or it does not take these options.
        """
        command, options = self._find(name)
        filled = self._form().fill(options, given)
        return self._question(Asked.COMMAND, name, command, filled)

    def typing(self, name: str, focused: str, given: Mapping[str, object]) -> Question:
        """Return what is sent while an option is typed.

        Raises:
            ClientRefusal: There is no such command here, or nothing completes the option.
        """
        command, options = self._find(name)
        filled = self._form().typing(options, given, focused)
        return self._question(Asked.COMPLETION, name, command, filled)

    def _question(self, kind: Asked, name: str, command: Json, filled: Filled) -> Question:
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
        owners = self._place.owners(command.get("integration_types"))
        return Question(kind, data, owners, name)
