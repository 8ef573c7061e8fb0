"""Migration: data of before keys had a scope, taken along once.

It is copied, as another bot may have written there, too, which takes it along itself; what the
bot does not need it removes as it would its own. The old keys end thirty days later.
"""

import logging
from collections.abc import Iterable
from datetime import date, timedelta

from redis.asyncio import Redis
from redis.exceptions import RedisError

from core.errors import StartError
from core.model.calendar import DAY
from core.store.key_scope import KeyScope
from core.store.keys import (
    cooldown_key,
    day_key,
    deliveries_key,
    digest_settings_key,
    hinted_guilds_key,
    hourly_samples_key,
    last_attempt_key,
    migrated_key,
    preferences_key,
    preferences_revision_key,
    samples_key,
)

log = logging.getLogger(__name__)

_DAYS_BEHIND = 3
_OLD_KEYS_TTL = timedelta(days=30)

# Copies each key, unless it is there, and lets the old one end where it would not. Then notes it.
# KEYS: old and new by turns, then the mark. ARGV: milliseconds to keep old keys.
_COPY = """
local copied = 0
for at = 1, #KEYS - 1, 2 do
  copied = copied + redis.call('COPY', KEYS[at], KEYS[at + 1])
  if redis.call('PTTL', KEYS[at]) == -1 then redis.call('PEXPIRE', KEYS[at], ARGV[1]) end
end
redis.call('SET', KEYS[#KEYS], 1)
return copied
"""


async def migrate_keys(
    client: Redis, scope: KeyScope, campuses: Iterable[str], today: date, days_ahead: int
) -> None:
    """Take along what an earlier version stored; without effect from the second time on.

    With a prefix nothing is taken along: it is chosen to keep bots apart.

    Raises:
        StartError: Redis does not let it.
    """
    if not scope.bot_id or scope.prefix:
        return
    try:
        if await client.exists(scope.key(migrated_key())):
            return
        names = _names(campuses, today, days_ahead)
        keys = [key for name in names for key in (name, scope.key(name))]
        milliseconds = _OLD_KEYS_TTL // timedelta(milliseconds=1)
        copied = await client.eval(
            _COPY, len(keys) + 1, *keys, scope.key(migrated_key()), milliseconds
        )
    except (RedisError, OSError) as err:
        raise StartError(f"the data of an earlier version cannot be taken along: {err}") from err
    if copied:
        log.info("took along %s keys of an earlier version", copied)


def _names(campuses: Iterable[str], today: date, days_ahead: int) -> list[str]:
    names = [
        digest_settings_key(),
        preferences_key(),
        preferences_revision_key(),
        hinted_guilds_key(),
    ]
    for campus in campuses:
        days = [today + DAY * ahead for ahead in range(-_DAYS_BEHIND, days_ahead + 2)]
        names += [last_attempt_key(campus), cooldown_key(campus)]
        names += [samples_key(campus), hourly_samples_key(campus)]
        names += [make(campus, day) for day in days for make in (day_key, deliveries_key)]
    return names
