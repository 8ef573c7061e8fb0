"""One HTTP request to a source: its response, or why there is none.

The kinds of failure that begin here, in words that members can read:

| kind | error | asked again |
|---|---|---|
| no answer, timed out, cut off | unavailable | yes |
| rate limited, server error 503 | unavailable | yes, after the time that it asks for |
| refused 403, not found, redirected | refused | no |
| too large, not understood | format | no |
"""

import asyncio
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus

import aiohttp
from yarl import URL

from core import PROJECT, VERSION
from core.errors import SourceFormatError, SourceRefusedError, SourceUnavailableError
from core.http_dates import parse_http_date
from core.sources.http_redirects import RedirectCookies, redirect_target, session_for_redirect

USER_AGENT = f"EmptyClassroom-Discord/{VERSION} (+{PROJECT})"
"""Sent with every question, so that whoever runs the source can tell who asks."""

_JSON = "application/json; charset=utf-8"

_RETRY_STATUSES = {
    HTTPStatus.REQUEST_TIMEOUT: "timed out",
    HTTPStatus.TOO_MANY_REQUESTS: "rate limited",
}
_NOT_FOUND_STATUSES = {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}


@dataclass(frozen=True, slots=True)
class SourceRequest:
    """A GET request, or with `json` a POST of that JSON.

    With `conditional_headers` the response may be "not modified"; `headers` are any others.
    `max_redirects` is how often the source may redirect it. Redirects to `named_hosts`, those
    of the campus file, may lead to private addresses; the host of `url` is always one of them.
    """

    url: URL
    accept: str = "application/json"
    max_redirects: int = 0
    named_hosts: frozenset[str] = frozenset()
    conditional_headers: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    json: bytes | None = None

    @property
    def method(self) -> str:
        """The method of HTTP."""
        return "GET" if self.json is None else "POST"

    @property
    def all_headers(self) -> Mapping[str, str]:
        """Every header that is sent besides those of the connection."""
        content = {} if self.json is None else {"Content-Type": _JSON}
        named = {"User-Agent": USER_AGENT, "Accept": self.accept, **content}
        return {**named, **self.headers, **self.conditional_headers}


@dataclass(frozen=True, slots=True)
class SourceResponse:
    """A response; `url` is its URL after redirects, and `body` is None if not modified.

    `cookies` are those that it sets, by name.
    """

    url: URL
    headers: Mapping[str, str]
    body: bytes | None
    cookies: Mapping[str, str] = field(default_factory=dict)


class RetryLaterError(SourceUnavailableError):
    """The source asks for a pause of `retry_after` before the next request."""

    def __init__(self, kind: str, retry_after: timedelta) -> None:
        super().__init__(kind)
        self.retry_after = retry_after


async def fetch(
    session: aiohttp.ClientSession,
    request: SourceRequest,
    *,
    time_limit: timedelta,
    max_bytes: int,
    now: datetime,
) -> SourceResponse:
    """Return the whole response; it takes at most `time_limit` and has at most `max_bytes`.

    `now` turns a `Retry-After` that is a date into a duration.

    Raises:
        SourceError: there is no usable response; see the module.
    """
    try:
        async with asyncio.timeout(time_limit.total_seconds()):
            return await _follow(session, request, max_bytes=max_bytes, now=now)
    except TimeoutError as err:
        raise SourceUnavailableError("timed out") from err
    except aiohttp.ClientPayloadError as err:
        raise SourceUnavailableError("cut off") from err
    except aiohttp.ClientResponseError as err:
        raise SourceFormatError("not understood", "not HTTP") from err
    except (aiohttp.ClientError, OSError) as err:
        raise SourceUnavailableError("no answer", type(err).__name__) from err


async def _follow(
    session: aiohttp.ClientSession, request: SourceRequest, *, max_bytes: int, now: datetime
) -> SourceResponse:
    """Send the request, and again wherever the source redirects it."""
    named_hosts = request.named_hosts | {request.url.host or ""}
    url, cookies = request.url, RedirectCookies()
    for _ in range(request.max_redirects + 1):
        async with (
            session_for_redirect(url, session, named_hosts) as current,
            _send(current, url, request, cookies) as response,
        ):
            target = redirect_target(response, url) if request.max_redirects else None
            if target is None:
                return await _usable_response(response, request, max_bytes=max_bytes, now=now)
            cookies.record(response)
            url = target
    raise SourceRefusedError("redirected", "too often")


def _send(
    session: aiohttp.ClientSession, url: URL, request: SourceRequest, cookies: RedirectCookies
) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
    return session.request(
        request.method,
        url,
        data=request.json,
        headers=request.all_headers,
        cookies=cookies.for_url(url),
        allow_redirects=False,
        timeout=aiohttp.ClientTimeout(),
    )


async def _usable_response(
    response: aiohttp.ClientResponse, request: SourceRequest, *, max_bytes: int, now: datetime
) -> SourceResponse:
    if request.conditional_headers and response.status == HTTPStatus.NOT_MODIFIED:
        return SourceResponse(response.url, response.headers, None)
    _raise_for_status(response, now)
    body = await _read_body(response, max_bytes)
    cookies = {name: morsel.value for name, morsel in response.cookies.items()}
    return SourceResponse(response.url, response.headers, body, cookies)


async def _read_body(response: aiohttp.ClientResponse, max_bytes: int) -> bytes:
    if (response.content_length or 0) > max_bytes:
        raise SourceFormatError("too large", f"more than {max_bytes:,} bytes")
    chunks, size = [], 0
    async for chunk in response.content.iter_any():
        chunks.append(chunk)
        size += len(chunk)
        if size > max_bytes:
            raise SourceFormatError("too large", f"more than {max_bytes:,} bytes")
    return b"".join(chunks)


def _raise_for_status(response: aiohttp.ClientResponse, now: datetime) -> None:
    status = response.status
    if status in _RETRY_STATUSES:
        raise RetryLaterError(
            _RETRY_STATUSES[HTTPStatus(status)], _retry_after(response.headers, now)
        )
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise RetryLaterError(f"server error {status}", _retry_after(response.headers, now))
    if status in _NOT_FOUND_STATUSES:
        raise SourceRefusedError("not found")
    if status >= HTTPStatus.BAD_REQUEST:
        raise SourceRefusedError(f"refused {status}")
    if status >= HTTPStatus.MULTIPLE_CHOICES:
        # Mostly to its login page.
        raise SourceRefusedError("redirected")


def _retry_after(headers: Mapping[str, str], now: datetime) -> timedelta:
    """Return how long `Retry-After` asks to wait, zero where it does not.

    A date is compared with the source's own `Date`, so a wrong clock there does not matter.
    """
    text = headers.get("Retry-After", "").strip()
    # Nine digits are thirty years; more would overflow a timedelta.
    if text.isascii() and text.isdigit():
        return timedelta(seconds=int(text[:9]))
    retry_at = parse_http_date(text)
    if retry_at is None:
        return timedelta()
    return max(timedelta(), retry_at - (parse_http_date(headers.get("Date", "")) or now))
