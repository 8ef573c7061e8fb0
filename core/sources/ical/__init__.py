"""iCalendar: one feed for a campus, or one for each room, as calendar programs publish them.

`source` reads a campus and `feed_cache` its feeds, only those that changed. A process of its
own parses them: `parser_process` is the bot's side of it, `parser_worker` the other. There
`lexer` drops all but times and places, `location_matcher` finds the rooms, `events` and
`series` the dates, and `parser` combines them. `room_days` collects the result.
"""

from core.model.campus import Campus
from core.sources.base import BookingSource
from core.sources.ical.config import IcalConfigParser, IcalSettings, describe
from core.sources.kind import SourceContext, SourceKind


def _create(campus: Campus, settings: IcalSettings, context: SourceContext) -> BookingSource:
    # Imported on demand: a bot that reads another kind starts sooner without it.
    from core.sources.ical.source import IcalSource  # noqa: PLC0415

    return IcalSource(campus, settings, context)


KIND = SourceKind(
    name=IcalSettings.kind,
    parse_config=IcalConfigParser,
    create=_create,
    describe=describe,
)
