"""The time zone of a campus, as EMS numbers it and as its clocks show it.

Source: `docs/ems.md`, "Times".
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from core.errors import SourceFormatError
from core.model.campus import Campus
from core.sources.ems.schema import ListedBuilding

# Half a year away the clocks of most zones differ by an hour, as they do after a change.
_SEASONS = (timedelta(), timedelta(hours=12), timedelta(days=182))


def campus_timezone_id(campus: Campus, buildings: Iterable[ListedBuilding], day: date) -> str:
    """Return the number that EMS has for the time zone of a campus.

    Raises:
        SourceFormatError: the buildings do not say, or their clocks are not the campus's.
    """
    own_rooms = {room.id for room in campus.rooms}
    counts: Counter[tuple[str, int | float | None]] = Counter()
    for building in buildings:
        own_count = sum(str(room.id) in own_rooms for room in building.rooms or ())
        if own_count and building.timezone_id is not None:
            counts[str(building.timezone_id), building.offset_minutes] += own_count
    if not counts:
        raise SourceFormatError("not in the answer", "no room of this campus")
    (timezone_id, offset), _ = counts.most_common(1)[0]
    if offset is not None and offset not in _offsets(campus, day):
        raise SourceFormatError("another time zone", f"{offset:+.0f} minutes from UTC")
    return timezone_id


def _offsets(campus: Campus, day: date) -> set[float]:
    """Return the minutes by which the clocks of a campus may be ahead of UTC."""
    midnight = datetime.combine(day, time(), campus.timezone)
    offsets = ((midnight + season).utcoffset() or timedelta() for season in _SEASONS)
    return {offset / timedelta(minutes=1) for offset in offsets}
