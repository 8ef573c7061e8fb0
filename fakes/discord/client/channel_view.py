"""A channel as a user's client shows it: its messages, and the commands offered there."""

from dataclasses import dataclass

from fakes.discord.client.command_line import CommandLine
from fakes.discord.client.command_visibility import CommandContext
from fakes.discord.model.entities import Channel, Message
from fakes.discord.model.errors import ClientRefusal
from fakes.discord.model.json_types import Json
from fakes.discord.model.permission_rules import has_permission, permissions_in
from fakes.discord.model.permissions import Permission
from fakes.discord.model.state import DiscordState
from fakes.discord.model.users import User


@dataclass(eq=False)
class ChannelView:
    """One channel in the client of one user."""

    state: DiscordState
    user: User
    channel: Channel
    user_installed: bool

    @property
    def commands(self) -> list[str]:
        """The commands that the client offers here, sub-commands by their full names."""
        return list(self.command_line().visible_commands())

    def options_of(self, command: str) -> list[Json]:
        """Return the options of a command as the client shows them, in Discord's JSON.

        Raises:
            ClientRefusal: The client does not offer the command here.
        """
        return self.command_line().options_of(command)

    @property
    def messages(self) -> list[Message]:
        """The messages that this user sees here, their ephemeral ones included, oldest first."""
        return [
            message
            for message in self.channel.messages_by_id.values()
            if not message.is_deleted
            and not message.is_dismissed
            and message.ephemeral_for in (None, self.user)
        ]

    def dismiss(self, message: Message) -> None:
        """Dismiss an ephemeral message.

        Raises:
            ClientRefusal: The message is public.
        """
        if message.ephemeral_for is None:
            raise ClientRefusal("Only private messages can be dismissed")
        message.is_dismissed = True

    def command_context(self) -> CommandContext:
        """Return what decides which commands this user may run here.

        Raises:
            ClientRefusal: This user does not see the channel.
        """
        guild = self.channel.guild
        if guild is not None and not permissions_in(self.channel, self.user):
            raise ClientRefusal("You do not see this channel")
        shares_guild = any(
            guild.has_bot and self.user.id in guild.members for guild in self.state.guilds.values()
        )
        return CommandContext(self.user, self.channel, self.user_installed, shares_guild)

    def command_line(self) -> CommandLine:
        """Return the input line for commands.

        Raises:
            ClientRefusal: This user does not see the channel.
        """
        return CommandLine(self.state, self.command_context())

    def _check_visible(self, message: Message) -> None:
        self.command_context()
        if message not in self.messages:
            raise ClientRefusal("You do not see this message")
        if message.ephemeral_for is not None or self.channel.guild is None:
            return
        allowed = permissions_in(self.channel, self.user)
        if not has_permission(allowed, Permission.READ_MESSAGE_HISTORY):
            raise ClientRefusal("You do not see earlier messages here")
