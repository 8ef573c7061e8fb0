"""What clients send that mean no good, or do not know better: one sentence, nothing from inside."""

import asyncio
import json
import logging

import pytest
from aiohttp import web

from api.server import HttpServer, Timeouts, _LimitedServer
from tests.api.api_server import TOKEN
from tests.conftest import find_free_port
from tests.fakes import eventually

GET = b"GET /api/open-classrooms HTTP/1.1\r\nHost: x\r\n"
CLOSE = b"Connection: close\r\n\r\n"


def status_and_json(answer):
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(body)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET /nothing HTTP/1.1\r\nHost: x\r\n" + CLOSE, 404),
        (b"GET /api/open-classrooms/ HTTP/1.1\r\nHost: x\r\n" + CLOSE, 404),
        (b"GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\n" + CLOSE, 404),
        (b"GET /%2e%2e/bot.py HTTP/1.1\r\nHost: x\r\n" + CLOSE, 404),
        (b"GET /api/rooms/bu/ HTTP/1.1\r\nHost: x\r\n" + CLOSE, 404),
        (b"GET /api/rooms/bu/1/2 HTTP/1.1\r\nHost: x\r\n" + CLOSE, 404),
        (b"GET /api/rooms/bu/%00%ff HTTP/1.1\r\nHost: x\r\n" + CLOSE, 404),
        (b"GET /api/rooms/bu/" + b"x" * 101 + b" HTTP/1.1\r\nHost: x\r\n" + CLOSE, 400),
        (b"DELETE / HTTP/1.1\r\nHost: x\r\n" + CLOSE, 405),
        (b"GET /api/refresh HTTP/1.1\r\nHost: x\r\n" + CLOSE, 405),
        (b"GET /api/open-classrooms?building=\xff\xfe HTTP/1.1\r\nHost: x\r\n" + CLOSE, 0),
        (b"GET /api/open-classrooms?building=%ff%00 HTTP/1.1\r\nHost: x\r\n" + CLOSE, 404),
        (b"GET /api/open-classrooms?date=%D9%A2 HTTP/1.1\r\nHost: x\r\n" + CLOSE, 400),
        (b"GET /" + b"x" * 9000 + b" HTTP/1.1\r\nHost: x\r\n" + CLOSE, 414),
        (GET + b"X: " + b"x" * 9000 + b"\r\n" + CLOSE, 431),
        (GET + b"X: /" + b"x" * 9000 + b"\r\n" + CLOSE, 431),
        (GET + b"x" * 9000 + b": 1\r\n" + CLOSE, 431),
        (GET + b"".join(b"X%d: 1\r\n" % each for each in range(200)) + CLOSE, 431),
        (b"BREW / HTTP/1.1\r\nHost: x\r\n" + CLOSE, 501),
        (b"PROPFIND / HTTP/1.1\r\nHost: x\r\n" + CLOSE, 501),
        (b"PATCH / HTTP/1.1\r\nHost: x\r\n" + CLOSE, 405),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
        (b"GET / HTTP/9.9\r\n\r\n", 400),
        (b"POST /api/refresh HTTP/1.1\r\nHost: x\r\nContent-Length: 5, 6\r\n" + CLOSE, 400),
    ],
)
async def test_every_fault_is_a_sentence_in_json(api_server, caplog, sent, status):
    caplog.set_level(logging.DEBUG)
    found, told = status_and_json(await api_server.raw(sent))
    assert found == status or (not status and found in {400, 404})
    assert list(told) == ["detail"]
    assert 0 < len(told["detail"]) < 400
    for inside in ("Traceback", "aiohttp", "/work", ".py", "Error"):
        assert inside not in told["detail"].replace("bot.py", "")
    assert not [each for each in caplog.records if each.levelno >= logging.WARNING]


async def test_the_answer_does_not_tell_what_it_is_made_with(api_server):
    for path in ("/", "/nothing", "/docs"):
        assert (await api_server.ask(path)).headers["Server"] == "EmptyClassroom"


@pytest.fixture
async def listening(api_server):
    """Give a function that has the same answered, or something else, with less patience."""
    opened = []

    async def listen(handler=None, **patience):
        handler, api_server.port = handler or api_server.http_api._handler.handle, find_free_port()
        each = HttpServer(
            handler,
            "127.0.0.1",
            api_server.port,
            is_behind_proxy=False,
            timeouts=Timeouts(**patience),
        )
        await each.open()
        opened.append(each)

    yield listen
    for each in opened:
        await each.close()


async def test_a_fault_of_ours_is_told_to_the_log_and_not_to_the_client(
    api_server, listening, caplog
):
    async def broken(_):
        raise RuntimeError("inside")

    await listening(broken)
    answer = await api_server.raw(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
    assert status_and_json(answer) == (500, {"detail": "Something went wrong on our side."})
    [record] = [each for each in caplog.records if each.levelno >= logging.ERROR]
    assert "/healthz" in record.getMessage()


async def test_who_says_nothing_or_never_ends_is_hung_up_on(api_server, listening):
    """Also who sends a part of a request on a connection that was answered before."""
    await listening(read=1.0)
    silent, unfinished, answered = await asyncio.gather(
        api_server.raw(), api_server.raw(GET), api_server.raw(GET + b"\r\n", GET)
    )
    assert silent == b""
    assert unfinished == b""
    assert answered.count(b"HTTP/1.1 200") == 1


async def test_a_body_that_nobody_wants_is_not_waited_for(api_server, listening):
    await listening(linger=0.2)
    post = b"POST /api/refresh HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\nx"
    assert (await api_server.raw(post)).startswith(b"HTTP/1.1 403")


async def test_who_does_not_take_the_answer_is_hung_up_on(api_server, listening):
    async def large(_):
        return web.Response(body=b"x" * 50_000_000)

    await listening(large, write=0.2)
    reader, writer = await asyncio.open_connection("127.0.0.1", api_server.port)
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    await reader.readexactly(10)
    # It takes no more until the other side has given up; then what comes is cut off.
    await asyncio.sleep(0.6)
    with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
        await reader.readexactly(50_000_000)
    writer.close()


async def test_who_is_being_answered_has_the_answer_before_the_end(api_server):
    api_server.source.gate.clear()
    asking = asyncio.create_task(api_server.ask("/api/open-classrooms"))
    await eventually(lambda: api_server.source.readings == 1)
    ending = asyncio.create_task(api_server.http_api.cog_unload())
    await asyncio.sleep(0)
    api_server.source.gate.set()
    assert (await asking).status == 200
    await ending
    with pytest.raises(ConnectionError):
        await api_server.raw(GET)


async def test_one_address_has_so_many_connections_and_no_more(api_server):
    opened = [await asyncio.open_connection("127.0.0.1", api_server.port) for _ in range(100)]
    await eventually(lambda: api_server.http_api._server.connection_count == 100)
    assert await hung_up(api_server)
    for _, writer in opened:
        writer.close()
    await eventually(lambda: api_server.http_api._server.connection_count == 0)
    assert (await api_server.ask("/healthz")).status == 200


class Peer(asyncio.Transport):
    """A connection of an address, as far as the server looks at it."""

    def __init__(self, address):
        super().__init__({"peername": (address, 4000, 0, 0)})


@pytest.mark.parametrize(
    ("other", "is_one"), [("2001:db8::ffff", True), ("2001:db8:0:1::1", False)]
)
async def test_the_addresses_of_one_customer_have_their_connections_together(other, is_one):
    """No test can call from such addresses: the count is asked of the server itself."""
    server = _LimitedServer(_never, Timeouts(), max_per_host=1)
    server.connection_made(server(), Peer("2001:db8::1"))
    assert server.is_full(Peer(other)) is is_one


async def _never(_):
    raise AssertionError


async def hung_up(api_server):
    try:
        return await api_server.raw(b"GET / HTTP/1.1\r\nHost: x\r\n" + CLOSE) == b""
    except ConnectionError:
        return True


async def test_who_asks_too_often_is_told_when_to_ask_again(open_api_server):
    api_server = await open_api_server(API_LIMIT="6")
    for _ in range(6):
        assert (await api_server.ask("/healthz")).status == 200
    said = await api_server.ask("/healthz", X_Forwarded_For="1.2.3.4")
    assert said.status == 429
    assert 1 <= int(said.headers["Retry-After"]) <= 10
    assert said.json["detail"].startswith("Too many requests.")


async def test_refreshes_are_limited_more_so_that_a_token_is_not_guessed(open_api_server):
    api_server = await open_api_server(API_REFRESH="token", API_TOKEN=TOKEN)
    tries = [
        await api_server.ask("/api/refresh", "POST", Authorization="Bearer x") for _ in range(11)
    ]
    assert [each.status for each in tries] == [401] * 10 + [429]


async def test_the_token_is_never_logged(open_api_server, caplog):
    caplog.set_level(logging.DEBUG)
    api_server = await open_api_server(API_REFRESH="token", API_TOKEN=TOKEN)
    await api_server.ask(f"/api/refresh?token={TOKEN}", "POST", Authorization=f"Bearer {TOKEN}")
    await api_server.raw(f"GET /{TOKEN} HTTP/9\r\nAuthorization: Bearer {TOKEN}\r\n\r\n".encode())
    assert TOKEN not in caplog.text
