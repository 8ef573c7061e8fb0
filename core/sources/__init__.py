"""Where bookings come from: the one shape that every source has, and how to open one."""

import aiohttp

from core.model import Campus, Live25Settings
from core.sources.reading import BookingSource, Progress, ReadResult
from core.sources.turns import Turns
from core.sources.web import USER_AGENT, Manners

__all__ = [
    "USER_AGENT",
    "BookingSource",
    "Manners",
    "Progress",
    "ReadResult",
    "Turns",
    "open_source",
]


def open_source(
    campus: Campus,
    session: aiohttp.ClientSession,
    manners: Manners | None = None,
    turns: Turns | None = None,
) -> BookingSource:
    """Return the source that the campus file names, asking through `session`.

    The session stays the caller's to close; `manners` are the usual ones unless told. All
    sources of a process share one `turns`; a source that is given none asks as if alone.
    """
    settings, manners, turns = campus.source, manners or Manners(), turns or Turns()
    # Imported only here: most bots read one kind, and start sooner without the other.
    if isinstance(settings, Live25Settings):
        from core.sources.live25 import Live25  # noqa: PLC0415

        return Live25(campus, settings, session, manners, turns)
    from core.sources.ical import Ical  # noqa: PLC0415

    return Ical(campus, settings, session, manners, turns)
