"""Who is shown a command where: contexts, installation, default permissions and overrides."""

from dataclasses import dataclass
from enum import IntEnum

from fakes.discord.model import permission_rules
from fakes.discord.model.command_registry import CommandRegistry, OverrideTarget
from fakes.discord.model.entities import Channel
from fakes.discord.model.json_types import Json
from fakes.discord.model.permissions import ALL_PERMISSIONS, Permission
from fakes.discord.model.users import Member, User


class InteractionContextType(IntEnum):
    """Where a command is used."""

    GUILD = 0
    BOT_DM = 1
    PRIVATE_CHANNEL = 2


class IntegrationType(IntEnum):
    """On whose behalf the application is there."""

    GUILD = 0
    USER = 1


@dataclass(frozen=True, slots=True)
class CommandContext:
    """A person in a channel, with or without having installed the application."""

    user: User
    channel: Channel
    user_installed: bool
    shares_guild: bool

    @property
    def context_type(self) -> InteractionContextType:
        """The context that Discord would send."""
        return (
            InteractionContextType.BOT_DM
            if self.channel.guild is None
            else InteractionContextType.GUILD
        )

    def installation_owners(self, types: list[int] | None) -> dict[str, str]:
        """Return whose installations let a command of these types be used here; maybe nobody's."""
        types = [IntegrationType.GUILD] if types is None else types
        server, owners = self.channel.guild, {}
        if IntegrationType.GUILD in types and server is not None and server.has_bot:
            owners[str(int(IntegrationType.GUILD))] = str(server.id)
        if IntegrationType.GUILD in types and server is None and self.shares_guild:
            owners[str(int(IntegrationType.GUILD))] = "0"
        if IntegrationType.USER in types and self.user_installed:
            owners[str(int(IntegrationType.USER))] = str(self.user.id)
        return owners


def is_visible(command: Json, context: CommandContext, commands: CommandRegistry) -> bool:
    """Tell whether the client lists this command for this person in this place."""
    contexts = command.get("contexts")
    if contexts is not None and context.context_type not in contexts:
        return False
    owners = context.installation_owners(command.get("integration_types"))
    if not owners:
        return False
    guild = context.channel.guild
    if guild is None:
        return command.get("dm_permission") is not False
    member = guild.members[context.user.id]
    allowed = permission_rules.permissions_in(context.channel, context.user)
    if allowed == ALL_PERMISSIONS:
        return True
    required = command["default_member_permissions"]
    by_default = required is None or (
        required != "0" and permission_rules.has_permission(allowed, int(required))
    )
    if str(int(IntegrationType.GUILD)) not in owners:
        return by_default
    return _allowed_by_overrides(command, context.channel, member, commands, by_default=by_default)


def _allowed_by_overrides(
    command: Json, channel: Channel, member: Member, commands: CommandRegistry, *, by_default: bool
) -> bool:
    """Ask the command's own overrides first, then the application's.

    An application-wide permission opens only what the defaults leave open; one for the command
    itself replaces the defaults.
    """
    guild_id = channel.guild.id if channel.guild else 0
    command_overrides = commands.overrides.get((guild_id, int(command["id"])), {})
    app_overrides = commands.overrides.get((guild_id, commands.application_id), {})
    base_channel = channel.parent if channel.kind.is_thread and channel.parent else channel
    channel_verdict = _channel_override(command_overrides, base_channel, guild_id)
    if channel_verdict is None:
        channel_verdict = _channel_override(app_overrides, base_channel, guild_id)
    if channel_verdict is False:
        return False
    verdict = _member_override(command_overrides, member, guild_id)
    if verdict is not None:
        return verdict
    return by_default and _member_override(app_overrides, member, guild_id) is not False


def _channel_override(
    overrides: dict[int, tuple[OverrideTarget, bool]], channel: Channel, guild_id: int
) -> bool | None:
    # Discord writes "all channels" as the server's id minus one.
    for target_id in (channel.id, guild_id - 1):
        if target_id in overrides:
            return overrides[target_id][1]
    return None


def _member_override(
    overrides: dict[int, tuple[OverrideTarget, bool]], member: Member, guild_id: int
) -> bool | None:
    if member.user.id in overrides:
        return overrides[member.user.id][1]
    roles = [overrides[role.id][1] for role in member.roles if role.id in overrides]
    if roles:
        return any(roles)
    return overrides[guild_id][1] if guild_id in overrides else None


def can_use_commands(context: CommandContext) -> bool:
    """Tell whether the client lets this person type a command in this channel at all."""
    if context.channel.guild is None:
        return True
    allowed = permission_rules.permissions_in(context.channel, context.user)
    return can_send_messages(context) and permission_rules.has_permission(
        allowed, Permission.USE_APPLICATION_COMMANDS
    )


def can_send_messages(context: CommandContext) -> bool:
    """Tell whether the client lets this person write in this channel."""
    if context.channel.guild is None:
        return True
    in_thread = context.channel.kind.is_thread
    send = Permission.SEND_MESSAGES_IN_THREADS if in_thread else Permission.SEND_MESSAGES
    return permission_rules.has_permission(
        permission_rules.permissions_in(context.channel, context.user), send
    )
