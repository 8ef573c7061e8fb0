"""Discovery of a 25Live instance: its lists, and the strategy that reads its bookings."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from core.errors import SourceError, SourceFormatError, SourceRefusedError
from core.sources.base import Progress
from core.sources.discovery import DiscoveryError, ListedRoom, RoomList
from core.sources.http_client import SourceClient
from core.sources.kind import SourceContext
from core.sources.live25.discovery.instance import parse_instance
from core.sources.live25.discovery.list_urls import ListUrls
from core.sources.live25.discovery.room_lists import (
    list_opening_hours,
    list_rooms,
    list_saved_searches,
)
from core.sources.live25.discovery.strategy_probe import (
    PROBE_CONCURRENCY,
    ProbeResult,
    StrategyProbe,
    booking_offsets,
)
from core.sources.opening_hours import OpeningHours
from core.sources.source_draft import SourceDraft, SourceKey


class Live25Discoverer:
    """Finds out what a campus file needs, from the public lists of a 25Live instance."""

    def __init__(self, place: str, context: SourceContext, at: datetime) -> None:
        instance = parse_instance(place)
        self.url = instance.url
        self.name = instance.name
        self.label = f"25Live instance {instance.name}"
        self.campus_id = instance.campus_id
        self._context = context
        self._at = at
        self._client = SourceClient(
            context.session, context.http_policy, concurrency=PROBE_CONCURRENCY, now=at
        )
        self._list_urls = ListUrls(instance.url)

    async def list_rooms(self) -> RoomList:
        """Return the rooms that strangers are shown, perhaps none.

        Raises:
            DiscoveryError: the list cannot be read.
        """
        try:
            return await list_rooms(self._client, self._list_urls)
        except SourceError as err:
            raise DiscoveryError(_list_error(self.url, err)) from err

    async def list_opening_hours(self, room_ids: Sequence[str]) -> Mapping[str, OpeningHours]:
        """Return the opening hours of those rooms for which the instance tells them."""
        return await list_opening_hours(self._client, self._list_urls, room_ids)

    async def booking_offsets(
        self, rooms: Sequence[ListedRoom], first_day: date
    ) -> Sequence[datetime]:
        """Return when bookings of some rooms begin, with the offsets that the campus gave them."""
        return await booking_offsets(self._client, self.url, rooms, first_day)

    async def draft_source(
        self,
        rooms: Sequence[ListedRoom],
        sample: Sequence[ListedRoom],
        *,
        first_day: date,
        zone: ZoneInfo,
        progress: Progress,
    ) -> SourceDraft:
        """Choose the strategy that shows most, by reading the bookings of `sample`.

        Raises:
            SourceError: no strategy shows any bookings.
        """
        searches = await list_saved_searches(self._client, self._list_urls)
        # Those that speak of rooms for teaching first: a few only are tried.
        searches.sort(key=lambda search: "class" not in search.name.casefold())
        probe = StrategyProbe(
            url=self.url,
            session=self._context.session,
            http_policy=self._context.http_policy,
            first_day=first_day,
            at=self._at,
            zone=zone,
        )
        return _source_draft(
            self.url, await probe.choose_strategy(rooms, sample, searches, progress)
        )


def _source_draft(url: str, probe: ProbeResult) -> SourceDraft:
    keys = [
        SourceKey("url", url),
        SourceKey("read", probe.strategy, f"Chosen because {probe.reason}."),
    ]
    if probe.search_id:
        keys.append(SourceKey("search_id", probe.search_id))
    return SourceDraft(
        keys=keys,
        summary=f'read = "{probe.strategy}": {probe.reason}',
        days=probe.days,
        sample_size=probe.sample_size,
        failure_counts=probe.failure_counts,
    )


def _list_error(url: str, err: SourceError) -> str:
    """Return the sentence for an instance whose list of rooms cannot be read."""
    if err.kind == "not found":
        return f"there is no 25Live instance at {url} (not found)"
    if isinstance(err, SourceRefusedError):
        return f"{url} does not show its rooms to strangers ({err.kind})"
    if isinstance(err, SourceFormatError):
        return f"{url} answers something that is no list of rooms ({err.kind})"
    return f"{url} does not answer ({err})"
