"""Which campus each server and each member chose: answered from memory, kept in Redis."""

import logging

from core.errors import StoreUnavailableError
from core.model.preferences import PreferencesSnapshot
from core.store import Store

log = logging.getLogger(__name__)


def guild_key(guild_id: int) -> str:
    """Return the key under which a server's choice is kept."""
    return f"server:{guild_id}"


def user_key(user_id: int) -> str:
    """Return the key under which a member's own choice is kept."""
    return f"member:{user_id}"


class CampusPreferences:
    """The choices of all servers and members, in memory and in step with Redis.

    All of them: each command and each completion needs one, and a hundred thousand are a
    few megabytes. What another process changes is seen with its next `follow`.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._snapshot = PreferencesSnapshot(0, {})

    @property
    def has_any(self) -> bool:
        """Tell whether anybody has chosen."""
        return bool(self._snapshot.campuses)

    @property
    def guilds(self) -> set[int]:
        """The servers that have chosen."""
        prefix = guild_key(0).removesuffix("0")
        found = (owner.removeprefix(prefix) for owner in self._snapshot.campuses)
        return {int(guild_id) for guild_id in found if guild_id.isdecimal()}

    def get(self, owner: str) -> str | None:
        """Return the id of the campus that was chosen, None where none was."""
        return self._snapshot.campuses.get(owner)

    async def set(self, owner: str, campus_id: str | None) -> None:
        """Note what was chosen, None for nothing any more.

        Raises:
            StoreUnavailableError: it could not be noted, and counts for nobody.
        """
        revision = await self._store.set_preference(owner, campus_id)
        others = {key: each for key, each in self._snapshot.campuses.items() if key != owner}
        chosen = {**others, owner: campus_id} if campus_id else others
        # A revision that jumped hides what others changed: `follow` then reads all again.
        seen = self._snapshot.revision
        self._snapshot = PreferencesSnapshot(revision if revision == seen + 1 else seen, chosen)

    async def sync(self) -> None:
        """Take over what other processes changed; give back what Redis has lost.

        Raises:
            StoreUnavailableError: memory stays as it is.
        """
        revision = await self._store.preferences_revision()
        if revision == self._snapshot.revision:
            return
        if revision == 0 and await self._store.restore_preferences(self._snapshot):
            log.warning("the store had lost which campus was chosen where; it was given back")
            return
        self._snapshot = await self._store.all_preferences()

    async def load(self) -> None:
        """Take what is stored, at the start; nothing where Redis is away."""
        try:
            self._snapshot = await self._store.all_preferences()
        except StoreUnavailableError:
            log.warning("which campus was chosen where is not known yet")
