"""Who is shown a command where: contexts, installation, default permissions and overrides."""

from dataclasses import dataclass
from enum import IntEnum

from playground.local_discord import rights
from playground.local_discord.commands import Commands, Target
from playground.local_discord.json_types import Json
from playground.local_discord.model import Channel, Member, User
from playground.local_discord.permissions import EVERYTHING, Permission


class Context(IntEnum):
    """Where a command is used."""

    GUILD = 0
    BOT_DM = 1
    PRIVATE_CHANNEL = 2


class Install(IntEnum):
    """On whose behalf the application is there."""

    GUILD = 0
    USER = 1


@dataclass(frozen=True, slots=True)
class Place:
    """A person in a channel, with or without having installed the application."""

    person: User
    channel: Channel
    user_installed: bool
    shares_server: bool

    @property
    def context(self) -> Context:
        """The context that Discord would send."""
        return Context.BOT_DM if self.channel.server is None else Context.GUILD

    def owners(self, types: list[int] | None) -> dict[str, str]:
        """Return whose installations let a command of these types be used here; maybe nobody's."""
        types = [Install.GUILD] if types is None else types
        server, owners = self.channel.server, {}
        if Install.GUILD in types and server is not None and server.has_bot:
            owners[str(int(Install.GUILD))] = str(server.id)
        if Install.GUILD in types and server is None and self.shares_server:
            owners[str(int(Install.GUILD))] = "0"
        if Install.USER in types and self.user_installed:
            owners[str(int(Install.USER))] = str(self.person.id)
        return owners


def is_shown(command: Json, place: Place, commands: Commands) -> bool:
    """Tell whether the client lists this command for this person in this place."""
    contexts = command.get("contexts")
    if contexts is not None and place.context not in contexts:
        return False
    owners = place.owners(command.get("integration_types"))
    if not owners:
        return False
    server = place.channel.server
    if server is None:
        return command.get("dm_permission") is not False
    member = server.members[place.person.id]
    allowed = rights.permissions_in(place.channel, place.person)
    if allowed == EVERYTHING:
        return True
    needed = command["default_member_permissions"]
    by_default = needed is None or (needed != "0" and rights.may(allowed, int(needed)))
    if str(int(Install.GUILD)) not in owners:
        return by_default
    return _decided(command, place.channel, member, commands, by_default=by_default)


def _decided(
    command: Json, channel: Channel, member: Member, commands: Commands, *, by_default: bool
) -> bool:
    """Ask the command's own overrides first, then the application's.

    An application-wide permission opens only what the defaults leave open; one for the command
    itself replaces the defaults.
    """
    server_id = channel.server.id if channel.server else 0
    own = commands.overrides.get((server_id, int(command["id"])), {})
    wide = commands.overrides.get((server_id, commands.application_id), {})
    place = channel.parent if channel.kind.is_thread and channel.parent else channel
    here = _channel_verdict(own, place, server_id)
    if here is None:
        here = _channel_verdict(wide, place, server_id)
    if here is False:
        return False
    verdict = _member_verdict(own, member, server_id)
    if verdict is not None:
        return verdict
    return by_default and _member_verdict(wide, member, server_id) is not False


def _channel_verdict(
    overrides: dict[int, tuple[Target, bool]], channel: Channel, server_id: int
) -> bool | None:
    # Discord writes "all channels" as the server's id minus one.
    for target_id in (channel.id, server_id - 1):
        if target_id in overrides:
            return overrides[target_id][1]
    return None


def _member_verdict(
    overrides: dict[int, tuple[Target, bool]], member: Member, server_id: int
) -> bool | None:
    if member.user.id in overrides:
        return overrides[member.user.id][1]
    roles = [overrides[role.id][1] for role in member.roles if role.id in overrides]
    if roles:
        return any(roles)
    return overrides[server_id][1] if server_id in overrides else None


def may_type_commands(place: Place) -> bool:
    """Tell whether the client lets this person type a command in this channel at all."""
    if place.channel.server is None:
        return True
    allowed = rights.permissions_in(place.channel, place.person)
    return may_write(place) and rights.may(allowed, Permission.USE_APPLICATION_COMMANDS)


def may_write(place: Place) -> bool:
    """Tell whether the client lets this person write in this channel."""
    if place.channel.server is None:
        return True
    in_thread = place.channel.kind.is_thread
    send = Permission.SEND_MESSAGES_IN_THREADS if in_thread else Permission.SEND_MESSAGES
    return rights.may(rights.permissions_in(place.channel, place.person), send)
