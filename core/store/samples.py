"""Samples in Redis: how many rooms of each building were free, every five minutes and hourly."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from math import inf

from core.model.calendar import HOUR
from core.model.interval import Interval
from core.model.occupancy import OccupancyCount, OccupancyHistory, OccupancySample
from core.store.client import RedisClient
from core.store.keys import hourly_samples_key, samples_key
from core.store.micros import encode_milliseconds

SAMPLE_RETENTION = timedelta(days=3)
HOUR_RETENTION = timedelta(weeks=8)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_HEAD_ENTRIES = 24
"""Entries from which the beginning is told: no building opens later than all of them."""

# Adds an entry unless it or a later one is there, and drops those that are too old. Its id is its
# moment, and ids of a stream only ever rise: so a moment is written once, whoever writes it. All
# goes with the last entry, should nobody write any more.
# KEYS: stream. ARGV: id, oldest id to keep, milliseconds to keep, then fields and values by turns.
_ADD = """
local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
if last and tonumber(string.match(last[1], '^%d+')) >= tonumber(ARGV[1]) then return 0 end
redis.call('XADD', KEYS[1], 'MINID', ARGV[2], ARGV[1] .. '-0', unpack(ARGV, 4))
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1
"""

# The samples that are in no hour yet. KEYS: samples, hours. ARGV: milliseconds of an hour, the
# last id of those hours that are over.
_WITHOUT_HOUR = """
local last = redis.call('XREVRANGE', KEYS[2], '+', '-', 'COUNT', 1)[1]
local from = last and tonumber(string.match(last[1], '^%d+')) + ARGV[1] or 0
return redis.call('XRANGE', KEYS[1], string.format('%.0f', from), ARGV[2])
"""

# Several ranges of one moment, in one round trip. KEYS: samples, hours. ARGV: how many entries
# from the beginning, then from and to of the samples and of each range of hours.
_HISTORY = """
local found = {
  redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1),
  redis.call('XRANGE', KEYS[2], '-', '+', 'COUNT', ARGV[1]),
  redis.call('XRANGE', KEYS[1], ARGV[2], ARGV[3]),
}
for at = 4, #ARGV, 2 do
  found[#found + 1] = redis.call('XRANGE', KEYS[2], ARGV[at], ARGV[at + 1])
end
return found
"""

_Entry = tuple[bytes, Sequence[bytes]]


class SampleStore(RedisClient):
    """Samples, kept for three days, and means of hours, kept for eight weeks.

    Every method raises `StoreUnavailableError` where Redis does not answer or refuses.
    """

    async def add_sample(self, campus: str, sample: OccupancySample) -> bool:
        """Note a sample that is not empty; False where that moment or a later one is noted."""
        return await self._append(samples_key(campus), sample, SAMPLE_RETENTION)

    async def add_hour(self, campus: str, hour: OccupancySample) -> bool:
        """Note the means of an hour, as `add_sample` does."""
        return await self._append(hourly_samples_key(campus), hour, HOUR_RETENTION)

    async def samples_without_hour(self, campus: str, *, before: datetime) -> list[OccupancySample]:
        """Return the samples before that moment that are later than the hours noted."""
        keys = [samples_key(campus), hourly_samples_key(campus)]
        args = [encode_milliseconds(HOUR), _last_id_before(before)]
        return self._decode_entries(keys[0], await self._eval(_WITHOUT_HOUR, keys, args))

    async def history(
        self, campus: str, *, samples: Interval, hours: Sequence[Interval]
    ) -> OccupancyHistory:
        """Return the samples and the hours that lie in these intervals, in one round trip."""
        keys = [samples_key(campus), hourly_samples_key(campus)]
        args = [
            bound
            for span in (samples, *hours)
            for bound in (_entry_id(span.start), _last_id_before(span.end))
        ]
        answer = await self._eval_with_deadline(_HISTORY, keys, [b"%d" % _HEAD_ENTRIES, *args])
        found = []
        for key, entries in zip((*keys, keys[0], *[keys[1]] * len(hours)), answer, strict=True):
            found.append(self._decode_entries(key, entries))
            await asyncio.sleep(0)  # A hundred buildings take a while: let others run between.
        begun, begun_hours, recent, *ranges = found
        told = [hour for one in ranges for hour in one]
        return OccupancyHistory(earliest=[*begun, *begun_hours], samples=recent, hours=told)

    async def _append(self, key: str, sample: OccupancySample, kept: timedelta) -> bool:
        oldest = _entry_id(self._now() - kept)
        pairs: list[str | bytes] = []
        for code, tally in sample.counts.items():
            pairs += [code, _encode_count(tally)]
        args = [_entry_id(sample.at), oldest, encode_milliseconds(kept), *pairs]
        return bool(await self._eval_write(_ADD, [key], args))

    def _decode_entries(self, key: str, entries: Iterable[_Entry]) -> list[OccupancySample]:
        return [
            OccupancySample(_entry_moment(id_), self._decode_counts(key, parts))
            for id_, parts in entries
        ]

    def _decode_counts(self, key: str, parts: Sequence[bytes]) -> Mapping[str, OccupancyCount]:
        found = {}
        for code, value in zip(parts[::2], parts[1::2], strict=True):
            try:
                found[code.decode()] = _decode_count(value)
            except ValueError as err:
                self._log_invalid_record(key, err)
        return found


def _entry_id(moment: datetime) -> bytes:
    """Return the first part of the id of an entry: milliseconds since 1970."""
    return b"%d" % ((moment - _EPOCH) // _MILLISECOND)


def _last_id_before(end: datetime) -> bytes:
    """Return the last id before that moment, which is not part of a range itself."""
    return _entry_id(end - _MILLISECOND)


def _entry_moment(id_: bytes) -> datetime:
    return _EPOCH + int(id_.partition(b"-")[0]) * _MILLISECOND


def _encode_count(tally: OccupancyCount) -> str:
    """Return `12/34/2`, means with one decimal."""
    return "/".join(f"{round(each, 1):g}" for each in (tally.free, tally.known, tally.unknown))


def _decode_count(value: bytes) -> OccupancyCount:
    free, known, unknown = map(float, value.split(b"/"))
    # What is not a number is in no order either.
    if not (0 <= free <= known < inf and 0 <= unknown < inf):
        raise ValueError(f"{free:g} of {known:g} rooms free and {unknown:g} unknown")
    return OccupancyCount(free, known, unknown)
