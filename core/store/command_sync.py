"""Command sync in Redis: which commands were registered last, and who registers them now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from core.store.client import RedisClient
from core.store.codec import InvalidRecordError, decode_record, encode_record
from core.store.keys import command_sync_lock_key, synced_commands_key
from core.store.micros import encode_milliseconds

# Gives the lock to one caller; to the one that has it, again.
# KEYS: lock. ARGV: token, lease.
_ACQUIRE = """
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
"""

# Gives the lock back, for the holder alone, and notes what Discord was told, if it was. The
# lock goes first: a full Redis lets a script write on that has made room.
# KEYS: lock, commands. ARGV: token, commands or empty.
_RELEASE = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return ARGV[2] ~= '' and redis.call('GET', KEYS[2]) == ARGV[2] and 1 or 0
end
redis.call('DEL', KEYS[1])
if ARGV[2] ~= '' then redis.call('SET', KEYS[2], ARGV[2]) end
return 1
"""


@dataclass(frozen=True, slots=True)
class SyncedCommands:
    """The hash of the commands' definition as Discord knows it, and Discord's ids by name."""

    hash: str
    ids: Mapping[str, int]


class CommandSyncStore(RedisClient):
    """A lock, so that one process registers the commands, and only if they changed.

    Every method raises `StoreUnavailableError` where Redis does not answer or refuses.
    """

    async def synced_commands(self, application: int) -> SyncedCommands | None:
        """Return the commands that were registered last, None where that is not known."""
        key = synced_commands_key(application)
        stored = await self._call(lambda: self._client.get(self._scoped(key)))
        if stored is None:
            return None
        try:
            return decode_record(SyncedCommands, stored)
        except InvalidRecordError as err:
            self._log_invalid_record(key, err)
            return None

    async def acquire_sync_lock(self, application: int, token: str, *, lease: timedelta) -> bool:
        """Take the lock; False where another process holds it."""
        args = [token.encode(), encode_milliseconds(lease)]
        return bool(await self._eval_write(_ACQUIRE, [command_sync_lock_key(application)], args))

    async def save_synced(self, application: int, token: str, synced: SyncedCommands) -> bool:
        """Record the registered commands and release the lock; False where it was lost."""
        return await self._release_sync(application, token, encode_record(synced))

    async def release_sync_lock(self, application: int, token: str) -> bool:
        """Give the lock back; False where it was lost."""
        return await self._release_sync(application, token, b"")

    async def _release_sync(self, application: int, token: str, record: bytes) -> bool:
        keys = [command_sync_lock_key(application), synced_commands_key(application)]
        return bool(await self._eval_write(_RELEASE, keys, [token.encode(), record]))
