"""Which campus an interaction is about: the server's, or in private the member's own."""

from collections.abc import Mapping, Sequence
from typing import Literal

from cogs.ui.responder import Interaction
from core.data.coordinator import CampusCoordinator
from core.errors import CampusNotConfiguredError, NoCampusSelectedError
from core.model.campus import Campus
from core.preferences import CampusPreferences, guild_key, user_key


class CampusRegistry:
    """The campuses that this bot serves, and who chose which of them.

    With one campus nobody has to choose. In a server that has not chosen, a member's own
    choice stands in for it.
    """

    def __init__(
        self, coordinators: Mapping[str, CampusCoordinator], preferences: CampusPreferences
    ) -> None:
        self.coordinators = coordinators
        self.preferences = preferences

    @property
    def campuses(self) -> Sequence[Campus]:
        """All campuses, in the order in which the settings name them."""
        return [each.campus for each in self.coordinators.values()]

    @property
    def offers_choice(self) -> bool:
        """Tell whether there is something to choose; or was, and somebody may choose anew."""
        return len(self.coordinators) > 1 or self.preferences.has_any

    def resolve_campus(self, interaction: Interaction) -> CampusCoordinator:
        """Return the schedule of the campus that the interaction is about.

        Raises:
            NoCampusPickedError: there are several, and none was chosen.
            CampusNotServedError: the one that was chosen is not among them any more.
        """
        guild, user = guild_id_of(interaction), user_key(interaction.user.id)
        guild_preference = self.preferences.get(guild_key(guild)) if guild else None
        preference = guild_preference or self.preferences.get(user)
        if preference is None and len(self.coordinators) == 1:
            return next(iter(self.coordinators.values()))
        if preference is None:
            raise NoCampusSelectedError(in_guild=guild is not None)
        return self._require(preference, by="server" if guild_preference else "member")

    def resolve_campus_or_none(self, interaction: Interaction) -> CampusCoordinator | None:
        """Return what `asked` does, None where it raises: for completions, which say nothing."""
        try:
            return self.resolve_campus(interaction)
        except (NoCampusSelectedError, CampusNotConfiguredError):
            return None

    def get(self, campus_id: str) -> CampusCoordinator:
        """Return the schedule of the campus that a message names in its buttons.

        Raises:
            CampusNotServedError: it is not among them any more.
        """
        return self._require(campus_id, by="message")

    def _require(
        self, campus_id: str, *, by: Literal["server", "member", "message"]
    ) -> CampusCoordinator:
        coordinator = self.coordinators.get(campus_id)
        if coordinator is None:
            raise CampusNotConfiguredError(campus_id, selected_by=by)
        return coordinator


def guild_id_of(interaction: Interaction) -> int | None:
    """Return the server that the bot answers for, None where it answers for the member alone."""
    return interaction.guild_id if interaction.is_guild_integration() else None
