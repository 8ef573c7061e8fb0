"""A server that speaks Discord's REST and gateway, and the people who use it.

`LocalDiscord` is the way in. The bot is pointed at its two addresses; tests and pages act through
`Person`, `Seat` and `Reply`, which refuse what a Discord client would not let a member do.
"""

from playground.local_discord.errors import ClientRefusal, InteractionFailed, NoReply
from playground.local_discord.messages import Message, MessageVersion
from playground.local_discord.model import Channel, ChannelType, Member, Role, Guild
from playground.local_discord.people import HumanUser
from playground.local_discord.permissions import Permission
from playground.local_discord.replies import ClientModal, ClientReply
from playground.local_discord.seats import UserClient
from playground.local_discord.server import FakeDiscord

__all__ = [
    "Channel",
    "ClientRefusal",
    "InteractionFailed",
    "ChannelType",
    "FakeDiscord",
    "Member",
    "Message",
    "ClientModal",
    "NoReply",
    "Permission",
    "HumanUser",
    "ClientReply",
    "Role",
    "UserClient",
    "Guild",
    "MessageVersion",
]
