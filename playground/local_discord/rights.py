"""Who may do what where: Discord's own bit arithmetic.

Source: the permissions page of Discord's developer documentation, 2026-08.
"""

from playground.local_discord.model import Channel, Kind, Member, Server, User
from playground.local_discord.permissions import EVERYTHING, Permission

_ADMINISTRATOR = int(Permission.ADMINISTRATOR)
_VIEW = int(Permission.VIEW_CHANNEL)
_SEND = int(Permission.SEND_MESSAGES)
_IN_THREADS = int(Permission.SEND_MESSAGES_IN_THREADS)
_MANAGE_THREADS = int(Permission.MANAGE_THREADS)
_NEEDS_SEND = int(
    Permission.MENTION_EVERYONE
    | Permission.SEND_TTS_MESSAGES
    | Permission.ATTACH_FILES
    | Permission.EMBED_LINKS
)

# What an app may do in a direct message, as Discord sends it in `app_permissions`.
IN_DIRECT_MESSAGES = int(
    Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.MENTION_EVERYONE
    | Permission.USE_EXTERNAL_EMOJIS
)


def may(permissions: int, wanted: int) -> bool:
    """Tell whether all of `wanted` is in `permissions`."""
    return permissions & wanted == wanted


def base_permissions(server: Server, member: Member) -> int:
    """Return what the member may do before any channel has its say."""
    if member.user.id == server.owner_id:
        return EVERYTHING
    allowed = server.everyone.permissions
    for role in member.roles:
        allowed |= role.permissions
    return EVERYTHING if allowed & _ADMINISTRATOR else allowed


def permissions_in(channel: Channel, user: User) -> int:
    """Return what the user may do in the channel; nothing for those who are not there."""
    server = channel.server
    if server is None:
        return IN_DIRECT_MESSAGES if user in channel.recipients else 0
    member = server.members.get(user.id)
    if member is None:
        return 0
    allowed = base_permissions(server, member)
    if allowed == EVERYTHING:
        return EVERYTHING
    place = channel.parent if channel.kind.is_thread and channel.parent else channel
    allowed = _overwritten(allowed, place, server, member)
    if channel.kind is Kind.PRIVATE_THREAD and user.id not in channel.thread_members:
        allowed = allowed if allowed & _MANAGE_THREADS else 0
    return _implied(allowed, may_send=_IN_THREADS if channel.kind.is_thread else _SEND)


def _overwritten(allowed: int, channel: Channel, server: Server, member: Member) -> int:
    overwrites = channel.overwrites
    if not overwrites:
        return allowed
    if everyone := overwrites.get(server.id):
        allowed = allowed & ~everyone.deny | everyone.allow
    roles = [overwrites[role.id] for role in member.roles if role.id in overwrites]
    for overwrite in roles:
        allowed &= ~overwrite.deny
    for overwrite in roles:
        allowed |= overwrite.allow
    if own := overwrites.get(member.user.id):
        allowed = allowed & ~own.deny | own.allow
    return allowed


def _implied(allowed: int, *, may_send: int) -> int:
    """Take away what makes no sense without seeing the channel or sending in it."""
    if not allowed & _VIEW:
        return 0
    return allowed if allowed & may_send else allowed & ~_NEEDS_SEND
