"""A feed, asked for again only where it changed.

What is kept between two readings is what the feed told, as times, for somewhat longer than
was asked: a feed that says "not modified" is believed for that long, and then read again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import msgspec
from msgspec.structs import replace
from yarl import URL

from core.http_dates import parse_http_date
from core.sources.http_client import SourceClient
from core.sources.http_request import SourceRequest, SourceResponse
from core.sources.ical.lexer import validate_calendar
from core.sources.ical.parser_process import ParserProcess
from core.sources.ical.parser_protocol import ParsedFeed, ParseJob

_CACHE_AHEAD = timedelta(days=8)
_MAX_REDIRECTS = 4
# Some two hundred feeds of the largest size, or thousands of the usual one.
_MAX_CACHE_BYTES = 32 * 1024 * 1024
# A file that was just changed may be changed once more in the same second.
_LAST_MODIFIED_GRACE = timedelta(minutes=1)

_decoder = msgspec.msgpack.Decoder(ParsedFeed)


@dataclass(frozen=True, slots=True)
class _CachedFeed:
    """What a feed told about the time of `job`, and how to ask whether it still holds."""

    job: ParseJob
    url: URL
    conditional_headers: Mapping[str, str]
    packed_feed: bytes

    def covers(self, job: ParseJob) -> bool:
        """Tell whether it answers that job as well."""
        cached_job = replace(self.job, start=job.start, end=job.end)
        return cached_job == job and self.job.start <= job.start and job.end <= self.job.end


class FeedCache:
    """The feeds of one campus, by their addresses; `hosts` are those that publish them."""

    def __init__(self, hosts: frozenset[str]) -> None:
        self._hosts = hosts
        self._cached: dict[str, _CachedFeed] = {}

    async def read(
        self,
        url: str,
        job: ParseJob,
        *,
        client: SourceClient,
        parser: ParserProcess,
        max_bytes: int,
    ) -> ParsedFeed:
        """Return what the feed tells now; it has at most `most` bytes.

        Raises:
            SourceError: it cannot be had, or is not understood.
        """
        cached = self._cached.get(url)
        if cached and cached.covers(job):
            response = await self._request(url, cached.conditional_headers, client, max_bytes)
            # Sent elsewhere, perhaps to a login page, that one may well be as it was.
            if response.body is None and response.url == cached.url:
                return _decoder.decode(cached.packed_feed)
            if response.body is None:
                response = await self._request(url, {}, client, max_bytes)
        else:
            response = await self._request(url, {}, client, max_bytes)
        self._cached.pop(url, None)
        ahead = replace(job, end=job.end + int(_CACHE_AHEAD.total_seconds()))
        feed = await parser.parse(ahead, response.body or b"")
        self._store(url, ahead, response, feed)
        return feed

    async def _request(
        self,
        url: str,
        conditional_headers: Mapping[str, str],
        client: SourceClient,
        max_bytes: int,
    ) -> SourceResponse:
        request = SourceRequest(
            URL(url),
            "text/calendar",
            max_redirects=_MAX_REDIRECTS,
            named_hosts=self._hosts,
            conditional_headers=conditional_headers,
        )
        return await client.request(request, _validated, max_bytes=max_bytes)

    def _store(self, url: str, job: ParseJob, response: SourceResponse, feed: ParsedFeed) -> None:
        conditional_headers = _conditional_headers(response.headers)
        packed = msgspec.msgpack.encode(feed)
        size = sum(len(kept.packed_feed) for kept in self._cached.values()) + len(packed)
        if conditional_headers and size <= _MAX_CACHE_BYTES:
            self._cached[url] = _CachedFeed(job, response.url, conditional_headers, packed)


def _validated(response: SourceResponse) -> SourceResponse:
    if response.body is not None:
        validate_calendar(response.body)
    return response


def _conditional_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return what to ask with whether a feed is as it was, nothing where it does not say."""
    if tag := headers.get("ETag"):
        return {"If-None-Match": tag}
    last_modified = headers.get("Last-Modified", "")
    was, now = (parse_http_date(each) for each in (last_modified, headers.get("Date", "")))
    is_settled = was is not None and now is not None and now - was >= _LAST_MODIFIED_GRACE
    return {"If-Modified-Since": last_modified} if is_settled else {}
