"""An answer as it goes over the wire: its bytes, each coding's entity tag, and what may be kept."""

import gzip
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache

from multidict import CIMultiDict, MultiMapping

from core.http_dates import format_http_date, parse_http_date

SERVER_HEADER = {"Server": "EmptyClassroom"}
"""Not which versions of what answer here."""

DEFAULT_HEADERS = {"X-Content-Type-Options": "nosniff", **SERVER_HEADER}

_MIN_BYTES_TO_COMPRESS = 1_000
_GZIP_LEVEL = 6
_STRONG_TAG = re.compile(r'(?:^|[\s,])("[^"\x00-\x20\x7f]*")')
_ENTITY_TAG = re.compile(r'(?:W/)?("[^"\x00-\x20\x7f]*")')


@dataclass(frozen=True, slots=True)
class EncodedBody:
    """The bytes of an answer in one coding; its `etag` is strong: other bytes, another tag."""

    body: bytes
    etag: str
    headers: Mapping[str, str]


class CachedBody:
    """An answer, packed no sooner than somebody takes it packed, and then once."""

    def __init__(
        self, body: bytes, content_type: str, headers: Mapping[str, str] | None = None
    ) -> None:
        self._body = body
        self._headers = {
            "Content-Type": content_type,
            "Vary": "Accept-Encoding",
            **DEFAULT_HEADERS,
            **(headers or {}),
        }

    @classmethod
    def from_json(cls, value: object) -> "CachedBody":
        """Return a value as JSON."""
        return cls(to_json_bytes(value), "application/json")

    def encoded_for(self, accepted: str | None) -> EncodedBody:
        """Return the bytes for who sends that `Accept-Encoding`."""
        if accepted and len(self._body) >= _MIN_BYTES_TO_COMPRESS and accepts_gzip(accepted):
            return self._gzipped
        return self._identity

    @property
    def size(self) -> int:
        """How many bytes it holds, packed ones reckoned as a quarter."""
        return len(self._body) * 5 // 4

    @cached_property
    def _tag(self) -> str:
        return hashlib.sha256(self._body).hexdigest()[:32]

    @cached_property
    def _identity(self) -> EncodedBody:
        return self._encoded(self._body, f'"{self._tag}"', {})

    @cached_property
    def _gzipped(self) -> EncodedBody:
        # Without a time in it, so that every process makes the same bytes.
        packed = gzip.compress(self._body, _GZIP_LEVEL, mtime=0)
        return self._encoded(packed, f'"{self._tag}-gzip"', {"Content-Encoding": "gzip"})

    def _encoded(self, body: bytes, etag: str, headers: Mapping[str, str]) -> EncodedBody:
        return EncodedBody(body, etag, {**self._headers, "ETag": etag, **headers})


def response_headers(
    encoded: EncodedBody, made_at: datetime, *, is_not_modified: bool
) -> CIMultiDict[str]:
    """Return the headers of an answer; of one that the client has, those that it may renew."""
    if is_not_modified:
        return CIMultiDict({"ETag": encoded.etag, "Vary": encoded.headers["Vary"], **SERVER_HEADER})
    return CIMultiDict({**encoded.headers, "Last-Modified": format_http_date(made_at)})


def to_json_bytes(value: object) -> bytes:
    """Return a value as JSON in ASCII: half a character from a client breaks nothing there."""
    return json.dumps(value, separators=(",", ":")).encode("ascii")


@lru_cache(maxsize=64)  # Clients send a handful of them, over and over.
def accepts_gzip(accepted: str) -> bool:
    """Tell whether an `Accept-Encoding` allows gzip."""
    weights = {}
    for each in accepted.lower().split(","):
        name, _, parameter = each.partition(";")
        weights[name.strip()] = _weight(parameter)
    return weights.get("gzip", weights.get("*", 0.0)) > 0


def _weight(parameter: str) -> float:
    match = re.fullmatch(r"\s*q=([01](?:\.\d{0,3})?)\s*", parameter, re.ASCII)
    if match:
        return float(match[1])
    return 0.0 if parameter.strip() else 1.0


def precondition_fails(
    request_headers: MultiMapping[str], encoded: EncodedBody, made_at: datetime
) -> bool:
    """Tell whether a client wants an answer only where it is still what the client has.

    Source: RFC 9110, section 13.2.2. Tags are compared strongly: a weak one is never the same.
    """
    tags = request_headers.getall("If-Match", ())
    if tags:
        strong = [each for text in tags for each in _STRONG_TAG.findall(text)]
        return encoded.etag not in strong and "*" not in [text.strip() for text in tags]
    since = request_headers.get("If-Unmodified-Since")
    moment = parse_http_date(since) if since else None
    return moment is not None and made_at.replace(microsecond=0) > moment


def is_not_modified(
    request_headers: MultiMapping[str], encoded: EncodedBody, made_at: datetime
) -> bool:
    """Tell whether what a client has is what it would get; tags decide where it sends any."""
    tag = request_headers.get("If-None-Match")
    if tag is None:
        since = request_headers.get("If-Modified-Since")
        moment = parse_http_date(since) if since else None
        return moment is not None and made_at.replace(microsecond=0) <= moment
    if tag in {encoded.etag, "*"}:
        return True
    # Compared weakly: "W/" does not count.
    return any(
        encoded.etag in _ENTITY_TAG.findall(each)
        for each in request_headers.getall("If-None-Match")
    )
