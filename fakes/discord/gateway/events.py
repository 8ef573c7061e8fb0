"""Which changes the gateway tells, to which intent, and in which words."""

from fakes.discord.model import guild_payloads, payloads
from fakes.discord.model.entities import Channel, Guild, Message
from fakes.discord.model.json_types import Json
from fakes.discord.model.users import Role

_GUILDS = 1 << 0
_GUILD_MESSAGES = 1 << 9
_DIRECT_MESSAGES = 1 << 12


def required_intent(kind: str, subject: object) -> tuple[int | None, int] | None:
    """Return the server and the intent a change belongs to; None if bots are not told of it."""
    match subject:
        case Guild():
            # The bot hears of its own removal, so membership is no condition here.
            return (subject.id, _GUILDS) if kind.startswith("GUILD_") else None
        case Channel(guild=Guild() as server) if server.has_bot:
            return server.id, _GUILDS
        case (Guild() as server, Role()) if server.has_bot:
            return server.id, _GUILDS
        case Message(ephemeral_for=None, channel=Channel(guild=None)):
            return None, _DIRECT_MESSAGES
        case Message(ephemeral_for=None, channel=Channel(guild=Guild() as server)):
            return (server.id, _GUILD_MESSAGES) if server.has_bot else None
        case _:
            return None


def event_name(kind: str) -> str:
    """Return what the gateway calls a change."""
    return "GUILD_CREATE" if kind == "GUILD_AVAILABLE" else kind


def event_payload(kind: str, subject: object) -> Json:
    """Return the payload of an event."""
    match subject:
        case Guild() if kind == "GUILD_AVAILABLE":
            return guild_payloads.guild(subject)
        case Guild() if kind == "GUILD_CREATE":
            # A server that the bot has just joined says nothing about its availability.
            return {k: v for k, v in guild_payloads.guild(subject).items() if k != "unavailable"}
        case Guild():
            gone: Json = {"id": str(subject.id)}
            return {**gone, "unavailable": True} if subject.is_unavailable else gone
        case Channel():
            return guild_payloads.channel(subject)
        case (Guild() as server, Role() as role):
            return {"guild_id": str(server.id), "role": guild_payloads.role(role)}
        case Message():
            return _message(kind, subject)
        case _:
            raise TypeError(f"bots are not told of {kind}")


def _message(kind: str, message: Message) -> Json:
    server = message.channel.guild
    place = {"guild_id": str(server.id)} if server else {}
    if kind == "MESSAGE_DELETE":
        return {"id": str(message.id), "channel_id": str(message.channel.id), **place}
    return {**payloads.message(message), **place}
