"""Answers that are kept in bytes with the data they were made from, until that changes."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from multidict import CIMultiDict

from api.http_cache import CachedBody, EncodedBody, response_headers
from api.resources import KnownDays, Resource
from core.availability.campus_day import CampusDay
from core.byte_cache import ByteLruCache
from core.errors import NoDataError
from core.http_dates import format_http_date

_REVALIDATE_EVERY = timedelta(seconds=1)
"""How often it is asked whether another process has read anew; this one's data counts at once."""

MAX_CACHE_AGE = timedelta(minutes=1)
"""How long anybody may keep an answer: a refresh that is asked for changes it at any time."""

_MAX_CACHE_BYTES = 16 << 20
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(slots=True)
class CachedResponse:
    """One answer and what it was made from.

    `until` is when other days are needed, and `expires` when the data is read next, as far as
    that is known; `made_at` is when this process first answered so.
    """

    body: CachedBody
    days: KnownDays
    made_at: datetime
    checked_at: datetime = _LONG_AGO
    valid_until: datetime | None = None
    expires: datetime = _LONG_AGO
    _headers: dict[tuple[str, bool], CIMultiDict[str]] = field(default_factory=dict)
    _headers_second: int = -1

    def matches(self, resource: Resource, now: datetime) -> bool:
        """Tell whether it is made from what memory holds now."""
        if self.valid_until is not None and now >= self.valid_until:
            return False
        cached_day = resource.coordinator.cached_day
        for day, known in self.days.items():  # noqa: SIM110 - `all` takes three times as long
            if cached_day(day) is not known:
                return False
        return True

    def headers(
        self, encoded: EncodedBody, now: datetime, *, is_not_modified: bool
    ) -> CIMultiDict[str]:
        """Return the headers of the answer, or of saying that it is what the client has."""
        second = int(now.timestamp())
        if second != self._headers_second:
            # They hold for a second, in which there may be thousands of answers.
            self._headers, self._headers_second = {}, second
        headers = self._headers.get((encoded.etag, is_not_modified))
        if headers is None:
            headers = response_headers(encoded, self.made_at, is_not_modified=is_not_modified)
            expires = max(min(self.expires, now + MAX_CACHE_AGE), now)
            age = int((expires - now).total_seconds())
            headers["Cache-Control"] = f"public, max-age={age}"
            headers["Expires"] = format_http_date(expires)
            headers["X-Cache"] = "Hit"
            self._headers[encoded.etag, is_not_modified] = headers
        return headers


class ResponseCache:
    """The answers at hand; those that were not asked for the longest go when there are many."""

    def __init__(self, *, now: Callable[[], datetime]) -> None:
        self._now = now
        self._responses = ByteLruCache[Hashable, CachedResponse](
            _MAX_CACHE_BYTES, size_of=lambda cached: cached.body.size
        )

    def get(self, resource: Resource, now: datetime) -> CachedResponse | None:
        """Return the answer if it can be given as it is, None where something is to be asked."""
        cached = self._responses.peek(resource.key)
        if (
            cached is None
            or now - cached.checked_at >= _REVALIDATE_EVERY
            or not cached.matches(resource, now)
        ):
            return None
        return cached

    async def get_or_build(self, resource: Resource, now: datetime) -> tuple[CachedResponse, bool]:
        """Return the answer, and whether bookings had to be read for it.

        Raises:
            NoDataError: nothing is known of what is needed, and nothing can be had now.
        """
        if cached := self._responses.peek(resource.key):
            # Who comes meanwhile is answered from what is there.
            cached.checked_at = now
        days, was_read = await self._known_days(resource, now)
        return await self._refreshed(resource, days), was_read

    async def _known_days(self, resource: Resource, now: datetime) -> tuple[KnownDays, bool]:
        found: dict[date, CampusDay | None] = {}
        missing: NoDataError | None = None
        was_read = False
        for day in resource.required_days(now):
            was_known = await resource.coordinator.stored_day(day) is not None
            try:
                found[day] = await resource.coordinator.get_day(day)
                was_read |= not was_known
            except NoDataError as err:
                found[day], missing = None, err
        for day in resource.optional_days(now):
            # One after the other: each may have a whole campus's gaps to work out.
            found[day] = await resource.coordinator.stored_day(day)
        if missing and not any(found.values()):
            raise missing
        return found, was_read

    async def _refreshed(self, resource: Resource, days: KnownDays) -> CachedResponse:
        """Return the page that is kept if it still is right, else a new one."""
        status = await resource.coordinator.status()
        now = self._now()
        until = resource.expires_at(now)
        expires = min(status.next_refresh, until or status.next_refresh)
        expires = now if status.is_running else max(expires, now)
        cached = self._responses.get(resource.key)
        if cached is None or not _are_same_days(cached.days, days):
            cached = CachedResponse(
                body=CachedBody.from_json(resource.to_json(days, now)),
                days=days,
                made_at=now,
            )
            self._responses.put(resource.key, cached)
        cached.checked_at, cached.valid_until, cached.expires = now, until, expires
        return cached


def _are_same_days(one: KnownDays, other: KnownDays) -> bool:
    return one.keys() == other.keys() and all(other[day] is known for day, known in one.items())
