"""How busy it gets, in a line: the last three hours, where it goes, and what is usual."""

from datetime import datetime
from zoneinfo import ZoneInfo

from cogs.replies.words import dotted, full, plural
from core.trends import Direction, Trend

_GETTING = {
    Direction.RISING: "getting emptier",
    Direction.FALLING: "getting busier",
    Direction.STEADY: "steady",
}
_NOON = 12


def busy_line(trend: Trend, zone: ZoneInfo) -> str:
    """Return `31 → 24 → 18 free: getting busier · usual for Tuesday 2 PM: 21`.

    What is usual is left out where it is not known; unknown rooms of the last hour are counted.
    """
    return _told(trend, zone, _since(trend))


def busy_words(trend: Trend, zone: ZoneInfo) -> str:
    """Return the same for where Discord shows no time stamps: without since when."""
    return _told(trend, zone, "")


def _told(trend: Trend, zone: ZoneInfo, since: str) -> str:
    unknown = round(trend.last[-1].unknown) if trend.last else 0
    return dotted(
        [
            _course(trend) if trend.last else f"not enough history yet{since}",
            f"usual for {hour_name(trend.at, zone)}: {trend.usual.free:,.0f}"
            if trend.usual
            else "",
            f"{plural(unknown, 'room')} unknown" if unknown else "",
        ]
    )


def _course(trend: Trend) -> str:
    free = " → ".join(f"{each.free:,.0f}" for each in trend.last)
    return f"{free} free: {_GETTING[trend.direction]}" if trend.direction else free


def _since(trend: Trend) -> str:
    since = trend.unbroken_since or trend.since
    return f": since {full(since)}" if since else ": none so far"


def hour_name(moment: datetime, zone: ZoneInfo) -> str:
    """Return weekday and hour on campus as `Tuesday 2 PM`; no time stamp shows just that."""
    shown = moment.astimezone(zone)
    half = "AM" if shown.hour < _NOON else "PM"
    return f"{shown:%A} {(shown.hour - 1) % _NOON + 1} {half}"
