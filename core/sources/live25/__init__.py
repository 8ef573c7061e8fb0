"""25Live, read through the public URLs that its own pages use.

`source` reads a campus by one of the `strategies`, whose requests `urls` builds. `decoding`
turns responses into the structs of `schema`; `grid` and `reservations` interpret them, and
`room_days` collects the result. `discovery` finds out what a campus file needs.
"""

from datetime import datetime

from core.model.campus import Campus
from core.sources.base import BookingSource
from core.sources.kind import Discoverer, Discovery, SourceContext, SourceKind
from core.sources.live25.config import Live25ConfigParser, Live25Settings, describe


def _create(campus: Campus, settings: Live25Settings, context: SourceContext) -> BookingSource:
    # Imported on demand: a bot that reads another kind starts sooner without it.
    from core.sources.live25.source import Live25Source  # noqa: PLC0415

    return Live25Source(campus, settings, context)


def _create_discoverer(place: str, context: SourceContext, at: datetime) -> Discoverer:
    # Imported on demand: only `discover` needs it.
    from core.sources.live25.discovery.discoverer import Live25Discoverer  # noqa: PLC0415

    return Live25Discoverer(place, context, at)


KIND = SourceKind(
    name=Live25Settings.kind,
    parse_config=Live25ConfigParser,
    create=_create,
    describe=describe,
    discovery=Discovery(
        place="umd, or https://25live.collegenet.com/25live/data/umd/run",
        example="umd",
        create=_create_discoverer,
    ),
)
