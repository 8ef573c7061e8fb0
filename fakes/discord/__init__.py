"""A server that speaks Discord's REST and gateway, and the people who use it.

`LocalDiscord` is the way in. The bot is pointed at its two addresses; tests and pages act through
`Person`, `Seat` and `Reply`, which refuse what a Discord client would not let a member do.
"""

from fakes.discord.client.reply import ClientModal, ClientReply
from fakes.discord.client.user_client import UserClient
from fakes.discord.client.users import HumanUser
from fakes.discord.model.entities import Channel, ChannelType, Guild, Member, Role
from fakes.discord.model.errors import ClientRefusal, InteractionFailed, NoReply
from fakes.discord.model.message_content import Message, MessageVersion
from fakes.discord.model.permissions import Permission
from fakes.discord.server import FakeDiscord

__all__ = [
    "Channel",
    "ChannelType",
    "ClientModal",
    "ClientRefusal",
    "ClientReply",
    "FakeDiscord",
    "Guild",
    "HumanUser",
    "InteractionFailed",
    "Member",
    "Message",
    "MessageVersion",
    "NoReply",
    "Permission",
    "Role",
    "UserClient",
]
