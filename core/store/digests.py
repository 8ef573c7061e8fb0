"""Digests in Redis: what guilds have set, and what became of each digest."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Literal, TypeVar

from core.store.keys import deliveries_key, digests_key
from core.store.link import Link
from core.store.records import Instant, decode, encode

_STAMP_LENGTH = 16
_DELIVERIES_KEPT = timedelta(days=3)

# Replaces a field where it holds what the caller has seen, or where it is absent and the caller
# has seen none. A value begins with a stamp of its own, which is not compared: by it a caller
# whose answer was lost learns that it was the one. Without it, two processes that write the same
# at the same moment would both be told that they did.
# KEYS: hash. ARGV: field, record seen or empty, stamp, record, milliseconds to keep or empty.
_REPLACE = """
local stored = redis.call('HGET', KEYS[1], ARGV[1])
if stored and string.sub(stored, 1, 16) == ARGV[3] then return 1 end
if (stored and string.sub(stored, 17) or '') ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3] .. ARGV[4])
if ARGV[5] ~= '' then redis.call('PEXPIRE', KEYS[1], ARGV[5]) end
return 1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestSettings:
    """Where and when a guild gets its digest; `building` None means the whole campus.

    `pictures` tells whether the bot may send files there.
    `failing_since` is when posting began to fail; `off_since` and `off_why` tell that it was
    switched off for that.
    """

    guild: int
    channel: int
    campus: str
    at: time
    building: str | None = None
    pictures: bool = True
    set_at: Instant
    failing_since: Instant | None = None
    off_since: Instant | None = None
    off_why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What became of a channel's digest of a day, and since when."""

    state: Literal["sending", "sent", "failed", "skipped"]
    since: Instant
    attempts: int = 0
    message: int | None = None
    why: str | None = None


_Record = TypeVar("_Record", DigestSettings, Delivery)


class Digests(Link):
    """Settings, which are kept until they are removed, and deliveries, kept for three days.

    Every method raises `StoreUnavailableError` where Redis does not answer or refuses.
    """

    async def digest_settings(self) -> Sequence[DigestSettings]:
        """Return the settings of all guilds."""
        return tuple((await self._fields_of(digests_key(), DigestSettings)).values())

    async def digest_of(self, guild: int) -> DigestSettings | None:
        """Return a guild's settings, None where it has set nothing."""
        return await self._field_of(digests_key(), guild, DigestSettings)

    async def save_digest(self, settings: DigestSettings) -> None:
        """Store what a moderator has set, in place of anything before."""
        value = _stamp() + encode(settings)
        await self._change(lambda: self._client.hset(digests_key(), str(settings.guild), value))

    async def change_digest(self, *, seen: DigestSettings, to: DigestSettings) -> bool:
        """Replace the settings of a guild if they are still `seen`.

        So a note that posting failed never replaces what a moderator has set meanwhile.
        """
        return await self._replace(digests_key(), seen.guild, seen, to, b"")

    async def remove_digest(self, guild: int) -> bool:
        """Forget a guild's settings; False where it had none."""
        return bool(await self._change(lambda: self._client.hdel(digests_key(), str(guild))))

    async def deliveries(self, campus: str, day: date) -> Mapping[int, Delivery]:
        """Return what became of a day's digests, by channel; absent means nothing yet."""
        return await self._fields_of(deliveries_key(campus, day), Delivery)

    async def delivery(self, campus: str, day: date, channel: int) -> Delivery | None:
        """Return what became of a channel's digest of a day, None meaning nothing yet."""
        return await self._field_of(deliveries_key(campus, day), channel, Delivery)

    async def move_delivery(
        self, campus: str, day: date, channel: int, *, seen: Delivery | None, to: Delivery
    ) -> bool:
        """Replace a channel's delivery if it is still `seen`, None meaning that there is none.

        Of several processes that have seen the same, exactly one is told True.
        """
        keep = b"%d" % (_DELIVERIES_KEPT // timedelta(milliseconds=1))
        return await self._replace(deliveries_key(campus, day), channel, seen, to, keep)

    async def _replace(
        self, key: str, field: int, seen: _Record | None, to: _Record, keep: bytes
    ) -> bool:
        was = encode(seen) if seen else b""
        args = [b"%d" % field, was, _stamp(), encode(to), keep]
        return bool(await self._write(_REPLACE, [key], args))

    async def _field_of(self, key: str, field: int, kind: type[_Record]) -> _Record | None:
        """Return one record, for a member who waits."""
        stored = await self._hurried(lambda: self._client.hget(key, str(field)))
        return self._record(key, str(field), kind, stored) if stored else None

    async def _fields_of(self, key: str, kind: type[_Record]) -> dict[int, _Record]:
        stored = await self._unhurried(lambda: self._client.hgetall(key))
        found = {}
        for field, value in stored.items():
            if record := self._record(key, field, kind, value):
                found[int(field)] = record
        return found

    def _record(
        self, key: str, field: bytes | str, kind: type[_Record], stored: bytes | str
    ) -> _Record | None:
        try:
            int(field)
            return decode(kind, stored[_STAMP_LENGTH:])
        except ValueError as err:
            name = field.decode(errors="replace") if isinstance(field, bytes) else field
            self._note_unreadable(f"{key} {name}", err)
            return None


def _stamp() -> bytes:
    return secrets.token_hex(_STAMP_LENGTH // 2).encode()
