"""How Redis is reached, and what a failure to reach it means."""

import ssl
from collections.abc import Iterator
from typing import Any

from redis import DriverInfo
from redis import __version__ as redis_version
from redis.asyncio import ConnectionPool, Redis, SSLConnection
from redis.asyncio.retry import Retry
from redis.backoff import ConstantBackoff, NoBackoff
from redis.exceptions import (
    AuthenticationError,
    AuthorizationError,
    BusyLoadingError,
    NoPermissionError,
)
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.maint_notifications import MaintNotificationsConfig

from core.errors import StartError
from core.store.url_options import check_url_options

_SOCKET_TIMEOUT_SECONDS = 5.0
_HEALTH_CHECK_SECONDS = 30
_RETRIES = 2
_RETRY_DELAY_SECONDS = 0.05


def connect(url: str) -> Redis:
    """Return a client of the server at `url`: redis://, rediss:// or unix://, password included.

    It connects with its first command. A lost connection is tried again at once, an answer
    that does not come is not: that would triple the wait.

    Raises:
        StartError: `url` is not an address of a Redis, or an option in it cannot be used.
    """
    # The default is ten retries, which makes a server that is gone cost four seconds a call.
    retry = Retry(ConstantBackoff(_RETRY_DELAY_SECONDS), _RETRIES, (RedisConnectionError,))
    try:
        check_url_options(url)
        return Redis.from_pool(
            ConnectionPool.from_url(
                url,
                socket_timeout=_SOCKET_TIMEOUT_SECONDS,
                socket_connect_timeout=_SOCKET_TIMEOUT_SECONDS,
                health_check_interval=_HEALTH_CHECK_SECONDS,
                retry=retry,
                # They are for Redis's own cloud. Others refuse them, which costs each
                # connection a round trip, and a check for left-over answers goes with it.
                maint_notifications_config=MaintNotificationsConfig(enabled=False),
                # Else each connection looks its version up on the disk, which takes a millisecond.
                driver_info=DriverInfo(lib_version=redis_version),
            )
        )
    except ValueError:
        # Its message may quote a part of the address, and so of the password.
        raise StartError(
            "REDIS_URL is not an address like redis://user:password@host:6379/0 "
            "(characters such as / # @ in a password are written %2F %23 %40)"
        ) from None


def server_address(client: Redis) -> str:
    """Return where the server is, without user and password."""
    kwargs = client.connection_pool.connection_kwargs
    if path := kwargs.get("path"):
        return str(path)
    encrypted = issubclass(client.connection_pool.connection_class, SSLConnection)
    place = f"{kwargs.get('host', 'localhost')}:{kwargs.get('port', 6379)}"
    return f"{place} (encrypted, as rediss:// asks)" if encrypted else place


def single_connection(client: Redis, *, db: int) -> Any:  # noqa: ANN401 - redis-py has three such classes
    """Return a connection of its own that fails at once, to a database of the server."""
    pool = client.connection_pool
    kwargs = {**pool.connection_kwargs, "db": db, "retry": Retry(NoBackoff(), 0)}
    return pool.connection_class(**kwargs)


def describe_error(err: BaseException) -> str:
    """Say what a failure to connect means.

    With asyncio, redis-py 8.1 wraps a refused login in a ConnectionError like any other.
    """
    chain = list(_error_chain(err))
    text = " ".join(str(each) for each in chain).lower()
    if "unknown command" in text and "hello" in text:
        return "a Redis older than 6.2 answers"
    if any(isinstance(each, AuthenticationError | AuthorizationError) for each in chain):
        return "wrong or missing Redis password (or user)"
    if any(isinstance(each, NoPermissionError) for each in chain):
        return "the Redis user may not run the commands that are needed"
    if any(isinstance(each, BusyLoadingError) for each in chain):
        return "a Redis answers that is still loading its data"
    if any(isinstance(each, ssl.SSLError) for each in chain) or "ssl" in text:
        return "no encrypted connection to Redis can be had"
    return "no Redis answers"


def _error_chain(err: BaseException | None) -> Iterator[BaseException]:
    while err is not None:
        yield err
        err = err.__cause__ or err.__context__
