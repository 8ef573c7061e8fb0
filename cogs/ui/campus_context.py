"""Which campus an interaction is about: the guild's preference, or else the user's own."""

from cogs.ui.interaction import Interaction, guild_id_of
from core.data.coordinator import CampusCoordinator
from core.errors import CampusNotConfiguredError, NoCampusSelectedError
from core.registry import CampusRegistry


def resolve_campus(registry: CampusRegistry, interaction: Interaction) -> CampusCoordinator:
    """Return the campus that an interaction is about.

    Raises:
        NoCampusSelectedError: there are several, and none is selected.
        CampusNotConfiguredError: the selected one is not configured any more.
    """
    return registry.resolve(guild_id=guild_id_of(interaction), user_id=interaction.user.id)


def resolve_campus_or_none(
    registry: CampusRegistry, interaction: Interaction
) -> CampusCoordinator | None:
    """Return the campus, None where `resolve_campus` raises: autocomplete shows no errors."""
    try:
        return resolve_campus(registry, interaction)
    except (NoCampusSelectedError, CampusNotConfiguredError):
        return None
