"""Campus preferences in Redis: which campus each guild and each user chose."""

from core.model.preferences import PreferencesSnapshot
from core.store.client import RedisClient
from core.store.keys import preferences_key, preferences_revision_key

# Changes one pick, empty meaning none, and counts the revision up by which others see it.
# KEYS: picks, revision. ARGV: who, campus or empty.
_SET = """
if ARGV[2] == '' then redis.call('HDEL', KEYS[1], ARGV[1])
else redis.call('HSET', KEYS[1], ARGV[1], ARGV[2]) end
return redis.call('INCR', KEYS[2])
"""

# Gives back all picks to a Redis that has lost them, unless somebody has begun anew.
# KEYS: picks, revision. ARGV: revision, then who and campus by turns.
_RESTORE = """
if redis.call('EXISTS', KEYS[2]) == 1 then return 0 end
for at = 2, #ARGV, 2 do redis.call('HSET', KEYS[1], ARGV[at], ARGV[at + 1]) end
redis.call('SET', KEYS[2], ARGV[1])
return 1
"""

_RESTORE_BATCH = 3000
"""Lua takes some 8,000 arguments."""


class PreferenceStore(RedisClient):
    """Kept until they are changed; written and read by `core/preferences.py` alone.

    Every method raises `StoreUnavailableError` where Redis does not answer or refuses.
    """

    async def preferences_revision(self) -> int:
        """Return the revision of the picks, 0 where nobody has ever chosen."""
        return int(
            await self._call(lambda: self._client.get(self._scoped(preferences_revision_key())))
            or 0
        )

    async def all_preferences(self) -> PreferencesSnapshot:
        """Return all picks; what changes while they are read has a later revision."""
        revision = await self.preferences_revision()
        stored = await self._call(lambda: self._client.hgetall(self._scoped(preferences_key())))
        return PreferencesSnapshot(
            revision, {_to_text(who): _to_text(campus) for who, campus in stored.items()}
        )

    async def set_preference(self, owner: str, campus: str | None) -> int:
        """Note what was chosen, None for nothing any more; return the new revision."""
        return int(await self._eval_write(_SET, _KEYS, [owner, campus or ""]))

    async def restore_preferences(self, snapshot: PreferencesSnapshot) -> bool:
        """Give all picks back to a Redis that has none; False where it has some."""
        pairs = [text for pair in snapshot.campuses.items() for text in pair]
        args = [str(snapshot.revision), *pairs[:_RESTORE_BATCH]]
        if not await self._eval_write(_RESTORE, _KEYS, args):
            return False
        if rest := pairs[_RESTORE_BATCH:]:
            await self._call_write(
                lambda: self._client.hset(self._scoped(preferences_key()), items=rest)
            )
        return True


_KEYS = [preferences_key(), preferences_revision_key()]


def _to_text(value: bytes | str) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else value
