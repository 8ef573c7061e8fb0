"""The addresses of 25Live's three ways of telling what takes a room.

Source: `docs/25live.md`, "The availability grid" and "Reservations". The pluses in
`include` and between room ids travel as they are: the source reads them as spaces.
"""

from collections.abc import Iterable
from datetime import date
from urllib.parse import quote_plus, urlencode

from yarl import URL

# As many rooms on a page as another campus is known to ask for without trouble.
_PAGE_SIZE = 400
_INCLUDE_ALL = "closed blackouts pending related empty"
_GRID_CALLER = "pro-AvailService.getData"
_RESERVATIONS_CALLER = "pro-ReservationService.getReservations"


class BookingUrls:
    """Addresses on the instance whose `run` folder is `base`."""

    def __init__(self, base: str) -> None:
        self._base = base.rstrip("/")

    def room(self, room_id: str, first_day: date) -> URL:
        """One room from `first_day` to the same day of the next month."""
        return self._grid(first_day, "availability_daily", 100, {"space_id": room_id})

    def search(self, search_id: str, day: date, page: int) -> URL:
        """All rooms of a saved search on `day`; the first page is asked for without number."""
        params = {"spaces_query_id": search_id}
        if page > 1:
            params["page"] = str(page)
        return self._grid(day, "availability", _PAGE_SIZE, params)

    def reservations(self, room_ids: Iterable[str], first_day: date, last_day: date) -> URL:
        """The reservations of several rooms from `first_day` to `last_day`, both included."""
        return self._url(
            "rm_reservations.json",
            {
                "space_id": " ".join(room_ids),
                "start_dt": first_day.strftime("%Y%m%d"),
                "end_dt": last_day.strftime("%Y%m%d"),
                "include": _INCLUDE_ALL,
                "caller": _RESERVATIONS_CALLER,
            },
        )

    def _grid(self, day: date, kind: str, page_size: int, selector: dict[str, str]) -> URL:
        return self._url(
            "availability/availabilitydata.json",
            {
                "obj_cache_accl": "0",
                "start_dt": f"{day.isoformat()}T00:00:00",
                "comptype": kind,
                "compsubject": "location",
                "page_size": str(page_size),
                **selector,
                "include": _INCLUDE_ALL,
                "caller": _GRID_CALLER,
            },
        )

    def _url(self, path: str, params: dict[str, str]) -> URL:
        text = urlencode(params, quote_via=quote_plus, safe=":")
        return URL(f"{self._base}/{path}?{text}")
