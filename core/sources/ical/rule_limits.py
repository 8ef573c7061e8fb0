"""Until when a series may last whose rule is not understood, by what of it is legible.

Source: `docs/ical.md`, "What is legible".
"""

import re
from datetime import datetime, timedelta

from core.model.calendar import DAY
from core.sources.ical.moments import LAST_FACE, legible_faces

_PART = re.compile(r"([A-Z-]+)\s*=\s*([^;]*)")
# The longest time between two dates of a rule whose other parts leave dates out.
_LONGEST_STEPS = {
    "SECONDLY": DAY,
    "MINUTELY": DAY,
    "HOURLY": DAY,
    "DAILY": 7 * DAY,
    "WEEKLY": 7 * DAY,
    "MONTHLY": 366 * DAY,
}
_UNKNOWN_STEP = 4 * 366 * DAY
_MARGIN = 2 * DAY
_MAX_COUNT = 10_000


def broken_rule_limit(start: datetime, text: str) -> datetime:
    """Return when a series has ended for certain, the end of time where that is not legible."""
    parts = {name: value.strip() for name, value in _PART.findall(text.upper())}
    interval, count = (
        int(parts[name]) if re.fullmatch(r"\d{1,4}", parts.get(name, "")) else None
        for name in ("INTERVAL", "COUNT")
    )
    return rule_limit(start, parts.get("UNTIL", ""), parts.get("FREQ", ""), interval, count)


def rule_limit(
    start: datetime, until: str, frequency: str, interval: int | None, count: int | None
) -> datetime:
    """Return the same for a rule by its parts."""
    limits = [LAST_FACE]
    faces = legible_faces(until)
    if faces:
        limits.append(faces[1] + _MARGIN)
    if count and count <= _MAX_COUNT:
        step: timedelta = _LONGEST_STEPS.get(frequency, _UNKNOWN_STEP)
        days = step * (interval or 1) * count
        limits.append(start + min(days, LAST_FACE - start))
    return min(limits)
