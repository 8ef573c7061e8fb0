"""Who may run a command: decorators to put on it, and the audience that they give it."""

from enum import Enum
from typing import Any, TypeVar

import discord
from discord import app_commands

from cogs.ui.interaction import Interaction, guild_id_of

AnyCommand = app_commands.Command[Any, Any, Any] | app_commands.Group

_CommandT = TypeVar("_CommandT", bound=AnyCommand)
_ManagedT = TypeVar("_ManagedT", bound=app_commands.Command[Any, Any, Any])

_CHECKED = "checked by the bot"


class Audience(Enum):
    """Who may run a command, in the words of the README."""

    EVERYBODY = "everybody"
    MODERATORS = "Manage Server"


def for_moderators(command: _CommandT) -> _CommandT:
    """Offer a command or group in servers with the bot only, to members with Manage Server.

    Discord enforces this, and a server's integration settings may name others instead.
    """
    command.default_permissions = discord.Permissions(manage_guild=True)
    # In full: with the wide defaults of the tree, `guild_only` would not narrow them.
    command.allowed_contexts = app_commands.AppCommandContext(
        guild=True, dm_channel=False, private_channel=False
    )
    command.allowed_installs = app_commands.AppInstallationType(guild=True, user=False)
    return command


def requires_manage_server(command: _ManagedT) -> _ManagedT:
    """Let the bot itself refuse a subcommand to members without Manage Server.

    For a group that everybody uses: Discord knows permissions for whole commands only.
    """
    command.add_check(_check_manage_server)
    command.extras[_CHECKED] = True
    return command


def _check_manage_server(interaction: Interaction) -> bool:
    if guild_id_of(interaction) is None:
        raise app_commands.NoPrivateMessage
    if not interaction.permissions.manage_guild:
        raise app_commands.MissingPermissions(["manage_guild"])
    return True


def is_checked_by_bot(command: AnyCommand) -> bool:
    """Tell whether everybody is offered a command that the bot refuses to most."""
    return _CHECKED in command.extras


def audience_of(command: AnyCommand) -> Audience:
    """Return who may run a command unless a server's integration settings say otherwise."""
    root = command.root_parent or command
    is_moderators = root.default_permissions is not None or is_checked_by_bot(command)
    return Audience.MODERATORS if is_moderators else Audience.EVERYBODY
