"""Where redirects may lead: real requests to loopback, under names that stand for hosts."""

import ipaddress
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from aiohttp import web
from yarl import URL

from core.errors import SourceRefusedError
from core.sources.http_redirects import open_session
from core.sources.http_request import SourceRequest, SourceResponse, fetch

PUBLIC = "8.8.8.8"


@dataclass
class Host:
    """A web server on loopback that redirects `/` as a test says, and records its requests."""

    port: int = 0
    location: str = ""
    cookie: str = ""
    requests: list[web.Request] = field(default_factory=list)

    async def serve(self, request: web.Request) -> web.Response:
        self.requests.append(request)
        if request.path != "/":
            return web.Response(text="there")
        headers = {"Location": self.location} | ({"Set-Cookie": self.cookie} if self.cookie else {})
        return web.Response(status=302, headers=headers)

    def url(self, host: str = "127.0.0.1", path: str = "/") -> str:
        return f"http://{host}:{self.port}{path}"


@pytest.fixture
async def host() -> AsyncIterator[Host]:
    host = Host()
    app = web.Application()
    app.router.add_get("/{path:.*}", host.serve)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host.port = runner.addresses[0][1]
    yield host
    await runner.cleanup()


async def get(url: str, *, named: frozenset[str] = frozenset()) -> SourceResponse:
    async with open_session() as session:
        return await get_with(session, url, named=named)


async def get_with(
    session: aiohttp.ClientSession, url: str, *, named: frozenset[str] = frozenset()
) -> SourceResponse:
    return await fetch(
        session,
        SourceRequest(URL(url), max_redirects=3, named_hosts=named),
        time_limit=timedelta(seconds=10),
        max_bytes=1000,
        now=datetime(2026, 3, 3, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    "target",
    [
        "localhost",
        "127.0.0.2",
        "0x7f.1",
        "0.0.0.0",  # noqa: S104 - as the target of a redirect
        "10.0.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::127.0.0.1]",
        "[64:ff9b::a9fe:a9fe]",
        "[2002:7f00:1::]",
        "[fe80::1]",
        "[fd00:ec2::254]",
    ],
)
async def test_a_redirect_to_a_private_address_is_refused(host: Host, target: str):
    host.location = host.url(target, "/secret")
    with pytest.raises(SourceRefusedError) as caught:
        await get(host.url())
    assert str(caught.value) == "redirected: to a private address"
    assert [each.path for each in host.requests] == ["/"]


async def test_a_redirect_to_a_number_is_refused(host: Host):
    """It is an address of the old form: libc would take it for 127.0.0.1."""
    host.location = host.url("2130706433", "/secret")
    with pytest.raises(SourceRefusedError, match="redirected"):
        await get(host.url())


async def test_a_redirect_to_a_host_that_the_campus_file_names_is_followed(host: Host):
    host.location = host.url("localhost", "/there")
    response = await get(host.url(), named=frozenset({"localhost"}))
    assert response.body == b"there"
    host.location = host.url(path="/there")
    assert (await get(host.url())).body == b"there"


async def test_a_redirect_to_a_public_address_is_followed(
    host: Host, monkeypatch: pytest.MonkeyPatch
):
    """Here a name with a public address, that the system's resolver knows as loopback later."""
    monkeypatch.setattr(ipaddress.IPv4Address, "is_global", True)
    host.location = host.url("localhost", "/there")
    assert (await get(host.url())).body == b"there"


async def test_a_name_of_which_one_address_is_private_is_refused(
    host: Host, monkeypatch: pytest.MonkeyPatch
):
    def both(*_args: object, **_kwargs: object) -> list[tuple[object, ...]]:
        kind = (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "")
        return [(*kind, (each, host.port)) for each in (PUBLIC, "10.0.0.1")]

    host.location = host.url("rooms.example.edu", "/there")
    monkeypatch.setattr(socket, "getaddrinfo", both)
    with pytest.raises(SourceRefusedError, match="private address"):
        await get(host.url())


async def test_cookies_belong_to_one_chain_of_redirects(host: Host):
    host.cookie, host.location = "wall=passed; Path=/", "/there"
    async with open_session() as session:
        for _ in range(2):
            await get_with(session, host.url("localhost"))
    sent = [each.headers.get("Cookie") for each in host.requests]
    assert sent == [None, "wall=passed", None, "wall=passed"]


async def test_credentials_stay_with_their_origin(host: Host):
    host.location = "/there"
    named = frozenset({"localhost"})
    await get(host.url().replace("//", "//ana:secret@"), named=named)
    host.location = host.url("localhost", "/there")
    await get(host.url().replace("//", "//ana:secret@"), named=named)
    sent = ["Authorization" in each.headers for each in host.requests]
    assert sent == [True, True, True, False]
