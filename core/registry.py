"""The campuses of this bot, and which of them a guild or a user has selected."""

from collections.abc import Mapping, Sequence
from typing import Literal

from core.data.coordinator import CampusCoordinator
from core.errors import CampusNotConfiguredError, NoCampusSelectedError
from core.model.campus import Campus
from core.preferences import CampusPreferences, guild_key, user_key


class CampusRegistry:
    """Coordinators by campus id, and the campus that each guild and user prefers.

    With one campus nobody has to select it. Where a guild has no preference, the user's own
    preference counts.
    """

    def __init__(
        self, coordinators: Mapping[str, CampusCoordinator], preferences: CampusPreferences
    ) -> None:
        self.coordinators = coordinators
        self.preferences = preferences

    @property
    def campuses(self) -> Sequence[Campus]:
        """All campuses, in the order of the settings."""
        return [coordinator.campus for coordinator in self.coordinators.values()]

    @property
    def offers_choice(self) -> bool:
        """Tell whether `/campus` is of use: there are several campuses, or any preferences.

        A bot that is down to one campus may have preferences for one that it no longer has.
        """
        return len(self.coordinators) > 1 or self.preferences.has_any

    def resolve(self, *, guild_id: int | None, user_id: int) -> CampusCoordinator:
        """Return the campus that a user asks about, in a guild or outside of any.

        Raises:
            NoCampusSelectedError: there are several, and neither has a preference.
            CampusNotConfiguredError: the preferred one is not configured any more.
        """
        guild_preference = self.preferences.get(guild_key(guild_id)) if guild_id else None
        preference = guild_preference or self.preferences.get(user_key(user_id))
        if preference is None and len(self.coordinators) == 1:
            return next(iter(self.coordinators.values()))
        if preference is None:
            raise NoCampusSelectedError(in_guild=guild_id is not None)
        return self._require(preference, selected_by="server" if guild_preference else "member")

    def get(self, campus_id: str) -> CampusCoordinator:
        """Return the campus that the components of a message name.

        Raises:
            CampusNotConfiguredError: it is not configured any more.
        """
        return self._require(campus_id, selected_by="message")

    def _require(
        self, campus_id: str, *, selected_by: Literal["server", "member", "message"]
    ) -> CampusCoordinator:
        coordinator = self.coordinators.get(campus_id)
        if coordinator is None:
            raise CampusNotConfiguredError(campus_id, selected_by=selected_by)
        return coordinator
