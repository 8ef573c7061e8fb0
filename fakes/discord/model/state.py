"""Everything that is, in one place, and who is told when it changes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from fakes.discord.model.command_registry import CommandRegistry
from fakes.discord.model.entities import TOKEN_LIFETIME, Channel, Guild, Interaction, Message
from fakes.discord.model.enums import ChannelType
from fakes.discord.model.errors import ApiError, ErrorCode
from fakes.discord.model.snowflakes import Clock, Snowflakes
from fakes.discord.model.users import User

Listener = Callable[[str, object], None]


@dataclass(frozen=True, slots=True)
class StoredFile:
    """Bytes that were uploaded, as the CDN serves them."""

    filename: str
    content_type: str
    content: bytes


class DiscordState:
    """The state of this Discord."""

    def __init__(self, clock: Clock, *, app_name: str) -> None:
        self.now = clock
        self.ids = Snowflakes(clock)
        self.bot = User(self.ids.next(), app_name, is_bot=True)
        self.owner = User(self.ids.next(), "owner")
        self.users = {self.bot.id: self.bot, self.owner.id: self.owner}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.files: dict[int, StoredFile] = {}
        self.commands = CommandRegistry(self.ids, self.bot.id)
        self.interactions: dict[str, Interaction] = {}
        self.nonce_window = timedelta(minutes=5)
        self.response_window = timedelta(seconds=3)
        self.cdn_url = ""
        self._nonces: dict[tuple[int, str], Message] = {}
        self._direct_channels: dict[int, Channel] = {}
        self._listeners: list[Listener] = []

    def add_listener(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` with every change from now on; the result ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def publish(self, event: str, subject: object) -> None:
        """Tell all listeners of a change, in the gateway's words."""
        if isinstance(subject, Channel):
            self._index(event, subject)
        for listener in tuple(self._listeners):
            listener(event, subject)

    def _index(self, event: str, channel: Channel) -> None:
        if event.endswith("_CREATE"):
            self.channels[channel.id] = channel
        elif event.endswith("_DELETE"):
            self.channels.pop(channel.id, None)

    def add_guild(self, name: str, *, owner: User | None = None) -> Guild:
        """Create a server with nobody but its owner in it."""
        owner = owner or self.owner
        guild = Guild(
            self.ids.next_guild(), name, owner.id, self.bot, self.ids, self.now, self.publish
        )
        guild.add_member(owner)
        self.guilds[guild.id] = guild
        return guild

    def direct_channel(self, user: User) -> Channel:
        """Return the direct messages between the bot and this user."""
        if user.id not in self._direct_channels:
            channel = Channel(self.ids.next(), user.name, ChannelType.DM, self.publish)
            channel.recipients = [user, self.bot]
            self._direct_channels[user.id] = self.channels[channel.id] = channel
        return self._direct_channels[user.id]

    def get_channel(self, channel_id: int) -> Channel:
        """Return a channel.

        Raises:
            ApiError: There is none with this id.
        """
        if channel_id not in self.channels:
            raise ApiError(ErrorCode.UNKNOWN_CHANNEL)
        return self.channels[channel_id]

    def get_message(self, channel: Channel, message_id: int) -> Message:
        """Return a message of this channel.

        Raises:
            ApiError: There is none with this id, or it was deleted.
        """
        message = channel.messages_by_id.get(message_id)
        if message is None or message.is_deleted:
            raise ApiError(ErrorCode.UNKNOWN_MESSAGE)
        return message

    def message_with_nonce(self, author: User, nonce: str | int) -> Message | None:
        """Return the message that its author posted with the same nonce a moment ago."""
        earlier = self._nonces.get((author.id, str(nonce)))
        if earlier is None or self.now() - earlier.created_at > self.nonce_window:
            return None
        return earlier

    def add_message(self, message: Message) -> None:
        """Put a message in its channel."""
        message.channel.messages_by_id[message.id] = message
        if message.ephemeral_for is None:
            message.channel.last_message_id = message.id
        if message.nonce is not None:
            self._nonces[message.author.id, str(message.nonce)] = message
        self.publish("MESSAGE_CREATE", message)

    def delete_message(self, message: Message) -> None:
        """Delete a message."""
        message.is_deleted = True
        self.publish("MESSAGE_DELETE", message)

    def add_interaction(self, interaction: Interaction) -> None:
        """Let an interaction be answered from now on, and forget those that no longer can be."""
        self.drop_interactions_before(interaction.created_at - 2 * TOKEN_LIFETIME)
        self.interactions[interaction.token] = interaction

    def drop_interactions_before(self, moment: datetime) -> None:
        """Drop what began before `moment`; the oldest come first."""
        while self.interactions:
            oldest = next(iter(self.interactions.values()))
            if oldest.created_at >= moment:
                return
            del self.interactions[oldest.token]
