"""Who may do what where: Discord's own bit arithmetic.

Source: the permissions page of Discord's developer documentation, 2026-08.
"""

from fakes.discord.model.entities import Channel, Guild
from fakes.discord.model.enums import ChannelType
from fakes.discord.model.permissions import ALL_PERMISSIONS, Permission
from fakes.discord.model.users import Member, User

_ADMINISTRATOR = int(Permission.ADMINISTRATOR)
_VIEW = int(Permission.VIEW_CHANNEL)
_SEND = int(Permission.SEND_MESSAGES)
_SEND_IN_THREADS = int(Permission.SEND_MESSAGES_IN_THREADS)
_MANAGE_THREADS = int(Permission.MANAGE_THREADS)
_DEPEND_ON_SEND = int(
    Permission.MENTION_EVERYONE
    | Permission.SEND_TTS_MESSAGES
    | Permission.ATTACH_FILES
    | Permission.EMBED_LINKS
)

# What an app may do in a direct message, as Discord sends it in `app_permissions`.
DIRECT_MESSAGE_PERMISSIONS = int(
    Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.MENTION_EVERYONE
    | Permission.USE_EXTERNAL_EMOJIS
)


def has_permission(permissions: int, required: int) -> bool:
    """Tell whether all of `wanted` is in `permissions`."""
    return permissions & required == required


def base_permissions(guild: Guild, member: Member) -> int:
    """Return what the member may do before any channel has its say."""
    if member.user.id == guild.owner_id:
        return ALL_PERMISSIONS
    allowed = guild.everyone.permissions
    for role in member.roles:
        allowed |= role.permissions
    return ALL_PERMISSIONS if allowed & _ADMINISTRATOR else allowed


def permissions_in(channel: Channel, user: User) -> int:
    """Return what the user may do in the channel; nothing for those who are not there."""
    server = channel.guild
    if server is None:
        return DIRECT_MESSAGE_PERMISSIONS if user in channel.recipients else 0
    member = server.members.get(user.id)
    if member is None:
        return 0
    allowed = base_permissions(server, member)
    if allowed == ALL_PERMISSIONS:
        return ALL_PERMISSIONS
    base_channel = channel.parent if channel.kind.is_thread and channel.parent else channel
    allowed = _apply_overwrites(allowed, base_channel, server, member)
    if channel.kind is ChannelType.PRIVATE_THREAD and user.id not in channel.thread_members:
        allowed = allowed if allowed & _MANAGE_THREADS else 0
    return _drop_dependent(
        allowed, send_permission=_SEND_IN_THREADS if channel.kind.is_thread else _SEND
    )


def _apply_overwrites(allowed: int, channel: Channel, guild: Guild, member: Member) -> int:
    overwrites = channel.overwrites
    if not overwrites:
        return allowed
    if everyone := overwrites.get(guild.id):
        allowed = allowed & ~everyone.deny | everyone.allow
    roles = [overwrites[role.id] for role in member.roles if role.id in overwrites]
    for overwrite in roles:
        allowed &= ~overwrite.deny
    for overwrite in roles:
        allowed |= overwrite.allow
    if own := overwrites.get(member.user.id):
        allowed = allowed & ~own.deny | own.allow
    return allowed


def _drop_dependent(allowed: int, *, send_permission: int) -> int:
    """Take away what makes no sense without seeing the channel or sending in it."""
    if not allowed & _VIEW:
        return 0
    return allowed if allowed & send_permission else allowed & ~_DEPEND_ON_SEND
