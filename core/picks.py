"""Which campus each server and each member chose: answered from memory, kept in Redis."""

import logging

from core.errors import StoreUnavailableError
from core.store import Picked, Store

log = logging.getLogger(__name__)


def server_key(server: int) -> str:
    """Return the key under which a server's choice is kept."""
    return f"server:{server}"


def member_key(member: int) -> str:
    """Return the key under which a member's own choice is kept."""
    return f"member:{member}"


class Picks:
    """The choices of all servers and members, in memory and in step with Redis.

    All of them: each command and each completion needs one, and a hundred thousand are a
    few megabytes. What another process changes is seen with its next `follow`.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._picked = Picked(0, {})

    @property
    def are_any(self) -> bool:
        """Tell whether anybody has chosen."""
        return bool(self._picked.campuses)

    def of(self, who: str) -> str | None:
        """Return the id of the campus that was chosen, None where none was."""
        return self._picked.campuses.get(who)

    async def pick(self, who: str, campus: str | None) -> None:
        """Note what was chosen, None for nothing any more.

        Raises:
            StoreUnavailableError: it could not be noted, and counts for nobody.
        """
        revision = await self._store.change_pick(who, campus)
        others = {key: each for key, each in self._picked.campuses.items() if key != who}
        chosen = {**others, who: campus} if campus else others
        # A revision that jumped hides what others changed: `follow` then reads all again.
        seen = self._picked.revision
        self._picked = Picked(revision if revision == seen + 1 else seen, chosen)

    async def follow(self) -> None:
        """Take over what other processes changed; give back what Redis has lost.

        Raises:
            StoreUnavailableError: memory stays as it is.
        """
        revision = await self._store.picks_revision()
        if revision == self._picked.revision:
            return
        if revision == 0 and await self._store.restore_picks(self._picked):
            log.warning("the store had lost which campus was chosen where; it was given back")
            return
        self._picked = await self._store.picks()

    async def load(self) -> None:
        """Take what is stored, at the start; nothing where Redis is away."""
        try:
            self._picked = await self._store.picks()
        except StoreUnavailableError:
            log.warning("which campus was chosen where is not known yet")
