"""Facts about an interaction: its guild, and whether its user may post there."""

from typing import Any

import discord

Interaction = discord.Interaction[Any]


def guild_id_of(interaction: Interaction) -> int | None:
    """Return the guild that added the bot, None where only the user has installed it."""
    return interaction.guild_id if interaction.is_guild_integration() else None


def user_can_post(interaction: Interaction) -> bool:
    """Tell whether the user may post in the channel of the interaction; only in guilds."""
    if interaction.guild_id is None:
        return False
    if not (interaction.is_guild_integration() or interaction.permissions.use_external_apps):
        # Discord shows the replies of a user-installed app to that user alone.
        return False
    if isinstance(interaction.channel, discord.Thread):
        return interaction.permissions.send_messages_in_threads
    return interaction.permissions.send_messages
