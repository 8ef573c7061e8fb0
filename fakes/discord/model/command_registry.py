"""The application's commands, as registered, and the servers' overrides of who may use them."""

from collections.abc import Iterable
from enum import IntEnum

from fakes.discord.model.entities import Channel, Guild
from fakes.discord.model.errors import ApiError, ErrorCode
from fakes.discord.model.json_types import Json
from fakes.discord.model.snowflakes import Snowflakes
from fakes.discord.model.users import Role, User

CHAT_INPUT = 1
SUBCOMMAND = 1
SUBCOMMAND_GROUP = 2


class OverrideTarget(IntEnum):
    """What an override is about."""

    ROLE = 1
    USER = 2
    CHANNEL = 3


_OVERRIDE_TARGETS = {Role: OverrideTarget.ROLE, Channel: OverrideTarget.CHANNEL}


class CommandRegistry:
    """What the bot has registered: globally under None, and server by server."""

    def __init__(self, ids: Snowflakes, application_id: int) -> None:
        self.application_id = application_id
        self.sync_count = 0
        # (server, command or application) ▸ target id ▸ (what it is, allowed?)
        self.overrides: dict[tuple[int, int], dict[int, tuple[OverrideTarget, bool]]] = {}
        self._ids = ids
        self._scopes: dict[int | None, dict[int, Json]] = {}

    def registered(self, guild_id: int | None = None) -> list[Json]:
        """Return the commands of one scope."""
        return list(self._scopes.get(guild_id, {}).values())

    def available_in(self, guild_id: int | None) -> list[Json]:
        """Return what a client there lists: the server's own commands before the global ones."""
        own = self.registered(guild_id) if guild_id is not None else []
        return [*own, *self.registered()]

    def replace_all(self, wanted: Iterable[Json], guild_id: int | None = None) -> list[Json]:
        """Register exactly these; a command that keeps its name and type keeps its id."""
        self.sync_count += 1
        before = {(c["name"], c["type"]): c for c in self.registered(guild_id)}
        stored = [self._build_command(body, before, guild_id) for body in wanted]
        self._scopes[guild_id] = {int(command["id"]): command for command in stored}
        return stored

    def upsert(self, body: Json, guild_id: int | None = None) -> Json:
        """Register one more, or replace the one of the same name and type."""
        before = {(c["name"], c["type"]): c for c in self.registered(guild_id)}
        command = self._build_command(body, before, guild_id)
        self._scopes.setdefault(guild_id, {})[int(command["id"])] = command
        return command

    def get(self, command_id: int, guild_id: int | None = None) -> Json:
        """Return one command.

        Raises:
            ApiError: There is none with this id in this scope.
        """
        command = self._scopes.get(guild_id, {}).get(command_id)
        if command is None:
            raise ApiError(ErrorCode.UNKNOWN_COMMAND)
        return command

    def delete(self, command_id: int, guild_id: int | None = None) -> None:
        """Take one command away."""
        self.get(command_id, guild_id)
        del self._scopes[guild_id][command_id]

    def _build_command(
        self, body: Json, before: dict[tuple[str, int], Json], guild_id: int | None
    ) -> Json:
        kind = body.get("type") or CHAT_INPUT
        known = before.get((body["name"], kind))
        rights = body.get("default_member_permissions")
        command: Json = {
            **body,
            "id": known["id"] if known else str(self._ids.next()),
            "application_id": str(self.application_id),
            "version": str(self._ids.next()),
            "type": kind,
            "description": body.get("description") or "",
            "default_member_permissions": None if rights is None else str(rights),
            "nsfw": body.get("nsfw") or False,
            "options": body.get("options") or [],
        }
        if guild_id is not None:
            command["guild_id"] = str(guild_id)
        else:
            command["integration_types"] = body.get("integration_types") or [0]
            command.setdefault("contexts", None)
        return command

    def override(
        self, guild: Guild, command: str | None, target: Role | User | Channel, *, allow: bool
    ) -> None:
        """Let a moderator say in Integrations who may use a command, or where.

        `command` is the name before any sub-command; None is about all commands at once. The role
        @everyone stands for all members.

        Raises:
            LookupError: There is no such command.
        """
        command_id = self.application_id if command is None else self._id_by_name(command, guild)
        kind = _OVERRIDE_TARGETS.get(type(target), OverrideTarget.USER)
        rows = self.overrides.setdefault((guild.id, command_id), {})
        rows[target.id] = (kind, allow)

    def override_all_channels(self, guild: Guild, command: str | None, *, allow: bool) -> None:
        """Say whether a command may be used in channels that have no override of their own."""
        command_id = self.application_id if command is None else self._id_by_name(command, guild)
        # Discord writes "all channels" as the server's id minus one.
        rows = self.overrides.setdefault((guild.id, command_id), {})
        rows[guild.id - 1] = (OverrideTarget.CHANNEL, allow)

    def _id_by_name(self, name: str, guild: Guild) -> int:
        for command in self.available_in(guild.id):
            if command["name"] == name:
                return int(command["id"])
        raise LookupError(f"no command is called {name}")

    def overrides_payload(self, guild_id: int, command_id: int) -> Json:
        """Return the overrides of one command as the API tells them.

        Raises:
            ApiError: There are none.
        """
        found = self.overrides.get((guild_id, command_id))
        if not found:
            raise ApiError(ErrorCode.UNKNOWN_COMMAND_PERMISSIONS)
        rows = [
            {"id": str(target_id), "type": int(kind), "permission": allowed}
            for target_id, (kind, allowed) in found.items()
        ]
        return {
            "id": str(command_id),
            "application_id": str(self.application_id),
            "guild_id": str(guild_id),
            "permissions": rows,
        }


def typed_forms(command: Json) -> dict[str, list[Json]]:
    """Return what can be typed for a command: its full name, and the options there."""
    nested = [o for o in command["options"] if o["type"] in (SUBCOMMAND, SUBCOMMAND_GROUP)]
    if not nested:
        return {command["name"]: command["options"]}
    found: dict[str, list[Json]] = {}
    for option in nested:
        inner = {"name": option["name"], "options": option.get("options") or []}
        for name, options in typed_forms(inner).items():
            found[f"{command['name']} {name}"] = options
    return found
