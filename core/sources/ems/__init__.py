"""EMS, read through the pages of its web app that need no login.

`source` reads a campus: `connection` opens a page and asks with its token, `requests` says
what is asked. `decoding` turns answers into the structs of `schema`; `booking_times` and
`building_hours` interpret them, and `room_days` collects the result. `discovery` finds out
what a campus file needs.
"""

from datetime import datetime

from core.model.campus import Campus
from core.sources.base import BookingSource
from core.sources.ems.config import EmsConfigParser, EmsSettings, describe
from core.sources.kind import Discoverer, Discovery, SourceContext, SourceKind


def _create(campus: Campus, settings: EmsSettings, context: SourceContext) -> BookingSource:
    # Imported on demand: a bot that reads another kind starts sooner without it.
    from core.sources.ems.source import EmsSource  # noqa: PLC0415

    return EmsSource(campus, settings, context)


def _create_discoverer(place: str, context: SourceContext, at: datetime) -> Discoverer:
    # Imported on demand: only `discover` needs it.
    from core.sources.ems.discovery.discoverer import EmsDiscoverer  # noqa: PLC0415

    return EmsDiscoverer(place, context, at)


KIND = SourceKind(
    name=EmsSettings.kind,
    parse_config=EmsConfigParser,
    create=_create,
    describe=describe,
    discovery=Discovery(
        place="mmdg, or the address of a page: https://mmdg.emscloudservice.com/web",
        example="mmdg",
        create=_create_discoverer,
    ),
)
