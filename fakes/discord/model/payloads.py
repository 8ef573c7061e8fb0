"""Who is there and what they say, in Discord's JSON."""

from datetime import datetime

from fakes.discord.model.entities import Message
from fakes.discord.model.json_types import Json
from fakes.discord.model.message_content import Attachment, MessageFlag
from fakes.discord.model.state import DiscordState
from fakes.discord.model.users import Member, User


def timestamp(moment: datetime) -> str:
    """Return a moment as Discord writes it."""
    return moment.isoformat()


def user(someone: User) -> Json:
    """Return a user."""
    return {
        "id": str(someone.id),
        "username": someone.name,
        "global_name": None if someone.is_bot else someone.name.capitalize(),
        "discriminator": "0000" if someone.is_bot else "0",
        "avatar": None,
        "bot": someone.is_bot,
        "public_flags": 0,
        "flags": 0,
        "primary_guild": None,
        "avatar_decoration_data": None,
        "collectibles": None,
    }


def member(someone: Member) -> Json:
    """Return a member with the user inside."""
    return {
        "user": user(someone.user),
        "nick": None,
        "avatar": None,
        "banner": None,
        "roles": [str(role.id) for role in someone.roles],
        "joined_at": timestamp(someone.joined_at),
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "pending": False,
        "flags": 0,
        "communication_disabled_until": None,
    }


def attachment(one: Attachment) -> Json:
    """Return an uploaded file."""
    found: Json = {
        "id": str(one.id),
        "filename": one.filename,
        "size": one.size,
        "url": one.url,
        "proxy_url": one.url,
        "content_type": one.content_type,
    }
    if one.description is not None:
        found["description"] = one.description
    return found


def message(one: Message) -> Json:
    """Return a message as the channel's readers get it."""
    now, edited = one.current, one.edited_at
    found: Json = {
        "id": str(one.id),
        "channel_id": str(one.channel.id),
        "type": one.kind,
        "author": user(one.author),
        "content": now.content,
        "timestamp": timestamp(one.created_at),
        "edited_timestamp": timestamp(edited) if edited else None,
        "flags": int(now.flags | (MessageFlag.CROSSPOSTED if one.is_crossposted else 0)),
        "components": now.components,
        "embeds": now.embeds,
        "attachments": [attachment(file) for file in now.attachments],
        "mentions": [],
        "mention_roles": [],
        "mention_everyone": False,
        "pinned": False,
        "tts": False,
    }
    if one.nonce is not None:
        found["nonce"] = one.nonce
    if one.interaction is not None:
        found |= _interaction_fields(one)
    return found


def _interaction_fields(one: Message) -> Json:
    interaction = one.interaction
    if interaction is None:
        return {}
    metadata: Json = {
        "id": str(interaction.id),
        "type": int(interaction.kind),
        "user": user(interaction.user),
        "authorizing_integration_owners": interaction.installation_owners,
    }
    if interaction.source_message is not None:
        metadata["interacted_message_id"] = str(interaction.source_message.id)
    found: Json = {
        "application_id": str(one.author.id),
        "webhook_id": str(one.author.id),
        "interaction_metadata": metadata,
    }
    if interaction.name:
        metadata["name"] = interaction.name
        old = {key: metadata[key] for key in ("id", "type", "name", "user")}
        found["interaction"] = old
    return found


def bot_gateway(url: str, *, shards: int, remaining: int) -> Json:
    """Return where to connect, with how many shards and how many sessions left today."""
    limit = {"total": 1000, "remaining": remaining, "reset_after": 86_400_000, "max_concurrency": 1}
    return {"url": url, "shards": shards, "session_start_limit": limit}


def application(state: DiscordState) -> Json:
    """Return the application as its owner's portal shows it."""
    return {
        "id": str(state.bot.id),
        "name": state.bot.name,
        "description": "",
        "summary": "",
        "icon": None,
        "type": None,
        "bot": user(state.bot),
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "owner": user(state.owner),
        "team": None,
        "flags": 0,
        "hook": True,
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "approximate_guild_count": sum(server.has_bot for server in state.guilds.values()),
    }
