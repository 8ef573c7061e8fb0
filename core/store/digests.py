"""Digests in Redis: what guilds have set, and what became of each digest."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TypeVar

from core.model.digest import Delivery, DigestSettings
from core.store.client import RedisClient
from core.store.codec import decode_record, encode_record
from core.store.keys import deliveries_key, digest_settings_key

_STAMP_LENGTH = 16
_DELIVERY_RETENTION = timedelta(days=3)

# Replaces a field where it holds what the caller has seen, or where it is absent and the caller
# has seen none. A value begins with a stamp of its own, which is not compared: by it a caller
# whose answer was lost learns that it was the one. Without it, two processes that write the same
# at the same moment would both be told that they did.
# KEYS: hash. ARGV: field, record seen or empty, stamp, record, milliseconds to keep or empty.
_COMPARE_AND_SET = """
local stored = redis.call('HGET', KEYS[1], ARGV[1])
if stored and string.sub(stored, 1, 16) == ARGV[3] then return 1 end
if (stored and string.sub(stored, 17) or '') ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3] .. ARGV[4])
if ARGV[5] ~= '' then redis.call('PEXPIRE', KEYS[1], ARGV[5]) end
return 1
"""


_Record = TypeVar("_Record", DigestSettings, Delivery)


class DigestStore(RedisClient):
    """Settings, which are kept until they are removed, and deliveries, kept for three days.

    Every method raises `StoreUnavailableError` where Redis does not answer or refuses.
    """

    async def all_settings(self) -> Sequence[DigestSettings]:
        """Return the settings of all guilds."""
        return tuple((await self._get_fields(digest_settings_key(), DigestSettings)).values())

    async def get_settings(self, guild: int) -> DigestSettings | None:
        """Return a guild's settings, None where it has set nothing."""
        return await self._get_field(digest_settings_key(), guild, DigestSettings)

    async def save_settings(self, settings: DigestSettings) -> None:
        """Store what a moderator has set, in place of anything before."""
        value = _new_stamp() + encode_record(settings)
        await self._call_write(
            lambda: self._client.hset(
                self._scoped(digest_settings_key()), str(settings.guild_id), value
            )
        )

    async def compare_and_set_settings(
        self, *, expected: DigestSettings, new: DigestSettings
    ) -> bool:
        """Replace the settings of a guild if they are still `seen`.

        So a note that posting failed never replaces what a moderator has set meanwhile.
        """
        return await self._compare_and_set(
            digest_settings_key(), expected.guild_id, expected, new, b""
        )

    async def delete_settings(self, guild: int) -> bool:
        """Forget a guild's settings; False where it had none."""
        return bool(
            await self._call_write(
                lambda: self._client.hdel(self._scoped(digest_settings_key()), str(guild))
            )
        )

    async def deliveries(self, campus: str, day: date) -> Mapping[int, Delivery]:
        """Return what became of a day's digests, by channel; absent means nothing yet."""
        return await self._get_fields(deliveries_key(campus, day), Delivery)

    async def delivery(self, campus: str, day: date, channel: int) -> Delivery | None:
        """Return what became of a channel's digest of a day, None meaning nothing yet."""
        return await self._get_field(deliveries_key(campus, day), channel, Delivery)

    async def compare_and_set_delivery(
        self, campus: str, day: date, channel: int, *, expected: Delivery | None, new: Delivery
    ) -> bool:
        """Replace a channel's delivery if it is still `seen`, None meaning that there is none.

        Of several processes that expect the same, exactly one gets True.
        """
        keep = b"%d" % (_DELIVERY_RETENTION // timedelta(milliseconds=1))
        return await self._compare_and_set(
            deliveries_key(campus, day), channel, expected, new, keep
        )

    async def _compare_and_set(
        self, key: str, field: int, expected: _Record | None, new: _Record, keep: bytes
    ) -> bool:
        was = encode_record(expected) if expected else b""
        args = [b"%d" % field, was, _new_stamp(), encode_record(new), keep]
        return bool(await self._eval_write(_COMPARE_AND_SET, [key], args))

    async def _get_field(self, key: str, field: int, kind: type[_Record]) -> _Record | None:
        """Return one record, for a member who waits."""
        stored = await self._call_with_deadline(
            lambda: self._client.hget(self._scoped(key), str(field))
        )
        return self._decode_field(key, str(field), kind, stored) if stored else None

    async def _get_fields(self, key: str, kind: type[_Record]) -> dict[int, _Record]:
        stored = await self._call(lambda: self._client.hgetall(self._scoped(key)))
        found = {}
        for field, value in stored.items():
            if record := self._decode_field(key, field, kind, value):
                found[int(field)] = record
        return found

    def _decode_field(
        self, key: str, field: bytes | str, kind: type[_Record], stored: bytes | str
    ) -> _Record | None:
        try:
            int(field)
            return decode_record(kind, stored[_STAMP_LENGTH:])
        except ValueError as err:
            name = field.decode(errors="replace") if isinstance(field, bytes) else field
            self._log_invalid_record(f"{key} {name}", err)
            return None


def _new_stamp() -> bytes:
    return secrets.token_hex(_STAMP_LENGTH // 2).encode()
