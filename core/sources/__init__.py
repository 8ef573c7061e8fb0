"""Where bookings come from: the one shape that every source has, and how to open one."""

import aiohttp

from core.model import Campus
from core.sources.live25 import Live25
from core.sources.reading import BookingSource, Progress, ReadResult
from core.sources.web import USER_AGENT, Manners

__all__ = [
    "USER_AGENT",
    "BookingSource",
    "Manners",
    "Progress",
    "ReadResult",
    "open_source",
]


def open_source(
    campus: Campus, session: aiohttp.ClientSession, manners: Manners | None = None
) -> BookingSource:
    """Return the source that the campus file names, asking through `session`.

    The session stays the caller's to close; `manners` are the usual ones unless told.
    """
    return Live25(campus, session, manners or Manners())
