"""Snapshots in Redis: one a campus and day, replaced as a whole."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeAlias

from core.model.bookings import Snapshot
from core.store.client import RedisClient
from core.store.codec import InvalidRecordError
from core.store.keys import day_key
from core.store.micros import encode_milliseconds, encode_moment
from core.store.snapshot_codec import decode_snapshot, encode_snapshot

# Answers 1, which is a few bytes, where the reader has the stored revision already; so a look
# whether there is something newer costs one round trip, and so does getting it.
_READ_UNLESS_SAME = """
local revision = redis.call('HGET', KEYS[1], 'revision')
if revision == ARGV[1] then return 1 end
return redis.call('HGET', KEYS[1], 'body')
"""

# Writes a day only where none or an older one is stored, whatever was stored since the caller
# looked. ARGV: revision, body and milliseconds to keep, a day.
_WRITE_WHERE_OLDER = """
local written = 0
for day, key in ipairs(KEYS) do
  local at = 3 * day - 2
  local stored = tonumber(redis.call('HGET', key, 'revision'))
  if not stored or stored < tonumber(ARGV[at]) then
    redis.call('HSET', key, 'revision', ARGV[at], 'body', ARGV[at + 1])
    redis.call('PEXPIRE', key, ARGV[at + 2])
    written = written + 1
  end
end
return written
"""


# One field of each key, all of one moment. No transaction: a full Redis 7.0 refuses those even
# where they only read. ARGV: field.
_READ_FIELD = """
local found = {}
for position, key in ipairs(KEYS) do found[position] = redis.call('HGET', key, ARGV[1]) end
return found
"""


@dataclass(frozen=True, slots=True)
class Changed:
    """Redis holds this snapshot."""

    snapshot: Snapshot


@dataclass(frozen=True, slots=True)
class Unchanged:
    """Redis holds the snapshot that the caller holds."""


@dataclass(frozen=True, slots=True)
class Missing:
    """Redis holds no snapshot of that day, or none that can be read."""


SnapshotLookup: TypeAlias = Changed | Unchanged | Missing


class SnapshotStore(RedisClient):
    """What is stored of each campus day.

    Every method raises `StoreUnavailableError` where Redis does not answer or refuses.
    """

    async def snapshot(
        self, campus: str, day: date, *, cached: Snapshot | None = None
    ) -> SnapshotLookup:
        """Return what is stored of a day, or `Unchanged` where that is `cached`. One round trip."""
        key = day_key(campus, day)
        held = encode_moment(cached.attempted_at if cached else None)
        body = await self._eval_with_deadline(_READ_UNLESS_SAME, [key], [held])
        if body == 1:
            return Unchanged()
        snapshot = self._decode(campus, day, body)
        return Changed(snapshot) if snapshot else Missing()

    async def snapshots(self, campus: str, days: Sequence[date]) -> Mapping[date, Snapshot]:
        """Return the snapshots that are stored of those days, in one round trip.

        Not for an answer that a member waits for: a month of a large campus is read whole.
        """
        found = {}
        for day, body in zip(days, await self._read_fields(campus, days, "body"), strict=True):
            if snapshot := self._decode(campus, day, body):
                found[day] = snapshot
            await asyncio.sleep(0)  # A month takes a tenth of a second: let others run between.
        return found

    async def revisions(self, campus: str, days: Sequence[date]) -> Mapping[date, datetime]:
        """Return of which of those days a snapshot is stored, with its `attempted_at`."""
        found = {}
        for day, stored in zip(
            days, await self._read_fields(campus, days, "revision"), strict=True
        ):
            if revision := self._decode_moment(day_key(campus, day), stored):
                found[day] = revision
        return found

    async def restore(
        self,
        campus: str,
        snapshots: Sequence[Snapshot],
        expiry_of: Callable[[date], datetime],
    ) -> int:
        """Store snapshots where Redis has none or an older one, and return how many.

        A Redis that was emptied, or was away when they were read, gets them back from memory.
        """
        stored = await self.revisions(campus, [each.day for each in snapshots])
        newer = [
            each
            for each in snapshots
            if each.day not in stored or stored[each.day] < each.attempted_at
        ]
        keys, values = await self._encode(newer, expiry_of)
        return int(await self._eval_write(_WRITE_WHERE_OLDER, keys, values)) if keys else 0

    async def _encode(
        self, snapshots: Sequence[Snapshot], expiry_of: Callable[[date], datetime]
    ) -> tuple[list[str], list[bytes]]:
        """Return the keys, and three values for each, of those that are still to be kept."""
        keys, values = [], []
        for each in snapshots:
            # Milliseconds from now rather than a date: Redis's clock need not be ours.
            left = expiry_of(each.day) - self._now()
            if left > timedelta():
                keys.append(day_key(each.campus, each.day))
                values += [
                    encode_moment(each.attempted_at),
                    encode_snapshot(each),
                    encode_milliseconds(left),
                ]
                await asyncio.sleep(0)  # As in `snapshots`.
        return keys, values

    async def _read_fields(
        self, campus: str, days: Sequence[date], field: str
    ) -> list[bytes | None]:
        if not days:
            return []
        keys = [day_key(campus, day) for day in days]
        found: list[bytes | None] = await self._eval(_READ_FIELD, keys, [field])
        return found

    def _decode(self, campus: str, day: date, body: bytes | None) -> Snapshot | None:
        if body is None:
            return None
        try:
            return decode_snapshot(body, campus, day)
        except InvalidRecordError as err:
            self._log_invalid_record(day_key(campus, day), err)
            return None
