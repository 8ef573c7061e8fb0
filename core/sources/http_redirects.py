"""HTTP redirects of a source: where they may lead, and the cookies of one chain of them.

A source may redirect to any public address. A private, loopback or link-local address is
reached only on a host that the campus file names: otherwise whoever publishes a feed could have
the bot send requests to the machines beside it, a cloud's metadata service among them.
"""

import ipaddress
import socket
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from core.errors import SourceRefusedError

_IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

_REDIRECT_STATUSES = {301, 302, 303, 307, 308}
_IPV4_PREFIXES = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("::/96"))
"""NAT64 and the old IPv4-compatible form: an IPv4 address is the last 32 bits."""


def open_session(*traces: aiohttp.TraceConfig) -> aiohttp.ClientSession:
    """Return the HTTP session of all sources, which keeps no cookies."""
    return aiohttp.ClientSession(
        cookie_jar=aiohttp.DummyCookieJar(), trace_configs=list(traces) or None
    )


def redirect_target(response: aiohttp.ClientResponse, url: URL) -> URL | None:
    """Return where the response to `url` redirects to, None where it does not.

    Raises:
        SourceRefusedError: the target is no HTTP URL.
    """
    location = response.headers.get("Location") or response.headers.get("URI")
    if response.status not in _REDIRECT_STATUSES or not location:
        return None
    try:
        target = url.join(URL(location))
        origin = target.origin()
    except ValueError as err:
        raise SourceRefusedError("redirected", "not a URL") from err
    if target.scheme not in {"http", "https"}:
        raise SourceRefusedError("redirected", "not HTTP")
    # Credentials in the campus file's URL are for that origin, which need not repeat them.
    if origin == url.origin() and target.user is None:
        return target.with_user(url.user).with_password(url.password)
    return target


@asynccontextmanager
async def session_for_redirect(
    target: URL, session: aiohttp.ClientSession, named_hosts: Collection[str]
) -> AsyncIterator[aiohttp.ClientSession]:
    """Give the session for a redirect: the source's own for a named host, else a guarded one.

    A guarded session is opened for the one request: a connection that was opened for a named
    host must not be reused for a redirect.

    Raises:
        SourceRefusedError: the target is a private address, or no URL for aiohttp.
    """
    if target.host in named_hosts:
        yield session
        return
    _require_public(target.host or "")
    # The addresses that the resolver has checked are those that are connected to.
    connector = aiohttp.TCPConnector(resolver=_PublicResolver())
    async with aiohttp.ClientSession(
        connector=connector, cookie_jar=aiohttp.DummyCookieJar()
    ) as guarded:
        try:
            yield guarded
        except aiohttp.InvalidURL as err:
            raise SourceRefusedError("redirected", "not a URL") from err


class RedirectCookies:
    """The cookies of one chain of redirects, some of which lead on only with them."""

    def __init__(self) -> None:
        self._jar = aiohttp.CookieJar()

    def record(self, response: aiohttp.ClientResponse) -> None:
        """Keep the cookies that a response of the chain sets."""
        self._jar.update_cookies(response.cookies, response.url)

    def for_url(self, url: URL) -> dict[str, str]:
        """Return the cookies that belong to `url`."""
        return {name: morsel.value for name, morsel in self._jar.filter_cookies(url).items()}


class _PublicResolver(AbstractResolver):
    """Resolves host names, and refuses those with an address that is not public."""

    def __init__(self) -> None:
        self._resolver = aiohttp.ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._resolver.resolve(host, port, family)
        for each in found:
            _require_public(each["host"])
        return found

    async def close(self) -> None:
        await self._resolver.close()


def _require_public(host: str) -> None:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return  # A name: its addresses are checked when it is resolved.
    if not _is_public(address):
        raise SourceRefusedError("redirected", "to a private address")


def _is_public(address: _IPAddress) -> bool:
    embedded = _embedded_ipv4(address)
    return (
        address.is_global
        and not address.is_multicast
        and (embedded is None or _is_public(embedded))
    )


def _embedded_ipv4(address: _IPAddress) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address that an IPv6 address leads to by translation or by a tunnel."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if any(address in prefix for prefix in _IPV4_PREFIXES):
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
