"""The time of which a feed says that it is about; before and after it nothing is known.

Source: `docs/ical.md`, "Feeds that end".
"""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from core.model.calendar import DAY, local_to_utc
from core.sources.ical.feed_zones import Zones
from core.sources.ical.lexer import RawCalendar
from core.sources.ical.moments import parse_moment
from core.sources.ical.possible_span import moment_bounds

# TimeEdit: "Date limit 2026-03-02 - 2026-03-08", in the language of the campus.
_DATE_LIMIT = re.compile(
    r"(\d{4}-?\d\d-?\d\d)(?:\s*(?:-|–|—|/|to|till|until|bis|à|\.\.\.?|…)\s*)(\d{4}-?\d\d-?\d\d)",
    re.IGNORECASE,
)
_STARTS, _ENDS = (b"X-CALSTART", b"X-CLIPSTART"), (b"X-CALEND", b"X-CLIPEND")


def stated_window(
    calendars: Iterable[tuple[RawCalendar, Zones]], campus: ZoneInfo
) -> tuple[int | None, int | None]:
    """Return since when and until when a feed knows anything, None where it does not say."""
    starts, ends = list[int](), list[int]()
    for calendar, zones in calendars:
        limit = _DATE_LIMIT.search(calendar.text(b"X-WR-CALDESC"))
        days = [parse_moment(each) for each in limit.groups()] if limit else []
        if len(days) == 2 and days[0] and days[1]:  # noqa: PLR2004 - the first and the last day
            starts.append(_seconds(days[0].face.date(), campus, timedelta()))
            ends.append(_seconds(days[1].face.date(), campus, DAY))
        for names, found in ((_STARTS, starts), (_ENDS, ends)):
            for name in names:
                moment = parse_moment(calendar.text(name))
                if moment:
                    bounds = moment_bounds(moment, zones)
                    found.append(int(bounds[names is _STARTS].timestamp()))
    return max(starts, default=None), min(ends, default=None)


def _seconds(day: date, campus: ZoneInfo, since_midnight: timedelta) -> int:
    return int(local_to_utc(day, since_midnight, campus).timestamp())
