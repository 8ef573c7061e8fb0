"""Servers with their roles and channels, in Discord's JSON."""

from collections.abc import Iterable

from fakes.discord.model import permission_rules
from fakes.discord.model.entities import Channel, Guild
from fakes.discord.model.enums import ChannelType
from fakes.discord.model.json_types import Json
from fakes.discord.model.payloads import member, timestamp, user
from fakes.discord.model.users import Role, User

_COMMUNITY = ("COMMUNITY", "NEWS")


def role(one: Role) -> Json:
    """Return a role."""
    tags = {"bot_id": str(one.managed_by.id)} if one.managed_by else None
    return {
        "id": str(one.id),
        "name": one.name,
        "description": None,
        "permissions": str(one.permissions),
        "position": one.position,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": one.managed_by is not None,
        "mentionable": False,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
        **({"tags": tags} if tags else {}),
    }


def channel(one: Channel) -> Json:
    """Return a channel, a thread or direct messages."""
    if one.kind is ChannelType.DM:
        recipients = [user(someone) for someone in one.recipients if not someone.is_bot]
        return {**_common_channel_fields(one), "recipients": recipients}
    if one.guild is None:
        return _common_channel_fields(one)
    if one.kind.is_thread:
        return {**_common_channel_fields(one), "guild_id": str(one.guild.id), **_thread_fields(one)}
    return {
        **_common_channel_fields(one),
        "guild_id": str(one.guild.id),
        "name": one.name,
        "topic": one.topic,
        "nsfw": one.nsfw,
        "position": one.position,
        "parent_id": str(one.parent.id) if one.parent else None,
        "rate_limit_per_user": 0,
        "permission_overwrites": [
            {
                "id": str(overwrite.id),
                "type": int(overwrite.is_member),
                "allow": str(overwrite.allow),
                "deny": str(overwrite.deny),
            }
            for overwrite in one.overwrites.values()
        ],
        **_type_fields(one),
    }


def _common_channel_fields(one: Channel) -> Json:
    last = one.last_message_id
    return {
        "id": str(one.id),
        "type": int(one.kind),
        "flags": 0,
        "last_message_id": str(last) if last else None,
    }


def _type_fields(one: Channel) -> Json:
    if one.kind in (ChannelType.VOICE, ChannelType.STAGE):
        return {"bitrate": 64000, "user_limit": 0, "rtc_region": None}
    if one.kind is ChannelType.FORUM:
        flags = 1 << 4 if one.requires_tag else 0
        return {"available_tags": [], "default_reaction_emoji": None, "flags": flags}
    return {}


def _thread_fields(one: Channel) -> Json:
    return {
        "name": one.name,
        "parent_id": str(one.parent.id) if one.parent else None,
        "owner_id": str(one.owner_id),
        "message_count": len(one.messages),
        "total_message_sent": len(one.messages),
        "member_count": len(one.thread_members),
        "rate_limit_per_user": 0,
        "thread_metadata": {
            "archived": one.is_archived,
            "locked": one.is_locked,
            "auto_archive_duration": 1440,
            "archive_timestamp": "2026-01-01T00:00:00+00:00",
            "create_timestamp": "2026-01-01T00:00:00+00:00",
        },
    }


def partial_channel(one: Channel, user: User, bot: User | None) -> Json:
    """Return a channel as an interaction names it: with what the person, and the bot, may do."""
    keys = ("id", "type", "name", "position", "guild_id", "parent_id", "topic", "nsfw", "flags")
    more = ("last_message_id", "rate_limit_per_user", "thread_metadata", "recipients")
    of_threads = ("owner_id", "member_count", "message_count", "total_message_sent")
    whole = channel(one)
    found = {key: whole[key] for key in (*keys, *more, *of_threads) if key in whole}
    found["permissions"] = str(permission_rules.permissions_in(one, user))
    if bot is not None and one.guild is not None and one.guild.has_bot:
        found["app_permissions"] = str(permission_rules.permissions_in(one, bot))
    return found


def guild(one: Guild) -> Json:
    """Return what a bot with the GUILDS intent alone gets of a server."""
    channels = [c for c in one.channels.values() if not c.kind.is_thread]
    threads = [c for c in one.channels.values() if c.kind.is_thread]
    me = one.members.get(one.bot_user.id)
    return {
        **_guild_settings(one),
        "joined_at": timestamp(me.joined_at if me else one.now()),
        "large": False,
        "unavailable": False,
        "member_count": len(one.members),
        "members": [member(me)] if me else [],
        "channels": [channel(c) for c in channels],
        "threads": [channel(c) for c in threads],
        "voice_states": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
        "embedded_activities": [],
    }


def _guild_settings(one: Guild) -> Json:
    return {
        "id": str(one.id),
        "name": one.name,
        "icon": None,
        "banner": None,
        "splash": None,
        "discovery_splash": None,
        "description": None,
        "owner_id": str(one.owner_id),
        "region": "deprecated",
        "afk_channel_id": None,
        "afk_timeout": 300,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "rules_channel_id": None,
        "public_updates_channel_id": None,
        "safety_alerts_channel_id": None,
        "widget_enabled": False,
        "widget_channel_id": None,
        "verification_level": 1,
        "default_message_notifications": 1,
        "explicit_content_filter": 2,
        "mfa_level": 0,
        "nsfw": False,
        "nsfw_level": 0,
        "application_id": None,
        "max_presences": None,
        "max_members": 500000,
        "max_video_channel_users": 25,
        "max_stage_video_channel_users": 50,
        "vanity_url_code": None,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "premium_progress_bar_enabled": False,
        "preferred_locale": one.locale,
        "features": list(_COMMUNITY),
        "emojis": list(one.emojis),
        "stickers": [],
        "roles": [role(r) for r in one.roles.values()],
        "incidents_data": None,
    }


def unavailable_guilds(guilds: Iterable[Guild]) -> list[Json]:
    """Return servers as READY names them, before they are available."""
    return [{"id": str(thing.id), "unavailable": True} for thing in guilds]
