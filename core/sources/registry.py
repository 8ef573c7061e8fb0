"""The kinds of booking source, and how one is created for a campus."""

import aiohttp

from core.model.campus import Campus, Live25Settings
from core.sources.base import BookingSource
from core.sources.http_policy import HttpPolicy
from core.sources.priority_limiter import PriorityLimiter


def create_source(
    campus: Campus,
    session: aiohttp.ClientSession,
    http_policy: HttpPolicy | None = None,
    limiter: PriorityLimiter | None = None,
) -> BookingSource:
    """Return the source that the campus file names, asking through `session`.

    The session stays the caller's to close; `manners` are the usual ones unless told. All
    sources of a process share one `turns`; a source that is given none asks as if alone.
    """
    settings, http_policy, limiter = (
        campus.source,
        http_policy or HttpPolicy(),
        limiter or PriorityLimiter(),
    )
    # Imported only here: most bots read one kind, and start sooner without the other.
    if isinstance(settings, Live25Settings):
        from core.sources.live25 import Live25Source  # noqa: PLC0415

        return Live25Source(campus, settings, session, http_policy, limiter)
    from core.sources.ical import IcalSource  # noqa: PLC0415

    return IcalSource(campus, settings, session, http_policy, limiter)
