"""Who looks at the page, and where: in channels of the first server, or alone with the bot."""

from fakes.discord import (
    Channel,
    ClientRefusal,
    FakeDiscord,
    Guild,
    HumanUser,
    Permission,
    UserClient,
)
from fakes.discord.model.permission_rules import has_permission, permissions_in
from fakes.discord.model.state import DiscordState

_REPLY_TIMEOUT = 60.0
"""Seconds to wait for what comes after a deferral; nobody is told when they are over."""


class ViewerSessions:
    """The seats of the page; each is kept, as it knows what its person has dismissed."""

    def __init__(self, discord: FakeDiscord) -> None:
        self._discord = discord
        self._clients: dict[tuple[int, int], UserClient] = {}

    @property
    def state(self) -> DiscordState:
        """All that is in this Discord."""
        return self._discord.state

    @property
    def guild(self) -> Guild:
        """The server that the page shows.

        Raises:
            LookupError: There is none.
        """
        for server in self.state.guilds.values():
            return server
        raise LookupError("there is no server")

    def viewers(self) -> list[HumanUser]:
        """Return those whose eyes one can look through, in the order in which they came."""
        users = (member.user for member in self.guild.members.values())
        return [user for user in users if isinstance(user, HumanUser)]

    def viewer(self, viewer_id: str) -> HumanUser:
        """Return one of the people.

        Raises:
            LookupError: There is nobody with this id.
        """
        for person in self.viewers():
            if str(person.id) == viewer_id:
                return person
        raise LookupError(f"nobody here has the id {viewer_id}")

    def is_moderator(self, person: HumanUser) -> bool:
        """Tell whether this person may manage the server."""
        return any(
            has_permission(role.permissions, Permission.MANAGE_GUILD)
            for role in self.guild.members[person.id].roles
        )

    def channels(self, person: HumanUser) -> list[Channel]:
        """Return the channels that this person sees, and the direct messages with the bot."""
        in_guild = [
            channel
            for channel in self.guild.channels.values()
            if channel.kind.holds_messages
            and not channel.kind.is_thread
            and has_permission(permissions_in(channel, person), Permission.VIEW_CHANNEL)
        ]
        return [*in_guild, self.state.direct_channel(person)]

    def clients(self, person: HumanUser) -> list[UserClient]:
        """Return this person's seats, one for each channel."""
        return [self._client(person, channel) for channel in self.channels(person)]

    def client(self, person_id: str, channel_id: str) -> UserClient:
        """Return a seat.

        Raises:
            LookupError: There is no such person, or that person sees no such channel.
        """
        for seat in self.clients(self.viewer(person_id)):
            if str(seat.channel.id) == channel_id:
                return seat
        raise LookupError(f"no channel here has the id {channel_id}")

    def can_write(self, seat: UserClient) -> bool:
        """Tell whether this person may say something in this channel."""
        is_direct = seat.channel.guild is None
        return is_direct or has_permission(
            permissions_in(seat.channel, seat.user), Permission.SEND_MESSAGES
        )

    def commands(self, seat: UserClient) -> list[str]:
        """Return the commands that are offered there; none where nothing may be typed."""
        try:
            return seat.commands
        except ClientRefusal:
            return []

    def _client(self, person: HumanUser, channel: Channel) -> UserClient:
        key = person.id, channel.id
        if key not in self._clients:
            self._clients[key] = person.at(channel, timeout=_REPLY_TIMEOUT)
        return self._clients[key]
