"""Audit of Redis at the start: what is wrong with it, and what that will cost.

An error ends the start; a warning is logged, and the bot runs.
"""

import logging
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import NoPermissionError, RedisError, ResponseError

from core.errors import StartError
from core.store.connection import describe_error, server_address, single_connection
from core.store.key_scope import KeyScope
from core.store.keys import SCHEMA

log = logging.getLogger(__name__)

MIN_VERSION = (6, 2)
"""The first version of Redis that has all we use; every Valkey does."""

_RIGHTS = "+@read +@write +@scripting +@connection"
_SCRIPT = "return redis.call('EXISTS', KEYS[1])"
_SCRIPT_HASH = "36470718001cbf79c047c6e440069970b40bb3b4"

_NO_SCOPE = KeyScope()

_Command = tuple[str | int, ...]


async def verify_server(client: Redis, scope: KeyScope = _NO_SCOPE) -> None:
    """See that the server answers, is new enough, and lets us do what we have to.

    Raises:
        StartError: it does not; the message names the server, never the password.
    """
    database = int(client.connection_pool.connection_kwargs.get("db") or 0)
    # The database is selected only when it is known what answers: a Sentinel has none.
    connection = single_connection(client, db=0)
    place = server_address(client)
    try:
        await connection.connect()
        await connection.send_command("HELLO")
        _check_server(_to_mapping(await connection.read_response()), place)
        await _select(connection, database, place)
        await _check_rights(connection, place, scope)
        for warning in _durability_warnings(await _info(connection)):
            log.warning("%s", warning)
    except (RedisError, OSError, ValueError) as err:
        raise StartError(f"{describe_error(err)} at {place}") from err
    finally:
        await connection.disconnect()


def _check_server(server: Mapping[str, str], place: str) -> None:
    version = tuple(int(part) for part in server.get("version", "0").split(".")[:2])
    if version < MIN_VERSION:
        raise StartError(
            f"Redis {_version_text(version)} answers at {place}; "
            f"{_version_text(MIN_VERSION)} or newer is needed"
        )
    if server.get("mode") == "sentinel":
        raise StartError(f"a Sentinel answers at {place}; REDIS_URL has to name the primary itself")
    if server.get("mode") == "cluster":
        raise StartError(
            f"the Redis at {place} is a node of a Redis Cluster, which is not supported; "
            "name a Redis that holds all keys"
        )
    if server.get("role") == "replica":
        raise StartError(f"the Redis at {place} is a read-only replica; name its primary")


async def _select(connection: Any, database: int, place: str) -> None:  # noqa: ANN401 - redis-py has three such classes
    if not database:
        return
    try:
        await connection.send_command("SELECT", database)
        await connection.read_response()
    except NoPermissionError:
        raise
    except ResponseError as err:
        raise StartError(f"the Redis at {place} has no database {database}") from err


async def _check_rights(connection: Any, place: str, scope: KeyScope) -> None:  # noqa: ANN401 - as above
    """Run each command that the store uses, on a key that is deleted at the end.

    Only a missing right counts: a Redis that is full is met later, too, and the bot goes on.
    """
    commands = _probes(scope)
    refused = {
        str(command[0]): str(answer)
        for command, answer in zip(commands, await _run(connection, commands), strict=True)
        if isinstance(answer, NoPermissionError)
    }
    if any("key" in reason for reason in refused.values()):
        raise StartError(f"the Redis user may not use the keys {scope.start}* at {place}")
    if refused:
        raise StartError(
            f"the Redis user may not run {', '.join(refused)} at {place}; it needs {_RIGHTS}"
        )


def _probes(scope: KeyScope) -> Sequence[_Command]:
    token = secrets.token_hex(8)
    hash_, string, stream, set_ = (
        scope.key(f"{SCHEMA}:{{probe}}:{token}:{kind}")
        for kind in ("hash", "string", "stream", "set")
    )
    return [
        ("PING",),
        ("HSET", hash_, "field", "value"),
        ("PEXPIRE", hash_, 10_000),
        ("HGET", hash_, "field"),
        ("HMGET", hash_, "field"),
        ("HGETALL", hash_),
        ("HDEL", hash_, "field"),
        ("SET", string, 1, "PX", 10_000),
        ("GET", string),
        ("INCR", string),
        ("EXISTS", string),
        ("XADD", stream, "MINID", 0, "1-0", "field", "value"),
        ("PEXPIRE", stream, 10_000),
        ("XRANGE", stream, "-", "+"),
        ("XREVRANGE", stream, "+", "-"),
        ("SADD", set_, "member"),
        ("SREM", set_, "member"),
        ("SCRIPT", "LOAD", _SCRIPT),
        ("EVAL", _SCRIPT, 1, string),
        ("EVALSHA", _SCRIPT_HASH, 1, string),
        ("DEL", hash_, string, stream),
    ]


async def _run(connection: Any, commands: Sequence[_Command]) -> list[Any]:  # noqa: ANN401 - as above
    """Return the answers to commands, or their errors, in one round trip."""
    await connection.send_packed_command(connection.pack_commands(commands))
    answers: list[Any] = []
    for _ in commands:
        try:
            answers.append(await connection.read_response())
        except ResponseError as err:
            answers.append(err)
    return answers


async def _info(connection: Any) -> Mapping[str, str]:  # noqa: ANN401 - as above
    """Return INFO and the save points as far as the user may read them."""
    memory, persistence, save = await _run(
        connection, [("INFO", "memory"), ("INFO", "persistence"), ("CONFIG", "GET", "save")]
    )
    found: dict[str, str] = {}
    for answer in (memory, persistence):
        if not isinstance(answer, ResponseError):
            lines = _to_text(answer).splitlines()
            found |= {name: value for name, _, value in (each.partition(":") for each in lines)}
    return found if isinstance(save, ResponseError) else found | _to_mapping(save)


def _durability_warnings(info: Mapping[str, str]) -> list[str]:
    """Return what Redis may lose, and what that costs."""
    warnings = []
    policy = info.get("maxmemory_policy", "noeviction")
    if info.get("maxmemory", "0") != "0" and policy != "noeviction":
        lost = "settings of digests and records of posted ones"
        if policy.startswith("volatile"):
            lost = "records of posted digests, which are then looked for in the channels"
        warnings.append(f"Redis evicts keys when it is full ({policy}): it may drop {lost}")
    if info.get("aof_enabled") == "0" and info.get("loading", "0") == "0":
        warnings.append(_snapshot_warning(info))
    return warnings


def _snapshot_warning(info: Mapping[str, str]) -> str:
    lost = "settings of digests and choices of campuses"
    if info.get("save") == "":
        return f"Redis keeps nothing on disk: its end loses {lost}; set appendonly yes"
    saved = datetime.fromtimestamp(int(info.get("rdb_last_save_time", "0")), UTC)
    return (
        f"Redis keeps snapshots only, the last of {saved:%Y-%m-%d %H:%M} UTC: a crash loses "
        f"{lost} since then; set appendonly yes"
    )


def _to_mapping(answer: Any) -> dict[str, str]:  # noqa: ANN401 - as redis-py hands it out
    pairs = answer.items() if isinstance(answer, dict) else zip(*[iter(answer)] * 2, strict=True)
    return {_to_text(name): _to_text(value) for name, value in pairs}


def _to_text(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _version_text(version: tuple[int, ...]) -> str:
    return ".".join(str(part) for part in version)
