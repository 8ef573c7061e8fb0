"""How ids are made: Discord's own scheme, so that age and shard can be read from them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]

_EPOCH = datetime(2015, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_TIME_SHIFT = 22
_GUILD_AGE = timedelta(days=400)


def utc_now() -> datetime:
    """Return the time now, in UTC."""
    return datetime.now(UTC)


class Snowflakes:
    """A source of ids that always grow and tell when they were made."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0
        self._last_guild = 0

    def next(self) -> int:
        """Return an id made now."""
        now = (self._clock() - _EPOCH) // _MILLISECOND
        self._last = max(self._last + 1, now << _TIME_SHIFT)
        return self._last

    def next_guild(self) -> int:
        """Return an id for a server that is older than everything else here.

        Consecutive servers differ by one millisecond, so they fall to consecutive shards.
        """
        founded = (self._clock() - _GUILD_AGE - _EPOCH) // _MILLISECOND
        self._last_guild = max(self._last_guild + 1, founded)
        return self._last_guild << _TIME_SHIFT


def shard_of(guild_id: int, shards: int) -> int:
    """Return the shard that hears of this server."""
    return (guild_id >> _TIME_SHIFT) % shards
