"""EMS, read through the pages of its web app that need no login.

`source` reads a campus: `connection` opens a page and asks with its token, `requests` says
what is asked. `decoding` turns answers into the structs of `schema`; `booking_times` and
`building_hours` interpret them, and `room_days` collects the result.
"""

from core.model.campus import Campus
from core.sources.base import BookingSource
from core.sources.ems.config import EmsConfigParser, EmsSettings, describe
from core.sources.kind import SourceContext, SourceKind


def _create(campus: Campus, settings: EmsSettings, context: SourceContext) -> BookingSource:
    # Imported on demand: a bot that reads another kind starts sooner without it.
    from core.sources.ems.source import EmsSource  # noqa: PLC0415

    return EmsSource(campus, settings, context)


KIND = SourceKind(
    name=EmsSettings.kind,
    parse_config=EmsConfigParser,
    create=_create,
    describe=describe,
)
