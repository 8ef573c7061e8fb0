"""What the bot asks of an EMS web app: methods, and the filters that they take.

Source: `docs/ems.md`, "Requests".
"""

from datetime import date

import msgspec

ROOMS = "GetBrowseLocationsRooms"
BOOKINGS = "GetBrowseLocationsBookings"

PAGES = ("BrowseForSpace.aspx", "BrowseEvents.aspx")
"""Pages that give a token; guests may open one, or both."""

APIS = ("AnonymousServersApi.aspx", "ServerApi.aspx")
"""Where the methods are, newer versions first."""

EASTERN = "61"
"""A time zone that every EMS knows, to ask with before the campus's own is known."""

_WHOLE_CAMPUS = "-1"
_ZONE, _DATE, _LOCATIONS = 2, 3, 8
"""The types of filters."""


def day_question(day: date, timezone_id: str) -> bytes:
    """Return the body of a question about all rooms on `day`, as the clocks there show it."""
    filters = [
        _filter("StartDate", f"{day.isoformat()} 00:00:00", _DATE),
        _filter("EndDate", f"{day.isoformat()} 23:59:00", _DATE),
        _filter("Locations", _WHOLE_CAMPUS, _LOCATIONS, shown="(all)"),
        _filter("TimeZone", timezone_id, _ZONE),
    ]
    return msgspec.json.encode({"filterData": {"filters": filters}})


def _filter(name: str, value: str, kind: int, *, shown: str = "") -> dict[str, str | int]:
    return {"filterName": name, "value": value, "displayValue": shown, "filterType": kind}
