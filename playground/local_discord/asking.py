"""What the bot is sent when a person uses it: the interaction, in Discord's JSON."""

import secrets
from dataclasses import dataclass

from playground.local_discord import payloads, server_payloads
from playground.local_discord.access import Place
from playground.local_discord.interactions import Asked, Interaction
from playground.local_discord.json_types import Json
from playground.local_discord.messages import Message
from playground.local_discord.model import Channel, User
from playground.local_discord.permissions import Permission
from playground.local_discord.posting import FILE_SIZE
from playground.local_discord.rights import IN_DIRECT_MESSAGES, may, permissions_in
from playground.local_discord.world import World


@dataclass(frozen=True, slots=True)
class Question:
    """What a person asks for: its type, its data, and the message it was asked on."""

    kind: Asked
    data: Json
    owners: dict[str, str]
    name: str = ""
    source: Message | None = None


def new_interaction(world: World, place: Place, question: Question) -> Interaction:
    """Return the interaction with the payload that the bot gets."""
    interaction_id, token = world.ids.next(), secrets.token_urlsafe(40)
    server = place.channel.server
    user_only = server is not None and "0" not in question.owners
    allowed = permissions_in(place.channel, place.person)
    speaks_for_all = not user_only or may(allowed, Permission.USE_EXTERNAL_APPS)
    return Interaction(
        id=interaction_id,
        token=token,
        kind=question.kind,
        person=place.person,
        channel=place.channel,
        owners=question.owners,
        payload={
            **_envelope(world, place),
            "id": str(interaction_id),
            "token": token,
            "type": int(question.kind),
            "data": question.data,
            "authorizing_integration_owners": question.owners,
            **({"message": payloads.message(question.source)} if question.source else {}),
        },
        created_at=world.now(),
        source=question.source,
        name=question.name,
        only_private=not speaks_for_all,
        user_installed_only=user_only,
    )


def _envelope(world: World, place: Place) -> Json:
    person, channel = place.person, place.channel
    found: Json = {
        "application_id": str(world.bot.id),
        "version": 1,
        "locale": person.locale,
        "attachment_size_limit": FILE_SIZE,
        "entitlements": [],
        "entitlement_sku_ids": [],
        "context": int(place.context),
        "channel_id": str(channel.id),
        "channel": server_payloads.partial_channel(channel, person, None),
        "app_permissions": str(_app_permissions(world.bot, channel, person)),
    }
    server = channel.server
    if server is None:
        return {**found, "user": payloads.user(person)}
    member = payloads.member(server.members[person.id])
    member["permissions"] = str(permissions_in(channel, person))
    return {
        **found,
        "guild_id": str(server.id),
        "guild_locale": server.locale,
        "guild": {"id": str(server.id), "locale": server.locale, "features": []},
        "member": member,
    }


def _app_permissions(bot: User, channel: Channel, person: User) -> int:
    if channel.server is not None and channel.server.has_bot:
        return permissions_in(channel, bot)
    # Where only the user has installed it, the application borrows from the user.
    return permissions_in(channel, person) & IN_DIRECT_MESSAGES
