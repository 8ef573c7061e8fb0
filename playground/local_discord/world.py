"""Everything that is, in one place, and who is told when it changes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from playground.local_discord.commands import Commands
from playground.local_discord.errors import ApiError, Code
from playground.local_discord.interactions import TOKEN_LIFE, Interaction
from playground.local_discord.messages import Message
from playground.local_discord.model import Channel, Kind, Server, User
from playground.local_discord.snowflakes import Clock, Snowflakes

Listener = Callable[[str, object], None]


@dataclass(frozen=True, slots=True)
class StoredFile:
    """Bytes that were uploaded, as the CDN serves them."""

    filename: str
    content_type: str
    content: bytes


class World:
    """The state of this Discord."""

    def __init__(self, clock: Clock, *, app_name: str) -> None:
        self.now = clock
        self.ids = Snowflakes(clock)
        self.bot = User(self.ids.next(), app_name, bot=True)
        self.owner = User(self.ids.next(), "owner")
        self.users = {self.bot.id: self.bot, self.owner.id: self.owner}
        self.servers: dict[int, Server] = {}
        self.channels: dict[int, Channel] = {}
        self.files: dict[int, StoredFile] = {}
        self.commands = Commands(self.ids, self.bot.id)
        self.interactions: dict[str, Interaction] = {}
        self.nonce_window = timedelta(minutes=5)
        self.answer_window = timedelta(seconds=3)
        self.cdn_url = ""
        self._nonces: dict[tuple[int, str], Message] = {}
        self._directs: dict[int, Channel] = {}
        self._listeners: list[Listener] = []

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` with every change from now on; the result ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def publish(self, kind: str, subject: object) -> None:
        """Tell all listeners of a change, in the gateway's words."""
        if isinstance(subject, Channel):
            self._index(kind, subject)
        for listener in tuple(self._listeners):
            listener(kind, subject)

    def _index(self, kind: str, channel: Channel) -> None:
        if kind.endswith("_CREATE"):
            self.channels[channel.id] = channel
        elif kind.endswith("_DELETE"):
            self.channels.pop(channel.id, None)

    def add_server(self, name: str, *, owner: User | None = None) -> Server:
        """Create a server with nobody but its owner in it."""
        owner = owner or self.owner
        server = Server(
            self.ids.next_server(), name, owner.id, self.bot, self.ids, self.now, self.publish
        )
        server.join(owner)
        self.servers[server.id] = server
        return server

    def direct(self, user: User) -> Channel:
        """Return the direct messages between the bot and this user."""
        if user.id not in self._directs:
            channel = Channel(self.ids.next(), user.name, Kind.DIRECT, self.publish)
            channel.recipients = [user, self.bot]
            self._directs[user.id] = self.channels[channel.id] = channel
        return self._directs[user.id]

    def channel(self, channel_id: int) -> Channel:
        """Return a channel.

        Raises:
            ApiError: There is none with this id.
        """
        if channel_id not in self.channels:
            raise ApiError(Code.UNKNOWN_CHANNEL)
        return self.channels[channel_id]

    def message(self, channel: Channel, message_id: int) -> Message:
        """Return a message of this channel.

        Raises:
            ApiError: There is none with this id, or it was deleted.
        """
        message = channel.all_messages.get(message_id)
        if message is None or message.deleted:
            raise ApiError(Code.UNKNOWN_MESSAGE)
        return message

    def repeated(self, author: User, nonce: str | int) -> Message | None:
        """Return the message that its author posted with the same nonce a moment ago."""
        earlier = self._nonces.get((author.id, str(nonce)))
        if earlier is None or self.now() - earlier.created_at > self.nonce_window:
            return None
        return earlier

    def remember(self, message: Message) -> None:
        """Put a message in its channel."""
        message.channel.all_messages[message.id] = message
        if message.private_to is None:
            message.channel.last_message_id = message.id
        if message.nonce is not None:
            self._nonces[message.author.id, str(message.nonce)] = message
        self.publish("MESSAGE_CREATE", message)

    def remove(self, message: Message) -> None:
        """Delete a message."""
        message.deleted = True
        self.publish("MESSAGE_DELETE", message)

    def begin(self, interaction: Interaction) -> None:
        """Let an interaction be answered from now on, and forget those that no longer can be."""
        self.forget_interactions_before(interaction.created_at - 2 * TOKEN_LIFE)
        self.interactions[interaction.token] = interaction

    def forget_interactions_before(self, moment: datetime) -> None:
        """Drop what began before `moment`; the oldest come first."""
        while self.interactions:
            oldest = next(iter(self.interactions.values()))
            if oldest.created_at >= moment:
                return
            del self.interactions[oldest.token]
