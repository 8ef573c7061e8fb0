"""How busy it gets, in a line: the last three hours, where it goes, and what is usual."""

from datetime import datetime
from zoneinfo import ZoneInfo

from cogs.ui.formatting import join_dots, plural, timestamp_datetime
from core.trends.trend import Direction, Trend

_DIRECTIONS = {
    Direction.RISING: "getting emptier",
    Direction.FALLING: "getting busier",
    Direction.STEADY: "steady",
}
_NOON = 12


def occupancy_line(trend: Trend, zone: ZoneInfo) -> str:
    """Return `31 → 24 → 18 free: getting busier · usual for Tuesday 2 PM: 21`.

    What is usual is left out where it is not known; unknown rooms of the last hour are counted.
    """
    return _format(trend, zone, _since(trend))


def occupancy_text(trend: Trend, zone: ZoneInfo) -> str:
    """Return the same for where Discord shows no time stamps: without since when."""
    return _format(trend, zone, "")


def _format(trend: Trend, zone: ZoneInfo, since: str) -> str:
    unknown = round(trend.last_hours[-1].unknown) if trend.last_hours else 0
    return join_dots(
        [
            _trend_values(trend) if trend.last_hours else f"not enough history yet{since}",
            f"usual for {hour_name(trend.at, zone)}: {trend.baseline.mean:,.0f}"
            if trend.baseline
            else "",
            f"{plural(unknown, 'room')} unknown" if unknown else "",
        ]
    )


def _trend_values(trend: Trend) -> str:
    free = " → ".join(f"{each.free:,.0f}" for each in trend.last_hours)
    return f"{free} free: {_DIRECTIONS[trend.direction]}" if trend.direction else free


def _since(trend: Trend) -> str:
    since = trend.continuous_since or trend.sampled_since
    return f": since {timestamp_datetime(since)}" if since else ": none so far"


def hour_name(moment: datetime, zone: ZoneInfo) -> str:
    """Return weekday and hour on campus as `Tuesday 2 PM`; no time stamp shows just that."""
    shown = moment.astimezone(zone)
    half = "AM" if shown.hour < _NOON else "PM"
    return f"{shown:%A} {(shown.hour - 1) % _NOON + 1} {half}"
