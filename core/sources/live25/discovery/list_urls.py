"""The addresses of 25Live's public lists: rooms, saved searches, opening hours.

Source: `docs/25live.md`, "Lists".
"""

from collections.abc import Iterable
from urllib.parse import quote_plus, urlencode

from yarl import URL

_PAGE_SIZE = 1000
# Older instances answer only where something is asked for; no room seats more.
_ANY_CAPACITY = "9999999"


class ListUrls:
    """Addresses on the instance whose `run` folder is `base`."""

    def __init__(self, base: str) -> None:
        self._base = base.rstrip("/")

    def rooms(self, page: int, *, filtered: bool) -> URL:
        """A page of all rooms; `filtered` by a capacity that all have."""
        params = {
            "compsubject": "location",
            "sort": "name",
            "order": "asc",
            "page": str(page),
            "page_size": str(_PAGE_SIZE),
            "obj_cache_accl": "0",
            "caller": "pro-ListService.getData",
        }
        if filtered:
            params["max_capacity"] = _ANY_CAPACITY
        return self._url("list/listdata.json", params)

    def minimal_rooms(self) -> URL:
        """All rooms at once, with little more than their names."""
        return self._url("spaces.json", {"scope": "minimal"})

    def hours(self, room_ids: Iterable[str]) -> URL:
        """The opening hours of some rooms."""
        ids = " ".join(room_ids)
        return self._url("spaces.json", {"scope": "extended", "space_id": ids, "include": "hours"})

    def searches(self) -> URL:
        """The saved searches for rooms that strangers may use."""
        caller = "pro-DashPanelDao.getSpaceSearchesCollections"
        return self._url("home/dash/panel-space-searches-collections.json", {"caller": caller})

    def _url(self, path: str, params: dict[str, str]) -> URL:
        return URL(f"{self._base}/{path}?{urlencode(params, quote_via=quote_plus)}", encoded=True)
