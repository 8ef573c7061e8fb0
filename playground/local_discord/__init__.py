"""A server that speaks Discord's REST and gateway, and the people who use it.

`LocalDiscord` is the way in. The bot is pointed at its two addresses; tests and pages act through
`Person`, `Seat` and `Reply`, which refuse what a Discord client would not let a member do.
"""

from playground.local_discord.errors import ClientRefusal, InteractionFailed, NoAnswer
from playground.local_discord.messages import Message, Version
from playground.local_discord.model import Channel, Kind, Member, Role, Server
from playground.local_discord.people import Person
from playground.local_discord.permissions import Permission
from playground.local_discord.replies import Modal, Reply
from playground.local_discord.seats import Seat
from playground.local_discord.server import LocalDiscord

__all__ = [
    "Channel",
    "ClientRefusal",
    "InteractionFailed",
    "Kind",
    "LocalDiscord",
    "Member",
    "Message",
    "Modal",
    "NoAnswer",
    "Permission",
    "Person",
    "Reply",
    "Role",
    "Seat",
    "Server",
    "Version",
]
