"""What an operator reads when Redis cannot be used, and that no password is in it."""

import asyncio
import logging
import socket
import traceback
from contextlib import asynccontextmanager
from importlib import metadata

import pytest

from core.embedded_redis.process import with_parent_death_signal
from core.errors import StartError, StoreUnavailableError
from core.store import Store, connect, verify_server
from core.store.connection import server_address
from tests.fakes import TUESDAY, eventually

SECRET = "s3cr3t-Pa55"  # noqa: S105 - the one that must not show


@pytest.fixture
def guarded(start_redis, free_port):
    """Start a server that wants a password; its port."""
    start_redis("--requirepass", SECRET, port=free_port)
    return free_port


async def refusal(url, **connection):
    client = connect(url)
    client.connection_pool.connection_kwargs.update(connection)
    try:
        with pytest.raises(StartError) as caught:
            await verify_server(client)
    finally:
        await client.aclose()
    told = "".join(traceback.format_exception(caught.value))
    assert SECRET not in told
    assert "\n" not in str(caught.value)
    return str(caught.value)


@asynccontextmanager
async def answering(port, *answers):
    """Run a server that answers each command with the next of some lines."""
    served: list[asyncio.Task[None] | None] = []

    async def serve(reader, writer):
        served.append(asyncio.current_task())
        for answer in answers:
            await reader.read(4096)
            writer.write(answer)
        await reader.read()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(serve, "127.0.0.1", port)
    yield
    server.close()
    await asyncio.gather(*filter(None, served))


def test_no_connection_looks_its_version_up_anew():
    pool = connect("redis://localhost").connection_pool
    one, other = pool.make_connection(), pool.make_connection()
    assert one.driver_info is other.driver_info
    assert one.driver_info.lib_version == metadata.version("redis")


async def test_a_usable_redis_passes(client):
    await verify_server(client)


async def test_a_right_password_passes(guarded, clock):
    client = connect(f"redis://:{SECRET}@127.0.0.1:{guarded}/0")
    await verify_server(client)
    await Store(client, now=clock).ping()
    await client.aclose()


@pytest.mark.parametrize(
    "login", ["", f":{SECRET}-not@", f"nobody:{SECRET}@"], ids=["none", "wrong", "user"]
)
async def test_a_wrong_password_is_told_apart(guarded, login):
    told = await refusal(f"redis://{login}127.0.0.1:{guarded}/0")
    assert told == f"wrong or missing Redis password (or user) at 127.0.0.1:{guarded}"


async def test_an_unreachable_redis_is_told_at_once(free_port):
    """Not after the time in which it has to answer, which here never ends."""
    told = await refusal(f"redis://:{SECRET}@127.0.0.1:{free_port}/0", socket_connect_timeout=None)
    assert told == f"no Redis answers at 127.0.0.1:{free_port}"


async def test_an_unknown_host_is_unreachable():
    assert await refusal(f"redis://:{SECRET}@nowhere.invalid/0") == (
        "no Redis answers at nowhere.invalid:6379"
    )


async def test_a_socket_that_is_not_there_is_unreachable(tmp_path):
    assert await refusal(f"unix://{tmp_path}/s") == f"no Redis answers at {tmp_path}/s"


async def test_encryption_that_the_server_does_not_speak_is_told_apart(free_port):
    async with answering(free_port, b"HTTP/1.1 400 Bad Request\r\n\r\n"):
        told = await refusal(f"rediss://:{SECRET}@127.0.0.1:{free_port}/0")
    assert told.startswith(f"no encrypted connection to Redis can be had at 127.0.0.1:{free_port}")


async def test_encryption_that_a_redis_does_not_understand_is_hinted_at(guarded):
    """It waits for the end of what it takes for a very long command."""
    client = connect(f"rediss://:{SECRET}@127.0.0.1:{guarded}/0")
    client.connection_pool.connection_kwargs["socket_connect_timeout"] = 0.2
    with pytest.raises(StartError, match="encrypted, as rediss"):
        await verify_server(client)
    await client.aclose()


async def add_user(port, *rules):
    admin = connect(f"redis://:{SECRET}@127.0.0.1:{port}/0")
    await admin.execute_command("ACL", "SETUSER", "bot", "reset", "on", f">{SECRET}", *rules)
    await admin.aclose()
    return f"redis://bot:{SECRET}@127.0.0.1:{port}/0"


ENOUGH = ["~ec:1:*", "+@read", "+@write", "+@scripting", "+@connection"]
NEEDED = "; it needs +@read +@write +@scripting +@connection"


@pytest.mark.parametrize(
    ("rules", "named"),
    [
        (["-evalsha"], "run EVALSHA"),
        (["-hgetall", "-hmget"], "run HMGET, HGETALL"),
        (["-@scripting"], "run SCRIPT, EVAL, EVALSHA"),
        (["-xadd", "-del"], "run XADD, DEL"),
    ],
)
async def test_missing_rights_are_named(guarded, rules, named):
    told = await refusal(await add_user(guarded, *ENOUGH, *rules))
    assert told == f"the Redis user may not {named} at 127.0.0.1:{guarded}{NEEDED}"


async def test_a_user_that_may_not_use_the_keys_is_told_apart(guarded):
    url = await add_user(guarded, "~other:*", *ENOUGH[1:])
    assert (
        await refusal(url) == f"the Redis user may not use the keys ec:1:* at 127.0.0.1:{guarded}"
    )


async def test_a_user_with_the_least_rights_passes_and_nothing_is_left(guarded, clock):
    client = connect(await add_user(guarded, *ENOUGH))
    await verify_server(client)
    admin = connect(f"redis://:{SECRET}@127.0.0.1:{guarded}/0")
    assert await admin.dbsize() == 0
    await client.aclose()
    await admin.aclose()


async def test_a_database_that_is_not_there_is_told_apart(guarded):
    told = await refusal(f"redis://:{SECRET}@127.0.0.1:{guarded}/99")
    assert told == f"the Redis at 127.0.0.1:{guarded} has no database 99"


async def test_a_sentinel_is_told_apart(redis_binary, tmp_path, free_port):
    config = tmp_path / "sentinel.conf"
    config.write_text(f"port {free_port}\nbind 127.0.0.1\ndir {tmp_path}\n", encoding="ascii")
    process = await asyncio.create_subprocess_exec(
        *with_parent_death_signal([str(redis_binary), str(config), "--sentinel"]),
        stdout=asyncio.subprocess.DEVNULL,
    )
    try:
        await eventually(lambda: listens(free_port))
        for database in (0, 3):
            told = await refusal(f"redis://127.0.0.1:{free_port}/{database}")
            assert told.startswith(f"a Sentinel answers at 127.0.0.1:{free_port}; REDIS_URL has to")
    finally:
        process.kill()
        await process.wait()


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


async def test_a_node_of_a_cluster_is_told_apart(start_redis, free_port):
    start_redis("--cluster-enabled", "yes", port=free_port)
    told = await refusal(f"redis://127.0.0.1:{free_port}/0")
    assert f"127.0.0.1:{free_port} is a node of a Redis Cluster, which is not supported" in told


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("redis://h?decode_responses=true", "'decode_responses' is no option; there are client"),
        ("redis://h?pass=s3cr3t-Pa55", "'pass' is no option"),
        ("redis://h?s3cr3t-Pa55=1", "a name in it is no option"),
        ("redis://h?ssl_ca_certs=/x", "the option ssl_ca_certs needs rediss://"),
        ("rediss://h?ssl_cert_reqs=s3cr3t-Pa55", "ssl_cert_reqs is none of none, optional"),
        ("rediss://h?ssl_ca_certs=/no/ca", "the file of ssl_ca_certs, /no/ca, cannot be read: No"),
    ],
)
def test_options_that_cannot_be_used_are_told_without_their_values(options, told):
    with pytest.raises(StartError) as caught:
        connect(options)
    assert str(caught.value).startswith(f"REDIS_URL: {told}")
    assert SECRET not in "".join(traceback.format_exception(caught.value))


EVICTING = ["--maxmemory", "50mb", "--maxmemory-policy"]
KEEPING = ["--appendonly", "yes"]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ([*KEEPING, *EVICTING, "noeviction"], []),
        ([*KEEPING, "--maxmemory-policy", "allkeys-lru"], []),
        ([*KEEPING, *EVICTING, "allkeys-lru"], ["(allkeys-lru): it may drop settings of digests"]),
        ([*KEEPING, *EVICTING, "volatile-ttl"], ["(volatile-ttl): it may drop records of posted"]),
        ([], ["Redis keeps nothing on disk: its end loses settings"]),
        (["--save", "3600 1"], ["Redis keeps snapshots only, the last of 20"]),
    ],
)
async def test_what_redis_may_lose_is_a_warning(start_redis, caplog, options, told):
    client = connect(start_redis(*options).url)
    await verify_server(client)
    await client.aclose()
    warnings = [each.getMessage() for each in caplog.records if each.levelname == "WARNING"]
    assert len(warnings) == len(told)
    for warning, part in zip(warnings, told, strict=True):
        assert part in warning


async def test_a_replica_is_told_apart(start_redis):
    server = start_redis("--replicaof", "127.0.0.1", "1")
    assert "read-only replica" in await refusal(server.url)


OLD = b"-ERR unknown command `HELLO`, with args beginning with: `3`, \r\n"
OK = b"+OK\r\n"
YOUNG = b"*4\r\n$6\r\nserver\r\n$5\r\nredis\r\n$7\r\nversion\r\n$5\r\n6.0.9\r\n"


@pytest.mark.parametrize(
    ("options", "answers", "told"),
    [
        ("", [OLD], "a Redis older than 6.2 answers at"),
        ("?protocol=2", [OK, 2 * OK, YOUNG], "Redis 6.0 answers at"),
        ("", [b"-LOADING Redis is loading the dataset in memory\r\n"], "still loading its data at"),
        ("", [b"HTTP/1.1 400 Bad Request\r\n\r\n"], "no Redis answers at"),
    ],
    ids=["5", "6.0", "loading", "a web server"],
)
async def test_what_answers_but_cannot_be_used_is_told_apart(free_port, options, answers, told):
    async with answering(free_port, *answers):
        assert told in await refusal(f"redis://:{SECRET}@127.0.0.1:{free_port}/0{options}")


@pytest.mark.parametrize(
    "url",
    [
        f"http://:{SECRET}@host/0",
        f"redis://:{SECRET}/x@host:6379/0",
        f"redis://:a#{SECRET}@host:6379/0",
        f"redis://:{SECRET}@host:notaport/0",
        f"redis://:{SECRET}@[host/0",
    ],
)
def test_a_faulty_address_is_told_without_the_password(url):
    with pytest.raises(StartError) as caught:
        connect(url)
    assert "REDIS_URL" in str(caught.value)
    assert SECRET not in "".join(traceback.format_exception(caught.value))


def test_an_address_is_named_without_user_and_password():
    assert (
        server_address(connect(f"rediss://me:{SECRET}@cache.example:6380/2"))
        == "cache.example:6380 (encrypted, as rediss:// asks)"
    )
    assert server_address(connect("redis://cache.example")) == "cache.example:6379"
    assert server_address(connect(f"unix://:{SECRET}@/run/s")) == "/run/s"


async def test_f_a_password_is_in_no_log_and_no_error(guarded, clock, caplog, free_port):
    caplog.set_level(logging.DEBUG)
    client = connect(f"redis://:{SECRET}-not@127.0.0.1:{guarded}/0")
    store = Store(client, now=clock)
    with pytest.raises(StoreUnavailableError) as caught:
        await store.snapshot("bu", TUESDAY)
    told = "".join(traceback.format_exception(caught.value)) + caplog.text
    assert SECRET not in told.replace(__file__, "")
    assert not store.is_up
    await client.aclose()
