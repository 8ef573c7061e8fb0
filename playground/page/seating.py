"""Who can sit in front of the page, and where: the people and channels of the first server."""

from playground.local_discord import (
    Channel,
    ClientRefusal,
    LocalDiscord,
    Permission,
    Person,
    Seat,
    Server,
)
from playground.local_discord.rights import may, permissions_in
from playground.local_discord.world import World

_PATIENCE = 60.0
"""Seconds to wait for what comes after a deferral; nobody is told when they are over."""


class Seating:
    """The seats of the page; each is kept, as it knows what its person has dismissed."""

    def __init__(self, discord: LocalDiscord) -> None:
        self._discord = discord
        self._seats: dict[tuple[int, int], Seat] = {}

    @property
    def world(self) -> World:
        """All that is in this Discord."""
        return self._discord.world

    @property
    def server(self) -> Server:
        """The server that the page shows.

        Raises:
            LookupError: There is none.
        """
        for server in self.world.servers.values():
            return server
        raise LookupError("there is no server")

    def people(self) -> list[Person]:
        """Return those whose eyes one can look through, in the order in which they came."""
        users = (member.user for member in self.server.members.values())
        return [user for user in users if isinstance(user, Person)]

    def person(self, person_id: str) -> Person:
        """Return one of the people.

        Raises:
            LookupError: There is nobody with this id.
        """
        for person in self.people():
            if str(person.id) == person_id:
                return person
        raise LookupError(f"nobody here has the id {person_id}")

    def is_moderator(self, person: Person) -> bool:
        """Tell whether this person may manage the server."""
        return any(
            may(role.permissions, Permission.MANAGE_GUILD)
            for role in self.server.members[person.id].roles
        )

    def channels(self, person: Person) -> list[Channel]:
        """Return the channels that this person sees."""
        return [
            channel
            for channel in self.server.channels.values()
            if channel.kind.holds_messages
            and not channel.kind.is_thread
            and may(permissions_in(channel, person), Permission.VIEW_CHANNEL)
        ]

    def seats(self, person: Person) -> list[Seat]:
        """Return this person's seats, one for each channel."""
        return [self._seat(person, channel) for channel in self.channels(person)]

    def seat(self, person_id: str, channel_id: str) -> Seat:
        """Return a seat.

        Raises:
            LookupError: There is no such person, or that person sees no such channel.
        """
        for seat in self.seats(self.person(person_id)):
            if str(seat.channel.id) == channel_id:
                return seat
        raise LookupError(f"no channel here has the id {channel_id}")

    def may_write(self, seat: Seat) -> bool:
        """Tell whether this person may say something in this channel."""
        return may(permissions_in(seat.channel, seat.person), Permission.SEND_MESSAGES)

    def commands(self, seat: Seat) -> list[str]:
        """Return the commands that are offered there; none where nothing may be typed."""
        try:
            return seat.commands
        except ClientRefusal:
            return []

    def _seat(self, person: Person, channel: Channel) -> Seat:
        key = person.id, channel.id
        if key not in self._seats:
            self._seats[key] = person.at(channel, patience=_PATIENCE)
        return self._seats[key]
