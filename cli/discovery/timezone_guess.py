"""In which time zone a campus is, judged by the offsets that its bookings carry."""

from collections.abc import Collection, Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

# Where most campuses on 25Live are comes first; a guess is the first that fits.
_CANDIDATES = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "America/Phoenix",
    "America/Anchorage",
    "Pacific/Honolulu",
    "America/Halifax",
    "America/St_Johns",
    "America/Regina",
    "America/Puerto_Rico",
    "Europe/London",
    "Europe/Berlin",
    "Europe/Athens",
    "Asia/Dubai",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Australia/Brisbane",
    "Australia/Sydney",
    "Pacific/Auckland",
)


def guess_timezones(moments: Iterable[datetime]) -> tuple[str, ...]:
    """Return the zones whose clocks agree with all `moments`, likeliest first.

    The moments are aware, with the offset that the campus gave them. Without moments there
    is nothing to judge by, and no zone.
    """
    samples: Collection[datetime] = tuple(moments)
    if not samples:
        return ()
    return tuple(
        name
        for name in _CANDIDATES
        if all(each.astimezone(ZoneInfo(name)).utcoffset() == each.utcoffset() for each in samples)
    )
