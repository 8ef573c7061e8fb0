"""What an operator reads when Redis cannot be used, and that no password is in it."""

import asyncio
import logging
import traceback
from contextlib import asynccontextmanager
from importlib import metadata

import pytest

from core.errors import StartError, StoreUnavailableError
from core.store import Store, connect, verify_server
from core.store.connection import server_address
from tests.fakes import TUESDAY

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


async def test_a_user_that_may_not_run_scripts_is_told_apart(guarded):
    admin = connect(f"redis://:{SECRET}@127.0.0.1:{guarded}/0")
    await admin.execute_command("ACL", "SETUSER", "bot", "on", f">{SECRET}", "~*", "+@all", "-eval")
    await admin.aclose()
    told = await refusal(f"redis://bot:{SECRET}@127.0.0.1:{guarded}/0")
    assert told.startswith("the Redis user may not run the commands that are needed at")


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
