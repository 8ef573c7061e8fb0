"""Which campus an interaction is about: the server's, or in private the member's own."""

from collections.abc import Mapping, Sequence
from typing import Literal

from cogs.answers import Interaction
from core.errors import CampusNotServedError, NoCampusPickedError
from core.model import Campus
from core.picks import Picks, member_key, server_key
from core.schedule import Schedule


class Campuses:
    """The campuses that this bot serves, and who chose which of them.

    With one campus nobody has to choose. In a server that has not chosen, a member's own
    choice stands in for it.
    """

    def __init__(self, schedules: Mapping[str, Schedule], picks: Picks) -> None:
        self.schedules = schedules
        self.picks = picks

    @property
    def served(self) -> Sequence[Campus]:
        """All campuses, in the order in which the settings name them."""
        return [each.campus for each in self.schedules.values()]

    @property
    def is_choice(self) -> bool:
        """Tell whether there is something to choose; or was, and somebody may choose anew."""
        return len(self.schedules) > 1 or self.picks.are_any

    def asked(self, interaction: Interaction) -> Schedule:
        """Return the schedule of the campus that the interaction is about.

        Raises:
            NoCampusPickedError: there are several, and none was chosen.
            CampusNotServedError: the one that was chosen is not among them any more.
        """
        server, member = server_of(interaction), member_key(interaction.user.id)
        of_server = self.picks.of(server_key(server)) if server else None
        picked = of_server or self.picks.of(member)
        if picked is None and len(self.schedules) == 1:
            return next(iter(self.schedules.values()))
        if picked is None:
            raise NoCampusPickedError(in_server=server is not None)
        return self._named(picked, by="server" if of_server else "member")

    def asked_or_none(self, interaction: Interaction) -> Schedule | None:
        """Return what `asked` does, None where it raises: for completions, which say nothing."""
        try:
            return self.asked(interaction)
        except (NoCampusPickedError, CampusNotServedError):
            return None

    def of_message(self, campus: str) -> Schedule:
        """Return the schedule of the campus that a message names in its buttons.

        Raises:
            CampusNotServedError: it is not among them any more.
        """
        return self._named(campus, by="message")

    def _named(self, campus: str, *, by: Literal["server", "member", "message"]) -> Schedule:
        schedule = self.schedules.get(campus)
        if schedule is None:
            raise CampusNotServedError(campus, by=by)
        return schedule


def server_of(interaction: Interaction) -> int | None:
    """Return the server that the bot answers for, None where it answers for the member alone."""
    return interaction.guild_id if interaction.is_guild_integration() else None
