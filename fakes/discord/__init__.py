"""A server that speaks Discord's REST and gateway, and the people who use it.

`FakeDiscord` is the way in. The bot is pointed at its two addresses; tests and pages act through
`HumanUser`, `UserClient` and `ClientReply`, which refuse what a Discord client would not let a
member do.
"""

from fakes.discord.client.modal_input import ClientModal
from fakes.discord.client.user_client import ClientReply, HumanUser, UserClient
from fakes.discord.model.entities import Channel, Guild, Message
from fakes.discord.model.enums import ChannelType
from fakes.discord.model.errors import ClientRefusal, InteractionFailed, NoReply
from fakes.discord.model.message_content import MessageVersion
from fakes.discord.model.permissions import Permission
from fakes.discord.model.users import Member, Role
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
