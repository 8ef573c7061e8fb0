"""Answers that are kept in bytes with the data they were made from, until that changes."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from multidict import CIMultiDict

from cogs.web.bodies import Body, Coded, head_of, http_date
from cogs.web.views import KnownDays, View
from core.availability import CampusDay
from core.errors import NoDataError

_LOOK_EVERY = timedelta(seconds=1)
"""How often it is asked whether another process has read anew; this one's data counts at once."""

_MOST_BYTES = 16 << 20
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(slots=True)
class Page:
    """One answer and what it was made from.

    `until` is when other days are needed, and `expires` when the data is read next, as far as
    that is known; `made_at` is when this process first answered so.
    """

    body: Body
    days: KnownDays
    made_at: datetime
    looked_at: datetime = _LONG_AGO
    until: datetime | None = None
    expires: datetime = _LONG_AGO
    _heads: dict[tuple[str, bool], CIMultiDict[str]] = field(default_factory=dict)
    _heads_age: int = -1

    def is_of(self, view: View, now: datetime) -> bool:
        """Tell whether it is made from what memory holds now."""
        if self.until is not None and now >= self.until:
            return False
        held = view.schedule.held
        for day, known in self.days.items():  # noqa: SIM110 - `all` takes three times as long
            if held(day) is not known:
                return False
        return True

    def head(self, coded: Coded, now: datetime, *, is_current: bool) -> CIMultiDict[str]:
        """Return the headers of the answer, or of saying that it is what the client has."""
        age = max(int((self.expires - now).total_seconds()), 0)
        if age != self._heads_age:
            # They hold for a second, in which there may be thousands of answers.
            self._heads, self._heads_age = {}, age
        head = self._heads.get((coded.etag, is_current))
        if head is None:
            head = head_of(coded, self.made_at, is_current=is_current)
            head["Cache-Control"] = f"public, max-age={age}"
            head["Expires"] = http_date(self.expires)
            head["X-Cache"] = "Hit"
            self._heads[coded.etag, is_current] = head
        return head


class Pages:
    """The answers at hand; those that were not asked for the longest go when there are many."""

    def __init__(self, *, now: Callable[[], datetime]) -> None:
        self._now = now
        self._pages: OrderedDict[Hashable, Page] = OrderedDict()
        self._size = 0

    def at_hand(self, view: View, now: datetime) -> Page | None:
        """Return the answer if it can be given as it is, None where something is to be asked."""
        page = self._pages.get(view.key)
        if page is None or now - page.looked_at >= _LOOK_EVERY or not page.is_of(view, now):
            return None
        return page

    async def page(self, view: View, now: datetime) -> tuple[Page, bool]:
        """Return the answer, and whether bookings had to be read for it.

        Raises:
            NoDataError: nothing is known of what is needed, and nothing can be had now.
        """
        if page := self._pages.get(view.key):
            # Who comes meanwhile is answered from what is there.
            page.looked_at = now
        days, was_read = await self._known_days(view, now)
        return await self._renewed(view, days), was_read

    async def _known_days(self, view: View, now: datetime) -> tuple[KnownDays, bool]:
        found: dict[date, CampusDay | None] = {}
        missing: NoDataError | None = None
        was_read = False
        for day in view.needed(now):
            was_known = await view.schedule.known_day(day) is not None
            try:
                found[day] = await view.schedule.day(day)
                was_read |= not was_known
            except NoDataError as err:
                found[day], missing = None, err
        for day in view.others(now):
            # One after the other: each may have a whole campus's gaps to work out.
            found[day] = await view.schedule.known_day(day)
        if missing and not any(found.values()):
            raise missing
        return found, was_read

    async def _renewed(self, view: View, days: KnownDays) -> Page:
        """Return the page that is kept if it still is right, else a new one."""
        standing = await view.schedule.standing()
        now = self._now()
        until = view.until(now)
        expires = min(standing.next_refresh, until or standing.next_refresh)
        expires = now if standing.is_running else max(expires, now)
        page = self._pages.get(view.key)
        if page is None or not _are_same(page.days, days):
            page = Page(
                body=Body.of_json(view.shown(days, now)),
                days=days,
                made_at=now,
            )
            self._keep(view.key, page)
        page.looked_at, page.until, page.expires = now, until, expires
        self._pages.move_to_end(view.key)
        return page

    def _keep(self, key: Hashable, page: Page) -> None:
        if key in self._pages:
            self._size -= self._pages.pop(key).body.size
        self._pages[key] = page
        self._size += page.body.size
        while self._size > _MOST_BYTES and len(self._pages) > 1:
            self._size -= self._pages.popitem(last=False)[1].body.size


def _are_same(one: KnownDays, other: KnownDays) -> bool:
    return one.keys() == other.keys() and all(other[day] is known for day, known in one.items())
