"""Guilds, channels, messages and interactions: they refer to each other, so they are in one file.

Each change of a guild, channel or message is passed to `on_change`, under the gateway's event name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from fakes.discord.model.change_signal import ChangeSignal
from fakes.discord.model.enums import CallbackType, ChannelType, InteractionType
from fakes.discord.model.json_types import Json
from fakes.discord.model.mentions import notified_ids
from fakes.discord.model.message_content import MessageVersion, MessageView
from fakes.discord.model.permissions import (
    EVERYONE_DEFAULTS,
    INVITE_PERMISSIONS,
    Permission,
    PermissionOverwrite,
)
from fakes.discord.model.snowflakes import Snowflakes
from fakes.discord.model.users import Member, Role, User

TOKEN_LIFETIME = timedelta(minutes=15)

ChangeListener = Callable[[str, object], None]


@dataclass(eq=False)
class Channel:
    """A place where messages are: in a server, or between the bot and one person."""

    id: int
    name: str
    kind: ChannelType
    on_change: ChangeListener
    guild: Guild | None = None
    parent: Channel | None = None
    position: int = 0
    topic: str | None = None
    nsfw: bool = False
    is_archived: bool = False
    is_locked: bool = False
    requires_tag: bool = False
    owner_id: int = 0
    recipients: list[User] = field(default_factory=list)
    thread_members: set[int] = field(default_factory=set)
    overwrites: dict[int, PermissionOverwrite] = field(default_factory=dict)
    messages_by_id: dict[int, Message] = field(default_factory=dict)
    last_message_id: int | None = None

    @property
    def messages(self) -> list[Message]:
        """The messages everybody here can read, oldest first."""
        return [message for message in self.messages_by_id.values() if message.is_public]

    def overwrite(self, target: Role | User, *, allow: int = 0, deny: int = 0) -> None:
        """Replace what this channel allows and denies to a role, a person or the bot."""
        self.overwrites[target.id] = PermissionOverwrite(
            target.id, isinstance(target, User), int(allow), int(deny)
        )
        self.on_change("CHANNEL_UPDATE", self)

    def archive(self, *, locked: bool = False) -> None:
        """Archive this thread, and lock it if asked to."""
        self.is_archived, self.is_locked = True, locked
        self.on_change("THREAD_UPDATE", self)

    def delete(self) -> None:
        """Remove this channel and its threads from its server."""
        if self.guild is None:
            return
        for thread in [c for c in self.guild.channels.values() if c.parent is self]:
            if thread.kind.is_thread:
                thread.delete()
        del self.guild.channels[self.id]
        self.on_change("THREAD_DELETE" if self.kind.is_thread else "CHANNEL_DELETE", self)


@dataclass(eq=False)
class Guild:
    """A guild."""

    id: int
    name: str
    owner_id: int
    bot_user: User
    ids: Snowflakes
    now: Callable[[], datetime]
    on_change: ChangeListener
    locale: str = "en-US"
    is_unavailable: bool = False
    roles: dict[int, Role] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)
    emojis: list[Json] = field(default_factory=list)
    _moderator_role: Role | None = None

    def __post_init__(self) -> None:
        self.everyone = Role(self.id, "@everyone", EVERYONE_DEFAULTS)
        self.roles[self.id] = self.everyone

    @property
    def has_bot(self) -> bool:
        """Whether the bot is a member."""
        return self.bot_user.id in self.members

    def add_channel(
        self,
        name: str,
        kind: str | ChannelType = ChannelType.TEXT,
        *,
        parent: Channel | None = None,
    ) -> Channel:
        """Create a channel; `kind` is a type or its name in small letters ("announcement")."""
        kind = ChannelType[kind.upper()] if isinstance(kind, str) else kind
        channel = Channel(
            self.ids.next(),
            name,
            kind,
            self.on_change,
            guild=self,
            parent=parent,
            position=len(self.channels),
        )
        if kind is ChannelType.PRIVATE_THREAD:
            channel.thread_members.add(self.owner_id)
        self.channels[channel.id] = channel
        self.on_change("THREAD_CREATE" if kind.is_thread else "CHANNEL_CREATE", channel)
        return channel

    def add_role(self, name: str, *, permissions: int = 0) -> Role:
        """Create a role above all others."""
        role = Role(self.ids.next(), name, int(permissions), position=len(self.roles))
        self.roles[role.id] = role
        self.on_change("GUILD_ROLE_CREATE", (self, role))
        return role

    def set_role_permissions(self, role: Role, permissions: int) -> None:
        """Change what a role may do."""
        role.permissions = int(permissions)
        self.on_change("GUILD_ROLE_UPDATE", (self, role))

    def add_member(self, user: User, *roles: Role, is_moderator: bool = False) -> Member:
        """Make the user a member; a moderator may manage the server."""
        member = self.members.setdefault(user.id, Member(user, self.now()))
        member.roles.extend(role for role in roles if role not in member.roles)
        if is_moderator:
            self._moderator_role = self._moderator_role or self.add_role(
                "Moderators", permissions=Permission.MANAGE_GUILD
            )
            if self._moderator_role not in member.roles:
                member.roles.append(self._moderator_role)
        return member

    def remove_member(self, user: User) -> None:
        """End a membership, if there is one."""
        self.members.pop(user.id, None)

    def add_bot(self, *, permissions: int = INVITE_PERMISSIONS) -> Member:
        """Install the bot with the permissions of its invite link; again, change them."""
        own = [role for role in self.roles.values() if role.managed_by is self.bot_user]
        if own:
            self.set_role_permissions(own[0], permissions)
            return self.members[self.bot_user.id]
        role = self.add_role(self.bot_user.name, permissions=permissions)
        role.managed_by = self.bot_user
        member = self.add_member(self.bot_user, role)
        self.on_change("GUILD_CREATE", self)
        return member

    def remove_bot(self) -> None:
        """Kick the bot out, its role included."""
        for role in [role for role in self.roles.values() if role.managed_by is self.bot_user]:
            del self.roles[role.id]
        self.remove_member(self.bot_user)
        self.on_change("GUILD_DELETE", self)

    def make_unavailable(self) -> None:
        """Let the server have an outage: the bot is told that it is unavailable."""
        self.is_unavailable = True
        self.on_change("GUILD_DELETE", self)

    def make_available(self) -> None:
        """End the outage."""
        self.is_unavailable = False
        self.on_change("GUILD_AVAILABLE", self)


@dataclass(eq=False)
class Message(MessageView):
    """A message with all its versions; its properties are those of the newest one."""

    id: int
    channel: Channel
    author: User
    versions: list[MessageVersion]
    nonce: str | int | None = None
    ephemeral_for: User | None = None
    interaction: Interaction | None = None
    allowed_mentions: Json | None = None
    kind: int = 0
    is_deleted: bool = False
    is_dismissed: bool = False
    is_crossposted: bool = False
    signal: ChangeSignal = field(default_factory=ChangeSignal)

    @property
    def is_public(self) -> bool:
        """Whether everybody who sees the channel sees it."""
        return self.ephemeral_for is None and not self.is_deleted

    @property
    def current(self) -> MessageVersion:
        """The newest version."""
        return self.versions[-1]

    @property
    def _shown(self) -> MessageVersion:
        return self.current

    @property
    def created_at(self) -> datetime:
        """When it was posted."""
        return self.versions[0].since

    @property
    def edits(self) -> list[MessageVersion]:
        """Every version after the first with content; filling a deferral is no edit."""
        return [version for version in self.versions if not version.is_loading][1:]

    @property
    def edited_at(self) -> datetime | None:
        """When it was last edited."""
        edits = self.edits
        return edits[-1].since if edits else None

    @property
    def notified_ids(self) -> list[str]:
        """Whom it notifies: ids of users and roles, "everyone", "here"."""
        return notified_ids(self.text, self.allowed_mentions)


@dataclass(frozen=True, slots=True)
class VisibleResponse:
    """Something a user saw of a response: a message in one of its versions, or a modal."""

    message: Message | None = None
    version: MessageVersion | None = None
    modal: Json | None = None


@dataclass(eq=False)
class Interaction:
    """An interaction from its creation to the last edit of its response."""

    id: int
    token: str
    kind: InteractionType
    user: User
    channel: Channel
    installation_owners: dict[str, str]
    payload: Json
    created_at: datetime
    source_message: Message | None = None
    name: str = ""
    callback: CallbackType | None = None
    failed: bool = False
    is_forced_ephemeral: bool = False
    user_installed_only: bool = False
    original_response: Message | None = None
    choices: list[Json] | None = None
    follow_ups: list[Message] = field(default_factory=list)
    visible_responses: list[VisibleResponse] = field(default_factory=list)
    validation_errors: list[str] = field(default_factory=list)
    signal: ChangeSignal = field(default_factory=ChangeSignal)

    def add_visible(self, response: VisibleResponse) -> None:
        """Record what the user sees from now on, and wake the waiting client."""
        self.visible_responses.append(response)
        self.signal.notify()

    def is_expired(self, now: datetime, window: timedelta) -> bool:
        """Tell whether a first response is too late."""
        return self.failed or now - self.created_at > window

    def is_token_expired(self, now: datetime) -> bool:
        """Tell whether follow-ups and edits are too late."""
        return now - self.created_at > TOKEN_LIFETIME
