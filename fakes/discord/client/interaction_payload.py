"""What the bot is sent when a person uses it: the interaction, in Discord's JSON."""

import secrets
from dataclasses import dataclass

from fakes.discord.client.command_visibility import CommandContext
from fakes.discord.model import guild_payloads, payloads
from fakes.discord.model.entities import Channel, Interaction, Message
from fakes.discord.model.enums import InteractionType
from fakes.discord.model.json_types import Json
from fakes.discord.model.message_content import MAX_FILE_SIZE
from fakes.discord.model.permission_rules import (
    DIRECT_MESSAGE_PERMISSIONS,
    has_permission,
    permissions_in,
)
from fakes.discord.model.permissions import Permission
from fakes.discord.model.state import DiscordState
from fakes.discord.model.users import User


@dataclass(frozen=True, slots=True)
class InteractionData:
    """What a person asks for: its type, its data, and the message it was asked on."""

    kind: InteractionType
    data: Json
    installation_owners: dict[str, str]
    name: str = ""
    source_message: Message | None = None


def new_interaction(
    state: DiscordState, context: CommandContext, interaction: InteractionData
) -> Interaction:
    """Return the interaction with the payload that the bot gets."""
    interaction_id, token = state.ids.next(), secrets.token_urlsafe(40)
    guild = context.channel.guild
    user_only = guild is not None and "0" not in interaction.installation_owners
    allowed = permissions_in(context.channel, context.user)
    may_be_public = not user_only or has_permission(allowed, Permission.USE_EXTERNAL_APPS)
    return Interaction(
        id=interaction_id,
        token=token,
        kind=interaction.kind,
        user=context.user,
        channel=context.channel,
        installation_owners=interaction.installation_owners,
        payload={
            **_common_fields(state, context),
            "id": str(interaction_id),
            "token": token,
            "type": int(interaction.kind),
            "data": interaction.data,
            "authorizing_integration_owners": interaction.installation_owners,
            **(
                {"message": payloads.message(interaction.source_message)}
                if interaction.source_message
                else {}
            ),
        },
        created_at=state.now(),
        source_message=interaction.source_message,
        name=interaction.name,
        is_forced_ephemeral=not may_be_public,
        user_installed_only=user_only,
    )


def _common_fields(state: DiscordState, context: CommandContext) -> Json:
    person, channel = context.user, context.channel
    found: Json = {
        "application_id": str(state.bot.id),
        "version": 1,
        "locale": person.locale,
        "attachment_size_limit": MAX_FILE_SIZE,
        "entitlements": [],
        "entitlement_sku_ids": [],
        "context": int(context.context_type),
        "channel_id": str(channel.id),
        "channel": guild_payloads.partial_channel(channel, person, None),
        "app_permissions": str(_app_permissions(state.bot, channel, person)),
    }
    guild = channel.guild
    if guild is None:
        return {**found, "user": payloads.user(person)}
    member = payloads.member(guild.members[person.id])
    member["permissions"] = str(permissions_in(channel, person))
    return {
        **found,
        "guild_id": str(guild.id),
        "guild_locale": guild.locale,
        "guild": {"id": str(guild.id), "locale": guild.locale, "features": []},
        "member": member,
    }


def _app_permissions(bot: User, channel: Channel, user: User) -> int:
    if channel.guild is not None and channel.guild.has_bot:
        return permissions_in(channel, bot)
    # Where only the user has installed it, the application borrows from the user.
    return permissions_in(channel, user) & DIRECT_MESSAGE_PERMISSIONS
