"""One question to a web source and its answer, or why there is none.

The kinds of failure that begin here, in words that members can read:

| kind | error | asked again |
|---|---|---|
| no answer, timed out, cut off | unavailable | yes |
| rate limited, server error 503 | unavailable | yes, after the time that it asks for |
| refused 403, not found, redirected | refused | no |
| too large, not understood | changed | no |
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import aiohttp
from yarl import URL

from core import PROJECT, VERSION
from core.errors import SourceChangedError, SourceRefusedError, SourceUnavailableError

USER_AGENT = f"EmptyClassroom-Discord/{VERSION} (+{PROJECT})"
"""Sent with every question, so that whoever runs the source can tell who asks."""

_AGAIN = {HTTPStatus.REQUEST_TIMEOUT: "timed out", HTTPStatus.TOO_MANY_REQUESTS: "rate limited"}
_ABSENT = {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}
_LED_ASTRAY = (
    aiohttp.TooManyRedirects,
    aiohttp.NonHttpUrlRedirectClientError,
    aiohttp.InvalidUrlRedirectClientError,
)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: `conditions` are headers that allow the answer "not modified".

    `redirects` is how often the source may send us elsewhere on the web.
    """

    url: URL
    accept: str = "application/json"
    redirects: int = 0
    conditions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came: `url` is where from, after redirects; the body is None if not modified."""

    url: URL
    headers: Mapping[str, str]
    body: bytes | None


class BusyError(SourceUnavailableError):
    """The source wants to be left alone for `wait`."""

    def __init__(self, kind: str, wait: timedelta) -> None:
        super().__init__(kind)
        self.wait = wait


async def ask_once(
    session: aiohttp.ClientSession,
    question: Question,
    *,
    within: timedelta,
    most: int,
    at: datetime,
) -> Answer:
    """Return the answer, whole; it takes no longer than `within` and has at most `most` bytes.

    `at` is now, for sources that name the moment from which on they may be asked again.

    Raises:
        SourceError: there is none; see the module.
    """
    try:
        async with session.get(
            question.url,
            headers={"User-Agent": USER_AGENT, "Accept": question.accept, **question.conditions},
            allow_redirects=question.redirects > 0,
            max_redirects=question.redirects + 1,
            timeout=aiohttp.ClientTimeout(total=within.total_seconds()),
        ) as answer:
            if question.conditions and answer.status == HTTPStatus.NOT_MODIFIED:
                return Answer(answer.url, answer.headers, None)
            _refuse_status(answer, at)
            return Answer(answer.url, answer.headers, await _all_of(answer, most))
    except TimeoutError as err:
        raise SourceUnavailableError("timed out") from err
    except aiohttp.ClientPayloadError as err:
        raise SourceUnavailableError("cut off") from err
    except _LED_ASTRAY as err:
        raise SourceRefusedError("redirected", type(err).__name__) from err
    except aiohttp.ClientResponseError as err:
        raise SourceChangedError("not understood", "not HTTP") from err
    except (aiohttp.ClientError, OSError) as err:
        raise SourceUnavailableError("no answer", type(err).__name__) from err


async def _all_of(answer: aiohttp.ClientResponse, most: int) -> bytes:
    if (answer.content_length or 0) > most:
        raise SourceChangedError("too large")
    chunks, size = [], 0
    async for chunk in answer.content.iter_any():
        chunks.append(chunk)
        size += len(chunk)
        if size > most:
            raise SourceChangedError("too large")
    return b"".join(chunks)


def _refuse_status(answer: aiohttp.ClientResponse, at: datetime) -> None:
    status = answer.status
    if status in _AGAIN:
        raise BusyError(_AGAIN[HTTPStatus(status)], _asked_wait(answer.headers, at))
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise BusyError(f"server error {status}", _asked_wait(answer.headers, at))
    if status in _ABSENT:
        raise SourceRefusedError("not found")
    if status >= HTTPStatus.BAD_REQUEST:
        raise SourceRefusedError(f"refused {status}")
    if status >= HTTPStatus.MULTIPLE_CHOICES:
        # Mostly to its login page.
        raise SourceRefusedError("redirected")


def _asked_wait(headers: Mapping[str, str], at: datetime) -> timedelta:
    """Return how long `Retry-After` asks us to stay away, nothing where it does not.

    A date is compared with the source's own `Date`, which spares us its clock's fault.
    """
    text = headers.get("Retry-After", "").strip()
    # Nine digits are thirty years; more would overflow a timedelta.
    if text.isascii() and text.isdigit():
        return timedelta(seconds=int(text[:9]))
    until = _http_date(text)
    if until is None:
        return timedelta()
    return max(timedelta(), until - (_http_date(headers.get("Date", "")) or at))


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
