"""Refreshes in Redis: who reads a campus now, what came of it, and when it may be asked again."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from core.model.bookings import Snapshot
from core.model.refresh import (
    AlreadyRefreshed,
    LockAcquired,
    LockHeld,
    LockResult,
    OnCooldown,
    RefreshAttempt,
    RefreshState,
)
from core.store.codec import InvalidRecordError, decode_record, encode_record
from core.store.keys import cooldown_key, last_attempt_key, refresh_lock_key
from core.store.micros import encode_milliseconds, encode_moment
from core.store.snapshots import SnapshotStore

# Gives the lock to one caller only, unless a moderator asks in the cooldown, or what the caller
# wants has been read since. Asked again by the holder, whose answer was lost, it says so again.
# The cooldown is compared with the caller's clock; its expiry only bounds a clock that jumped.
# KEYS: lock, cooldown, attempt. ARGV: token, lease, now if asked by a moderator, else empty,
# the moment since which a reading would do, else empty.
_ACQUIRE = """
local holder = redis.call('HGET', KEYS[1], 'token')
if holder and holder ~= ARGV[1] then return {'busy', holder} end
if not holder then
  local cooldown = redis.call('HMGET', KEYS[2], 'read_at', 'possible_at')
  if ARGV[3] ~= '' and (tonumber(cooldown[2]) or 0) > tonumber(ARGV[3]) then
    return {'cooling', cooldown[1], cooldown[2]}
  end
  local last = redis.call('HMGET', KEYS[3], 'arrived', 'record')
  if ARGV[4] ~= '' and (tonumber(last[1]) or 0) > tonumber(ARGV[4]) then
    return {'done', last[2]}
  end
  redis.call('HSET', KEYS[1], 'token', ARGV[1])
end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return {'begun'}
"""

# Notes the progress and extends the lease, for the holder alone.
# KEYS: lock. ARGV: token, lease, read, total.
_REPORT = """
if redis.call('HGET', KEYS[1], 'token') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'read', ARGV[3], 'total', ARGV[4])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
"""

# All days, the attempt and the cooldown are written and the lock is given back, or nothing of
# it, if the caller does not hold the lock any more. The holder whose answer was lost is known by
# the attempt that it left. Redis checks its memory at the first write of a script: a full one
# refuses that, so nothing is torn.
# KEYS: lock, cooldown, attempt, days. ARGV: token, attempt, when it arrived, read_at,
# possible_at, milliseconds of cooldown, then revision, body and milliseconds to keep a day.
_PUBLISH = """
if redis.call('HGET', KEYS[1], 'token') ~= ARGV[1] then
  return redis.call('HGET', KEYS[3], 'record') == ARGV[2] and 1 or 0
end
redis.call('HSET', KEYS[3], 'record', ARGV[2], 'arrived', ARGV[3])
redis.call('PEXPIRE', KEYS[3], 2592000000)
for key = 4, #KEYS do
  local at = 3 * key - 5
  redis.call('HSET', KEYS[key], 'revision', ARGV[at], 'body', ARGV[at + 1])
  redis.call('PEXPIRE', KEYS[key], ARGV[at + 2])
end
redis.call('DEL', KEYS[1], KEYS[2])
if tonumber(ARGV[6]) > 0 then
  redis.call('HSET', KEYS[2], 'read_at', ARGV[4], 'possible_at', ARGV[5])
  redis.call('PEXPIRE', KEYS[2], ARGV[6])
end
return 1
"""

# Gives the lock back and notes the failure, for the holder alone. The lock goes first: a full
# Redis lets a script write on that has made room.
# KEYS: lock, attempt. ARGV: token, attempt or empty.
_RELEASE = """
if redis.call('HGET', KEYS[1], 'token') ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
if ARGV[2] ~= '' then
  redis.call('HSET', KEYS[2], 'record', ARGV[2])
  redis.call('PEXPIRE', KEYS[2], 2592000000)
end
return 1
"""

# All that is known of a campus's refreshes, of one moment. KEYS: lock, cooldown, attempt.
_STATE = """
local lock = redis.call('HMGET', KEYS[1], 'token', 'read', 'total')
local ends = redis.call('HGET', KEYS[2], 'possible_at')
return {lock[1], lock[2], lock[3], ends, redis.call('HGET', KEYS[3], 'record')}
"""


class RefreshStore(SnapshotStore):
    """One refresh at a time for a campus, over all processes, and what came of it.

    A token names a refresh; whoever holds the lock under it has to report within `lease`,
    or another may begin. Every method raises `StoreUnavailableError`.
    """

    async def acquire_lock(
        self,
        campus: str,
        token: str,
        *,
        lease: timedelta,
        manual: bool,
        skip_if_newer_than: datetime | None = None,
    ) -> LockResult:
        """Take the lock, if nobody holds it.

        With `asked`, a moderator's wish, the cooldown is respected. With `skip_if_newer_than`, a
        refresh that began later than that and brought data makes this one needless: so two
        processes that find the same data due read it once.
        """
        keys = [refresh_lock_key(campus), cooldown_key(campus), last_attempt_key(campus)]
        now = encode_moment(self._now() if manual else None)
        since = encode_moment(skip_if_newer_than)
        answer = await self._eval_write(
            _ACQUIRE, keys, [token.encode(), encode_milliseconds(lease), now, since]
        )
        beginning = self._lock_result(campus, answer)
        if beginning is None:
            # What stands in the way cannot be read, so nothing stands in the way.
            return await self.acquire_lock(campus, token, lease=lease, manual=False)
        return beginning

    def _lock_result(self, campus: str, answer: Sequence[bytes]) -> LockResult | None:
        match answer:
            case [b"busy", holder]:
                return LockHeld(holder.decode(errors="replace"))
            case [b"cooling", *moments]:
                key = cooldown_key(campus)
                read_at, possible_at = (self._decode_moment(key, each) for each in moments)
                return OnCooldown(read_at, possible_at) if read_at and possible_at else None
            case [b"done", record]:
                attempt = self._decode_attempt(campus, record)
                return AlreadyRefreshed(attempt) if attempt else None
        return LockAcquired()

    async def report_progress(
        self, campus: str, token: str, read: int, total: int, *, lease: timedelta
    ) -> bool:
        """Tell how far it is and hold the lock on; False where it is no longer the caller's."""
        args = [token.encode(), encode_milliseconds(lease), b"%d" % read, b"%d" % total]
        return bool(await self._eval_write(_REPORT, [refresh_lock_key(campus)], args))

    async def publish(
        self,
        campus: str,
        token: str,
        snapshots: Sequence[Snapshot],
        attempt: RefreshAttempt,
        *,
        expiry_of: Callable[[date], datetime],
        cooldown: timedelta,
    ) -> bool:
        """Store what a refresh brought and end it, all at once.

        The cooldown counts from `attempt.ended_at`. False where the lock is no longer the
        caller's: nothing is written then.
        """
        days, values = await self._encode(snapshots, expiry_of)
        possible_at = attempt.ended_at + cooldown
        args = [
            token.encode(),
            encode_record(attempt),
            encode_moment(attempt.began_at),
            encode_moment(attempt.success_at or attempt.began_at),
            encode_moment(possible_at),
            encode_milliseconds(possible_at - self._now()),
        ]
        keys = [refresh_lock_key(campus), cooldown_key(campus), last_attempt_key(campus)]
        return bool(await self._eval_write(_PUBLISH, keys + days, args + values))

    async def release_lock(self, campus: str, token: str, attempt: RefreshAttempt | None) -> bool:
        """End a refresh that brought nothing; snapshots and cooldown stay as they are.

        `attempt`, where there is one, becomes the last. False where the lock is no longer
        the caller's: nothing is written then.
        """
        args = [token.encode(), encode_record(attempt) if attempt else b""]
        return bool(
            await self._eval_write(
                _RELEASE, [refresh_lock_key(campus), last_attempt_key(campus)], args
            )
        )

    async def refresh_state(self, campus: str) -> RefreshState:
        """Return how the refreshes of a campus stand, in one round trip."""
        keys = [refresh_lock_key(campus), cooldown_key(campus), last_attempt_key(campus)]
        token, read, total, ends, record = await self._eval_with_deadline(_STATE, keys, [])
        possible_at = self._decode_moment(keys[1], ends)
        return RefreshState(
            token=token.decode(errors="replace") if token else None,
            progress=(int(read), int(total)) if read and total else None,
            last_attempt=self._decode_attempt(campus, record),
            allowed_at=possible_at if possible_at and possible_at > self._now() else None,
        )

    def _decode_attempt(self, campus: str, record: bytes | None) -> RefreshAttempt | None:
        if record is None:
            return None
        try:
            return decode_record(RefreshAttempt, record)
        except InvalidRecordError as err:
            self._log_invalid_record(last_attempt_key(campus), err)
            return None
